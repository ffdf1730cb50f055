"""History of a case 经过: the platform's facts, or what the record implies until they arrive; pending acts on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain import facts as past
from commandcenter.domain.cases import Case
from commandcenter.store.overlay import Delivery
from commandcenter.sync.queries import HistoryQuery
from commandcenter.sync.unavailable import Unavailable
from ui.kit.case_parts.deliveries import KEY
from ui.kit.case_parts.timeline import Timeline, TimelineEntry, TimelineModel
from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.district_time import today
from ui.kit.texts.words import Words, phrase

if TYPE_CHECKING:
    from commandcenter.store.board import Board
    from commandcenter.sync.desk import Desk

TONES: dict[type, str] = {past.ReturnApplied: "viog", past.ReturnApproved: "ac", past.Closed: "okg"}
FactText = Callable[["Board", past.Fact], Words]


class CaseHistory(Retranslated, QWidget):
    """Shows a case's history, queried again when the case's revision changes; `tell` returns the text of a fact.

    With `whole` the list is as high as its rows, to stand in what scrolls. `told` carries the facts that the platform
    told of the case that is shown; none until it has.
    """

    told = Signal(object)  # tuple[Fact, ...]

    def __init__(self, desk: Desk, tell: FactText, *, whole: bool = False) -> None:
        super().__init__()
        self._desk, self._tell = desk, tell
        self._case: Case | None = None
        self._facts: tuple[past.Fact, ...] = ()
        self.model = TimelineModel(parent=self)
        self.source = Label(level="label")
        head = hbox(None, Label(phrase("经过"), level="label"), STRETCH, self.source, spacing=-1)
        timeline = Timeline(self.model, whole=whole)
        vbox(self, head, (timeline, 1), spacing=4)
        self.setFocusProxy(timeline)

    def show_case(self, case: Case) -> None:
        """Shows the history of `case`; another case shows what its record implies until the platform answers."""
        before, self._case = self._case, case
        if before is None or before.id != case.id:
            self._facts = facts_from_record(case)
            self.told.emit(())
        if before is None or (before.id, before.rev) != (case.id, case.rev):
            spawn(self._fetch(case.id), name=f"history of {case.id}", shown_by=self)
        self._lay(case)

    def leave(self) -> None:
        """Forgets the case; an answer that is still due is ignored."""
        self._case = None

    def retell(self) -> None:
        if self._case is not None:
            self._lay(self._case)

    async def _fetch(self, key: str) -> None:
        """Replaces the facts by the platform's, unless another case is shown by then."""
        try:
            facts = await self._desk.ask(HistoryQuery(key))
            source = phrase("只增不改")
        except Unavailable:
            facts, source = (), phrase("平台没有应答，只列本机所知")
        if self._case is None or self._case.id != key:
            return
        self._facts = facts or facts_from_record(self._case)
        self.source.set_words(source)
        self._lay(self._case)
        self.told.emit(facts)

    def _lay(self, case: Case) -> None:
        board = self._desk.board
        lines = fact_entries(board, self._facts, self._tell) + pending_entries(board, case, self._tell)
        self.model.show_entries(lines, zone=names.zone(board), today=today(board, self._desk.now()))


def fact_entries(board: Board, facts: Iterable[past.Fact], tell: FactText) -> list[TimelineEntry]:
    """Returns the timeline entries of `facts`, in their order (oldest first)."""
    return [
        TimelineEntry(fact.at, tell(board, fact), who=names.actor_name(board, fact), tone=TONES.get(type(fact), "tx3"))
        for fact in facts
    ]


def pending_entries(board: Board, case: Case, tell: FactText) -> list[TimelineEntry]:
    """Returns the entries of the overlay's acts on `case` that have not taken effect, in the order given."""
    return [
        TimelineEntry(
            fact.at, tell(board, fact), who=names.actor_name(board, fact), tone="ac", delivery=KEY[act.delivery]
        )
        for act in board.overlay.acts
        if act.delivery is not Delivery.DONE
        for fact in act.facts
        if ("case", case.id) in past.records_of(fact)
    ]


def facts_from_record(case: Case) -> tuple[past.Fact, ...]:
    """Returns the facts that the record alone implies, by time and without accounts (`by` is empty)."""
    key, kind = case.id, case.kind or ""
    taken = past.Taken(
        case=key,
        by="",
        at=case.received_at,
        number=case.number,
        channel=case.channel,
        kind=kind,
        text=case.text,
        place=case.place,
        street=case.street or "",
    )
    found: list[past.Fact] = [taken]
    if case.filed_at and case.due and case.green_until:
        found.append(past.Filed(key, "", case.filed_at, kind, case.due, case.green_until))
    if case.dispatched_at and case.responsible:
        found.append(past.Dispatched(key, "", case.dispatched_at, to=case.responsible, tier=case.tier))
    if case.accepted_at:
        found.append(past.Accepted(key, "", case.accepted_at))
    if case.application:
        found.append(past.ReturnApplied(key, "", case.application.at, case.application.reason))
    if case.reported_at:
        found.append(past.Reported(key, "", case.reported_at, case.finding))
    if case.ended_at:
        found.append(past.Closed(key, "", case.ended_at))
    return tuple(sorted(found, key=lambda fact: fact.at))

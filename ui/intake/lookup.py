"""Looks up kind, limit, duplicates and the place's history during typing: on the board first, then at the platform."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from commandcenter.domain.kinds import Kind
from commandcenter.sync.queries import SearchQuery
from commandcenter.sync.unavailable import Unavailable
from ui.intake.duplicates import IntakeState, earlier_cases, is_same_place, likely_duplicates
from ui.intake.findings import Findings
from ui.intake.form import IntakeForm
from ui.intake.preview import card, duty_phones, limit_spans, questions, row
from ui.intake.suggest import suggest
from ui.kit import records
from ui.kit.seat.context import SeatContext
from ui.kit.seat.known import is_known
from ui.kit.seat.tasks import spawn
from ui.kit.texts.words import Words, phrase

TYPING, RESTING = 150, 600  # milliseconds without a change before the board is searched, and the platform asked
CARDS, ROWS = 3, 6
NOTHING = phrase("此地以往：没有记录")


class Lookup(QObject):
    """The lookups of one form; they fill its kind suggestions, its time limit and the findings."""

    def __init__(self, seat: SeatContext, form: IntakeForm, findings: Findings) -> None:
        super().__init__(form)
        self._seat, self._form, self._findings = seat, form, findings
        self._board = seat.desk.board
        self._not_duplicates: set[str] = set()
        self._heard = ("", False)  # the address asked for last, and whether the platform has answered
        self._typing = QTimer(self, interval=TYPING, singleShot=True)
        self._resting = QTimer(self, interval=RESTING, singleShot=True)
        self._typing.timeout.connect(self.look)
        self._resting.timeout.connect(self.ask)
        form.changed.connect(self._change)
        findings.other.connect(self._mark_no_duplicate)

    def look(self) -> None:
        """Searches the board for what is typed so far."""
        self._typing.stop()
        self._form.kind.blockSignals(True)
        self._form.kind.offer(suggest(records.current(self._board, Kind), self._form.said()))
        self._form.kind.blockSignals(False)
        self.turn()
        self._find(self._wanted())
        kind, street = self._form.kind.kind, self._form.where.chosen_street()
        self._findings.show_kind(questions(kind), duty_phones(self._board, kind, street))

    def turn(self) -> None:
        """Updates, each second, the time limit that would start now."""
        self._form.limit.show_spans(limit_spans(self._board, self._form.kind.kind, self._seat.desk.now()))

    def ask(self) -> None:
        """Asks the platform for earlier cases at this place, if the address has at least two characters."""
        words = self._form.where.words()
        if _is_asked(words):
            spawn(self._fetch(words), name="what happened here before", shown_by=self)

    def reset(self) -> None:
        """Starts over for another case: forgets which cases were marked as no duplicates."""
        self._not_duplicates.clear()
        self.stop()
        self.look()

    def stop(self) -> None:
        """Cancels the pending lookups."""
        self._typing.stop()
        self._resting.stop()

    def _change(self) -> None:
        self._typing.start()
        self._resting.start()

    def _mark_no_duplicate(self, key: str) -> None:
        self._not_duplicates.add(key)
        self.look()

    def _wanted(self) -> IntakeState:
        form = self._form
        chosen = form.kind.kind
        return IntakeState(form.where.words(), form.said(), chosen.id if chosen else None, form.where.spot)

    def _find(self, wanted: IntakeState) -> None:
        if not is_known(self._seat.desk) or (not wanted.place and wanted.spot is None):
            self._findings.show_none()
            return
        now = self._seat.desk.now()
        all_found = likely_duplicates(self._board, wanted, now, most=CARDS + len(self._not_duplicates))
        found = [one for one in all_found if one.case.id not in self._not_duplicates][:CARDS]
        self._findings.show_likely(tuple(card(self._board, one, now) for one in found))
        past = earlier_cases(self._board, wanted, without=frozenset(one.case.id for one in found), most=ROWS)
        told = self._told(wanted, len(past))
        self._findings.show_past(tuple(row(self._board, case, now) for case in past), told=told)

    async def _fetch(self, words: str) -> None:
        """Adds the platform's cases to the board's: it has the whole archive. Without an answer the board's stay."""
        try:
            answer = await self._seat.desk.ask(SearchQuery(q=words, limit=ROWS))
        except Unavailable:
            answer = None
        if words != self._form.where.words():
            return
        wanted, now = self._wanted(), self._seat.desk.now()
        self._heard = (words, answer is not None)
        if answer is None or not (answer.items or answer.unread):
            self._find(wanted)
            return
        shown = {one.case for one in self._findings.cards()}
        here = {case.id: case for case in answer.items if case.id not in shown and is_same_place(wanted, case)}
        known = earlier_cases(self._board, wanted, without=frozenset(shown | set(here)), most=ROWS)
        cases = sorted((*here.values(), *known), key=lambda case: case.received_at, reverse=True)[:ROWS]
        rows = tuple(row(self._board, case, now) for case in cases)
        sum_of = phrase("此地以往：平台和本机有 {n} 件", n=len(rows)) if rows else NOTHING
        told = _latest(len(rows)) or sum_of
        if answer.unread:
            told = phrase("此地以往：{n} 件；另 {unread} 件读不出，请更新程序", n=len(rows), unread=answer.unread)
        self._findings.show_past(rows, told=told)

    def _told(self, wanted: IntakeState, count: int) -> Words:
        """Returns how many earlier cases the board has, or that there are none as far as is known."""
        words, is_answered = self._heard
        if count:
            return _known_here(count)
        is_heard = words == wanted.place
        if not is_heard and _is_asked(wanted.place):
            return phrase("此地以往：正在问平台")
        return NOTHING if is_heard and is_answered else phrase("此地以往：本机没有记录")


def _is_asked(words: str) -> bool:
    """Whether the platform is asked about an address: one character says too little."""
    return len(words) > 1


def _known_here(count: int) -> Words:
    """Returns how many earlier cases the board has."""
    return _latest(count) or phrase("此地以往：本机有 {n} 件", n=count)


def _latest(count: int) -> Words:
    """Returns that so many are shown of perhaps more; "" when there was room for more."""
    return phrase("此地以往：最近 {n} 件", n=count) if count >= ROWS else ""

"""The receipts of what was given at a seat, by case: what each says now, how long it stands, what is undone next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from commandcenter.domain.commands.compensating import compensation
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.store.overlay import Act
from ui.cases.receipt import GLANCE, UNDO, Receipt
from ui.cases.words import act_words, fact_words
from ui.kit import records
from ui.kit.case_parts.deliveries import own_acts_needing_decision, present
from ui.kit.texts.words import Words, phrase, say, term

if TYPE_CHECKING:
    from commandcenter.store.board import Board
    from commandcenter.sync.desk import Desk

TOLD = 2  # facts: a dispatch and the crew that goes with it


@dataclass(frozen=True, slots=True)
class _Told:
    """What facts say, in the language in which it is shown."""

    board: Board
    facts: tuple[Fact, ...]

    def __str__(self) -> str:
        return say("，").join(str(fact_words(self.board, fact)) for fact in self.facts)


class Receipts:
    """At most one receipt a case, that of the last act on it; what is given elsewhere is only known to be later."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._by_case: dict[str, Receipt] = {}  # the last one last
        self._is_last = True  # no act was told elsewhere since the last receipt

    def take(self, act: Act, case: Case) -> None:
        """Makes the receipt of an act on `case`, in the place of the case's former one."""
        self._is_last = True
        self.drop(case.id)
        self._by_case[case.id] = self._made(present(self._desk, act), case)

    def pass_over(self) -> None:
        """Takes note of an act that is told elsewhere: nothing older is taken back but what is in sight."""
        self._is_last = False

    def drop(self, case: str) -> None:
        """Ends the receipt of the case at once."""
        self._by_case.pop(case, None)

    def end(self, told: Receipt) -> None:
        """Lets a receipt stand no longer than until the next turn."""
        self._by_case[told.case.id] = replace(told, until=self._desk.now())

    def turn(self) -> None:
        """Drops the receipts whose time is over."""
        now = self._desk.now()
        self._by_case = {key: told for key, told in self._by_case.items() if told.needs_you or now < told.until}

    def follow(self) -> None:
        """Takes the acts as they are now; one that was dropped needs no receipt."""
        found = {key: replace(told, act=present(self._desk, told.act)) for key, told in self._by_case.items()}
        self._by_case = {key: told for key, told in found.items() if not told.act.is_dropped}

    def hear(self, case: str, history: tuple[Fact, ...]) -> None:
        """Takes what the platform told of the case, whose receipt then says when the platform says that it was."""
        if history and (told := self.find(case)) is not None:
            self._by_case[case] = replace(told, history=history)

    def find(self, case: str) -> Receipt | None:
        """Returns the receipt of the case as it was last told."""
        return self._by_case.get(case)

    def current(self, case: Case) -> Receipt | None:
        """Returns the receipt of `case` as it is now, also that of an own act that waits for a decision."""
        self._recall_waiting(case)
        told = self.find(case.id)
        if told is not None:
            told = self._by_case[case.id] = self._checked(told)
        return told

    def next_undone(self, in_sight: str) -> Receipt | None:
        """Returns the receipt of what is taken back next: that of the case `in_sight`, "" for none, else the last one.

        None for nothing, or where a later act is told elsewhere.
        """
        self._by_case = {key: self._checked(told) for key, told in self._by_case.items()}
        now = self._desk.now()
        possible = {key: one for key, one in self._by_case.items() if one.may_undo and now < one.until}
        if in_sight in possible:
            return possible[in_sight]
        return next(reversed(possible.values()), None) if self._is_last else None

    def _recall_waiting(self, case: Case) -> None:
        """Makes the receipt of the own act on `case` that waits for a decision, wherever and whenever it was given."""
        waiting = (act for act in own_acts_needing_decision(self._desk) if ("case", case.id) in act.refs)
        if case.id not in self._by_case and (act := next(waiting, None)) is not None:
            self._by_case[case.id] = self._made(act, case)

    def _made(self, act: Act, case: Case) -> Receipt:
        told = _Told(self._desk.board, act.facts[:TOLD]) if act.facts else act_words(case, act.name)
        stands = GLANCE if undoing(act) is None else UNDO
        return Receipt(act, told, case, self._desk.now() + stands)

    def _checked(self, told: Receipt) -> Receipt:
        """Returns the receipt with what others did to its case since, and whether it can still be taken back."""
        command = undoing(told.act)
        now = records.find(self._desk.board, Case, told.case.id)
        is_own = now is not None and now.hops == told.case.hops  # nobody has dispatched it again since
        is_possible = is_own and command is not None and not isinstance(self._desk.preview(command), Refused)
        said = "" if now is None or told.needs_you else _changed(told.case, now)
        may_undo = is_possible and not told.needs_you
        until = told.until if may_undo or not told.may_undo else min(told.until, self._desk.now() + GLANCE)
        return replace(told, may_undo=may_undo, meanwhile=said, until=until)


def undoing(act: Act) -> Command | None:
    """Returns the command that takes `act` back, None where there is none."""
    return compensation(act.command, say("刚给出就撤销"))


def _changed(before: Case, now: Case) -> Words:
    """Returns what became of a case meanwhile, "" for nothing."""
    if now.application is not None and now.application != before.application:
        return phrase("其间：{what}", what=phrase("申请退回，待批"))
    is_same = (before.stage, before.responsible) == (now.stage, now.responsible)
    return "" if is_same else phrase("其间：{what}", what=term("stage", now.stage))

"""Whom a case goes to when it is dispatched as proposed: the body, the commands, and what speaks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, Dispatch
from commandcenter.domain.commands.leading import SetLead
from commandcenter.domain.decisions import Refused
from commandcenter.domain.teams import Crew
from commandcenter.recommendation.crew_states import Because, Reason
from ui.kit import records
from ui.kit.case_parts.lead_advice import Advising, argument_words
from ui.kit.case_parts.proposing import loads
from ui.kit.case_parts.ways import Way, may_be_given, possible_ways
from ui.kit.texts import names
from ui.kit.texts.crews import crew_part
from ui.kit.texts.words import Words, phrase, spoken

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

FOR, AGAINST = 2, 1  # reasons of a lead that stand in the line
STANDS = timedelta(seconds=30)  # for which a proposal stands while it is possible: it does not change under the hand
STANDS_ALONE = timedelta(seconds=5)  # the same of one without a crew, which may just not be known yet


@dataclass(frozen=True, slots=True)
class Proposed:
    """A body and what would be given, with the reasons; without commands nobody is proposed."""

    to: Words = ""
    reasons: tuple[Words, ...] = ()
    commands: tuple[Command, ...] = ()


class Proposals(Protocol):
    """Says to whom a case should go."""

    def of(self, case: Case) -> Proposed:
        """Returns to whom `case` should go as far as it is known now."""


class ProposedLead(QObject):
    """Says whom the platform proposes as lead; `came` follows when it has answered."""

    came = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._advising = desk, Advising(desk, self)
        self._advising.came.connect(self.came)

    def of(self, case: Case) -> Proposed:
        """Returns the first body proposed that may lead `case`, as far as the platform has answered."""
        for rank, body in enumerate(self._advising.on(case).leads, 1):
            command = SetLead(case.id, body.holder, rank=rank)
            if not isinstance(self._desk.preview(command), Refused):
                to = names.holder_name(self._desk.board, body.holder, short=True)
                said = (*body.reasons[:FOR], *body.against[:AGAINST])
                return Proposed(to, tuple(argument_words(self._desk.board, one) for one in said), (command,))
        return _NOBODY


class ProposedDispatch:
    """Keeps the proposal for one case, until it has stood long enough or is not possible any more."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._board = desk, desk.board
        self._about: tuple[str, int, str] = ("", 0, "")
        self._until = datetime.min.replace(tzinfo=desk.now().tzinfo)
        self._found = Proposed()

    def of(self, case: Case) -> Proposed:
        """Returns to whom `case` should go, by the board as it is now or was a short time ago."""
        now, about = self._desk.now(), (case.id, case.rev, spoken())
        if about != self._about or now >= self._until or not may_be_given(self._desk, self._found.commands):
            self._found = next(map(self._said, possible_ways(self._desk, case)), _NOBODY)
            has_crew = any(isinstance(one, Dispatch) and one.crew for one in self._found.commands)
            self._about, self._until = about, now + (STANDS if has_crew else STANDS_ALONE)
        return self._found

    def _said(self, found: Way) -> Proposed:
        proposal, crew = found.proposal, records.find(self._board, Crew, found.proposal.crew)
        to = names.holder_name(self._board, proposal.unit, short=True)
        if crew is not None:
            to = f"{to} {crew_part(self._board, crew)}"
        load = loads(self._board).get(proposal.unit, 0)
        shown = [one for one in proposal.reasons if one.code in _WORDS]
        way, others = ([_WORDS[one.code](one) for one in shown if one.is_for is good] for good in (True, False))
        alone = () if crew is not None else (phrase("暂无可派的队组"),)
        return Proposed(to, (*way, phrase("在办 {n}", n=load), *alone, *others), found.commands)


def _way(because: Because) -> str:
    return f"{because.amount / 1000:.1f}"


_NOBODY = Proposed(reasons=(phrase("没有现成的建议，选一家"),))
_WORDS: dict[Reason, Callable[[Because], Words]] = {
    Reason.NEAREST: lambda one: phrase("最近，直线 {km} km", km=_way(one)),
    Reason.NEAREST_HERE: lambda one: phrase("本街镇最近，直线 {km} km", km=_way(one)),
    Reason.NEAR: lambda one: phrase("直线 {km} km", km=_way(one)),
    Reason.FAR: lambda one: phrase("直线 {km} km", km=_way(one)),
    Reason.ON_REQUEST: lambda _: phrase("须它同意"),
    Reason.RETURNED: lambda _: phrase("退回过这件"),
    Reason.REFUSED: lambda _: phrase("刚拒绝这次派单"),
    Reason.POSITION_OLD: lambda _: phrase("位置过旧"),
    Reason.OFF_ROSTER: lambda _: phrase("按轮班不当班"),
}

"""How the person may dispatch a case now, of what is proposed for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, Dispatch
from commandcenter.domain.commands.crew_dispatch import crew_commands
from commandcenter.domain.decisions import Refused
from commandcenter.domain.teams import Crew
from commandcenter.recommendation.crew_states import Reason
from commandcenter.recommendation.crews import Proposal
from ui.kit import records
from ui.kit.case_parts.proposing import proposals_of

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

_OF_UNIT = {
    *(Reason.COVERS, Reason.NOT_COVERING, Reason.LEAST_LOADED, Reason.LOADED),
    *(Reason.OTHER_STREET, Reason.ON_REQUEST, Reason.HELPS, Reason.RETURNED),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A proposal, and the commands by which it is followed."""

    proposal: Proposal
    commands: tuple[Command, ...]


def possible_ways(desk: Desk, case: Case) -> Iterator[Way]:
    """Yields what is proposed for `case` and would not be refused, the best first: with its crew, or the unit alone."""
    street = desk.person.scope.street if desk.person is not None else None
    for proposal in proposals_of(desk.board, case, desk.now(), street):
        possible = (way for way in _ways(desk, case, proposal) if may_be_given(desk, way.commands))
        yield from (way for way in (next(possible, None),) if way is not None)


def may_be_given(desk: Desk, commands: tuple[Command, ...]) -> bool:
    """Returns whether there are `commands` and none of them, given in this order, would be refused now."""
    return bool(commands) and not any(isinstance(one, Refused) for one in desk.preview_all(commands))


def _ways(desk: Desk, case: Case, proposal: Proposal) -> Iterator[Way]:
    crew = records.find(desk.board, Crew, proposal.crew)
    if crew is not None and crew.job is None:
        yield Way(proposal, crew_commands(case, (crew,)))
    of_unit = tuple(one for one in proposal.reasons if one.code in _OF_UNIT)
    yield Way(replace(proposal, crew=None, reasons=of_unit), (Dispatch(case.id, proposal.unit),))

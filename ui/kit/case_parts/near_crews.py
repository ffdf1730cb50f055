"""The crews nearest to a case of those that can be sent to it at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.teams import POSITION_OLD, Crew
from commandcenter.recommendation import crews
from commandcenter.recommendation.crew_states import UnitState
from ui.kit import records
from ui.kit.case_parts.proposing import ADVISED, crew_state, need_of

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class Near(NamedTuple):
    """A crew that can be sent to a case at once, and how many metres it is away in a straight line."""

    crew: Crew
    metres: float


def nearest_crews(board: Board, case: Case, now: datetime, most: int = crews.MOST) -> tuple[Near, ...]:
    """Returns at most `most` crews that the core could propose for `case`, the nearest first.

    Only those of its street or lent to it that are free and within their shift, of which somebody knows where they are.
    """
    if case.spot is None or case.stage not in ADVISED:
        return ()
    known = {crew.id: crew for crew in records.current(board, Crew) if _is_ready(crew, case, now)}
    states = [state for crew in known.values() if (state := crew_state(board, crew, now)).left != 0]
    units = [_unit(unit) for unit in records.current(board, Holder) if unit.kind is HolderKind.UNIT]
    able = crews.proposals(need_of(board, case), units, states, len(units) + len(states))
    found = [known[one.crew] for one in able if one.crew is not None]
    near = [Near(crew, case.spot.metres_to(crew.spot)) for crew in found if crew.spot is not None]
    return tuple(sorted(near, key=lambda one: (one.metres, one.crew.id))[:most])


def _is_ready(crew: Crew, case: Case, now: datetime) -> bool:
    if case.street is not None and crew.street != case.street and not crew.is_lent_to(case.street, now):
        return False
    age = crew.position_age(now)
    return crew.job is None and crew.spot is not None and age is not None and age < POSITION_OLD


def _unit(unit: Holder) -> UnitState:
    """Returns a unit whose load does not matter: the way decides."""
    return UnitState(unit.id, unit.street or "", unit.power or "")

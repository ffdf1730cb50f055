"""What the core's proposals ask of a case and of crews, read from the board, and the crews nearest to a case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.rosters import Duty, DutyState, Roster
from commandcenter.domain.teams import POSITION_OLD, Crew
from commandcenter.recommendation import crews
from commandcenter.recommendation.crew_states import CrewState, Need, UnitState
from ui.kit import records

if TYPE_CHECKING:
    from commandcenter.store.board import Board

ADVISED = WITH_HOLDER | {Stage.FILED}  # the stages at which crews are proposed


class Near(NamedTuple):
    """A crew that can be sent to a case at once, and how many metres it is away in a straight line."""

    crew: Crew
    metres: float


def need_of(board: Board, case: Case) -> Need:
    """Returns what the case needs."""
    kind = records.find(board, Kind, case.kind)
    sent = frozenset(one.crew for one in case.crews)
    return Need(case.street, case.spot, kind.powers if kind else (), case.responsible, sent)


def state_of(board: Board, crew: Crew, now: datetime) -> CrewState:
    """Returns what is known of the crew at `now`."""
    seconds, seen = (now - crew.status_since).total_seconds(), crew.position_age(now)
    has_job, has_order = crew.job is not None, crew.order is not None
    roster = records.find(board, Roster, crew.id)
    by_roster = _by_roster(None if roster is None else roster.duty(now, works=crew.is_on_duty), now)
    return CrewState(crew.id, crew.unit, crew.status, seconds, seen, crew.spot, has_job, has_order, *by_roster)


def nearest_crews(board: Board, case: Case, now: datetime, most: int = crews.MOST) -> tuple[Near, ...]:
    """Returns at most `most` crews that the core could propose for `case`, the nearest first.

    Only those that are free and within their shift, and of which somebody knows where they are.
    """
    if case.spot is None or case.stage not in ADVISED:
        return ()
    known = {crew.id: crew for crew in records.current(board, Crew) if _is_ready(crew, now)}
    states = [state for crew in known.values() if (state := state_of(board, crew, now)).left != 0]
    units = [_unit(unit) for unit in records.current(board, Holder) if unit.kind is HolderKind.UNIT]
    able = crews.proposals(need_of(board, case), units, states, len(units) + len(states))
    found = [known[one.crew] for one in able if one.crew is not None]
    near = [Near(crew, case.spot.metres_to(crew.spot)) for crew in found if crew.spot is not None]
    return tuple(sorted(near, key=lambda one: (one.metres, one.crew.id))[:most])


def _is_ready(crew: Crew, now: datetime) -> bool:
    age = crew.position_age(now)
    return crew.job is None and crew.spot is not None and age is not None and age < POSITION_OLD


def _unit(unit: Holder) -> UnitState:
    """Returns a unit whose load does not matter: the way decides."""
    return UnitState(unit.id, unit.street or "", unit.power or "")


def _by_roster(duty: Duty | None, now: datetime) -> tuple[float | None, float | None]:
    """Returns the seconds until the crew's shift ends, 0 when it is off duty by its roster, and until its next one."""
    if duty is None:
        return None, None
    works_on = duty.shift if duty.state in (DutyState.ON, DutyState.ENDING) else None
    left = 0.0 if works_on is None else (works_on.ends - now).total_seconds()
    return left, None if duty.next is None else (duty.next.starts - now).total_seconds()

"""What is proposed for a case, from what the board holds of units, crews and rosters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, HolderKind, Relation
from commandcenter.domain.rosters import Duty, DutyState, Roster
from commandcenter.domain.teams import Crew
from commandcenter.recommendation import crews
from commandcenter.recommendation.crew_states import CrewState, Need, UnitState
from commandcenter.recommendation.crews import Proposal
from ui.kit import records

if TYPE_CHECKING:
    from commandcenter.store.board import Board

ADVISED = WITH_HOLDER | {Stage.FILED}  # the stages at which units and crews are proposed


def need_of(board: Board, case: Case) -> Need:
    """Returns what the case needs."""
    kind = records.find(board, Kind, case.kind)
    sent = frozenset(one.crew for one in case.crews)
    refused = case.order_refusal.crew if case.order_refusal else None
    powers = kind.powers if kind else ()
    return Need(case.street, case.spot, powers, case.responsible, sent, refused, case.returned_by)


def units_of(board: Board, street: str | None = None) -> list[UnitState]:
    """Returns the units in use with their open cases: all, or those of one `street`."""
    load = loads(board)
    found = (one for one in records.current(board, Holder) if one.kind is HolderKind.UNIT and one.street)
    return [unit_state(one, load.get(one.id, 0)) for one in found if street in (None, one.street)]


def unit_state(unit: Holder, load: int) -> UnitState:
    """Returns the unit with its open cases, of which there are `load`."""
    return UnitState(unit.id, unit.street or "", unit.power or "", load, unit.relation is Relation.REQUESTS)


def crew_state(board: Board, crew: Crew, now: datetime) -> CrewState:
    """Returns how the crew stands at `now`, also to its roster."""
    seconds = (now - crew.status_since).total_seconds()
    has_job, has_order = crew.job is not None, crew.order is not None
    by_roster = _by_roster(duty_of(board, crew, now), now)
    seen = crew.position_age(now)
    return CrewState(crew.id, crew.unit, crew.status, seconds, seen, crew.spot, has_job, has_order, *by_roster)


def duty_of(board: Board, crew: Crew, now: datetime) -> Duty | None:
    """Returns what the crew's roster says of `now`; None without a roster, or when it says nothing."""
    roster = records.find(board, Roster, crew.id)
    return None if roster is None else roster.duty(now, works=crew.is_on_duty)


def proposed(need: Need, units: Sequence[UnitState], states: Sequence[CrewState]) -> tuple[Proposal, ...]:
    """Returns at most three proposals: of the street's units, of others only if it has nobody with the power."""
    here = [unit for unit in units if need.street in (None, unit.street)]
    elsewhere = crews.nearest_way(need, [unit for unit in units if need.street not in (None, unit.street)], states)
    found = crews.proposals(need, here, states, elsewhere=elsewhere)
    if any(_covers(proposal, need, here) for proposal in found):
        return found
    others = crews.proposals(need, [unit for unit in units if unit.power in need.powers], states, 1)
    return (*found[: crews.MOST - 1], *(one for one in others if one not in found))


def proposals_of(board: Board, case: Case, now: datetime, street: str | None = None) -> tuple[Proposal, ...]:
    """Returns at most three proposals for the case at `now`, best first; only units of `street` if it is given."""
    states = [crew_state(board, crew, now) for crew in records.current(board, Crew)]
    return proposed(need_of(board, case), units_of(board, street), states)


def _covers(proposal: Proposal, need: Need, units: Sequence[UnitState]) -> bool:
    return any(unit.id == proposal.unit and unit.power in need.powers for unit in units)


def loads(board: Board) -> dict[str, int]:
    """Returns how many cases each body has to settle, by its id."""
    cases = board.cases
    at = np.logical_or.reduce([cases.at_stage(stage) for stage in WITH_HOLDER])
    found, many = np.unique(cases["responsible"][at & cases["alive"]], return_counts=True)
    words = cases.codes["responsible"].words
    return {words[code]: int(n) for code, n in zip(found.tolist(), many.tolist(), strict=True) if words[code]}


def _by_roster(duty: Duty | None, now: datetime) -> tuple[float | None, float | None]:
    """Returns the seconds until the crew's shift ends, 0 when it is off duty by its roster, and until its next one."""
    if duty is None:
        return None, None
    works_on = duty.shift if duty.state in (DutyState.ON, DutyState.ENDING) else None
    left = 0.0 if works_on is None else (works_on.ends - now).total_seconds()
    return left, None if duty.next is None else (duty.next.starts - now).total_seconds()

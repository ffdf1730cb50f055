"""What the core proposes for a case and for the streets without anybody on duty, asked from what the board holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, Relation
from commandcenter.domain.places import Street
from commandcenter.domain.rosters import Duty, DutyState
from commandcenter.domain.teams import FREE, Crew
from commandcenter.recommendation import coverage, crews
from commandcenter.recommendation.coverage import Gap, MoveUp, Post
from commandcenter.recommendation.crew_states import Because, CrewState, Need, UnitState
from commandcenter.recommendation.crews import Proposal
from ui.kit import records
from ui.teams.duty import duty_of
from ui.teams.lanes import gaps
from ui.teams.reading import EMPTY, Reading

if TYPE_CHECKING:
    from commandcenter.store.board import Board


@dataclass(frozen=True, slots=True)
class Advice:
    """What is proposed for a case that needs `powers`, and what is missing in its street."""

    powers: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    missing: tuple[Because, ...] = ()


def advice(board: Board, reading: Reading, case: Case) -> Advice:
    """Returns what is proposed: units of the case's street, of others only if that has nobody with the power."""
    if case.stage not in WITH_HOLDER | {Stage.FILED}:
        return Advice()
    need, units, states = _need(board, case), _units(reading), _states(board, reading)
    here = [unit for unit in units if case.street in (None, unit.street)]
    found = crews.proposals(need, here, states)
    if not any(_covers(proposal, need, here) for proposal in found):
        others = crews.proposals(need, [unit for unit in units if unit.power in need.powers], states, 1)
        found = (*found[: crews.MOST - 1], *(one for one in others if one not in found))
    return Advice(need.powers, found, crews.gaps(need, here, states))


def move_ups(board: Board, reading: Reading) -> tuple[tuple[Gap, MoveUp | None], ...]:
    """Returns each gap of the reading with the crew that could stand in; None when nobody can give one."""
    empty = gaps(reading)
    places = {one.id: one.place for one in records.every(board, Street) if one.place is not None}
    found = coverage.move_ups([(gap.street, gap.power) for gap in empty], list(_posts(reading)), places)
    return tuple(zip(empty, found, strict=True))


def _covers(proposal: Proposal, need: Need, units: list[UnitState]) -> bool:
    return any(unit.id == proposal.unit and unit.power in need.powers for unit in units)


def _need(board: Board, case: Case) -> Need:
    kind = records.find(board, Kind, case.kind)
    sent = frozenset(one.crew for one in case.crews)
    return Need(case.street, case.spot, kind.powers if kind else (), case.responsible, sent)


def _units(reading: Reading) -> list[UnitState]:
    return [_unit(reading, unit) for unit in reading.units if not unit.retired]


def _unit(reading: Reading, unit: Holder) -> UnitState:
    load = reading.held.get(unit.id, EMPTY).counts.open
    return UnitState(unit.id, unit.street or "", unit.power or "", load, unit.relation is Relation.REQUESTS)


def _states(board: Board, reading: Reading) -> list[CrewState]:
    return [_state(board, reading, crew) for many in reading.crews.values() for crew in many]


def _state(board: Board, reading: Reading, crew: Crew) -> CrewState:
    seconds = (reading.now - crew.status_since).total_seconds()
    seen = crew.position_age(reading.now)
    has_job, has_order = crew.job is not None, crew.order is not None
    by_roster = _by_roster(duty_of(board, crew, reading.now), reading.now)
    return CrewState(crew.id, crew.unit, crew.status, seconds, seen, crew.spot, has_job, has_order, *by_roster)


def _by_roster(duty: Duty | None, now: datetime) -> tuple[float | None, float | None]:
    """Returns the seconds until the crew's shift ends, 0 when it is off duty by its roster, and until its next one."""
    if duty is None:
        return None, None
    works_on = duty.shift if duty.state in (DutyState.ON, DutyState.ENDING) else None
    left = 0.0 if works_on is None else (works_on.ends - now).total_seconds()
    return left, None if duty.next is None else (duty.next.starts - now).total_seconds()


def _posts(reading: Reading) -> Iterator[Post]:
    power = {unit.id: unit.power or "" for unit in reading.units}
    for many in reading.crews.values():
        for crew in many:
            if crew.is_on_duty and crew.unit in power:
                is_free = crew.status in FREE and not crew.assignments and crew.loan_at(reading.now) is None
                yield Post(crew.id, crew.street_at(reading.now), power[crew.unit], crew.spot, is_free)

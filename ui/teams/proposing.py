"""What the core proposes for a case and for the streets without anybody on duty, asked from what the board holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Holder, Relation
from commandcenter.domain.places import Street
from commandcenter.domain.teams import FREE
from commandcenter.recommendation import coverage, crews
from commandcenter.recommendation.coverage import Gap, MoveUp, Post
from commandcenter.recommendation.crew_states import Because, CrewState, Need, UnitState
from commandcenter.recommendation.crews import Proposal
from ui.kit import records
from ui.kit.case_parts.crew_advice import ADVISED, need_of, state_of
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
    if case.stage not in ADVISED:
        return Advice()
    need, units, states = need_of(board, case), _units(reading), _states(board, reading)
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


def _units(reading: Reading) -> list[UnitState]:
    return [_unit(reading, unit) for unit in reading.units if not unit.retired]


def _unit(reading: Reading, unit: Holder) -> UnitState:
    load = reading.held.get(unit.id, EMPTY).counts.open
    return UnitState(unit.id, unit.street or "", unit.power or "", load, unit.relation is Relation.REQUESTS)


def _states(board: Board, reading: Reading) -> list[CrewState]:
    return [state_of(board, crew, reading.now) for many in reading.crews.values() for crew in many]


def _posts(reading: Reading) -> Iterator[Post]:
    power = {unit.id: unit.power or "" for unit in reading.units}
    for many in reading.crews.values():
        for crew in many:
            if crew.is_on_duty and crew.unit in power:
                is_free = crew.status in FREE and not crew.assignments and crew.loan_at(reading.now) is None
                yield Post(crew.id, crew.street_at(reading.now), power[crew.unit], crew.spot, is_free)

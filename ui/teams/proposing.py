"""What the core proposes for a case and for the streets without anybody on duty, asked from what the board holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Holder
from commandcenter.domain.places import Street
from commandcenter.domain.teams import FREE
from commandcenter.recommendation import coverage, crews
from commandcenter.recommendation.coverage import Gap, MoveUp, Post
from commandcenter.recommendation.crew_states import Because
from commandcenter.recommendation.crews import Proposal
from ui.kit import records
from ui.kit.case_parts.proposing import ADVISED, crew_state, need_of, proposed, unit_state
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
    need, units = need_of(board, case), [unit_state(unit, _load(reading, unit)) for unit in _units(reading)]
    states = [crew_state(board, crew, reading.now) for many in reading.crews.values() for crew in many]
    here = [unit for unit in units if case.street in (None, unit.street)]
    return Advice(need.powers, proposed(need, units, states), crews.gaps(need, here, states))


def move_ups(board: Board, reading: Reading) -> tuple[tuple[Gap, MoveUp | None], ...]:
    """Returns each gap of the reading with the crew that could stand in; None when nobody can give one."""
    empty = gaps(reading)
    places = {one.id: one.place for one in records.every(board, Street) if one.place is not None}
    found = coverage.move_ups([(gap.street, gap.power) for gap in empty], list(_posts(reading)), places)
    return tuple(zip(empty, found, strict=True))


def _units(reading: Reading) -> list[Holder]:
    return [unit for unit in reading.units if not unit.retired]


def _load(reading: Reading, unit: Holder) -> int:
    return reading.held.get(unit.id, EMPTY).counts.open


def _posts(reading: Reading) -> Iterator[Post]:
    power = {unit.id: unit.power or "" for unit in reading.units}
    for many in reading.crews.values():
        for crew in many:
            if crew.is_on_duty and crew.unit in power:
                is_free = crew.status in FREE and not crew.assignments and crew.loan_at(reading.now) is None
                yield Post(crew.id, crew.street_at(reading.now), power[crew.unit], crew.spot, is_free)

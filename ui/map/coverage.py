"""Which of the watched powers have nobody on duty where, as the map shades it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.powers import Power, Powers
from commandcenter.recommendation.coverage import gaps
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.texts import names


class Coverage(NamedTuple):
    """The names of the powers, and the streets that lack some: id, name, and the places of those powers."""

    powers: tuple[str, ...] = ()
    streets: tuple[tuple[str, str, tuple[int, ...]], ...] = ()


NO_COVERAGE = Coverage()


def coverage_on_map(board: Board, at: datetime) -> Coverage:
    """Returns the coverage as the room 队伍 has it at `at`, of the powers that every street must have."""
    units = [unit for unit in records.current(board, Holder) if unit.kind is HolderKind.UNIT and unit.street]
    known, streets = Powers(records.every(board, Power)), {unit.street or "" for unit in units}
    places = {power: at for at, power in enumerate(_watched(known, units))}
    missing: defaultdict[str, set[int]] = defaultdict(set)
    for gap in gaps(units, records.crews_by_unit(board), known, streets, at):
        missing[gap.street] |= {places[gap.power]} if gap.is_needed else set()
    rows = ((street, names.name(board, "street", street), tuple(sorted(some))) for street, some in missing.items())
    return Coverage(tuple(names.power(board, power, units) for power in places), tuple(row for row in rows if row[2]))


def _watched(known: Powers, units: Iterable[Holder]) -> list[str]:
    """Returns the powers that every street is to have somebody of, in their order."""
    there = {*known.needed, *(unit.power or "" for unit in units)}
    return sorted(filter(known.is_in_every_street, there), key=known.rank)

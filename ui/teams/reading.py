"""What the board holds of each unit and street, read from its columns at one moment: queues, counts and crews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.powers import Power, Powers
from commandcenter.domain.stays import Stay, Stays, stays
from commandcenter.domain.teams import Crew, Team
from commandcenter.store.columns import OVERDUE, SOON, CaseColumns, Flags, Floats
from ui.kit import records

if TYPE_CHECKING:
    from commandcenter.store.board import Board

LAST = 1e12  # seconds since 1970; after every due moment


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases: all of them, those of two lights, and those that come back: with an open application, or come already."""

    open: int = 0
    soon: int = 0
    overdue: int = 0
    returned: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.open + other.open,
            self.soon + other.soon,
            self.overdue + other.overdue,
            self.returned + other.returned,
        )


NONE = Counts()


@dataclass(frozen=True, slots=True)
class Queue:
    """The ids of cases in the order in which they are to be done, their counts, and how many were placed by hand."""

    cases: tuple[str, ...] = ()
    counts: Counts = NONE
    by_hand: int = 0


EMPTY = Queue()


@dataclass(frozen=True, slots=True)
class Reading:
    """The board at `now`: queues by unit, those that wait by street, open cases by street, crews by unit.

    `powers` are those that a unit has or every street must have, in the order of `known`; `units` are in their order,
    crews in that of their ids. `teams` are by street. `longest` is how long a crew may be in a status. `places` are
    what queues are sorted by, in seconds since 1970, by case. `in_grids` are the cases that grids have, by street.
    """

    now: datetime
    known: Powers
    powers: tuple[str, ...]
    units: tuple[Holder, ...]
    streets: tuple[str, ...]
    teams: Mapping[str, Team]
    longest: Stays
    held: Mapping[str, Queue]
    waiting: Mapping[str, Queue]
    totals: Mapping[str, Counts]
    crews: Mapping[str, tuple[Crew, ...]]
    places: Mapping[str, float]
    lights: bytes = b""  # of all cases, a code each
    in_grids: Mapping[str, int] = field(default_factory=dict)


def read(board: Board, now: datetime, street: str | None = None) -> Reading:
    """Returns what the board holds at `now` of all streets that have a unit or cases that wait, or of one `street`."""
    cases, lights = board.cases, board.cases.lights(now.timestamp())
    place = _place(cases)
    is_open = cases["alive"] & cases.is_open
    held = _queues(cases, "responsible", is_open & _at(cases, *WITH_HOLDER), place, lights)
    nobody = cases.codes["responsible"].code(None)
    filed = is_open & _at(cases, Stage.FILED) & (cases["responsible"] == nobody)
    waiting = {key: _with_returned(board, one) for key, one in _queues(cases, "street", filed, place, lights).items()}
    known = Powers(records.every(board, Power))
    units = tuple(unit for unit in _units(board, held, known) if street in (None, unit.street))
    powers = tuple(sorted({*known.needed, *(unit.power or "" for unit in units)}, key=known.rank))
    totals = {key: one.counts for key, one in _queues(cases, "street", is_open, place, lights).items()}
    there = {unit.street or "" for unit in units} | waiting.keys()
    streets = tuple(sorted(key for key in there if street in (None, key)))
    shown = np.flatnonzero(is_open)
    places = dict(zip((cases.ids[slot] for slot in shown.tolist()), place[shown].tolist(), strict=True))
    teams = {team.id: team for team in records.current(board, Team)}
    longest, crews = stays(records.every(board, Stay)), records.crews_by_unit(board)
    return Reading(
        now, known, powers, units, streets, teams, longest, held, waiting, totals, crews, places, lights.tobytes(),
        _in_grids(board, held),
    )  # fmt: skip


def read_crews(board: Board, now: datetime, former: Reading, street: str | None = None) -> Reading:
    """Returns the same as `read` where the board has changed since `former` in nothing but its crews.

    The cases are read again only if time has changed the light of one.
    """
    if board.cases.lights(now.timestamp()).tobytes() != former.lights:
        return read(board, now, street)
    return replace(former, now=now, crews=records.crews_by_unit(board))


def changed_crews(before: Reading, after: Reading) -> frozenset[str]:
    """Returns the ids of the crews that do something else than before; one that only moved looks the same here."""
    known = {crew.id: _doing(crew) for crews in before.crews.values() for crew in crews}
    now = {crew.id: _doing(crew) for crews in after.crews.values() for crew in crews}
    return frozenset(key for key, doing in now.items() if doing != known.get(key))


def _place(cases: CaseColumns) -> Floats:
    """Returns float64[size]: by what a queue is sorted, the place by hand or the due moment; those without are last."""
    place = np.where(np.isnan(cases["queued_as"]), cases["due"], cases["queued_as"])
    return np.where(np.isnan(place), LAST, place)


def _at(cases: CaseColumns, *stages: Stage) -> Flags:
    at: Flags = np.zeros(cases.size, bool)
    for stage in stages:
        at |= cases.at_stage(stage)
    return at


def _queues(cases: CaseColumns, column: str, shown: Flags, place: Floats, lights: np.ndarray) -> dict[str, Queue]:
    """Returns the queue of each id in a coded column, of the slots of the mask `shown`."""
    slots = np.flatnonzero(shown)
    if not len(slots):
        return {}
    equal = (cases["number"][slots], cases["received_at"][slots])  # of cases in one place the elder one goes first
    slots = slots[np.lexsort((*equal, place[slots], cases[column][slots]))]
    keys = cases[column][slots]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    by_hand = ~np.isnan(cases["queued_as"][slots])
    flags = (lights[slots] == SOON, lights[slots] == OVERDUE, cases["applied"][slots], by_hand)
    counted = zip(*(np.add.reduceat(flag, first, dtype=np.int64).tolist() for flag in flags), strict=True)
    groups = np.split(slots, first[1:])
    words, ids = cases.codes[column].words, cases.ids
    return {
        words[key]: Queue(tuple(ids[slot] for slot in group.tolist()), Counts(len(group), *many[:-1]), many[-1])
        for key, group, many in zip(keys[first].tolist(), groups, counted, strict=True)
    }


def _in_grids(board: Board, held: Mapping[str, Queue]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for key, queue in held.items():
        holder = records.find(board, Holder, key)
        if holder is not None and holder.kind is HolderKind.GRID_TEAM:
            counted[holder.street or ""] += queue.counts.open
    return dict(counted)


def _with_returned(board: Board, queue: Queue) -> Queue:
    """Counts as returned the cases that wait again, since units gave them back."""
    back = sum(1 for key in queue.cases if (case := records.find(board, Case, key)) is not None and case.returns)
    counts = queue.counts
    return Queue(queue.cases, Counts(counts.open, counts.soon, counts.overdue, back))


def _units(board: Board, held: Mapping[str, Queue], known: Powers) -> tuple[Holder, ...]:
    units = (
        one
        for one in records.every(board, Holder)
        if one.kind is HolderKind.UNIT and one.street and (not one.retired or one.id in held)
    )
    return tuple(sorted(units, key=lambda unit: (known.rank(unit.power or ""), unit.id)))


def _doing(crew: Crew) -> tuple[object, ...]:
    return crew.name, crew.status, crew.status_since, crew.assignments, crew.loan

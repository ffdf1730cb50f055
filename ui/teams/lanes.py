"""The lanes of the room 队伍 as plain data: the columns of each, what stands in them, and what is left out of view."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from commandcenter.domain.people import Holder
from commandcenter.domain.stays import past_stays
from commandcenter.domain.teams import Crew, CrewStatus, Team
from commandcenter.recommendation import coverage
from commandcenter.recommendation.coverage import Gap
from ui.teams.reading import EMPTY, NONE, Counts, Queue, Reading

T = TypeVar("T")
Group = tuple[str, Sequence[Holder]]  # what a column is of, and its units
WAITING, SEVERAL = "waiting", "x"  # the columns that are of no one power
OWN_COLUMNS = 4  # units or powers that have a column each; all further ones share the column X


@dataclass(frozen=True, slots=True)
class Column:
    """Units side by side in a lane, or those that wait: `power` is that of its units, WAITING or SEVERAL.

    `by_hand` is the number of its cases whose place was given by hand. A narrowed view leaves out cases and crews, but
    `counts`, `on_duty` and `all_crews` are of all of them.
    """

    power: str
    street: str
    units: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()
    counts: Counts = NONE
    crews: tuple[str, ...] = ()
    on_duty: int = 0
    by_hand: int = 0
    all_crews: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """One street with its columns, or one power with a column a street; `id` is that of the street or power.

    `counts` are of all its open cases; no column shows those that its grids have, `in_grids` of them.
    """

    id: str
    columns: tuple[Column, ...]
    counts: Counts
    on_duty: int
    gaps: tuple[Gap, ...]
    in_grids: int = 0

    @property
    def shown(self) -> int:
        """How many cases its columns have."""
        return sum(column.counts.open for column in self.columns)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is shown: lanes by "streets" or "powers", crews "all", "available" or "strained", and rows that match.

    `case` and `crew` say whether a record matches what was typed; None: nothing was.
    """

    by: str = "streets"
    crews: str = "all"
    case: Callable[[str], bool] | None = None
    crew: Callable[[Crew], bool] | None = None


def lanes(reading: Reading, narrowing: Narrowing = Narrowing()) -> tuple[Lane, ...]:
    """Returns the lanes in reading order; of a narrowed view only those in which something matches."""
    made = _by_power(reading) if narrowing.by == "powers" else _by_street(reading)
    if narrowing.crews == "all" and narrowing.case is None:
        return made
    crews = {crew.id: crew for many in reading.crews.values() for crew in many}
    narrowed = (_narrowed(lane, narrowing, crews, reading) for lane in made)
    queues_count = narrowing.crews == "all"  # else what matters is a crew, and the queues are where it may go
    return tuple(lane for lane in narrowed if any(one.crews or (queues_count and one.queue) for one in lane.columns))


def strained(reading: Reading) -> frozenset[str]:
    """Returns the ids of the crews whose status lasts longer than it should."""
    crews = (crew for many in reading.crews.values() for crew in many)
    return frozenset(past_stays(crews, reading.longest, reading.now))


def gaps(reading: Reading) -> tuple[Gap, ...]:
    """Returns the units without a crew on duty and the powers that a street must have and has not, by street."""
    return coverage.gaps(reading.units, reading.crews, reading.known, reading.streets, reading.now)


def _by_street(reading: Reading) -> tuple[Lane, ...]:
    units, empty = defaultdict(list), gaps(reading)
    for unit in reading.units:
        units[unit.street].append(unit)
    return tuple(_street_lane(reading, street, units[street], empty) for street in reading.streets)


def _street_lane(reading: Reading, street: str, units: list[Holder], empty: tuple[Gap, ...]) -> Lane:
    waiting = reading.waiting.get(street, EMPTY)
    columns = [Column(WAITING, street, (), waiting.cases, waiting.counts)]
    if street:  # cases without a street have no units
        team = reading.teams.get(street)
        groups = _by_place(team, units) if team else _by_rank(reading.powers, units)
        columns += (_column(reading, power, street, some) for power, some in groups)
    duty = sum(column.on_duty for column in columns)
    mine = tuple(gap for gap in empty if gap.street == street)
    return Lane(street, tuple(columns), reading.totals.get(street, NONE), duty, mine, reading.in_grids.get(street, 0))


def _by_place(team: Team, units: list[Holder]) -> Iterator[Group]:
    """Yields the units of a team in its order, then those of the street that are not in it: the first ones alone."""
    place = {key: at for at, key in enumerate(team.units)}
    for some in _alone_at_first(sorted(units, key=lambda unit: place.get(unit.id, len(place)))):
        yield (some[0].power or "") if len(some) == 1 else SEVERAL, some


def _by_rank(powers: Sequence[str], units: list[Holder]) -> Iterator[Group]:
    """Yields the units with each of the first powers of the district, and those with all further ones together."""
    for some in _alone_at_first(powers):
        yield some[0] if len(some) == 1 else SEVERAL, [unit for unit in units if (unit.power or "") in some]


def _alone_at_first(ordered: Sequence[T]) -> Iterator[Sequence[T]]:
    yield from ((one,) for one in ordered[:OWN_COLUMNS])
    if ordered[OWN_COLUMNS:]:
        yield ordered[OWN_COLUMNS:]


def _by_power(reading: Reading) -> tuple[Lane, ...]:
    empty, made = gaps(reading), []
    for power in reading.powers:
        units = [unit for unit in reading.units if (unit.power or "") == power]
        columns = tuple(
            _column(reading, power, street, [unit for unit in units if unit.street == street])
            for street in reading.streets
            if any(unit.street == street for unit in units)
        )
        counts, duty = sum((one.counts for one in columns), NONE), sum(one.on_duty for one in columns)
        made.append(Lane(power, columns, counts, duty, tuple(gap for gap in empty if gap.power == power)))
    return tuple(made)


def _column(reading: Reading, power: str, street: str, units: Iterable[Holder]) -> Column:
    keys = tuple(unit.id for unit in units)
    queue = _merged(reading, [reading.held.get(key, EMPTY) for key in keys])
    crews = [crew for key in keys for crew in reading.crews.get(key, ())]
    duty = sum(crew.is_on_duty for crew in crews)
    return Column(
        power,
        street,
        keys,
        queue.cases,
        queue.counts,
        tuple(crew.id for crew in crews),
        duty,
        queue.by_hand,
        len(crews),
    )


def _merged(reading: Reading, queues: list[Queue]) -> Queue:
    """Returns the cases of several units as one queue, by their places."""
    filled = [queue for queue in queues if queue.cases]
    if len(filled) <= 1:
        return filled[0] if filled else EMPTY
    cases = sorted((key for queue in filled for key in queue.cases), key=lambda key: reading.places.get(key, 0.0))
    counts = sum((queue.counts for queue in filled), NONE)
    return Queue(tuple(cases), counts, sum(queue.by_hand for queue in filled))


def _narrowed(lane: Lane, narrowing: Narrowing, crews: dict[str, Crew], reading: Reading) -> Lane:
    case, crew = narrowing.case, narrowing.crew
    long = strained(reading) if narrowing.crews == "strained" else frozenset()

    def suits(one: Crew) -> bool:
        if narrowing.crews == "available" and one.status is not CrewStatus.AVAILABLE:
            return False
        if narrowing.crews == "strained" and one.id not in long:
            return False
        return crew is None or crew(one)

    def shown(column: Column) -> Column:
        queue = column.queue if case is None else tuple(filter(case, column.queue))
        return replace(column, queue=queue, crews=tuple(key for key in column.crews if suits(crews[key])))

    return replace(lane, columns=tuple(map(shown, lane.columns)))

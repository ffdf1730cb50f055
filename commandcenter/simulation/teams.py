"""Generates the holders of cases (grid teams, units of the 4+X street teams, departments) and the units' crews."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.people import Holder, HolderKind, Relation
from commandcenter.domain.places import Spot
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.domain.teams import Assignment, AssignmentState, Crew, CrewStatus, Team
from commandcenter.simulation import ground
from commandcenter.simulation.areas import Area
from commandcenter.simulation.district import DistrictMap
from commandcenter.simulation.reference import Table, short_name

_ORDINALS = "一二三四五"
_WORKING = (CrewStatus.HANDLING, CrewStatus.ON_SCENE, CrewStatus.EN_ROUTE, CrewStatus.DISPATCHED)
_LATE, _LONGER = timedelta(minutes=10), timedelta(minutes=40)  # of a shift that begins, and after one that ended
_MINUTES_IN = {  # mean minutes since the status began
    CrewStatus.OFF_DUTY: 1,
    CrewStatus.AVAILABLE: 40,
    CrewStatus.DISPATCHED: 3,
    CrewStatus.EN_ROUTE: 8,
    CrewStatus.ON_SCENE: 6,
    CrewStatus.HANDLING: 35,
    CrewStatus.RETURNING: 9,
}


def grid_team(grid: str) -> str:
    """Returns the id of a grid's team."""
    return f"g-{grid}"


def unit(street: str, power: str) -> str:
    """Returns the id of a street's unit with `power`."""
    return f"u-{street}-{power}"


def short_street_name(name: str) -> str:
    """Returns a street's name without its type, as in a unit's short name.

    >>> short_street_name("望湖街道"), short_street_name("滨湖世纪社区"), short_street_name("大圩镇")
    ('望湖', '滨湖世纪', '大圩')
    """
    return name.removesuffix("街道").removesuffix("社区").removesuffix("镇")


def holders(made: DistrictMap, *, archive: bool = False) -> tuple[Holder, ...]:
    """Returns today's grid teams, units and departments; with `archive` also the grid teams of the archive."""
    areas = [*made.today, *(made.archive if archive else ())]
    return (*_departments(made), *_units(made), *_grid_teams(made, areas))


def teams(made: DistrictMap) -> tuple[Team, ...]:
    """Returns the team of each street, which has all of its units."""
    name, rows = made.reference.team_data["team"]["name"], made.reference.team_data["unit"]
    return tuple(
        Team(street.id, 1, street.name + name, tuple(unit(street.id, row["power"]) for row in rows))
        for street in made.streets
    )


def crews(made: DistrictMap, now: datetime, chance: np.random.Generator) -> tuple[Crew, ...]:
    """Returns the crews of all units, off duty, each somewhere in its street as of `now`."""
    return tuple(
        _crew(made, street.id, row, number, now, chance)
        for street in made.streets
        for row in made.reference.team_data["unit"]
        for number in range(row["crews"])
    )


def at_work(
    crews: Sequence[Crew],
    rosters: Mapping[str, Roster],
    cases: Sequence[Case],
    now: datetime,
    chance: np.random.Generator,
) -> tuple[Crew, ...]:
    """Returns the crews as they stand at `now` by their rosters, some of them on one of their unit's open `cases`."""
    jobs: dict[str, list[Case]] = {}
    for case in cases:
        if case.stage is Stage.HANDLING and case.responsible and case.spot:
            jobs.setdefault(case.responsible, []).append(case)
    return tuple(_at_work(crew, rosters[crew.id], jobs.get(crew.unit, []), now, chance) for crew in crews)


def _crew(made: DistrictMap, street: str, row: Table, number: int, now: datetime, chance: np.random.Generator) -> Crew:
    lon, lat = ground.inside(made.street_shapes[street], 1, chance)[0]
    return Crew(
        id=f"c-{street}-{row['power']}-{number + 1}",
        rev=1,
        name=f"{row['short']}{_ORDINALS[number]}{row['crew']}",
        unit=unit(street, row["power"]),
        street=street,
        spot=Spot(round(float(lon), 6), round(float(lat), 6)),
        seen_at=now - timedelta(seconds=float(chance.exponential(20)) + 1),
    )


def _at_work(crew: Crew, roster: Roster, jobs: list[Case], now: datetime, chance: np.random.Generator) -> Crew:
    status, job = _occupation(jobs, _works(roster, now, chance), chance)
    since = now - timedelta(minutes=float(chance.exponential(_MINUTES_IN[status])) + 0.2)
    shift, last = roster.shift_at(now), roster.last_before(now)
    is_there = job is not None and status in (CrewStatus.ON_SCENE, CrewStatus.HANDLING)
    return replace(
        crew,
        status=status,
        status_since=_since(status, since, shift, last),
        spot=job.spot if job is not None and is_there else crew.spot,
        assignments=(Assignment(job.id, crew.unit, job.street, AssignmentState.CURRENT),) if job else (),
    )


def _since(status: CrewStatus, since: datetime, shift: Shift | None, last: Shift | None) -> datetime:
    """Returns since when a crew has its status: off duty since its last shift, otherwise never before its shift."""
    if status is CrewStatus.OFF_DUTY:
        return since if last is None else last.ends
    return since if shift is None else max(since, shift.starts)


def _works(roster: Roster, now: datetime, chance: np.random.Generator) -> bool:
    """Returns whether the crew works: as its roster says, but some go on for a while and some come late."""
    shift, last = roster.shift_at(now), roster.last_before(now)
    if shift is not None:
        return now - shift.starts > _LATE or chance.random() < 0.6
    return last is not None and now - last.ends < _LONGER and chance.random() < 0.3


def _occupation(jobs: list[Case], works: bool, chance: np.random.Generator) -> tuple[CrewStatus, Case | None]:
    """Returns a crew's status and job; the job is taken out of `jobs`."""
    if not works:
        return CrewStatus.OFF_DUTY, None
    if jobs and chance.random() < 0.72:
        return _WORKING[int(chance.choice(4, p=(0.5, 0.22, 0.2, 0.08)))], jobs.pop()
    return (CrewStatus.AVAILABLE if chance.random() < 0.82 else CrewStatus.RETURNING), None


def _departments(made: DistrictMap) -> Iterator[Holder]:
    for number, row in enumerate(made.reference.team_data["department"]):
        yield Holder(
            row["id"], 1, HolderKind.DEPARTMENT, row["name"], row["short"], power=row["power"], phone=_phone(1, number)
        )


def _units(made: DistrictMap) -> Iterator[Holder]:
    for at, street in enumerate(made.streets):
        for number, row in enumerate(made.reference.team_data["unit"]):
            yield Holder(
                unit(street.id, row["power"]),
                1,
                HolderKind.UNIT,
                street.name + row["name"],
                f"{short_street_name(street.name)}·{row['short']}",
                street=street.id,
                power=row["power"],
                relation=Relation(row["relation"]),
                phone=_phone(2, at * 10 + number),
            )


def _grid_teams(made: DistrictMap, areas: Sequence[Area]) -> Iterator[Holder]:
    names = {community.id: short_name(community.name) for community in made.communities}
    for at, area in enumerate(areas):
        grid = area.grid
        past = f"（{grid.since.year}）" if grid.until else ""
        yield Holder(
            grid_team(grid.id),
            1,
            HolderKind.GRID_TEAM,
            f"{names[grid.community]}{grid.name}{past}",
            f"{names[grid.community].removesuffix('社区')}{grid.name[1:3]}网格{past}",
            street=grid.street,
            grid=grid.id,
            phone=_phone(3, at),
        )


def _phone(block: int, number: int) -> str:
    """Returns an invented telephone number, marked 示意."""
    return f"0551-6000 {block}{number:03d}（示意）" if number < 1000 else f"0551-6001 {number:04d}（示意）"

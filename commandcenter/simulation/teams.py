"""Generates the holders of cases (grid teams, units of the 4+X street teams, departments) and the units' crews."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.people import Holder, HolderKind, Relation
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import Assignment, AssignmentState, Crew, CrewStatus, Team
from commandcenter.simulation import ground
from commandcenter.simulation.areas import Area
from commandcenter.simulation.district import DistrictMap
from commandcenter.simulation.reference import Table, short_name

_ORDINALS = "一二三四五"
_WORKING = (CrewStatus.HANDLING, CrewStatus.ON_SCENE, CrewStatus.EN_ROUTE, CrewStatus.DISPATCHED)
_MINUTES_IN = {  # mean minutes since the status began
    CrewStatus.OFF_DUTY: 240,
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


def crews(made: DistrictMap, cases: Sequence[Case], now: datetime, chance: np.random.Generator) -> tuple[Crew, ...]:
    """Returns the crews of all units as they stand at `now`.

    By day most are on duty, some of them on one of their unit's open `cases`.
    """
    jobs: dict[str, list[Case]] = {}
    for case in cases:
        if case.stage is Stage.HANDLING and case.responsible and case.spot:
            jobs.setdefault(case.responsible, []).append(case)
    hour = now.astimezone(ZoneInfo(made.reference.district.zone)).hour
    on_duty = 0.84 if 8 <= hour < 18 else 0.55 if 18 <= hour < 22 else 0.35
    return tuple(
        _crew(made, street.id, row, number, jobs.get(unit(street.id, row["power"]), []), now, on_duty, chance)
        for street in made.streets
        for row in made.reference.team_data["unit"]
        for number in range(row["crews"])
    )


def _crew(
    made: DistrictMap,
    street: str,
    row: Table,
    number: int,
    jobs: list[Case],
    now: datetime,
    on_duty: float,
    chance: np.random.Generator,
) -> Crew:
    held = unit(street, row["power"])
    status, job = _occupation(jobs, on_duty, chance)
    if job is not None and job.spot and status in (CrewStatus.ON_SCENE, CrewStatus.HANDLING):
        spot = job.spot
    else:
        lon, lat = ground.inside(made.street_shapes[street], 1, chance)[0]
        spot = Spot(round(float(lon), 6), round(float(lat), 6))
    return Crew(
        id=f"c-{street}-{row['power']}-{number + 1}",
        rev=1,
        name=f"{row['short']}{_ORDINALS[number]}{row['crew']}",
        unit=held,
        street=street,
        status=status,
        status_since=now - timedelta(minutes=float(chance.exponential(_MINUTES_IN[status])) + 0.2),
        spot=spot,
        seen_at=now - timedelta(seconds=float(chance.exponential(20)) + 1),
        assignments=(Assignment(job.id, held, job.street, AssignmentState.CURRENT),) if job else (),
    )


def _occupation(jobs: list[Case], on_duty: float, chance: np.random.Generator) -> tuple[CrewStatus, Case | None]:
    """Returns a crew's status and job; the job is taken out of `jobs`."""
    if chance.random() > on_duty:
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

"""`main.py seed`: generates the demonstration district of Baohe, with a shift in progress or the archive of 2020."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from commandcenter.demonstration.seed_database import new_database, set_counters, without_indexes, write
from commandcenter.demonstration.seed_rows import RowMaker
from commandcenter.domain.facts import Fact
from commandcenter.domain.records import Record
from commandcenter.operations.terminal import add_data_option, command_parser, finished
from commandcenter.protocol.retention import FRAMES_KEPT
from commandcenter.server.command_pipeline.districts import create_district, put_places, put_reference
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage.database import has_database
from commandcenter.server.storage.districts import find_district
from commandcenter.server.storage.folder_lock import hold, is_held
from commandcenter.simulation import (
    addresses,
    case_histories,
    crew_work,
    day,
    district,
    layers,
    lead_histories,
    plans,
    present,
    reference,
    rosters,
    teams,
)
from commandcenter.simulation.district import DistrictMap
from resources import path

RNG = 20261124
DAYS = 14
_BATCH_SIZE = 4000

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SeedResult:
    """How many cases and facts were written."""

    cases: int
    facts: int


@dataclass(frozen=True, slots=True)
class SeedPeriod:
    """The generated period: `total` cases received in [since, until); `is_live`: a shift is in progress at its end."""

    since: datetime
    until: datetime
    total: int
    is_live: bool


def seed(
    data: Path,
    *,
    full: bool = False,
    rng: int = RNG,
    now: datetime | None = None,
    tell: Tell = lambda line: print(line, file=sys.stderr, flush=True),
) -> SeedResult:
    """Creates the database in `data`, which must hold none; only the caller may hold the folder's lock.

    Writes the last 14 days at 454 cases a day with a shift in progress at `now`, or with `full` the archive of January
    to August 2020. The same `rng` and `now` give the same cases. Raises UnusableEnvironment when a database exists
    already.
    """
    _refuse_database(data)
    moment = now or datetime.now(UTC)
    tell("making the district")
    made = district.make(reference.read(path("demo")))
    span = archive(made) if full else recent(moment)
    with new_database(data) as connection:
        return fill(connection, made, span, rng=rng, now=moment, tell=tell)


def archive(made: DistrictMap, *, total: int = plans.ALL) -> SeedPeriod:
    """Returns the period January to August 2020, local time."""
    zone = ZoneInfo(made.reference.district.zone)
    since, until = (datetime(2020, month, 1, tzinfo=zone).astimezone(UTC) for month in (1, 9))
    return SeedPeriod(since, until, total, is_live=False)


def recent(now: datetime) -> SeedPeriod:
    """Returns the 14 days before `now`."""
    return SeedPeriod(now - timedelta(days=DAYS), now, DAYS * day.CASES_PER_DAY, is_live=True)


def fill(
    connection: Connection, made: DistrictMap, span: SeedPeriod, *, rng: int, now: datetime, tell: Tell
) -> SeedResult:
    """Writes the district and the cases of `span` into the empty tables behind `connection`."""
    key, chance = made.reference.district.id, np.random.default_rng(rng)
    _write_district(connection, made, span)
    numbers = case_histories.Numbers(made.reference.district.prefix, made.reference.district.zone)
    written = _lives(made, span, numbers, chance)
    happened, mobile = _at_work(made, written, span, now, chance)
    rows = RowMaker(
        key, made.reference.calendar, head=_head(connection, key), images_since=now - FRAMES_KEPT, chance=chance
    )
    with without_indexes(connection):
        for batch in rows.batches(happened, size=_BATCH_SIZE):
            write(connection, batch)
            tell(f"{rows.case_count:,} of {span.total:,} cases, {rows.fact_count:,} facts")
    floor = rows.floor or rows.head + 1
    set_counters(connection, key, head=rows.head, floor=floor, last=numbers.last)
    put_reference(connection, key, mobile, now=now)
    return SeedResult(rows.case_count, rows.fact_count)


def _at_work(
    made: DistrictMap, written: Iterator[list[Fact]], span: SeedPeriod, now: datetime, chance: np.random.Generator
) -> tuple[Iterator[list[Fact]], Sequence[Record]]:
    """Returns the cases, in a shift in progress as they stand at `now`, and sub-tasks, crews and rosters."""
    crews = teams.crews(made, now, chance)
    by_crew = rosters.rosters(made.reference, crews, now, chance)
    if not span.is_live:
        return written, (*teams.at_work(crews, by_crew, (), now, chance), *by_crew.values())
    lives = present.cut_at_now(list(written), now, made.reference.words, chance)
    working = teams.at_work(crews, by_crew, crew_work.open_cases(lives), now, chance)
    sent = crew_work.put_to_work(working, lives)
    return iter(lives), (*sent, *by_crew.values(), *lead_histories.tasks_of(lives))


def _refuse_database(data: Path) -> None:
    if has_database(data):
        sentence = f"{data} already holds a database: nothing was changed; choose another --data."
        raise UnusableEnvironment("has_database", sentence)


def _write_district(connection: Connection, made: DistrictMap, span: SeedPeriod) -> None:
    """Writes the district as it was at the first case: places, channels, kinds, holders and map layers."""
    data = made.reference
    create_district(connection, data.district, data.calendar, now=span.since)
    grids = (area.grid for area in chain(made.archive, made.today))
    holders = teams.holders(made, archive=not span.is_live)
    places: Iterator[Record] = chain(made.streets, made.communities, grids)
    work: Iterator[Record] = chain(data.channels, data.powers, data.stays, data.kinds, holders, teams.teams(made))
    records = chain(places, work)
    put_reference(connection, data.district.id, records, now=span.since)
    for layer, geojson in layers.layers(made).items():
        put_places(connection, data.district.id, layer, geojson)


def _lives(
    made: DistrictMap, span: SeedPeriod, numbers: case_histories.Numbers, chance: np.random.Generator
) -> Iterator[list[Fact]]:
    data = made.reference
    came = day.arrivals(
        data.channel_data, zone=data.district.zone, since=span.since, until=span.until, total=span.total, chance=chance
    )
    places = addresses.make(made, chance)
    planned = plans.plans(data, came, places, chance)
    return case_histories.CaseHistories(made, places, numbers, archive=not span.is_live).of(planned, chance)


def _head(connection: Connection, key: str) -> int:
    row = find_district(connection, key)
    assert row is not None
    return int(row.head)


def main(argv: list[str]) -> int:
    """Runs the command and returns the exit code."""
    asked = _parser().parse_args(argv)
    unwritable = f"{asked.data} cannot be written ({{reason}}): nothing was kept; choose another --data."
    try:
        return finished(partial(_seed, asked), unwritable=unwritable)
    except KeyboardInterrupt:
        print(f"Stopped: nothing was kept in {asked.data}. Run the same command again to begin anew.", file=sys.stderr)
        raise


def _seed(asked: argparse.Namespace) -> None:
    began = time.perf_counter()
    if is_held(asked.data):
        raise UnusableEnvironment(
            "held", f"A platform is running on {asked.data}: stop it first, or use another --data."
        )
    _refuse_database(asked.data)
    with hold(asked.data):
        done = seed(asked.data, full=asked.full, rng=asked.rng)
    print(f"seeded {done.cases} cases, {done.facts} facts in {time.perf_counter() - began:.1f} s")


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("seed", "生成包河区演示数据 · make the demonstration district of Baohe")
    add = parser.add_argument
    add("--full", action="store_true", help="2020 年 1–8 月档案 110,772 件 · the archive of 2020")
    add("--rng", type=_number, default=RNG, metavar="N", help="随机种子 · the random seed (%(default)s)")
    add_data_option(parser)
    return parser


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 30):
        raise argparse.ArgumentTypeError(
            f"{text} 不是随机种子，请写 0 或更大的整数 · is no seed: a whole number from 0"
        )
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A district is seeded: the tables hold what its facts say, and nothing that was there before is touched."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, func, select

from commandcenter.demonstration import seed
from commandcenter.demonstration.seed_database import new_database
from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import evolve
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.codec import FactEnvelope, decode, read_facts, read_record
from commandcenter.server.storage import search, steps
from commandcenter.server.storage.database import file_in, has_database, open_readers
from commandcenter.server.storage.districts import district_ids
from commandcenter.server.storage.folder_lock import hold
from commandcenter.server.storage.tables import cases, districts, log, numbers, places, records
from commandcenter.server.storage.tables import steps as step_table
from commandcenter.simulation import district, plans, reference
from commandcenter.simulation.district import DistrictMap
from resources import path

NOW = datetime(2026, 11, 24, 3, 10, tzinfo=UTC)
LEADER = Person("leader", Role.LEADER, Scope("any"))


@pytest.fixture(scope="module")
def ground() -> DistrictMap:
    return district.make(reference.read(path("demo")))


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a shift in progress at NOW."""
    data = tmp_path_factory.mktemp("shift")
    seed.seed(data, now=NOW, tell=lambda line: None)
    return data


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, ground: DistrictMap) -> Path:
    """A data folder with an archive of 3,000 cases, made as the whole one is."""
    return small(tmp_path_factory.mktemp("old"), ground, rng=1)


def small(data: Path, ground: DistrictMap, *, rng: int) -> Path:
    with new_database(data) as connection:
        seed.fill(connection, ground, seed.archive(ground, total=3000), rng=rng, now=NOW, tell=lambda line: None)
    return data


@pytest.fixture
def tables(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A reader of the data folder that the test's parameter names."""
    engine = open_readers(request.getfixturevalue(request.param))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


BOTH = pytest.mark.parametrize("tables", ["shift", "old"], indirect=True)
SHIFT = pytest.mark.parametrize("tables", ["shift"], indirect=True)
OLD = pytest.mark.parametrize("tables", ["old"], indirect=True)


def count(connection: Connection, table: object, *where: object) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


@SHIFT
def test_the_default_is_two_weeks_at_454_a_day_with_a_shift_in_progress(tables: Connection) -> None:
    assert count(tables, cases) == 14 * 454
    assert count(tables, cases, cases.c.received_at < (NOW - timedelta(days=14)).timestamp()) == 0
    assert count(tables, cases, cases.c.received_at > NOW.timestamp()) == 0
    assert 200 < count(tables, cases, cases.c.ended_at.is_(None)) < 900


@OLD
def test_the_archives_proportions_hold_on_a_smaller_scale(tables: Connection) -> None:
    found = dict(tables.execute(select(cases.c.tier, func.count()).group_by(cases.c.tier)).all())
    assert found == {"grid": round(3000 * 85_635 / 110_772), "district": round(3000 * 3_589 / 110_772), "street": 584}
    assert count(tables, cases, cases.c.stage != "closed") == 0
    first, last = tables.execute(select(func.min(cases.c.number), func.max(cases.c.number))).one()
    assert (first, last[:11]) == ("包河-20200101-00001", "包河-20200831")


@BOTH
def test_every_record_is_what_its_facts_make_of_it(tables: Connection) -> None:
    facts: dict[str, list[FactEnvelope]] = {}
    said = select(log.c.record, log.c.facts).where(log.c.kind == "case").order_by(log.c.seq)
    for row in tables.execute(said):
        facts.setdefault(row.record, []).extend(decode(row.facts, list[FactEnvelope]))
    rows = tables.execute(select(cases)).all()
    assert len(facts) == len(rows)
    for row in rows[::9]:
        case = None
        for one in read_facts(facts[row.id]):
            case = evolve(case, one)
        assert read_record("case", row.body) == case
        assert (row.rev, row.stage, row.responsible) == (len(facts[row.id]), case.stage, case.responsible)


@BOTH
def test_the_log_counts_every_step_in_order_of_time(tables: Connection) -> None:
    rows = tables.execute(select(log.c.seq, log.c.at).distinct().order_by(log.c.seq)).all()
    head, floor = tables.execute(select(districts.c.head, districts.c.floor)).one()
    assert [row.seq for row in rows] == list(range(1, head + 1))
    worked = tables.execute(select(log.c.at).where(log.c.kind == "case").order_by(log.c.seq)).scalars().all()
    assert worked == sorted(worked)
    assert count(tables, log, log.c.seq < floor, log.c.after.is_not(None), log.c.kind.in_(("case", "crew"))) == 0
    assert count(tables, log, log.c.seq >= floor, log.c.after.is_(None)) == 0


@BOTH
def test_its_steps_are_what_its_log_says(tables: Connection) -> None:
    (district,) = district_ids(tables)
    assert steps.are_as_logged(tables, district)
    worked = tables.execute(select(func.count(), func.count(step_table.c.role)).select_from(step_table)).one()
    assert worked == (count(tables, log, log.c.kind == "case"),) * 2


@SHIFT
def test_seven_days_can_be_streamed(tables: Connection) -> None:
    floor = tables.execute(select(districts.c.floor)).scalar_one()
    oldest = tables.execute(select(func.min(log.c.at)).where(log.c.seq >= floor)).scalar_one()
    assert timedelta(0) <= datetime.fromtimestamp(oldest, UTC) - (NOW - timedelta(days=7)) < timedelta(hours=1)
    last = tables.execute(select(log).where(log.c.kind == "case").order_by(log.c.seq.desc()).limit(50)).all()
    for row in last:
        body = tables.execute(select(cases.c.body).where(cases.c.id == row.record)).scalar_one()
        if read_record("case", row.after).rev == read_record("case", body).rev:
            assert row.after == body


@BOTH
def test_the_next_number_goes_on_where_the_day_stands(tables: Connection) -> None:
    last = dict(tables.execute(select(numbers.c.day, numbers.c.last)).all())
    assert sum(last.values()) == count(tables, cases)
    day = max(last)
    assert count(tables, cases, cases.c.number == f"包河-{day}-{last[day]:05d}") == 1


@BOTH
def test_cases_are_found_by_their_words(tables: Connection) -> None:
    some: Case = read_record("case", tables.execute(select(cases.c.body).where(cases.c.key == 1700)).scalar_one())
    for wanted in (some.number, some.place, some.text[-6:-1]):
        assert some.id in tables.execute(select(cases.c.id).where(search.condition(wanted, LEADER))).scalars().all()


@BOTH
def test_the_hall_has_its_reference_and_its_map(tables: Connection, ground: DistrictMap) -> None:
    found = dict(tables.execute(select(records.c.kind, func.count()).group_by(records.c.kind)).all())
    assert (found["street"], found["community"], found["grid"]) == (13, 136, 434 + 779)
    assert found["kind"] == len(ground.reference.kinds) >= 45
    assert set(tables.execute(select(places.c.layer)).scalars()) == {"outline", "streets", "grids"}
    held = set(tables.execute(select(records.c.id).where(records.c.kind == "holder")).scalars())
    assert set(tables.execute(select(cases.c.responsible).where(cases.c.responsible.is_not(None))).scalars()) <= held
    assert all(json.loads(body)["features"] for body in tables.execute(select(places.c.body)).scalars())


def test_the_same_chance_makes_the_same_district(old: Path, tmp_path: Path, ground: DistrictMap) -> None:
    again, other = small(tmp_path / "again", ground, rng=1), small(tmp_path / "other", ground, rng=2)
    assert fingerprint(again) == fingerprint(old) != fingerprint(other)


def fingerprint(data: Path) -> str:
    engine = open_readers(data)
    with engine.connect() as connection:
        rows = connection.execute(select(log.c.seq, log.c.cmd_id, log.c.facts).where(log.c.kind == "case")).all()
        bodies = connection.execute(select(cases.c.body).order_by(cases.c.key)).scalars().all()
    engine.dispose()
    return sha256(repr(rows).encode() + b"".join(bodies)).hexdigest()


def test_an_empty_file_of_an_interrupted_start_is_no_database(tmp_path: Path) -> None:
    file_in(tmp_path).touch()
    assert not has_database(tmp_path)
    with new_database(tmp_path) as connection:
        connection.exec_driver_sql("SELECT 1")
    assert has_database(tmp_path)


def test_a_folder_with_a_database_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "platform.db").write_bytes(b"somebody's work")
    assert seed.main(["--data", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "nothing was changed" in said.err
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("platform.db", b"somebody's work")]


def test_a_folder_that_a_platform_holds_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hold(tmp_path):
        assert seed.main(["--data", str(tmp_path)]) == 2
    assert "A platform is running" in capsys.readouterr().err
    assert not (tmp_path / "platform.db").exists()


def test_a_file_instead_of_a_folder_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert seed.main(["--data", str(tmp_path / "file")]) == 2
    assert "not a folder" in capsys.readouterr().err


def test_a_seed_that_breaks_off_leaves_nothing(tmp_path: Path, ground: DistrictMap) -> None:
    def break_off(line: str) -> None:
        if "cases" in line:
            raise KeyboardInterrupt

    span = seed.archive(ground, total=50)
    with pytest.raises(KeyboardInterrupt), new_database(tmp_path) as connection:
        seed.fill(connection, ground, span, rng=1, now=NOW, tell=break_off)
    assert list(tmp_path.iterdir()) == []


class FullCursor(sqlite3.Cursor):
    """Asks a disk that has no room for what is in the log."""

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        if sql == "PRAGMA journal_mode=OFF":
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *values)


class FullDisk(sqlite3.Connection):
    """A database on such a disk."""

    def cursor(self, *_: object) -> sqlite3.Cursor:
        return FullCursor(self)


def test_a_disk_that_is_full_before_the_first_row_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sqlite3.dbapi2.connect", partial(sqlite3.connect, factory=FullDisk))
    assert seed.main(["--data", str(tmp_path)]) == 2
    assert "cannot be written (database or disk is full): nothing was kept" in capsys.readouterr().err
    assert not has_database(tmp_path)


def test_the_last_line_says_what_was_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert seed.main(["--data", str(tmp_path / "new"), "--rng", "9"]) == 0
    words = capsys.readouterr().out.splitlines()[-1].split()
    assert words[:3] == ["seeded", "6356", "cases,"]


@pytest.mark.archive
def test_the_whole_archive_is_exact(tmp_path: Path) -> None:
    done = seed.seed(tmp_path, full=True, tell=lambda line: None)
    assert done.cases == plans.ALL == 110_772
    engine = open_readers(tmp_path)
    with engine.connect() as connection:
        found = dict(connection.execute(select(cases.c.tier, func.count()).group_by(cases.c.tier)).all())
        assert found == {"grid": 85_635, "district": 3_589, "street": 21_548}
        assert count(connection, log, log.c.kind == "case") == done.facts
    engine.dispose()
    assert np.isclose(found["grid"] / done.cases, 0.773, atol=0.0005)


@pytest.mark.parametrize("said", ["-5", "1.5", "nonsense", "9" * 31, "²"])
def test_a_seed_of_chance_that_is_none_is_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    with pytest.raises(SystemExit) as leaving:
        seed.main(["--data", str(tmp_path / "data"), "--rng", said])
    assert leaving.value.code == 2
    assert "a whole number from 0" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_who_stops_a_seed_is_told_that_nothing_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seed, "fill", stopped)
    with pytest.raises(KeyboardInterrupt):
        seed.main(["--data", str(tmp_path)])
    assert "nothing was kept" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["platform.lock"]

"""A district in the tables: how it begins, and what becomes of reference records that are put in again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from commandcenter.domain.channels import Channel
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import District
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.protocol.imports import NotTaken
from commandcenter.server.command_pipeline import districts
from commandcenter.server.command_pipeline.districts import PutResult, bring_reference, create_district, put_reference
from commandcenter.server.storage import database, event_log, tables
from commandcenter.server.storage.districts import district_ids, find_district
from commandcenter.server.storage.projections import find
from tests.kit.district import CALENDAR, NOON

OTHER = District("d0", 1, "另一区", "Asia/Urumqi", "XJ")
HERE = District("d1", 1, "试验区", "Asia/Shanghai", "SY")
FEED = Person("feed", Role.SYSTEM, Scope("d1"))
LETTER = Channel("letter", 1, "来信")
CREW = Crew("crew", 1, "一组", "urban", "east", CrewStatus.AVAILABLE, NOON)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with database.writing(tmp_path) as connection:
        create_district(connection, HERE, CALENDAR, now=NOON)
        yield connection


def logged(connection: Connection, *, after: int, district: str = "d1") -> list[event_log.LogEntry]:
    return event_log.read(connection, Person("x", Role.LEADER, Scope(district)), after=after, limit=1_000)


def head(connection: Connection, district: str = "d1") -> Any:
    row = find_district(connection, district)
    return None if row is None else row.head


def test_a_district_begins_in_epoch_one_with_itself_and_its_week_in_the_first_entry(connection: Connection) -> None:
    create_district(connection, OTHER, CALENDAR, now=NOON + timedelta(hours=1))
    rows = [tuple(find_district(connection, key) or ()) for key in ("d1", "d0")]
    assert rows == [
        ("d1", "试验区", "Asia/Shanghai", "SY", 1, '{"1":0}', 1, 1),
        ("d0", "另一区", "Asia/Urumqi", "XJ", 1, '{"1":0}', 1, 1),
    ]
    assert find_district(connection, "d2") is None
    assert district_ids(connection) == ["d1", "d0"]
    (entry,) = logged(connection, after=0, district="d0")
    assert (entry.seq, entry.at, entry.actor, entry.cmd_id) == (1, NOON + timedelta(hours=1), "system", "")
    told = [(part, *event_log.decode_facts([part.facts])) for part in entry.parts]
    assert [(part.kind, part.id, part.rev, part.changed, fact.type) for part, fact in told] == [
        ("district", "d0", 1, "*", "reference_created"),
        ("calendar", CALENDAR.id, 1, "*", "reference_created"),
    ]
    assert (find(connection, "d0", "district", "d0"), find(connection, "d0", "calendar", CALENDAR.id)) == (
        OTHER,
        CALENDAR,
    )
    assert find(connection, "d1", "district", "d0") is None


def test_the_same_again_is_nothing_new_and_a_change_gets_the_next_revision(connection: Connection) -> None:
    assert put_reference(connection, "d1", [LETTER], now=NOON) == PutResult(1, 0, 0)
    assert put_reference(connection, "d1", [LETTER, replace(LETTER, rev=9)], now=NOON) == PutResult(0, 0, 1)
    assert head(connection) == 2
    renamed = replace(LETTER, name="信件")
    later = NOON + timedelta(hours=2)
    assert put_reference(connection, "d1", [renamed, Channel("visit", 5, "来访")], now=later, actor="li") == PutResult(
        1, 1, 0
    )
    (entry,) = logged(connection, after=2)
    assert (entry.seq, entry.at, entry.actor) == (3, later, "li")
    assert [(part.id, part.rev, part.changed) for part in entry.parts] == [("letter", 2, "name"), ("visit", 5, "*")]
    assert find(connection, "d1", "channel", "letter") == replace(renamed, rev=2)
    ahead = replace(renamed, rev=7, name="书信")
    assert put_reference(connection, "d1", [ahead], now=NOON) == PutResult(0, 1, 0)
    assert find(connection, "d1", "channel", "letter") == ahead
    assert put_reference(connection, "d1", [replace(ahead, rev=7, name="信")], now=NOON) == PutResult(0, 1, 0)
    assert find(connection, "d1", "channel", "letter").rev == 8


def test_what_an_import_brings_goes_over_nothing_but_crews(connection: Connection) -> None:
    put_reference(connection, "d1", [LETTER, CREW], now=NOON)
    news = [replace(LETTER, name="信件"), Channel("visit", 1, "来访"), replace(CREW, name="二组")]
    assert bring_reference(connection, FEED, news, now=NOON) == PutResult(
        *(1, 1, 1), (NotTaken("channel:letter", "kept_here", "name"),)
    )
    assert find(connection, "d1", "channel", "letter") == LETTER
    assert find(connection, "d1", "crew", "crew") == replace(CREW, rev=2, name="二组")


def test_of_a_crew_that_is_given_twice_at_once_the_last_counts(connection: Connection) -> None:
    put_reference(connection, "d1", [CREW], now=NOON)
    there_and_back = [replace(CREW, street="west"), replace(CREW, name="二组")]
    assert put_reference(connection, "d1", there_and_back, now=NOON) == PutResult(0, 1, 0)
    assert find(connection, "d1", "crew", "crew") == replace(CREW, rev=2, name="二组")


def test_a_hundred_records_share_an_entry_and_each_scope_is_told_of_its_crews(connection: Connection) -> None:
    many = [Channel(f"channel-{number}", 1, "来信") for number in range(201)]
    crews = [replace(CREW, id=f"crew-{number}", street=street) for number, street in enumerate(("east", "west"))]
    assert put_reference(connection, "d1", [crews[0], *many, crews[1]], now=NOON) == PutResult(203, 0, 0)
    entries = logged(connection, after=1)
    assert [len(one.parts) for one in entries] == [100, 100, 3]
    assert [part.id for one in entries for part in one.parts] == [
        "crew-0",
        *(one.id for one in many),
        "crew-1",
    ]
    desk = Person("x", Role.STREET_DISPATCHER, Scope("d1", street="west"))
    (west,) = event_log.read(connection, desk, after=entries[1].seq, limit=9)
    assert [part.id for part in west.parts] == ["channel-199", "channel-200", "crew-1"]
    assert (west.parts[-1].was, west.parts[-1].now) == (set(), {"d", "cs:west", "cu:urban"})
    put_reference(connection, "d1", [replace(crews[1], street="east")], now=NOON)
    (moved,) = logged(connection, after=entries[-1].seq)
    assert moved.parts[0].was - moved.parts[0].now == {"cs:west"}
    assert moved.parts[0].now == {"d", "cs:east", "cu:urban"}


def test_without_a_moment_it_happens_now(connection: Connection) -> None:
    before = datetime.now(UTC)
    put_reference(connection, "d1", [LETTER])
    (entry,) = logged(connection, after=1)
    assert before <= entry.at <= datetime.now(UTC)


def test_a_layer_of_the_map_is_replaced_in_its_district_alone(connection: Connection) -> None:
    create_district(connection, OTHER, CALENDAR, now=NOON)
    for district, layer, body in (("d1", "outline", b"1"), ("d1", "grids", b"2"), ("d0", "outline", b"3")):
        districts.put_places(connection, district, layer, body)
    districts.put_places(connection, "d1", "outline", b"4")
    rows = connection.execute(select(tables.places)).all()
    assert {(row.district, row.layer): row.body for row in rows} == {
        ("d1", "outline"): b"4",
        ("d1", "grids"): b"2",
        ("d0", "outline"): b"3",
    }
    assert len(rows) == 3
    assert all(row.etag.strip('"') in sha256(row.body).hexdigest() and len(row.etag) > 20 for row in rows)
    with pytest.raises(ValueError, match="sewers"):
        districts.put_places(connection, "d1", "sewers", b"{}")

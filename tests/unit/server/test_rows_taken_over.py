"""Rows of another system, one by one: what is said of each, to the last field, and under which id its case is kept."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from commandcenter.domain.cases import Case
from commandcenter.domain.channels import Channel
from commandcenter.domain.commands import Take
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.records import Record
from commandcenter.protocol.codec import record_envelope
from commandcenter.server.command_pipeline.identities import with_site_ids
from commandcenter.server.command_pipeline.imports import import_batch
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from commandcenter.server.storage.projections import find
from tests.kit.district import NOON
from tests.kit.imported import ROW
from tests.kit.platform import Clock, new_id, wish
from tests.unit.server.conftest import Sends

SYSTEM = Person("system", Role.SYSTEM, Scope("d1"))
EAST = Person("east-hotline", Role.CHANNEL, Scope("d1", street="east"))
WEST = Person("west-hotline", Role.CHANNEL, Scope("d1", street="west"))
UNIT = Person("devices", Role.CHANNEL, Scope("d1", street="east", unit="east-urban"))
Brings = Callable[..., dict[str, Any]]


@pytest.fixture
def brings(platform: Platform, clock: Clock) -> Brings:
    """Take over rows and reference records; what is answered, as it goes over the wire."""
    numbers = itertools.count(1)

    def brought(*rows: dict[str, Any], by: Person = SYSTEM, reference: tuple[Record, ...] = ()) -> dict[str, Any]:
        raw = [msgspec.Raw(json.dumps(row).encode()) for row in rows]
        kept = [record_envelope(one) for one in reference]
        told = platform.writer.submit(
            lambda con: import_batch(
                con, kept, raw, by, clock(), new_id=lambda: f"row-{next(numbers)}", site=platform.site_key
            )
        ).result()
        return dict(json.loads(msgspec.json.encode(told)))

    return brought


def case_of(platform: Platform, key: str) -> Case:
    case = platform.readers.now(lambda con: find(con, "d1", "case", key))
    assert isinstance(case, Case)
    return case


def logged(platform: Platform, cmd_id: str) -> list[tuple[Any, ...]]:
    rows = platform.readers.now(lambda con: con.execute(select(tables.log).where(tables.log.c.cmd_id == cmd_id)).all())
    return [(row.actor, row.at, row.kind, row.record) for row in rows]


def test_of_each_row_it_is_said_what_became_of_it(brings: Brings, platform: Platform) -> None:
    told = brings(
        ROW,
        ROW,
        ROW | {"source_hash": "b"},
        ROW | {"boss" * 200: 1},
        ROW | {"external": "9" * 300, "source_hash": "a b"},
        ROW | {"external": "23-2", "kind": "nothing"},
        ROW | {"case": "ext-3", "external": "23-3"},
    )["results"]
    case, other = told[0]["case"], told[6]["case"]
    assert told[:3] == [
        {"status": status, "case": case, "external": "23-1"} for status in ("new", "unchanged", "changed")
    ]
    assert set(told[3]) == {"status", "code", "about"}
    assert (told[3]["status"], told[3]["code"], 0 < len(told[3]["about"]) <= 300) == ("refused", "unreadable", True)
    assert told[4] == {"status": "refused", "external": "9" * 80, "code": "bad_id", "about": "source_hash"}
    assert told[5] == {"status": "refused", **told[5], "external": "23-2", "code": "unknown_kind"}
    assert {"case", "about"} <= set(told[5])
    assert (told[6]["status"], other != case) == ("new", True)
    assert [logged(platform, f"row-{number}") for number in (1, 2, 3, 7)] == [
        *([("system", NOON.timestamp(), "case", case)], [], [("system", NOON.timestamp(), "case", case)]),
        [("system", NOON.timestamp(), "case", other)],
    ]
    assert (case_of(platform, case).source_hash, case_of(platform, case).rev) == ("b", 2)


def test_reference_records_come_before_the_rows_and_are_counted(
    brings: Brings, platform: Platform, clock: Clock
) -> None:
    clock.forward(minutes=1)
    letter = Channel("letter", 1, "来信")
    importer = Person("importer", Role.SYSTEM, Scope("d1"))
    named = (letter, Channel("hotline", 1, "别名", by_hand=True))
    told = brings(ROW | {"channel": "letter"}, by=importer, reference=named)
    assert told["reference"] == {"new": 1, "changed": 0, "unchanged": 1, "not_taken": 1}
    assert told["results"][0]["status"] == "new"
    assert ("importer", clock().timestamp(), "channel", "letter") in logged(platform, "")
    assert brings(by=EAST, reference=(letter,))["reference"] == {"new": 0, "changed": 0, "unchanged": 1, "not_taken": 0}
    assert platform.readers.now(lambda con: find(con, "d1", "channel", "hotline")) == Channel(
        "hotline", 1, "热线", by_hand=True
    )


def test_each_importing_scope_has_ids_of_its_own(brings: Brings) -> None:
    rows = {
        SYSTEM: ROW,
        EAST: ROW,
        WEST: ROW | {"street": "west"},
        UNIT: ROW | {"responsible": "east-urban", "stage": "handling"},
    }
    said = {by.user: brings(row, by=by)["results"][0] for by, row in rows.items()}
    assert {one["status"] for one in said.values()} <= {"new", "unchanged", "changed"}
    assert len({one["case"] for user, one in said.items() if user != EAST.user}) == 3
    assert said[EAST.user] == said["system"] | {"status": "unchanged"}  # a street sees the district's case of its own
    again = {by.user: brings(row, by=by)["results"][0]["case"] for by, row in rows.items()}
    assert again == {user: one["case"] for user, one in said.items()}


def test_a_row_means_the_case_of_its_channel_and_number_and_no_other(brings: Brings, platform: Platform) -> None:
    (first,) = brings(ROW)["results"]
    by_number = brings(ROW | {"case": "otherwise", "source_hash": "b"})["results"][0]
    assert (by_number["status"], by_number["case"]) == ("changed", first["case"])
    elsewhere = brings(ROW | {"case": "otherwise", "channel": "grid"})["results"][0]
    assert (elsewhere["status"], elsewhere["case"] != first["case"]) == ("new", True)
    hidden = brings(ROW | {"case": "third", "external": "23\u202e-1", "source_hash": "d"})["results"][0]
    assert hidden["case"] == first["case"]
    moved = brings(ROW | {"channel": "grid", "source_hash": "c"})["results"][0]
    assert (moved["status"], moved["case"]) == ("changed", first["case"])  # a row keeps its case by its own name
    assert case_of(platform, first["case"]).external == "23-1"


def test_a_case_of_the_hall_with_that_number_is_nobodys_row(brings: Brings, sends: Sends, platform: Platform) -> None:
    key = new_id()
    given = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "east"}
    assert sends("clerk", wish("take", case=key, external="23-1", **given))[0]["status"] == "applied"
    for row in (ROW, ROW | {"case": key, "external": "23-1", "source_hash": "b"}):
        assert brings(row)["results"][0]["case"] != key
    assert case_of(platform, key).text == "积水"


def test_a_petitioner_is_named_by_the_site_alone_the_same_for_who_made_it(platform: Platform) -> None:
    key, clerk = new_id(), Person("clerk", Role.INTAKE_CLERK, Scope("d1"))

    def named(petitioner: str | None, by: Person = clerk) -> str | None:
        take = Take("c", "hotline", "water", "积水", "路口", "east", petitioner=petitioner)
        known: Any = platform.readers.now(lambda con: with_site_ids(con, take, by, platform.site_key))
        return known.petitioner if isinstance(known, Take) else ""

    own = named(key)
    assert own not in (None, key)
    assert (named(key), named(None)) == (own, None)
    others = [named(new_id()), named(key, SYSTEM), named(key, Person("clerk", Role.INTAKE_CLERK, Scope("d2")))]
    assert len({own, *others}) == 4
    assert named(own) == own or named(own) not in (None, own)

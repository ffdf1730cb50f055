"""Reference records by the record: what belongs to whom, which value none can have, and how each is kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from commandcenter.domain.calendar import Hours
from commandcenter.domain.channels import Channel
from commandcenter.domain.kinds import Kind, Limit, Measure
from commandcenter.domain.people import Holder, HolderKind, Person, Role, Scope
from commandcenter.domain.places import Community, Grid, Spot, Street
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.protocol.codec import record_envelope
from commandcenter.server.command_pipeline.references import read_reference
from commandcenter.server.errors import HttpProblem
from commandcenter.server.storage import database
from tests.kit.district import CALENDAR, NOON, reference, small_district

WHOLE = Scope("d1")
EAST = Scope("d1", street="east")
UNIT = Scope("d1", street="east", unit="east-urban")
HOUSING = Scope("d1", department="housing")
CREW = Crew("crew", 1, "一组", "east-urban", "east", CrewStatus.AVAILABLE, NOON)
KIND = Kind("lamp", 1, "路灯", "component", "公用", Limit(1, Measure.URGENT_HOURS, source="规定"), hints=("灯",))

Reads = Callable[..., list[Record]]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The small district: nothing here is ever written."""
    folder: Path = tmp_path_factory.mktemp("district")
    with database.writing(folder) as connection:
        small_district(connection)
        yield connection


@pytest.fixture
def reads(connection: Connection) -> Reads:
    def read(*records: Record, scope: Scope = WHOLE) -> list[Record]:
        return read_reference(connection, [record_envelope(one) for one in records], Person("x", Role.SYSTEM, scope))

    return read


def unit(key: str, street: str | None, kind: HolderKind = HolderKind.UNIT) -> Holder:
    return Holder(key, 1, kind, key, key, street)


OWN_OF_EAST: list[Record] = [
    Street("east", 9, "另名"),
    Community("east-c9", 1, "社区", "east"),
    Grid("east-9", 1, "九", "east", "east-c", date(2026, 1, 1)),
    unit("east-new", "east"),
    CREW,
    replace(CREW, id="east-crew"),
]
OF_OTHERS: list[Record] = [
    Street("north", 1, "北"),
    Community("west-c9", 1, "社区", "west"),
    Grid("west-9", 1, "九", "west", "west-c", date(2026, 1, 1)),
    unit("west-new", "west"),
    unit("water-bureau", None, HolderKind.DEPARTMENT),
    replace(CREW, street="west"),
    replace(CREW, unit="west-urban"),
    replace(CREW, unit="housing"),
    replace(CREW, unit="nobody"),
    replace(CREW, id="west-crew"),  # it is the west's, whatever the record says
    replace(CALENDAR, id="holiday"),
    Channel("letter", 1, "来信"),
    KIND,
]


@pytest.mark.parametrize("record", OWN_OF_EAST, ids=lambda one: one.id)
def test_a_street_brings_what_is_its_own(reads: Reads, record: Record) -> None:
    assert reads(record, scope=EAST) == [record]


@pytest.mark.parametrize("record", OF_OTHERS, ids=lambda one: f"{type(one).__name__} {one.id}")
def test_a_street_brings_nothing_that_is_anothers_or_everybodys(reads: Reads, record: Record) -> None:
    assert reads(record) == [record]
    with pytest.raises(HttpProblem) as said:
        reads(OWN_OF_EAST[1], record, scope=EAST)
    assert (said.value.status, said.value.code, said.value.about) == (422, "other_street", record.id)


def test_to_name_what_is_there_is_no_harm_for_anybody(reads: Reads) -> None:
    there = [one for one in reference() if not isinstance(one, Crew)]
    for scope in (EAST, UNIT, HOUSING):
        assert reads(*there, scope=scope) == there


def test_a_street_that_is_not_there_yet_brings_itself_and_no_other(reads: Reads) -> None:
    north = Scope("d1", street="north")
    assert reads(Street("north", 1, "北"), scope=north) == [Street("north", 1, "北")]
    with pytest.raises(HttpProblem) as said:
        reads(Street("south", 1, "南"), scope=north)
    assert said.value.about == "south"


def test_a_crew_may_come_together_with_its_unit(reads: Reads) -> None:
    new, crew = unit("east-new", "east"), replace(CREW, unit="east-new")
    assert reads(crew, new, scope=EAST) == [crew, new]
    foreign = unit("west-new", "west")
    with pytest.raises(HttpProblem) as said:
        reads(replace(crew, unit="west-new"), foreign, scope=EAST)
    assert said.value.about == "crew"


@pytest.mark.parametrize(
    ("record", "unit_may", "housing_may"),
    [
        (CREW, True, False),
        (replace(CREW, unit="east-police"), False, False),
        (replace(CREW, unit="housing"), False, True),
        (replace(CREW, unit="east-urban", street="west"), False, False),
        (unit("east-new", "east"), False, False),
        (Community("east-c9", 1, "社区", "east"), False, False),
        (KIND, False, False),
    ],
    ids=lambda one: getattr(one, "id", str(one)),
)
def test_who_holds_cases_brings_their_own_crews_alone(
    reads: Reads, record: Record, unit_may: bool, housing_may: bool
) -> None:
    for scope, may in ((UNIT, unit_may), (HOUSING, housing_may)):
        if may:
            assert reads(record, scope=scope) == [record]
            continue
        with pytest.raises(HttpProblem) as said:
            reads(record, scope=scope)
        assert (said.value.code, said.value.about) == ("other_street", record.id)


BAD: list[tuple[Record, str]] = [
    (replace(CREW, rev=0), "crew.rev"),
    (replace(CREW, rev=-1), "crew.rev"),
    (replace(CREW, rev=1_000_000_001), "crew.rev"),
    (replace(CREW, seen_at=datetime(3000, 1, 1, tzinfo=UTC)), "crew.seen_at"),
    (replace(CREW, seen_at=datetime(1899, 12, 31, tzinfo=UTC)), "crew.seen_at"),
    (replace(CREW, seen_at=datetime(2026, 1, 1)), "crew.seen_at"),  # noqa: DTZ001 (that is what is wrong with it)
    (replace(CREW, spot=Spot(181, 0)), "crew.spot"),
    (Grid("g", 1, "九", "east", "east-c", date(3000, 1, 1)), "g.since"),
    (Street("s", 1, "东", Spot(0, 91)), "s.place"),
]


@pytest.mark.parametrize(("record", "about"), BAD, ids=lambda one: one if isinstance(one, str) else "")
def test_a_value_that_none_can_have_is_named_by_its_field(reads: Reads, record: Any, about: str) -> None:
    with pytest.raises(HttpProblem) as said:
        reads(KIND, record)
    assert (said.value.status, said.value.code, said.value.about) == (422, "bad_value", about)


def test_the_last_value_that_can_be_is_taken(reads: Reads) -> None:
    last = [
        replace(CREW, rev=1_000_000_000),
        replace(CREW, seen_at=datetime(2999, 12, 31, tzinfo=UTC), spot=Spot(180, -90)),
        replace(CREW, seen_at=datetime(1900, 1, 1, tzinfo=UTC)),
        Grid("g", 1, "九", "east", "east-c", date(2999, 12, 31)),
    ]
    assert reads(*last) == last


def test_texts_are_kept_without_what_nobody_sees_however_deep_they_stand(reads: Reads) -> None:
    hidden = replace(
        KIND, name=" 路\u202e灯 ", limit=Limit(1, Measure.URGENT_HOURS, source="规\x00定"), hints=("灯\u200b",)
    )
    assert reads(hidden) == [KIND]
    assert reads(replace(CREW, name="一\x00组", spot=Spot(117, 31))) == [replace(CREW, spot=Spot(117, 31))]


def test_a_list_is_as_long_as_it_may_be_and_what_is_in_it_too(reads: Reads) -> None:
    week = tuple(Hours(number % 7, number, number + 1) for number in range(400))
    assert len(reads(replace(CALENDAR, id="w", hours=week))) == 1
    for record, about in (
        (replace(CALENDAR, id="w", hours=(*week, Hours(0, 1, 2))), "w.hours"),
        (replace(KIND, hints=("东" * 401,)), "lamp.hints"),
        (replace(KIND, powers=("x",) * 401), "lamp.powers"),
        (replace(KIND, name="东" * 401), "lamp.name"),
        (replace(KIND, limit=Limit(1, Measure.URGENT_HOURS, source="规" * 401)), "lamp.source"),
    ):
        with pytest.raises(HttpProblem) as said:
            reads(CREW, record)
        assert (said.value.status, said.value.code, said.value.about) == (422, "too_long", about)

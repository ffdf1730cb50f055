"""Reference records that another system brings: which are taken, and which one of the others is named with why."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine

from commandcenter.domain.calendar import Hours
from commandcenter.domain.kinds import Kind, Limit, Measure
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import Street
from commandcenter.domain.records import Record
from commandcenter.domain.text import NAME_MOST
from commandcenter.protocol.codec import record_envelope
from commandcenter.protocol.limits import REFERENCES_MOST
from commandcenter.server.command_pipeline.references import read_reference
from commandcenter.server.errors import HttpProblem
from tests.kit.district import CALENDAR, DISTRICT, reference
from tests.kit.scripted import a_case

SYSTEM = Person("system", Role.SYSTEM, Scope("d1"))
KIND = Kind("water", 1, "道路积水", "event", "市政", Limit(4, Measure.WORKING_HOURS))


def read(*records: Record, by: Person = SYSTEM) -> list[Record]:
    with create_engine(
        "sqlite://", hide_parameters=True
    ).connect() as nowhere:  # of a district as a whole nothing is looked up
        return read_reference(nowhere, [record_envelope(record) for record in records], by)


def refused(*records: Record) -> tuple[int, str, str | None]:
    with pytest.raises(HttpProblem) as said:
        read(*records)
    return said.value.status, said.value.code, said.value.about


def limited(amount: float) -> Kind:
    return replace(KIND, limit=Limit(amount, Measure.WORKING_DAYS))


def week(*hours: Hours, zone: str = "Asia/Shanghai") -> Any:
    return replace(CALENDAR, hours=hours, zone=zone)


def test_everything_that_a_district_is_made_of_is_taken_in_its_order() -> None:
    given = [CALENDAR, *reference()]
    assert read(*given) == given
    assert read() == []


@pytest.mark.parametrize("record", [DISTRICT, a_case()])
def test_a_district_and_a_case_are_no_reference(record: Record) -> None:
    assert refused(KIND, record) == (422, "not_reference", record_envelope(record).kind)


@pytest.mark.parametrize("key", ["", "a b", "a/b", "../x"])
def test_an_id_that_no_address_could_bear_is_refused(key: str) -> None:
    assert refused(Street(key, 1, "东")) == (422, "not_reference", "street")


@pytest.mark.parametrize("amount", [0.5, 1, 9_999.5, 10_000])
def test_a_limit_within_reason_is_taken(amount: float) -> None:
    assert read(limited(amount)) == [limited(amount)]


@pytest.mark.parametrize("amount", [-1, 0, 10_000.5, 10_001])
def test_a_limit_beyond_reason_is_named(amount: float) -> None:
    assert refused(limited(1), limited(amount)) == (422, "bad_limit", "water")


@pytest.mark.parametrize("hours", [Hours(0, 0, 1), Hours(6, 0, 1440), Hours(3, 1439, 1440)])
def test_a_week_with_hours_is_taken(hours: Hours) -> None:
    assert read(week(hours)) == [week(hours)]


@pytest.mark.parametrize(
    "hours",
    [Hours(-1, 0, 1), Hours(7, 0, 1), Hours(0, -1, 1), Hours(0, 1, 1), Hours(0, 2, 1), Hours(0, 1, 1441)],
)
def test_hours_that_no_week_has_are_named_by_their_calendar(hours: Hours) -> None:
    assert refused(week(Hours(0, 1, 2), hours)) == (422, "bad_limit", CALENDAR.id)


def test_a_week_without_hours_or_in_no_zone_is_named() -> None:
    assert refused(week()) == (422, "bad_limit", CALENDAR.id)
    assert refused(week(Hours(0, 1, 2), zone="Mars/Olympus")) == (422, "bad_limit", CALENDAR.id)


def test_a_text_and_a_list_may_be_as_long_as_they_may_be_and_no_longer() -> None:
    long, many = "东" * NAME_MOST, ("x",) * NAME_MOST
    assert len(read(Street("s", 1, long), replace(KIND, hints=many))) == 2
    assert refused(Street("s", 1, long + "东")) == (422, "too_long", "s.name")
    assert refused(replace(KIND, hints=(*many, "x"))) == (422, "too_long", "water.hints")
    assert refused(replace(KIND, hints=("x", long + "东"))) == (422, "too_long", "water.hints")
    assert refused(replace(KIND, limit=Limit(1, Measure.WORKING_DAYS, source=long + "东"))) == (
        *(422, "too_long"),
        "water.source",
    )


def test_so_many_may_come_at_once_and_no_more() -> None:
    many = [Street(f"s{number}", 1, "") for number in range(REFERENCES_MOST)]
    assert read(*many) == many
    assert refused(*many, KIND) == (422, "too_many", "reference")

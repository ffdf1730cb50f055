"""Orders to crews: who may be sent, what the unit's answer does to case and crew, and when a crew is free again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.cases import Case, SentCrew, Stage, Tier
from commandcenter.domain.commands import Command, Report
from commandcenter.domain.commands.crews import LocateCrew
from commandcenter.domain.commands.dispatching import Dispatch, Recall
from commandcenter.domain.commands.orders import AcceptOrder, RefuseOrder, ReleaseCrew, SendCrew
from commandcenter.domain.commands.queueing import Reorder
from commandcenter.domain.people import Holder, HolderKind, Person, Role, Scope
from commandcenter.domain.places import Spot
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.domain.visibility import sees
from tests.kit.crews import assigned, sent
from tests.kit.deciding import Deciding
from tests.kit.district import NOON

UNIT = Person("east-urban", Role.UNIT, Scope("d1", street="east", unit="east-urban"))
HALL = Person("dispatcher", Role.DISPATCHER, Scope("d1"))
HERE = Spot(117.3, 31.8)


class Hall(Deciding):
    """Two cases of one unit and its crew, changed by commands."""

    def __init__(self, **crew: Any) -> None:
        at = {"kind": "water", "street": "east", "responsible": "east-urban"}
        made: list[Record] = [
            Case(key, 1, Stage.HANDLING, Tier.STREET, "hotline", NOON, **at) for key in ("one", "two")
        ]
        made.append(Case("new", 1, Stage.FILED, Tier.GRID, "hotline", NOON, kind="water", street="east"))
        made += [Holder(f"east-{power}", 1, HolderKind.UNIT, power, power, "east") for power in ("urban", "police")]
        made.append(replace(Crew("c", 1, "一组", "east-urban", "east", CrewStatus.AVAILABLE), **crew))
        super().__init__(made)

    def does(self, command: Command, by: Person = HALL, *, at: datetime = NOON) -> str | None:
        """Does it, for the dispatcher unless somebody else is named."""
        return super().does(command, by, at=at)

    @property
    def crew(self) -> Crew:
        return self.find("crew", "c")

    @property
    def told(self) -> tuple[Any, ...]:
        """Job, order, paused jobs and status of the crew, and which of the cases have it."""
        crew, own = self.crew, SentCrew("c", self.crew.unit)
        cases = [key for key in ("one", "two") if own in self.find("case", key).crews]
        return crew.job, crew.order, crew.paused, crew.status.value, cases


def test_a_free_crew_is_sent_accepts_works_and_is_released_by_the_report() -> None:
    hall = Hall()
    assert hall.does(SendCrew("one", "c")) is None
    assert hall.told == (None, "one", (), "dispatched", ["one"])
    assert hall.does(AcceptOrder("one", "c"), UNIT) is None
    assert hall.told == ("one", None, (), "en_route", ["one"])
    assert hall.does(LocateCrew("c", HERE, CrewStatus.HANDLING), UNIT) is None
    assert hall.does(LocateCrew("c", HERE, CrewStatus.AVAILABLE), UNIT) is None  # its device knows no better
    assert hall.told == ("one", None, (), "handling", ["one"])
    assert hall.does(Report("one", "办好"), UNIT) is None
    assert hall.told == (None, None, (), "returning", [])


def test_a_crew_at_work_is_sent_elsewhere_for_a_reason_alone_and_goes_back_afterwards() -> None:
    hall = Hall()
    for command, by in ((SendCrew("one", "c"), HALL), (AcceptOrder("one", "c"), UNIT)):
        assert hall.does(command, by) is None
    assert hall.does(LocateCrew("c", HERE, CrewStatus.HANDLING), UNIT) is None
    assert hall.does(SendCrew("two", "c")) == "crew_busy"
    assert hall.does(SendCrew("two", "c", "人身危险")) is None
    assert hall.told == ("one", "two", (), "handling", ["one", "two"])  # until the unit has answered
    assert hall.does(AcceptOrder("two", "c"), UNIT) is None
    assert hall.told == ("two", None, ("one",), "en_route", ["one", "two"])
    assert hall.does(ReleaseCrew("two", "c")) is None
    assert hall.told == ("one", None, (), "en_route", ["one"])
    assert hall.does(ReleaseCrew("one", "c"), UNIT) is None
    assert hall.told == (None, None, (), "returning", [])


def test_a_refused_order_leaves_the_crew_as_it_was() -> None:
    hall = Hall()
    assert hall.does(SendCrew("one", "c")) is None
    assert hall.does(RefuseOrder("one", "c", "  "), UNIT) == "nothing_said"
    assert hall.does(RefuseOrder("one", "c", "车辆故障"), UNIT) is None
    assert hall.told == (None, None, (), "available", [])
    for command, by in ((SendCrew("one", "c"), HALL), (AcceptOrder("one", "c"), UNIT)):
        assert hall.does(command, by) is None
    assert hall.does(SendCrew("two", "c", "人身危险")) is None
    assert hall.does(RefuseOrder("two", "c", "走不开"), UNIT) is None
    assert hall.told == ("one", None, (), "en_route", ["one"])


@pytest.mark.parametrize("ends", ["order", "job", "paused"])
def test_a_case_that_leaves_its_holder_lets_its_crews_go(ends: str) -> None:
    hall = Hall()
    assert hall.does(SendCrew("one", "c")) is None
    if ends != "order":
        assert hall.does(AcceptOrder("one", "c"), UNIT) is None
    if ends == "paused":
        assert hall.does(SendCrew("two", "c", "人身危险")) is None
        assert hall.does(AcceptOrder("two", "c"), UNIT) is None
    assert hall.does(Recall("one", "派错")) is None
    left = {
        "order": (None, None, (), "available", []),
        "job": (None, None, (), "returning", []),
        "paused": ("two", None, (), "en_route", ["two"]),
    }
    assert hall.told == left[ends]


@pytest.mark.parametrize(
    ("changed", "command", "by", "code"),
    [
        ({"status": CrewStatus.OFF_DUTY}, SendCrew("one", "c"), HALL, "crew_off_duty"),
        ({"street": "west"}, SendCrew("one", "c"), HALL, "crew_of_other_street"),
        ({}, SendCrew("one", "c", booked_for=NOON), HALL, "time_past"),
        ({"unit": "east-police"}, SendCrew("one", "c"), UNIT, "unknown_crew"),
        ({"retired": True}, SendCrew("one", "c"), HALL, "retired"),
        (assigned("two", "ordered"), SendCrew("one", "c"), HALL, "crew_ordered"),
        ({}, SendCrew("one", "nobody"), HALL, "unknown_crew"),
        ({}, AcceptOrder("one", "c"), UNIT, "no_crew"),
        ({}, ReleaseCrew("one", "c"), HALL, "no_crew"),
    ],
)
def test_what_cannot_be_ordered_is_refused(changed: dict[str, Any], command: Command, by: Person, code: str) -> None:
    hall = Hall(**changed)
    before = dict(hall.records)
    assert hall.does(command, by) == code
    assert hall.records == before


def test_a_crew_is_sent_to_a_case_once_and_answers_for_that_case_alone() -> None:
    hall = Hall()
    assert hall.does(SendCrew("one", "c")) is None
    assert hall.does(SendCrew("one", "c")) == "crew_sent"
    hall.records["case", "two"] = replace(hall.find("case", "two"), **sent("other"))
    assert hall.does(AcceptOrder("two", "c"), UNIT) == "no_order"
    assert hall.does(ReleaseCrew("two", "c")) == "crew_not_sent"
    assert hall.does(AcceptOrder("one", "c"), HALL) == "role"


def test_a_crew_of_another_unit_of_the_street_helps_and_both_see_each_other_for_as_long() -> None:
    hall = Hall(unit="east-police")
    helper = Person("east-police", Role.UNIT, Scope("d1", street=None, unit="east-police"))
    holder = Person("east-urban", Role.UNIT, Scope("d1", street=None, unit="east-urban"))
    assert not sees(helper, hall.find("case", "one"))
    assert not sees(holder, hall.crew)
    assert hall.does(SendCrew("one", "c")) is None
    assert sees(helper, hall.find("case", "one"))
    assert sees(holder, hall.crew)
    assert hall.does(AcceptOrder("one", "c"), holder) == "unknown_crew"
    assert hall.does(AcceptOrder("one", "c"), helper) is None
    assert hall.does(Report("one", "办好"), helper) == "not_yours"
    assert hall.does(Report("one", "办好"), holder) is None
    assert hall.told == (None, None, (), "returning", [])
    assert not sees(helper, hall.find("case", "one"))
    assert not sees(holder, hall.crew)


def test_a_booked_crew_is_free_for_others_until_its_unit_lets_it_set_off() -> None:
    hall = Hall()
    assert hall.does(SendCrew("one", "c", booked_for=NOON + timedelta(hours=1))) is None
    assert (hall.crew.booked, hall.told) == (("one",), (None, None, (), "available", ["one"]))
    assert hall.does(SendCrew("two", "c")) is None
    assert hall.does(AcceptOrder("two", "c"), UNIT) is None
    assert hall.does(AcceptOrder("one", "c"), UNIT) is None
    assert (hall.crew.booked, hall.told) == ((), ("one", None, ("two",), "en_route", ["one", "two"]))


def test_a_crew_off_duty_is_booked_and_its_booking_becomes_an_order_or_ends_with_the_case() -> None:
    hall = Hall(status=CrewStatus.OFF_DUTY)
    later = NOON + timedelta(hours=1)
    assert hall.does(SendCrew("one", "c", booked_for=later)) is None
    assert hall.does(SendCrew("two", "c", booked_for=later)) is None
    assert hall.does(SendCrew("one", "c")) == "crew_off_duty"
    assert hall.does(LocateCrew("c", HERE, CrewStatus.AVAILABLE), UNIT) is None
    assert hall.does(SendCrew("one", "c")) is None
    assert (hall.crew.booked, hall.told) == (("two",), (None, "one", (), "dispatched", ["one", "two"]))
    assert hall.does(Recall("two", "派错")) is None
    assert (hall.crew.booked, hall.told) == ((), (None, "one", (), "dispatched", ["one"]))


def test_a_case_is_dispatched_and_a_crew_sent_in_one_act_or_neither() -> None:
    hall = Hall(status=CrewStatus.OFF_DUTY)
    before = dict(hall.records)
    assert hall.does(Dispatch("new", "east-police", crew="c")) == "crew_off_duty"
    assert hall.records == before
    assert hall.does(LocateCrew("c", HERE, CrewStatus.AVAILABLE), UNIT) is None
    assert hall.does(Dispatch("new", "east-police", crew="c")) is None
    assert (hall.find("case", "new").responsible, hall.crew.order, hall.crew.helped) == (
        "east-police",
        "new",
        ("east-police",),
    )


def test_a_case_keeps_its_place_in_the_queue_until_another_holder_has_it() -> None:
    hall = Hall()
    police = Person("east-police", Role.UNIT, Scope("d1", street="east", unit="east-police"))
    assert hall.does(Reorder("one", NOON), police) == "unknown_case"
    assert hall.does(Reorder("one", NOON), UNIT) is None
    assert (hall.find("case", "one").queued_as, hall.find("case", "one").due) == (NOON, None)
    assert hall.does(Recall("one", "派错")) is None
    assert hall.find("case", "one").queued_as is None

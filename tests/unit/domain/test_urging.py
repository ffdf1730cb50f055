"""催办: whoever is responsible is reminded, not again within minutes, and whatever else happens to the case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commandcenter.domain.cases import Application, Case, Stage, Tier
from commandcenter.domain.commands import Accept, Dispatch
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.commands.urging import Urge
from commandcenter.domain.fields import guards_of
from commandcenter.domain.people import Holder, HolderKind, Person, Role, Scope
from tests.kit.deciding import Deciding
from tests.kit.district import NOON

CLERK = Person("clerk", Role.INTAKE_CLERK, Scope("d1"))
DISPATCHER = Person("dispatcher", Role.DISPATCHER, Scope("d1"))
UNIT = Person("east-urban", Role.UNIT, Scope("d1", street="east", unit="east-urban"))


def hall() -> Deciding:
    """A case that waits for its unit, and another unit."""
    units = (Holder(f"east-{power}", 1, HolderKind.UNIT, power, power, "east") for power in ("urban", "police"))
    at = {"kind": "water", "street": "east", "responsible": "east-urban"}
    return Deciding([Case("c", 1, Stage.DISPATCHED, Tier.STREET, "hotline", NOON, **at), *units])


def test_a_body_is_reminded_once_within_ten_minutes_whoever_does_it_and_a_new_one_at_once() -> None:
    made = hall()
    assert made.does(Urge("c", "市民又来电"), CLERK) is None
    assert made.find("case", "c").urged_at == NOON
    assert made.does(Urge("c"), DISPATCHER, at=NOON + timedelta(minutes=9)) == "urged_already"
    assert made.does(Urge("c"), DISPATCHER, at=NOON + timedelta(minutes=10)) is None
    for command in (Recall("c", "派错"), Dispatch("c", "east-police")):
        assert made.does(command, DISPATCHER, at=NOON + timedelta(minutes=11)) is None
    assert made.find("case", "c").urged_at is None
    assert made.does(Urge("c"), CLERK, at=NOON + timedelta(minutes=12)) is None


def test_a_reminder_changes_nothing_that_another_step_guards_and_guards_nothing_itself() -> None:
    made = hall()
    before = made.find("case", "c")
    assert made.does(Urge("c"), CLERK) is None
    guarded = guards_of(Accept("c"))[("case", "c")]
    assert all(getattr(made.find("case", "c"), field) == getattr(before, field) for field in guarded)
    assert guards_of(Urge("c")) == {}


@pytest.mark.parametrize(
    ("changed", "by", "code"),
    [
        ({}, UNIT, "role"),
        ({"stage": Stage.REPORTED}, CLERK, "stage"),
        ({"application": Application("u", "不归我管", NOON)}, CLERK, "application_open"),
    ],
)
def test_nobody_is_reminded_of_what_does_not_wait_for_them(changed: dict, by: Person, code: str) -> None:
    made = hall()
    made.records["case", "c"] = replace(made.find("case", "c"), **changed)
    assert made.does(Urge("c"), by) == code

"""Who reads what a petitioner said who asked for secrecy: a cell for each kind of reader, and what others are told."""

from dataclasses import fields

import pytest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.facts import Accepted, Imported, Taken
from commandcenter.domain.people import ADMINISTRATORS, NOWHERE, Person, Role, Scope
from commandcenter.domain.secrecy import may_read, readable_by, withheld
from tests.kit.district import NOON

CASE = Case(
    *("c1", 3, Stage.DISPATCHED, Tier.STREET, "hotline", NOON),
    number="SY-1",
    external="WX-1",
    kind="water",
    text="我是楼上的租客",
    place="宁国路口",
    street="east",
    responsible="east-urban",
    petitioner="p1",
    secret=True,
    taken_by="clerk",
)
READERS = {
    ("clerk", Role.INTAKE_CLERK, Scope("d1")): True,
    ("clerk", Role.DISPATCHER, Scope("d1")): False,  # who took it, and is somebody else by now
    ("clerk", Role.UNIT, Scope("d1", street="east", unit="east-police")): False,
    ("clerk", Role.GRID_LEADER, Scope("d1", street="east", grid="east-team")): True,
    ("shift", Role.SHIFT_LEADER, Scope("d1")): True,
    ("east-shift", Role.SHIFT_LEADER, Scope("d1", street="east")): True,
    ("east-urban", Role.UNIT, Scope("d1", street="east", unit="east-urban")): True,
    ("west-shift", Role.SHIFT_LEADER, Scope("d1", street="west")): False,
    ("east-police", Role.UNIT, Scope("d1", street="east", unit="east-police")): False,
    ("housing", Role.DEPARTMENT, Scope("d1", department="housing")): False,
    ("east-team", Role.GRID_LEADER, Scope("d1", street="east", grid="east-team")): False,
    ("clerk2", Role.INTAKE_CLERK, Scope("d1")): False,
    ("dispatcher", Role.DISPATCHER, Scope("d1")): False,
    ("coordinator", Role.COORDINATOR, Scope("d1")): False,
    ("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="east")): False,
    ("leader", Role.LEADER, Scope("d1")): False,
    ("system", Role.SYSTEM, Scope("d1")): False,
    ("sensors", Role.CHANNEL, Scope("d1")): False,
    **{(str(role), role, Scope("d1", street=NOWHERE)): False for role in ADMINISTRATORS},
}


@pytest.mark.parametrize("who", READERS, ids=lambda who: f"{who[0]} as {who[1]}")
def test_each_reader_reads_it_or_not(who: tuple[str, Role, Scope]) -> None:
    person = Person(*who)
    assert may_read(person, CASE) is READERS[who]
    assert readable_by(person, CASE) == (CASE if READERS[who] else withheld(CASE))


def test_every_role_has_a_cell() -> None:
    assert {role for _, role, _ in READERS} == set(Role)


def test_what_is_withheld_is_what_the_petitioner_said_and_nothing_else() -> None:
    left = withheld(CASE)
    gone = {field.name for field in fields(Case) if getattr(left, field.name) != getattr(CASE, field.name)}
    assert gone == {"text", "external", "petitioner"}
    assert (left.is_withheld, CASE.is_withheld) == (True, False)


def test_facts_are_told_without_what_the_petitioner_said() -> None:
    taken = Taken("c1", "clerk", NOON, "SY-1", "hotline", "water", "我是楼上的租客", "路口", "east", external="WX-1",
                  petitioner="p1", secret=True)  # fmt: skip
    told = taken.withheld()
    assert isinstance(told, Taken)
    assert (told.text, told.external, told.petitioner, told.place, told.by) == ("", None, None, "路口", "clerk")
    row = Imported("c1", "system", NOON, "SY-1", "hotline", "WX-1", "h", Stage.FILED, Tier.GRID, NOON, text="租客")
    there = row.withheld()
    assert isinstance(there, Imported)
    assert (there.text, there.external, there.stage) == ("", "", Stage.FILED)
    accepted = Accepted("c1", "u", NOON)
    assert accepted.withheld() is accepted

"""Who may do what at which stage: every cell of the table, against a table written down on its own."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from commandcenter.domain.cases import Application, Case, Stage, Tier
from commandcenter.domain.commands import NAMES, next_commands, refusal_code
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.tasks import CaseTask, TaskKind, TaskState
from tests.faults.rules import POWERS
from tests.kit.crews import sent

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOLDER = "east-urban"

ALLOWED = {(name, stage, role) for name, power in POWERS.items() for stage in power.stages for role in power.roles}
MAKE_NEW = {name: power.roles for name, power in POWERS.items() if not power.stages}
NEEDS_APPLICATION = ("approve_return", "deny_return")
OF_OTHERS = {"tasks": (CaseTask("housing", TaskKind.CO_HANDLING, TaskState.WAITING),)}


def own_task(kind: str, state: str) -> dict[str, Any]:
    return {"tasks": (CaseTask(HOLDER, TaskKind(kind), TaskState(state)),)}


NEEDS = {  # by command what else a case must have
    **dict.fromkeys(("accept_order", "refuse_order", "release_crew"), sent("c")),
    **{name: {"tier": Tier.DISTRICT} for name in ("set_lead", "change_lead", "refuse_lead", "add_co_handler")},
    **dict.fromkeys(("remove_co_handler", "override_tasks"), OF_OTHERS),
    **dict.fromkeys(("accept_task", "refuse_task"), own_task("co_handling", "waiting")),
    "report_task": own_task("co_handling", "working"),
    "arrive": own_task("whistle", "waiting"),
}


def person(role: Role, *, street: str | None = None) -> Person:
    field = {Role.UNIT: "unit", Role.DEPARTMENT: "department", Role.GRID_LEADER: "grid"}.get(role)
    return Person("u", role, Scope("d1", street=street, **({field: HOLDER} if field else {})))


def a_case(stage: Stage, *, applied: bool = False, **other) -> Case:
    application = Application("x", "y", AT) if applied else None
    given = {"street": "east", "responsible": HOLDER, "tier": Tier.STREET} | other
    return Case("c1", 1, stage, channel="hotline", received_at=AT, application=application, **given)


def test_the_table_names_every_command_and_no_other():
    assert set(NAMES) == {name for name, _, _ in ALLOWED} | set(MAKE_NEW)


@pytest.mark.parametrize("name", sorted({name for name, _, _ in ALLOWED}))
def test_each_cell_of_a_command(name):
    expected = {(stage, role) for command, stage, role in ALLOWED if command == name}
    given, offered = set(), set()
    for stage, role in product(Stage, Role):
        case, who = a_case(stage, applied=name in NEEDS_APPLICATION, **NEEDS.get(name, {})), person(role)
        given |= {(stage.value, role.value)} if refusal_code(name, who, case) is None else set()
        offered |= {(stage.value, role.value)} if name in next_commands(who, case) else set()
    assert given == expected
    assert offered == expected


@pytest.mark.parametrize("name", sorted(MAKE_NEW))
def test_who_may_begin_something(name):
    able = {role.value for role in Role if refusal_code(name, person(role), None) is None}
    assert able == set(MAKE_NEW[name])


@pytest.mark.parametrize("name", ["accept", "report", "apply_return"])
def test_a_holder_acts_only_on_what_it_has(name):
    stage = Stage.HANDLING if name == "report" else Stage.DISPATCHED
    assert refusal_code(name, person(Role.UNIT), a_case(stage)) is None
    assert refusal_code(name, person(Role.UNIT), a_case(stage, responsible="west-urban")) == "scope"


def test_a_street_sees_its_own_cases():
    mine, theirs = a_case(Stage.FILED), a_case(Stage.FILED, street="west")
    desk = person(Role.STREET_DISPATCHER, street="east")
    assert refusal_code("dispatch", desk, mine) is None
    assert refusal_code("dispatch", desk, theirs) == "scope"


@pytest.mark.parametrize(
    ("name", "applied", "role", "code"),
    [
        ("approve_return", False, Role.DISPATCHER, "no_application"),
        ("deny_return", False, Role.DISPATCHER, "no_application"),
        ("report", True, Role.UNIT, "application_open"),
        ("apply_return", True, Role.UNIT, "application_open"),
        ("recall", True, Role.DISPATCHER, "application_open"),
        ("escalate", True, Role.STREET_DISPATCHER, "application_open"),
        ("send_down", True, Role.DISPATCHER, "application_open"),
    ],
)
def test_an_application_that_is_open_or_is_not(name, applied, role, code):
    assert refusal_code(name, person(role), a_case(Stage.HANDLING, applied=applied)) == code


@pytest.mark.parametrize(
    ("name", "tier", "role", "street", "code"),
    [
        ("escalate", Tier.GRID, Role.GRID_LEADER, "east", None),
        ("escalate", Tier.DISTRICT, Role.STREET_DISPATCHER, "east", "highest_tier"),
        ("send_down", Tier.GRID, Role.DISPATCHER, None, "lowest_tier"),
        ("send_down", Tier.STREET, Role.STREET_DISPATCHER, "east", None),
        ("send_down", Tier.DISTRICT, Role.STREET_DISPATCHER, "east", "other_tier"),
        ("send_down", Tier.DISTRICT, Role.DISPATCHER, None, None),
        ("recall", Tier.STREET, Role.STREET_DISPATCHER, "east", None),
        ("recall", Tier.DISTRICT, Role.STREET_DISPATCHER, "east", "other_tier"),
        ("recall", Tier.DISTRICT, Role.DISPATCHER, None, None),
    ],
)
def test_a_case_goes_one_tier_up_or_down_where_there_is_one_and_it_is_whose_it_is(name, tier, role, street, code):
    assert refusal_code(name, person(role, street=street), a_case(Stage.HANDLING, tier=tier)) == code


@pytest.mark.parametrize(
    ("tier", "street", "code"),
    [(Tier.STREET, "east", None), (Tier.DISTRICT, "east", "other_tier"), (Tier.DISTRICT, None, None)],
)
def test_what_the_district_settled_a_streets_shift_leader_does_not_reopen(tier, street, code):
    assert refusal_code("reopen", person(Role.SHIFT_LEADER, street=street), a_case(Stage.CLOSED, tier=tier)) == code

"""Tests that the hand-written rules cover every command, fact and role that exists."""

from dataclasses import replace

import pytest

from commandcenter.domain import commands, facts
from commandcenter.domain.people import Role
from tests.faults import rules
from tests.faults.reasons import Met, Tried, Waits, is_true
from tests.kit.swapping import swapping


def test_the_rules_name_every_command_every_fact_and_no_role_that_there_is_not() -> None:
    with swapping():
        named = {*rules.COMMANDS.values(), *rules.ALSO.values()}
        assert set(rules.POWERS | rules.OF_TESTS) == set(commands.NAMES) == named
        assert {*rules.COMMANDS, *rules.FOLLOWING} == set(facts.NAMES)
    assert set(rules.GUARDS) < set(rules.POWERS | rules.OF_TESTS)
    assert {role for power in rules.POWERS.values() for role in power.roles} <= {str(role) for role in Role}


def test_what_a_fact_changed_is_what_differs_of_the_case_and_a_new_case_is_all_new() -> None:
    filed = rules.Case("filed", "east")
    gone = rules.after(filed, "dispatched", {"to": "east-urban", "tier": "street"})
    assert gone is not None
    assert rules.changed(None, filed) == {rules.NEW}
    assert rules.changed(filed, replace(filed, street="west")) == set()  # nothing is guarded by it
    assert rules.changed(filed, gone) == {"stage", "holder", "tier"}
    assert rules.changed(gone, replace(gone, applied=True)) == {"applied"}
    assert rules.changed(None, None) == set()  # a crew


NOW = 1000.0
BUSY = Met("busy", NOW - 100, 300.0, "a", is_for_acts=True)
SPENT = replace(BUSY, code="over_quota")
FAILED = Tried(NOW - 100, frozenset({"internal"}))
WAITS = Waits(
    code="",
    about="",
    user="a",
    name="accept",
    age=0.01,
    now=NOW,
    sits="a",
    seated=500.0,
    live=500.0,
    asked=0.0,
    called=0.0,
    greeted_at=NOW - 500,
    full=5000.0,
    passed_at=0.0,
    earlier={"first": "b"},
    met=(BUSY, SPENT),
    tried=FAILED,
)
TRUE = {
    "busy": WAITS,
    "over_quota": replace(WAITS, greeted_at=NOW - 80),  # the account has to wait, whichever way it takes
    "connecting": replace(WAITS, live=59.0),
    "unanswered": WAITS,
    "queue": WAITS,
    "asked_first": replace(WAITS, name="dispatch"),
    "parked": replace(WAITS, about="internal", passed_at=NOW - 50),
    "disk": replace(WAITS, full=10.0),
    "behind_unanswered": replace(WAITS, about="first"),
    "behind_stuck": replace(WAITS, about="first"),
    "held": replace(WAITS, about="first"),
    "behind_other": replace(WAITS, about="b"),
    "other_user": replace(WAITS, about="a", sits="b"),
    "signed_out": replace(
        WAITS, live=0.0, met=(Met("signed_out", 0.0, 0.0, "a", is_for_acts=False, ends_sign_in=True),)
    ),
}
FALSE = {
    "asked for on a way that is past": ("busy", {"greeted_at": NOW - 80}),
    "over long ago": ("busy", {"now": NOW + 300}),
    "never met": ("busy", {"met": (SPENT,)}),
    "somebody else's to wait for": ("busy", {"sits": "b"}),
    "another account's": ("over_quota", {"met": (replace(SPENT, user="b"),)}),
    "live for long": ("connecting", {"live": 61.0}),
    "nothing has been sent": ("unanswered", {"asked": 61.0}),
    "nothing moves": ("queue", {"asked": 61.0}),
    "fresh, and no dispatch": ("asked_first", {"name": "accept"}),
    "never failed": ("parked", {"tried": None}),
    "failed in another way": ("parked", {"about": "busy"}),
    "others fail as well": ("parked", {"passed_at": 0.0}),
    "there is room": ("disk", {"full": 100.0}),
    "the first has left": ("behind_unanswered", {"earlier": {}}),
    "the stuck one has left": ("behind_stuck", {"earlier": {}}),
    "who held it has let go": ("held", {"earlier": {}}),
    "the other's has left": ("behind_other", {"earlier": {}}),
    "who gave it sits here": ("other_user", {"sits": "a"}),
    "signed in since": ("signed_out", {"live": 61.0}),
}


@pytest.mark.parametrize("code", TRUE)
def test_a_reason_that_is_so_may_stand(code: str) -> None:
    assert is_true(replace(TRUE[code], code=code))


@pytest.mark.parametrize("why", FALSE)
def test_a_reason_that_is_not_so_any_more_is_found_out(why: str) -> None:
    code, otherwise = FALSE[why]
    assert not is_true(replace(TRUE[code], code=code, **otherwise))  # type: ignore[arg-type]

"""Tests that the hand-written rules cover every command, fact and role that exists."""

from commandcenter.domain import commands, facts
from commandcenter.domain.people import Role
from tests.faults import rules


def test_the_rules_name_every_command_every_fact_and_no_role_that_there_is_not() -> None:
    assert set(rules.POWERS) == set(commands.NAMES) == set(rules.COMMANDS.values())
    assert set(rules.COMMANDS) == set(rules.CHANGES) == set(facts.NAMES)
    assert set(rules.GUARDS) < set(rules.POWERS)
    assert {role for power in rules.POWERS.values() for role in power.roles} <= {str(role) for role in Role}

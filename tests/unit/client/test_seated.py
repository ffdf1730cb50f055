"""Who sits here, as the platform says it: also when it knows roles that this console does not."""

import pytest

from commandcenter.client.errors import NewerProtocol
from commandcenter.client.identity import person_after, person_from
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.messages import Hello
from tests.kit.district import NOON


def test_an_account_is_seated_with_its_scope():
    assert person_from("u", "unit", {"district": "d", "street": "s"}) == Person("u", Role.UNIT, Scope("d", street="s"))


@pytest.mark.parametrize(("role", "scope"), [("oracle", {"district": "d"}), ("unit", {"district": "d", "moon": "m"})])
def test_a_role_or_a_scope_of_tomorrow_is_told_as_such(role, scope):
    with pytest.raises(NewerProtocol):
        person_from("u", role, scope)


def test_a_platform_that_does_not_say_both_changes_nobody():
    who = Person("u", Role.UNIT, Scope("d", street="s"))
    for role, scope in ((None, None), ("dispatcher", None), (None, {"district": "d"})):
        assert person_after(_hello(role, scope), who) is who
    assert person_after(_hello("dispatcher", {"district": "d"}), who) == Person("u", Role.DISPATCHER, Scope("d"))


def _hello(role, scope):
    return Hello(1, "d", 1, {}, 1, 1, NOON, 1, 1, {}, {}, "", role=role, scope=scope)

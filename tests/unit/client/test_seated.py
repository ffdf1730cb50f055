"""Who sits here, as the platform says it: also when it knows roles that this console does not."""

import pytest

from commandcenter.client.errors import NewerProtocol
from commandcenter.client.seated import seated
from commandcenter.domain.people import Person, Role, Scope


def test_an_account_is_seated_with_its_scope():
    assert seated("u", "unit", {"district": "d", "street": "s"}) == Person("u", Role.UNIT, Scope("d", street="s"))


@pytest.mark.parametrize(("role", "scope"), [("oracle", {"district": "d"}), ("unit", {"district": "d", "moon": "m"})])
def test_a_role_or_a_scope_of_tomorrow_is_told_as_such(role, scope):
    with pytest.raises(NewerProtocol):
        seated("u", role, scope)

"""Builds the signed-in person from the platform's token pair or hello."""

from collections.abc import Mapping

from commandcenter.client.errors import NewerProtocol
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.messages import Hello


def person_from(user: str, role: str, scope: Mapping[str, str | None], own_grid: str | None = None) -> Person:
    """Returns the person. Raises NewerProtocol when this console does not know the role or a field of the scope."""
    try:
        return Person(user, Role(role), Scope(**scope), own_grid)  # type: ignore[arg-type]
    except (TypeError, ValueError) as wrong:
        raise NewerProtocol("an account that this console does not know how to seat") from wrong


def person_after(hello: Hello, person: Person) -> Person:
    """Returns `person` with role and scope of `hello`; unchanged when the hello does not name both."""
    if hello.role is None or hello.scope is None:
        return person
    return person_from(person.user, hello.role, hello.scope, hello.own_grid)

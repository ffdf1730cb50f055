"""Who sits here, as tokens and hellos of a platform name them."""

from collections.abc import Mapping

from commandcenter.client.errors import NewerProtocol
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.messages import Hello


def seated(user: str, role: str, scope: Mapping[str, str | None]) -> Person:
    """The person; NewerProtocol for a role or a scope that this console does not know."""
    try:
        return Person(user, Role(role), Scope(**scope))  # type: ignore[arg-type]
    except (TypeError, ValueError) as wrong:
        raise NewerProtocol("an account that this console does not know how to seat") from wrong


def as_of(hello: Hello, person: Person) -> Person:
    """What `person` is as of `hello`; as before where the platform does not say."""
    if hello.role is None or hello.scope is None:
        return person
    return seated(person.user, hello.role, hello.scope)

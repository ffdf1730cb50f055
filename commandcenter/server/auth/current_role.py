"""What whoever asks may do and see at this moment: the span that holds, or a no in words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from commandcenter.domain.people import Person, Scope
from commandcenter.server.auth import roles
from commandcenter.server.errors import no_role, signed_out


@dataclass(frozen=True, slots=True)
class CurrentRole:
    """`person` as of a moment, `since` when and `until` when as far as known; `scope_ver` changes with every span."""

    person: Person
    since: datetime
    until: datetime | None
    scope_ver: int

    @property
    def scope(self) -> Scope:
        """How far they reach."""
        return self.person.scope


def held_now(connection: Connection, user: str, now: datetime) -> CurrentRole:
    """What `user` is; Trouble 401 without an account in use, 403 (no_role) when no span of it holds."""
    known = roles.of(connection, user, now)
    if known is None:
        raise signed_out()
    span = known.at(now)
    if span is None:
        raise no_role()
    return CurrentRole(span.person, span.since, span.until, known.version(now))

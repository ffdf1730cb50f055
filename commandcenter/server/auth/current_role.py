"""Looks up the role and scope that a user has at the moment of a request."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from commandcenter.domain.people import Person, Scope
from commandcenter.server.auth import roles
from commandcenter.server.errors import no_role, unauthenticated


@dataclass(frozen=True, slots=True)
class CurrentRole:
    """The role of `person` at one moment, held from `since` to `until` (None: no end is known).

    `scope_ver` changes whenever one of the user's role spans begins or ends.
    """

    person: Person
    since: datetime
    until: datetime | None
    scope_ver: int

    @property
    def scope(self) -> Scope:
        """The scope of the role."""
        return self.person.scope

    def in_district(self, district: str) -> "CurrentRole":
        """Returns the role, which is one of the whole platform, in one of its districts."""
        scope = replace(self.scope, district=district)
        return replace(self, person=replace(self.person, scope=scope))


def current_role_of(connection: Connection, user: str, now: datetime) -> CurrentRole:
    """Returns the role of `user` at `now`.

    Raises HttpProblem 401 without an active account, 403 (no_role) when the user has no role at that moment.
    """
    known = roles.role_history(connection, user, now)
    if known is None:
        raise unauthenticated()
    span = known.at(now)
    if span is None:
        raise no_role()
    return CurrentRole(span.person, span.since, span.until, known.version(now))

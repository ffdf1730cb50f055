"""What stories do to the roles of users beside what administrators do."""

from datetime import datetime

from sqlalchemy import Connection

from commandcenter.server.auth import roles


def end_role(connection: Connection, user: str, *, now: datetime, at: datetime | None = None) -> None:
    """Ends the role of `user` at `at` (None: at once); they have none until another span begins."""
    roles._end(connection, user, at or now, now)


def moves_at(known: roles.RoleHistory, now: datetime) -> datetime | None:
    """Returns the next moment after `now` when a span begins or ends, None when there is none."""
    moments = (moment for span in known.spans for moment in (span.since, span.until))
    return min((moment for moment in moments if moment is not None and moment > now), default=None)

"""Records which role each user has, had and will have, epoch by epoch, as the reference for boards and answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from commandcenter.domain.people import Person
from commandcenter.server.auth import roles
from tests.kit.role_spans import moves_at


@dataclass(slots=True)
class Parts:
    """The role histories of all users.

    `was`: by (epoch, user, scope version) the persons that this version stood for, the newest first. A restore brings
    former spans back; where files or clocks were set back, a version can stand for more than one person.
    """

    was: dict[tuple[int, str, int], list[Person]] = field(default_factory=dict)
    _known: dict[str, roles.RoleHistory] = field(default_factory=dict)
    _turned: dict[str, datetime] = field(default_factory=dict)  # by a restore, which is not a limit of a span

    def take_in(self, connection: Connection, users: list[str], epoch: int, now: datetime, *, ahead: timedelta) -> None:
        """Reads the roles of `users` at `now` on the platform's clock, which is `ahead` of the true time."""
        for user in users:
            known, former = roles.role_history(connection, user), self._known.get(user)
            assert known is not None
            self._known[user] = known
            if former is not None and former.at(now) != known.at(now):
                self._turned[user] = now - ahead
            for moment in (roles.EVER, *_moments(known)):
                span = known.at(moment)
                one = self.was.setdefault((epoch, user, known.version(moment)), [])
                if span is not None and one[:1] != [span.person]:
                    one[:] = [span.person, *(other for other in one if other != span.person)]

    def now(self, user: str, now: datetime) -> Person | None:
        """Returns the user's person; None when they have no role at this moment."""
        span = self._known[user].at(now)
        return None if span is None else span.person

    def last(self, user: str, now: datetime) -> Person | None:
        """Returns the person that `user` is or was last; None when they never had a role."""
        begun = [span for span in self._known[user].spans if span.since <= now]
        return max(begun, key=lambda span: (span.since, span.id)).person if begun else None

    def turned_at(self, user: str, now: datetime, *, ahead: timedelta) -> datetime:
        """Returns the true time of the user's last role change; holds if the clock has not jumped since."""
        past = [moment - ahead for moment in _moments(self._known[user]) if roles.EVER + ahead < moment <= now]
        return max([*past, self._turned.get(user, roles.EVER)])

    def next_turn(self, now: datetime) -> datetime:
        """Returns the latest start or end of any user's role, past or planned; `now` when there is none."""
        return max((moment for known in self._known.values() for moment in _moments(known)), default=now)

    def begins_again(self, user: str, now: datetime) -> bool:
        """Returns whether a role change of `user` is planned."""
        return moves_at(self._known[user], now) is not None


def _moments(known: roles.RoleHistory) -> list[datetime]:
    both = (moment for span in known.spans for moment in (span.since, span.until))
    return [moment for moment in both if moment is not None]

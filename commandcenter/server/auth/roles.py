"""What somebody is, and when: a role holds within a scope for a span of time; spans are ended, never overwritten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, or_, select, update

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.command_pipeline import audit
from commandcenter.server.storage.tables import accounts, spans

EVER = datetime.fromtimestamp(0, UTC)  # the beginning of time
_MOVED = "users whose roles were moved"
_ALL = spans.c.user == accounts.c.user
_LASTING = and_(_ALL, or_(spans.c.until.is_(None), spans.c.until > bindparam("now")))
_ENDED = select(func.count()).where(spans.c.user == bindparam("u"), spans.c.until <= bindparam("now"))


def _of_user(which: ColumnElement[bool]) -> Select[Any]:
    found = select(accounts.c.district.label("home"), accounts.c.active, spans)
    joined = found.select_from(accounts.outerjoin(spans, which)).where(accounts.c.user == bindparam("u"))
    return joined.order_by(spans.c.since, spans.c.id)


_LAST = (
    select(spans)
    .where(spans.c.user == bindparam("u"), spans.c.since <= bindparam("now"))
    .order_by(spans.c.since.desc(), spans.c.id.desc())
    .limit(1)
)
_WHOLE, _FROM_NOW = _of_user(_ALL), _of_user(_LASTING).add_columns(_ENDED.scalar_subquery().label("ended"))


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """What `person` is from `since` on, until `until` (None: for good). Times are aware."""

    id: int
    person: Person
    since: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it has begun and not ended."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class RoleHistory:
    """Everything that the user of an account was, is and will be, oldest first; `home` is the account's district.

    `ended`: how many more spans there were, which had ended by the moment that was asked about.
    """

    home: str
    spans: tuple[RoleSpan, ...]
    ended: int = 0

    def at(self, now: datetime) -> RoleSpan | None:
        """The span that holds; None between two and outside all of them."""
        return next((span for span in self.spans if span.holds(now)), None)

    def version(self, now: datetime) -> int:
        """How many spans have begun and ended: another number means another scope."""
        moved = ((span.since <= now) + (span.until is not None and span.until <= now) for span in self.spans)
        return 2 * self.ended + sum(moved)

    def moves_at(self, now: datetime) -> datetime | None:
        """When the next of them begins or ends."""
        moments = (moment for span in self.spans for moment in (span.since, span.until))
        return min((moment for moment in moments if moment is not None and moment > now), default=None)


def of(connection: Connection, user: str, now: datetime | None = None) -> RoleHistory | None:
    """The roles of an account in use; None when there is no such account, or it was stopped.

    With `now`, what had ended by then is counted only: years of shifts cost a request nothing.
    """
    when = {} if now is None else {"now": now.timestamp()}
    rows = connection.execute(_WHOLE if now is None else _FROM_NOW, {"u": user} | when).all()
    if not rows or not rows[0].active:
        return None
    kept = tuple(_span(row) for row in rows if row.id is not None)
    return RoleHistory(rows[0].home, kept, 0 if now is None else rows[0].ended)


def last_of(connection: Connection, user: str, now: datetime) -> Person | None:
    """Who `user` is now, or was until their last role ended or their account was stopped; None if never anything."""
    row = connection.execute(_LAST, {"u": user, "now": now.timestamp()}).first()
    return None if row is None else _span(row).person


def grant(
    connection: Connection, people: Sequence[Person], *, since: datetime | None = None, until: datetime | None = None
) -> None:
    """Whoever of `people` never was anything is what they say, from `since` on (None: from the beginning of time).

    All others stay what they were made since, with what is planned for them.
    """
    users = [person.user for person in people]
    known = set(connection.execute(select(spans.c.user).where(spans.c.user.in_(users))).scalars())
    _add(connection, [person for person in people if person.user not in known], since or EVER, until)


def see_to(connection: Connection, person: Person, *, now: datetime, until: datetime | None = None) -> None:
    """`person.user` is what `person` says from `now` on: whoever is it already stays it, others become it.

    ValueError as for `becomes`; an end that is planned already stays when `until` names none.
    """
    current = next((span for span in _spans(connection, person.user) if span.holds(now)), None)
    if current is None or current.person != person or until not in (None, current.until):
        becomes(connection, person, now=now, until=until)


def begin(connection: Connection, person: Person, *, since: datetime, until: datetime | None = None) -> None:
    """A span more; ValueError when another one of this user holds in it."""
    for span in _spans(connection, person.user):
        if _meet(span, since, until):
            raise ValueError(f"{person.user} is {span.person.role} in that time already")
    _add(connection, [person], since, until)


def becomes(
    connection: Connection,
    person: Person,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    by: Person | None = None,
) -> None:
    """From `since` on (None: at once) `person.user` is what `person` says: the span that holds then ends there.

    ValueError for a moment in the past, and when what is planned for later would overlap. `by`: who decided it.
    """
    at = since or now
    _end(connection, person.user, at, now)
    begin(connection, person, since=at, until=until)
    _note(connection, person, "becomes", now, by)


def ceases(
    connection: Connection, user: str, *, now: datetime, at: datetime | None = None, by: Person | None = None
) -> None:
    """From `at` on (None: at once) `user` has no role, until another begins; ValueError for a moment in the past."""
    current = _end(connection, user, at or now, now)
    if current is not None:
        _note(connection, current.person, "ceases", now, by)


def note_moved(connection: Connection, user: str) -> None:
    """Whoever listens as `user` has to look anew who they are, once this is on disk."""
    connection.info.setdefault(_MOVED, set()).add(user)


def take_moved(connection: Connection) -> frozenset[str]:
    """The users noted on this connection since the last time."""
    return frozenset(connection.info.pop(_MOVED, ()))


def _end(connection: Connection, user: str, at: datetime, now: datetime) -> RoleSpan | None:
    """The span of `user` that holds at `at` ends there; it is given as it was."""
    if at < now:
        raise ValueError(f"what {user} was stays as it was: a role changes now or later")
    current = next((span for span in _spans(connection, user) if span.holds(at)), None)
    if current is not None:
        connection.execute(update(spans).where(spans.c.id == current.id).values(until=at.timestamp()))
        note_moved(connection, user)
    return current


def _add(connection: Connection, people: Sequence[Person], since: datetime, until: datetime | None) -> None:
    if until is not None and until <= since:
        raise ValueError("a role would end before it begins")
    when = {"since": since.timestamp(), "until": None if until is None else until.timestamp()}
    rows = [{"user": person.user, "role": person.role.value, **asdict(person.scope), **when} for person in people]
    if rows:
        connection.execute(spans.insert(), rows)
    for person in people:
        note_moved(connection, person.user)


def _meet(span: RoleSpan, since: datetime, until: datetime | None) -> bool:
    """Whether both hold at some moment."""
    ends_first = span.until is not None and span.until <= since
    return not ends_first and (until is None or span.since < until) and span.until != span.since


def _spans(connection: Connection, user: str) -> list[RoleSpan]:
    rows = connection.execute(select(spans).where(spans.c.user == user).order_by(spans.c.since, spans.c.id))
    return [_span(row) for row in rows]


def _span(row: Row[Any]) -> RoleSpan:
    scope = Scope(row.district, street=row.street, department=row.department, unit=row.unit, grid=row.grid)
    until = None if row.until is None else datetime.fromtimestamp(row.until, UTC)
    return RoleSpan(row.id, Person(row.user, Role(row.role), scope), datetime.fromtimestamp(row.since, UTC), until)


def _note(connection: Connection, person: Person, action: str, now: datetime, by: Person | None) -> None:
    who = by or Person("system", Role.SYSTEM, person.scope)
    audit.note(connection, who, action, at=now, outcome="applied", record=f"account:{person.user}")

"""Roles: which role a user holds in which scope for which span of time; spans are ended, never overwritten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, or_, select, update

from commandcenter.domain.people import Holder, Person, Role, Scope
from commandcenter.domain.records import KIND_OF
from commandcenter.protocol.codec import read_record
from commandcenter.server.storage import audit
from commandcenter.server.storage.tables import accounts, records, spans

EVER = datetime.fromtimestamp(0, UTC)  # the beginning of time
_ROLE_BITS = 20  # of a version, for role spans that began or ended; the checksum above them leaves it below 2**53
_MOVED = "users whose roles were moved"
_ALL = spans.c.user == accounts.c.user
_LASTING = and_(_ALL, or_(spans.c.until.is_(None), spans.c.until > bindparam("now")))
_TEAM = and_(
    records.c.district == spans.c.district, records.c.kind == KIND_OF[Holder].name, records.c.id == spans.c.grid
)
_ENDED = select(func.count()).where(spans.c.user == bindparam("u"), spans.c.until <= bindparam("now"))


def _of_user(which: ColumnElement[bool]) -> Select[Any]:
    found = select(accounts.c.district.label("home"), accounts.c.active, spans, records.c.body.label("team"))
    sources = accounts.outerjoin(spans, which).outerjoin(records, _TEAM)
    joined = found.select_from(sources).where(accounts.c.user == bindparam("u"))
    return joined.order_by(spans.c.since, spans.c.id)


_SPANS = select(spans, records.c.body.label("team")).select_from(spans.outerjoin(records, _TEAM))
_LAST = (
    _SPANS.where(spans.c.user == bindparam("u"), spans.c.since <= bindparam("now"))
    .order_by(spans.c.since.desc(), spans.c.id.desc())
    .limit(1)
)
_WHOLE, _FROM_NOW = _of_user(_ALL), _of_user(_LASTING).add_columns(_ENDED.scalar_subquery().label("ended"))


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """The role and scope of `person` from `since` until `until` (exclusive; None: no end). Times are timezone-aware."""

    id: int
    person: Person
    since: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Returns whether the span has begun and not ended at `now`."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class RoleHistory:
    """The past, present and future role spans of an account, oldest first; `home` is the account's district.

    `ended` counts the spans left out because they had ended by the requested moment.
    """

    home: str
    spans: tuple[RoleSpan, ...]
    ended: int = 0

    def at(self, now: datetime) -> RoleSpan | None:
        """Returns the span that holds at `now`, None when none does."""
        return next((span for span in self.spans if span.holds(now)), None)

    def version(self, now: datetime) -> int:
        """Returns how many times spans have begun or ended by `now`, and above that a checksum of the own grid.

        Another number means another scope, or that the team has another grid now.
        """
        moved = ((span.since <= now) + (span.until is not None and span.until <= now) for span in self.spans)
        span = self.at(now)
        grid = (span.person.own_grid if span is not None else None) or ""
        return 2 * self.ended + sum(moved) + (crc32(grid.encode()) << _ROLE_BITS)


def role_history(connection: Connection, user: str, now: datetime | None = None) -> RoleHistory | None:
    """Returns the role history of an active account; None when there is no such account or it was stopped.

    With `now`, spans that had ended by then are only counted: years of shifts do not slow down a request.
    """
    when = {} if now is None else {"now": now.timestamp()}
    rows = connection.execute(_WHOLE if now is None else _FROM_NOW, {"u": user} | when).all()
    if not rows or not rows[0].active:
        return None
    kept = tuple(_span(row) for row in rows if row.id is not None)
    return RoleHistory(rows[0].home, kept, 0 if now is None else rows[0].ended)


def last_of(connection: Connection, user: str, now: datetime) -> Person | None:
    """Returns who `user` is at `now`, or was last before their role ended or their account was stopped.

    None when they never had a role.
    """
    row = connection.execute(_LAST, {"u": user, "now": now.timestamp()}).first()
    return None if row is None else _span(row).person


def grant(
    connection: Connection, people: Sequence[Person], *, since: datetime | None = None, until: datetime | None = None
) -> None:
    """Gives each of `people` who never had a role theirs, from `since` on (None: from the beginning of time).

    All others keep what they have, and what is planned for them.
    """
    users = [person.user for person in people]
    known = set(connection.execute(select(spans.c.user).where(spans.c.user.in_(users))).scalars())
    _add(connection, [person for person in people if person.user not in known], since or EVER, until)


def ensure_role(connection: Connection, person: Person, *, now: datetime, until: datetime | None = None) -> None:
    """Ensures that `person.user` has the role and scope of `person` from `now` on; a user who has them keeps them.

    A planned end stays when `until` is None. Raises ValueError as `change_role` does.
    """
    current = next((span for span in _spans(connection, person.user) if span.holds(now)), None)
    is_same = current is not None and (current.person.role, current.person.scope) == (person.role, person.scope)
    if current is None or not is_same or until not in (None, current.until):
        change_role(connection, person, now=now, until=until)


def begin(connection: Connection, person: Person, *, since: datetime, until: datetime | None = None) -> None:
    """Adds a role span; raises ValueError when it overlaps another one of this user or ends before it begins."""
    for span in _spans(connection, person.user):
        if _overlaps(span, since, until):
            raise ValueError(f"{person.user} is {span.person.role} in that time already")
    _add(connection, [person], since, until)


def change_role(
    connection: Connection,
    person: Person,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    by: Person | None = None,
) -> None:
    """Gives `person.user` the role and scope of `person` from `since` on (None: at once); the present span ends there.

    Raises ValueError when `since` is in the past or the new span overlaps a planned one. `by` is who decided it, for
    the audit (None: the system).
    """
    at = since or now
    _end(connection, person.user, at, now)
    begin(connection, person, since=at, until=until)
    who = by or Person("system", Role.SYSTEM, person.scope)
    audit.note(connection, who, "becomes", at=now, outcome="applied", record=f"account:{person.user}")


def note(connection: Connection, user: str, action: str, *, now: datetime, outcome: str, record: str) -> None:
    """Records in the audit what `user` did in the role of `now`, or without one; nothing of a stopped account."""
    known = role_history(connection, user, now)
    how: dict[str, Any] = {"at": now, "outcome": outcome, "record": record}
    span = None if known is None else known.at(now)
    if span is not None:
        audit.note(connection, span.person, action, **how)
    elif known is not None:
        audit.note_without_role(connection, user, known.home, action, **how)


def note_moved(connection: Connection, user: str) -> None:
    """Notes `user` on the connection: once this is committed, their streams look up their role again."""
    connection.info.setdefault(_MOVED, set()).add(user)


def note_team_moved(connection: Connection, district: str, team: str) -> None:
    """Notes all who lead the grid team, whose record changes: its basic grid may be another one."""
    leaders = select(spans.c.user).where(spans.c.district == district, spans.c.grid == team)
    for user in connection.execute(leaders).scalars():
        note_moved(connection, user)


def pop_moved_users(connection: Connection) -> frozenset[str]:
    """Returns, and forgets, the users noted on this connection."""
    return frozenset(connection.info.pop(_MOVED, ()))


def _end(connection: Connection, user: str, at: datetime, now: datetime) -> None:
    """Ends the span of `user` that holds at `at`, if there is one."""
    if at < now:
        raise ValueError(f"what {user} was stays as it was: a role changes now or later")
    current = next((span for span in _spans(connection, user) if span.holds(at)), None)
    if current is not None:
        connection.execute(update(spans).where(spans.c.id == current.id).values(until=at.timestamp()))
        note_moved(connection, user)


def _add(connection: Connection, people: Sequence[Person], since: datetime, until: datetime | None) -> None:
    if until is not None and until <= since:
        raise ValueError("a role would end before it begins")
    when = {"since": since.timestamp(), "until": None if until is None else until.timestamp()}
    rows = [{"user": person.user, "role": person.role.value, **asdict(person.scope), **when} for person in people]
    if rows:
        connection.execute(spans.insert(), rows)
    for person in people:
        note_moved(connection, person.user)


def _overlaps(span: RoleSpan, since: datetime, until: datetime | None) -> bool:
    """Returns whether the span overlaps the given time; a span of zero length overlaps nothing."""
    ends_first = span.until is not None and span.until <= since
    return not ends_first and (until is None or span.since < until) and span.until != span.since


def _spans(connection: Connection, user: str) -> list[RoleSpan]:
    rows = connection.execute(_SPANS.where(spans.c.user == user).order_by(spans.c.since, spans.c.id))
    return [_span(row) for row in rows]


def _span(row: Row[Any]) -> RoleSpan:
    scope = Scope(row.district, street=row.street, department=row.department, unit=row.unit, grid=row.grid)
    until = None if row.until is None else datetime.fromtimestamp(row.until, UTC)
    team = None if row.team is None else read_record("holder", row.team)
    person = Person(row.user, Role(row.role), scope, team.grid if isinstance(team, Holder) else None)
    return RoleSpan(row.id, person, datetime.fromtimestamp(row.since, UTC), until)

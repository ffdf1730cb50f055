"""What a decision sees of the platform's tables, within the scope of the person who gave the command."""

from collections.abc import Container
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from commandcenter.domain.people import Person
from commandcenter.domain.records import Record, Ref
from commandcenter.domain.visibility import sees
from commandcenter.protocol.codec import read_record
from commandcenter.server.storage import event_log
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.tables import districts, log, numbers

_DISTRICT = PreparedStatement(select(districts.c.zone, districts.c.prefix).where(districts.c.id == bindparam("d")))
_COUNT = PreparedStatement(
    numbers.update()
    .where(numbers.c.district == bindparam("d"), numbers.c.day == bindparam("t"))
    .values(last=numbers.c.last + 1)
    .returning(numbers.c.last)
)
_ADOPTERS = select(log.c.actor).where(
    log.c.district == bindparam("d"),
    log.c.record == bindparam("i"),
    log.c.kind == bindparam("k"),
    log.c.on_behalf_of.is_not(None),
)


class TablesView:
    """The domain's View over one transaction.

    It also finds the records `beyond` when they are out of scope: whether they exist is decided upon.
    """

    def __init__(self, connection: Connection, person: Person, *, beyond: Container[Ref] = ()) -> None:
        self._connection = connection
        self._person = person
        self._beyond = beyond
        self._stored: dict[Ref, Record | None] = {}

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the record if it exists and is in scope, else None."""
        record = self.stored(kind, key)
        return record if (kind, key) in self._beyond or record is None or sees(self._person, record) else None

    def stored(self, kind: str, key: str) -> Record | None:
        """Returns the record if it exists, in scope or not; a fact may be about one that its author does not see."""
        if (kind, key) not in self._stored:
            self._stored[kind, key] = find(self._connection, self._person.scope.district, kind, key)
        return self._stored[kind, key]

    def former(self, ref: Ref, rev: int) -> Record | None:
        """Returns the record at that revision, as far as the log keeps it; the caller may see the record itself."""
        body = event_log.image(self._connection, self._person.scope.district, ref, rev)
        return None if body is None else read_record(ref[0], body)

    def new_number(self, at: datetime) -> str | None:
        """Returns the next number of the day in the district's time zone: prefix-YYYYMMDD-NNNNN."""
        row = _DISTRICT.run(self._connection, {"d": self._person.scope.district}).one()
        day = at.astimezone(ZoneInfo(row.zone)).strftime("%Y%m%d")
        return f"{row.prefix}-{day}-{self._count(day):05d}"

    def adopters(self, ref: Ref) -> frozenset[str]:
        """Returns the users who ever acted on the record in the place of another; the log keeps them for good."""
        named = {"d": self._person.scope.district, "k": ref[0], "i": ref[1]}
        return frozenset(self._connection.execute(_ADOPTERS, named).scalars())

    def _count(self, day: str) -> int:
        last = _COUNT.run(self._connection, {"d": self._person.scope.district, "t": day}).scalar()
        if last is None:
            self._connection.execute(numbers.insert(), {"district": self._person.scope.district, "day": day, "last": 1})
        return last or 1

"""Deduplication: keeps each command's result, user and content hash, so that it takes effect at most once."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, bindparam, select, text

from commandcenter.domain.people import Person
from commandcenter.protocol import codes
from commandcenter.protocol.codec import decode, encode
from commandcenter.protocol.messages import CommandEnvelope, Result
from commandcenter.protocol.statuses import Status
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.tables import HAS_RECORD, dedupe

_FIND = PreparedStatement(
    select(dedupe.c.user, dedupe.c.body_hash, dedupe.c.result).where(
        dedupe.c.district == bindparam("d"), dedupe.c.cmd_id == bindparam("c")
    )
)
_ADD = PreparedStatement(dedupe.insert(), columns=tuple(one.name for one in dedupe.c))
_LONG = select(dedupe.c.district, dedupe.c.cmd_id, dedupe.c.result).where(
    dedupe.c.at < bindparam("t"), text(HAS_RECORD)
)
_AGAIN = dedupe.update().where(dedupe.c.district == bindparam("d"), dedupe.c.cmd_id == bindparam("c"))
_UNSEEN = ""  # body hash of a command withdrawn before it arrived; it matches any content


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A command that has a result."""

    user: str
    body_hash: str
    result: Result

    def is_of(self, person: Person, envelope: CommandEnvelope) -> bool:
        """Returns whether `envelope`, sent by `person`, is this command."""
        return self.user == person.user and self.body_hash in (_UNSEEN, body_hash(envelope))


def body_hash(envelope: CommandEnvelope) -> str:
    """Returns the SHA-256 (hex) of a command's content, which is the same each time that it is sent."""
    body = (envelope.type, envelope.args, sorted(envelope.bases.items()), envelope.dep)
    return sha256(encode((*body, *envelope.adopts) if any(envelope.adopts) else body)).hexdigest()


def find(connection: Connection, district: str, cmd_id: str) -> StoredResult | None:
    """Returns the command `cmd_id` with its result, None when it has none."""
    row = _FIND.run(connection, {"d": district, "c": cmd_id}).first()
    return None if row is None else StoredResult(row.user, row.body_hash, decode(row.result, Result))


def keep(
    connection: Connection, person: Person, envelope: CommandEnvelope, result: Result, *, console: str, at: datetime
) -> None:
    """Stores the result of a command."""
    row = {
        "district": person.scope.district,
        "cmd_id": envelope.cmd_id,
        "console": console,
        "user": person.user,
        "body_hash": body_hash(envelope),
        "result": encode(result),
        "at": at.timestamp(),
    }
    _ADD.run(connection, row)


def drop_shown_records(connection: Connection, *, before: datetime) -> None:
    """Removes the shown record, its facts and `about` from results older than `before`; status and code stay.

    No result is ever deleted: a command that is sent again has no second effect, even if a clock was wrong meanwhile.
    """
    for row in connection.execute(_LONG, {"t": before.timestamp()}).all():
        result = msgspec.structs.replace(decode(row.result, Result), about=None, current=None, since=())
        changed = _AGAIN.values(result=bindparam("result"))
        connection.execute(changed, {"d": row.district, "c": row.cmd_id, "result": encode(result)})


def withdraw_replaced(
    connection: Connection,
    key: str,
    former: StoredResult | None,
    owner: Person,
    envelope: CommandEnvelope,
    at: datetime,
) -> None:
    """Withdraws the command `key` of `owner`, which has no effect from now on: `envelope` replaces it.

    `former` is its result so far (None: it has none).
    """
    district = owner.scope.district
    result = encode(Result(cmd_id=key, status=Status.REFUSED, code=codes.WITHDRAWN, about=envelope.cmd_id))
    if former is not None:
        connection.execute(_AGAIN, {"d": district, "c": key, "result": result, "at": at.timestamp()})
        return
    row = {"district": district, "cmd_id": key, "console": "", "user": owner.user, "body_hash": _UNSEEN}
    _ADD.run(connection, row | {"result": result, "at": at.timestamp()})

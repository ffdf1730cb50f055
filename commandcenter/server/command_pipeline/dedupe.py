"""Each command has at most one effect: what was answered to it, by whose hand, and the hash of what it said."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, bindparam, select, text

from commandcenter.domain.people import Person
from commandcenter.protocol.codec import decode, encode
from commandcenter.protocol.messages import CommandEnvelope, Result
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.tables import SHOWS_A_RECORD, dedupe

_FIND = PreparedStatement(
    select(dedupe.c.user, dedupe.c.body_hash, dedupe.c.result).where(
        dedupe.c.district == bindparam("d"), dedupe.c.cmd_id == bindparam("c")
    )
)
_ADD = PreparedStatement(dedupe.insert(), columns=tuple(one.name for one in dedupe.c))
_LONG = select(dedupe.c.district, dedupe.c.cmd_id, dedupe.c.result).where(
    dedupe.c.at < bindparam("t"), text(SHOWS_A_RECORD)
)
_AGAIN = dedupe.update().where(dedupe.c.district == bindparam("d"), dedupe.c.cmd_id == bindparam("c"))
_UNSEEN = ""  # for the hash of a command that was withdrawn before it was ever here


@dataclass(frozen=True, slots=True)
class Answered:
    """A command that has its answer."""

    user: str
    body_hash: str
    result: Result

    def is_of(self, person: Person, envelope: CommandEnvelope) -> bool:
        """Whether `envelope` of `person` is the command that was answered."""
        return self.user == person.user and self.body_hash in (_UNSEEN, body_hash(envelope))


def body_hash(envelope: CommandEnvelope) -> str:
    """What makes two sendings of a command the same."""
    body = (envelope.type, envelope.args, sorted(envelope.bases.items()), envelope.dep)
    return sha256(encode((*body, *envelope.adopts) if any(envelope.adopts) else body)).hexdigest()


def find(connection: Connection, district: str, cmd_id: str) -> Answered | None:
    """The answer to the command `cmd_id`, if it has one."""
    row = _FIND.run(connection, {"d": district, "c": cmd_id}).first()
    return None if row is None else Answered(row.user, row.body_hash, decode(row.result, Result))


def keep(
    connection: Connection, person: Person, envelope: CommandEnvelope, result: Result, *, console: str, at: datetime
) -> None:
    """Remember the answer."""
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


def shorten(connection: Connection, *, before: datetime) -> None:
    """Answers from `before` say what became of their commands, but not any more how the record was then.

    None is ever deleted: a command that comes again has no second effect, whichever clock was wrong meanwhile.
    """
    for row in connection.execute(_LONG, {"t": before.timestamp()}).all():
        result = msgspec.structs.replace(decode(row.result, Result), about=None, current=None, since=())
        changed = _AGAIN.values(result=bindparam("result"))
        connection.execute(changed, {"d": row.district, "c": row.cmd_id, "result": encode(result)})


def stand_aside(
    connection: Connection, key: str, former: Answered | None, owner: Person, envelope: CommandEnvelope, at: datetime
) -> None:
    """From now on `key`, a command of `owner`, has no effect: `envelope` replaces it; `former` is its answer so far."""
    district = owner.scope.district
    result = encode(Result(cmd_id=key, status="refused", code="withdrawn", about=envelope.cmd_id))
    if former is not None:
        connection.execute(_AGAIN, {"d": district, "c": key, "result": result, "at": at.timestamp()})
        return
    row = {"district": district, "cmd_id": key, "console": "", "user": owner.user, "body_hash": _UNSEEN}
    _ADD.run(connection, row | {"result": result, "at": at.timestamp()})

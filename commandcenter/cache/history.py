"""Facts as they came past, by record: a timeline for when the platform cannot be asked."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, delete, func, select

from commandcenter.cache.cache_file import CacheFile, facts
from commandcenter.domain.facts import record_of
from commandcenter.protocol.codec import FactEnvelope, read_facts
from commandcenter.protocol.messages import Frame

MOST = 100_000
_SLACK = 5_000


class Histories:
    """What is known here of each record's past; whole when the platform was asked for it, or it was seen to begin."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    async def of(self, kind: str, key: str) -> tuple[FactEnvelope, ...]:
        """The facts about a record, oldest first, none twice."""
        record = f"{kind}:{key}"
        found = select(facts.c.type, facts.c.body).where(facts.c.record == record).order_by(facts.c.n)

        def work(connection: Connection) -> list[tuple[str, bytes]]:
            return [(type_, bytes(body)) for type_, body in connection.execute(found)]

        nothing: list[tuple[str, bytes]] = []
        once = dict.fromkeys(await self._file.run(work, lambda: nothing))
        return tuple(_said(type_, body) for type_, body in once)

    async def keep(self, kind: str, key: str, said: Sequence[FactEnvelope]) -> None:
        """What the platform says of a record's past takes the place of what was known."""
        record = f"{kind}:{key}"

        def work(connection: Connection) -> None:
            connection.execute(delete(facts).where(facts.c.record == record))
            _add(connection, [(record, one) for one in said])

        await self._file.run(work, lambda: None)


def append(connection: Connection, frames: Iterable[Frame], evicted: Iterable[tuple[str, str]]) -> None:
    """What frames tell, within the transaction that applies them; what may no longer be seen is forgotten."""
    told = []
    for frame in frames:
        for said in frame.facts:
            told += [("{}:{}".format(*record_of(fact)), said) for fact in read_facts((said,))]
    _add(connection, [(record, said) for record, said in told if not record.startswith("crew:")])
    for kind, key in evicted:
        connection.execute(delete(facts).where(facts.c.record == f"{kind}:{key}"))


def _add(connection: Connection, told: list[tuple[str, FactEnvelope]]) -> None:
    if not told:
        return
    rows = [{"record": record, "type": said.type, "body": bytes(said.fact)} for record, said in told]
    connection.execute(facts.insert(), rows)
    last = connection.execute(select(func.max(facts.c.n))).scalar_one()
    first = connection.execute(select(func.min(facts.c.n))).scalar_one()
    if last - first > MOST + _SLACK:
        connection.execute(delete(facts).where(facts.c.n < last - MOST))


def _said(type_: str, body: bytes) -> FactEnvelope:
    return FactEnvelope(type_, msgspec.Raw(body))

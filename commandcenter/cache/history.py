"""Caches the facts about each record, to show its history while the platform is unreachable."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, delete, func, select

from commandcenter.cache.cache_file import CacheFile, facts
from commandcenter.domain.facts import records_of
from commandcenter.domain.records import KINDS, ref_text
from commandcenter.protocol.codec import FactEnvelope, read_history
from commandcenter.protocol.events import Frame

MOST = 100_000
_SLACK = 5_000


class HistoryCache:
    """The known facts by record.

    A history is complete when the platform was asked for it, or when the fact that created the record came in a frame;
    otherwise its beginning is missing.
    """

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    async def of(self, kind: str, key: str) -> tuple[FactEnvelope, ...]:
        """Returns the known facts about a record, oldest first, without duplicates."""
        record = ref_text(kind, key)
        found = select(facts.c.type, facts.c.body).where(facts.c.record == record).order_by(facts.c.n)

        def work(connection: Connection) -> list[tuple[str, bytes]]:
            return [(type_, bytes(body)) for type_, body in connection.execute(found)]

        nothing: list[tuple[str, bytes]] = []
        once = dict.fromkeys(await self._file.run(work, lambda: nothing))
        return tuple(_said(type_, body) for type_, body in once)

    async def keep(self, kind: str, key: str, said: Sequence[FactEnvelope]) -> None:
        """Replaces the known history of a record by `said`, the platform's answer."""
        record = ref_text(kind, key)

        def work(connection: Connection) -> None:
            connection.execute(delete(facts).where(facts.c.record == record))
            _add(connection, [(record, one) for one in said])

        await self._file.run(work, lambda: None)


def append(connection: Connection, frames: Iterable[Frame], evicted: Iterable[tuple[str, str]]) -> None:
    """Stores the facts of `frames` and deletes the history of `evicted` records, in the caller's transaction.

    Facts about kinds of record without a history are not stored.
    """
    told = []
    for frame in frames:
        for said in frame.facts:
            told += [(ref, said) for fact in read_history((said,)) for ref in records_of(fact)]
    _add(
        connection,
        [(ref_text(kind, key), said) for (kind, key), said in told if kind in KINDS and KINDS[kind].has_history],
    )
    for kind, key in evicted:
        connection.execute(delete(facts).where(facts.c.record == ref_text(kind, key)))


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

"""Downloads a snapshot as lines of JSON: a head, the records, and an end that proves that none is missing."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from commandcenter.client.errors import MalformedAnswer, UnreadableContent
from commandcenter.protocol import paths
from commandcenter.protocol.codec import RecordEnvelope, Unreadable, decode
from commandcenter.protocol.media import NDJSON
from commandcenter.protocol.snapshots import SnapshotEnd, SnapshotHead, SnapshotProof, is_end

if TYPE_CHECKING:
    from commandcenter.client.session import Session

T = TypeVar("T")
LONGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SnapshotDownload:
    """The head, and the records in bundles as they arrive.

    Reading to the end raises MalformedAnswer when a record is missing or altered.
    """

    head: SnapshotHead
    bundles: AsyncIterator[list[RecordEnvelope]]


@asynccontextmanager
async def snapshot(session: "Session") -> AsyncIterator[SnapshotDownload]:
    """Opens the snapshot of everything that the user may see, as of one moment."""
    async with session.opened(paths.SNAPSHOT, media=NDJSON, headers={}) as body, aclosing(_lines(body)) as lines:
        first = await anext(lines, None)
        if not first:
            raise MalformedAnswer("a snapshot without a head")
        head = _decoded(first[0], SnapshotHead)
        async with aclosing(_records(head, first[1:], lines)) as bundles:
            yield SnapshotDownload(head, bundles)


async def _lines(body: AsyncIterator[bytes]) -> AsyncGenerator[list[bytes], None]:
    rest = b""
    async for chunk in body:
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST:
            raise MalformedAnswer("a line without an end")
        if whole:
            yield whole


async def _records(
    head: SnapshotHead, first: list[bytes], lines: AsyncIterator[list[bytes]]
) -> AsyncGenerator[list[RecordEnvelope], None]:
    proof = SnapshotProof()
    bundle: list[bytes] | None = first
    while bundle is not None:
        end = next((line for line in bundle if is_end(line)), None)
        records = bundle if end is None else bundle[: bundle.index(end)]
        proof.add(b"".join(line + b"\n" for line in records), len(records))
        if proof.count > head.n:
            raise MalformedAnswer("a snapshot of more than it said")
        if records:
            yield [_decoded(line, RecordEnvelope) for line in records]
        if end is not None:
            if not proof.agrees(_decoded(end, SnapshotEnd), head):
                raise MalformedAnswer("a snapshot that does not add up")
            return
        bundle = await anext(lines, None)
    raise MalformedAnswer("a snapshot that broke off")


def _decoded(line: bytes, shape: type[T]) -> T:
    try:
        return decode(line, shape)
    except Unreadable as wrong:
        raise UnreadableContent(str(wrong)) from wrong

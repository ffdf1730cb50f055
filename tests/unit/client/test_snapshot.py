"""A snapshot piece by piece: what is in it however it is cut, and what it must not be."""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import httpx
import pytest

from commandcenter.client import snapshot as snapshots
from commandcenter.client.errors import MalformedAnswer, UnreadableContent
from commandcenter.client.session import Session
from commandcenter.client.snapshot import snapshot
from commandcenter.protocol.codec import RecordEnvelope, encode, record_envelope
from commandcenter.protocol.snapshots import SnapshotHead
from tests.kit.scripted import URL, Paper, a_case

RECORDS = [record_envelope(a_case(f"c{number}")) for number in range(3)]
LINES = [encode(one) for one in RECORDS]


class Pieces(httpx.AsyncByteStream):
    """A body in these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def head(n: int = 3, **other: Any) -> bytes:
    return encode({"epoch": 1, "cursor": 10, "scope_ver": 1, "n": n} | other)


def end(n: int = 3, lines: list[bytes] = LINES, **other: Any) -> bytes:
    proof = sha256(b"".join(line + b"\n" for line in lines)).hexdigest()
    return encode({"end": True, "n": n, "sha256": proof} | other)


async def told(*pieces: bytes) -> tuple[SnapshotHead, list[list[RecordEnvelope]]]:
    """The head, and the bundles of what arrives in `pieces`."""
    paper = Paper()
    media = {"content-type": "application/x-ndjson"}
    paper.instead["/v1/snapshot"] = httpx.Response(200, headers=media, stream=Pieces(*pieces))
    session = Session(URL, mono=lambda: 100.0, transport=paper)
    await session.sign_in("shift", "x")
    try:
        async with snapshot(session) as coming:
            return coming.head, [bundle async for bundle in coming.bundles]
    finally:
        await session.close()


def whole(*lines: bytes) -> bytes:
    return b"".join(line + b"\n" for line in lines)


async def test_a_snapshot_is_what_it_says_however_it_is_cut():
    body = whole(head(cursor_token="1.10.x"), *LINES, end())
    for cut in range(0, len(body), 7):
        said, bundles = await told(body[:cut], body[cut:])
        assert said == SnapshotHead(1, 10, 1, 3, "1.10.x")
        assert [one for bundle in bundles for one in bundle] == RECORDS
        assert all(bundles)
    _, bundles = await told(whole(head(), LINES[0]), whole(*LINES[1:]), whole(end()))
    assert bundles == [RECORDS[:1], RECORDS[1:]]
    assert await told(whole(head(0), end(0, []))) == (SnapshotHead(1, 10, 1, 0), [])


async def test_what_stands_behind_the_end_is_not_read():
    body = whole(head(), *LINES, end())
    assert len((await told(body + b"not json\n", b"\n"))[1][0]) == 3


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (b"", "a snapshot without a head"),
        (head(), "a snapshot without a head"),
        (whole(head(), *LINES), "a snapshot that broke off"),
        (whole(head(), *LINES) + end(), "a snapshot that broke off"),
        (whole(head(2), *LINES), "a snapshot of more than it said"),
        (whole(head(2), *LINES, end(2)), "a snapshot of more than it said"),
        (whole(head(4), *LINES, end(4)), "a snapshot that does not add up"),
        (whole(head(4), *LINES, end(3)), "a snapshot that does not add up"),
        (whole(head(3), *LINES, end(4)), "a snapshot that does not add up"),
        (whole(head(3), *LINES, end(end=False)), "a snapshot that does not add up"),
        (whole(head(3), *reversed(LINES), end(3)), "a snapshot that does not add up"),
        (whole(head(2), *LINES[:2], end(2, LINES)), "a snapshot that does not add up"),
    ],
)
async def test_a_snapshot_of_which_anything_is_missing_or_too_much_is_garbled(body, about):
    with pytest.raises(MalformedAnswer) as said:
        await told(body)
    assert said.value.about == about


@pytest.mark.parametrize("body", [whole(b"x"), whole(head(), b"x"), whole(head(0), b'{"end": 1}')])
async def test_a_line_that_is_not_what_the_protocol_says_is_content_that_cannot_be_read(body):
    with pytest.raises(UnreadableContent):
        await told(body)


async def test_a_line_may_be_as_long_as_it_may_be_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = (whole(head()) + LINES[0], b"\n" + whole(*LINES[1:], end()))
    monkeypatch.setattr(snapshots, "LONGEST", len(LINES[0]))
    assert len((await told(*pieces))[1][-1]) == 3
    monkeypatch.setattr(snapshots, "LONGEST", len(LINES[0]) - 1)
    with pytest.raises(MalformedAnswer) as said:
        await told(*pieces)
    assert said.value.about == "a line without an end"

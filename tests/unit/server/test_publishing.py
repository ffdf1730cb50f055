"""Many at once and slow ones: order without a gap, memory with a bound, nobody waits for who does not listen."""

import asyncio
import socket
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from commandcenter.domain.visibility import NOBODY, street_audience
from commandcenter.server.auth.current_role import current_role_of
from commandcenter.server.platform import Platform
from commandcenter.server.routes.events import StreamCursor, _start
from commandcenter.server.storage.event_log import LogEntry, RecordChange
from commandcenter.server.streaming import event_stream, publisher
from commandcenter.server.streaming.event_stream import EventStream
from commandcenter.server.streaming.frames import StreamEntry
from commandcenter.server.streaming.publisher import RecentEntries
from tests.kit.console import until
from tests.kit.district import NOON
from tests.kit.loopback import frames, listening, serving
from tests.kit.platform import Desk, sit_down


def _told(seq: int, size: int = 10) -> StreamEntry:
    part = RecordChange("case", f"c{seq}", 1, "*", NOBODY, street_audience("east"), b"[]", b"x" * size)
    return StreamEntry(LogEntry(seq, datetime(2026, 11, 24, tzinfo=UTC), "a", "c", (part,)))


def test_only_the_newest_are_kept_at_hand() -> None:
    newest = RecentEntries(base=7)
    newest.add([_told(seq) for seq in range(8, 5_008)])
    assert len(newest.entries) <= 2_000
    at_hand = newest.after(5_000)
    assert at_hand is not None
    assert [told.entry.seq for told in at_hand] == list(range(5_001, 5_008))
    assert newest.after(5_007) == []
    assert newest.after(7) is None


def test_huge_entries_leave_soon() -> None:
    newest = RecentEntries(base=0)
    for seq in range(1, 40):
        newest.add([_told(seq, size=1_000_000)])
    assert newest.size <= 17_000_000
    assert newest.size == sum(told.size for told in newest.entries)
    assert newest.base == newest.entries[0].entry.seq - 1


def test_at_the_bound_of_number_or_bytes_all_stay_and_beyond_it_few() -> None:
    many, huge = RecentEntries(base=0), RecentEntries(base=0)
    many.add([_told(seq) for seq in range(1, 2_001)])
    assert (len(many.entries), many.base) == (2_000, 0)
    many.add([_told(2_001)])
    assert [told.entry.seq for told in many.entries] == list(range(1_002, 2_002))
    assert (many.base, many.size) == (1_001, sum(told.size for told in many.entries))
    huge.add([_told(seq, size=8_000_000 - 2) for seq in (1, 2)])  # the facts of each have two bytes more
    assert (huge.size, huge.base, len(huge.entries)) == (16_000_000, 0, 2)
    huge.add([_told(3)])
    assert ([told.entry.seq for told in huge.entries], huge.base, huge.size) == ([3], 2, 12)
    huge.add([_told(4, size=17_000_000)])
    assert [told.entry.seq for told in huge.entries] == [4]  # one alone stays, however big
    assert huge.after(3) == huge.entries
    huge.add([_told(5, size=17_000_000)])
    assert ([told.entry.seq for told in huge.entries], huge.base) == ([5], 4)
    both = RecentEntries(base=0)
    both.add([*(_told(seq, size=3) for seq in range(1, 2_001)), _told(2_001, size=15_990_000 - 2)])
    assert (len(both.entries), both.base) == (1_000, 1_001)  # too many they are, and not too big


async def test_fifty_at_once_get_numbers_without_a_gap(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, dispatcher = await sit_down(http, "clerk"), await sit_down(http, "dispatcher")
        head = (await clerk.get("/v1/hello")).json()["head"]
        async with listening(dispatcher, f"1:{head}") as heard:
            await asyncio.gather(*(clerk.take("east" if n % 2 else "west") for n in range(50)))
            got = await frames(heard, 50)
    assert [one.data["seq"] for one in got] == list(range(head + 1, head + 51))
    numbers = [one.data["facts"][0]["fact"]["number"] for one in got]
    assert sorted(numbers) == [f"SY-20261124-{n:05d}" for n in range(1, 51)]


async def test_what_is_written_while_a_stream_begins_is_told_at_once(platform: Platform, sit: Any) -> None:
    clerk, told = await sit("clerk"), asyncio.Event()
    start = platform.readers.now(
        lambda connection: _start(connection, current_role_of(connection, "clerk", NOON), StreamCursor())
    )
    handed_over, publish_it = threading.Event(), platform.writer.after_commit
    platform.writer.after_commit = lambda connection: (publish_it(connection), handed_over.set())[0]
    await clerk.take()  # nobody listens yet, and nothing is written afterwards
    await asyncio.to_thread(handed_over.wait)

    async def send(message: Any) -> None:
        if b"event: put" in message.get("body", b""):
            told.set()

    seat = platform.seats.find(clerk.headers["Authorization"].removeprefix("Bearer "))
    assert seat is not None
    speaker = EventStream(platform, seat, start, refuse=lambda: None)
    speaking = asyncio.ensure_future(speaker({}, asyncio.Event().wait, send))
    async with asyncio.timeout(60):
        await told.wait()
    speaking.cancel()


async def test_who_falls_behind_what_is_at_hand_reads_the_log(platform: Platform, monkeypatch: Any) -> None:
    monkeypatch.setattr(publisher, "_MOST", 4)
    monkeypatch.setattr(event_stream, "_AT_ONCE", 3)
    async with serving(platform) as http:
        clerk, desk = await sit_down(http, "clerk"), await sit_down(http, "east-desk")
        head = (await clerk.get("/v1/hello")).json()["head"]
        async with listening(await sit_down(http, "dispatcher")) as other:
            await anext(other)
            taken = [await clerk.take(street) for street in ("east", "west") * 10]
            async with listening(desk, f"1:{head}") as heard:
                got = await frames(heard, 10)
    assert [one.data["records"][0]["record"]["id"] for one in got] == taken[::2]
    assert [one.data["prev"] for one in got[1:]] == [one.data["seq"] for one in got[:-1]]


@pytest.mark.expects_log("ASGI callable returned without completing response")  # it is cut off in the middle
async def test_a_subscriber_that_takes_nothing_is_dropped(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "_SEND_TIMEOUT", 0.2)
    async with serving(platform) as http:
        clerk, silent = await sit_down(http, "clerk"), await sit_down(http, "dispatcher")
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", http.base_url.port))
            bearer = silent.headers["Authorization"]
            head = f"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {bearer}\r\n\r\n"
            deaf.sendall(head.encode())
            await until(lambda: platform.publisher.listeners() == 1)
            await _flood(clerk, platform)
            assert platform.publisher.listeners() == 0


async def _flood(clerk: Desk, platform: Platform) -> None:
    for _ in range(400):
        await clerk.take(text="水" * 4000)
        if not platform.publisher.listeners():
            return
    await until(lambda: platform.publisher.listeners() == 0)

"""Server-sent events, however the bytes are cut."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.client import stream
from commandcenter.client.errors import MalformedAnswer
from commandcenter.protocol.codec import Unreadable
from commandcenter.protocol.sse import EventParser, ServerEvent, cursor_text, event_bytes

STREAM = (
    b'\xef\xbb\xbf: a comment\n\nid: 1:7\nevent: put\ndata: {"a":1}\ndata: 2\n\n'
    + "id:1:8\r\nevent:put\r\ndata:积水\r\n\r\n".encode()
    + b"retry: 100\rdata\rdata: x\r\r"
    + b"data: mixed\r\n\n"
    + b"event: hb\ndata: {}\n\nid: 1:9\n\nevent: nothing\n\ndata:  two\n\nid: bad\0id\ndata: y\n\ndata: unfinished"
)
EVENTS = [
    ServerEvent("1:7", "put", b'{"a":1}\n2'),
    ServerEvent("1:8", "put", "积水".encode()),
    ServerEvent("1:8", "message", b"\nx"),
    ServerEvent("1:8", "message", b"mixed"),
    ServerEvent("1:8", "hb", b"{}"),
    ServerEvent("1:9", "message", b" two"),
    ServerEvent("1:9", "message", b"y"),
]


def parsed(chunks: list[bytes]) -> list[ServerEvent]:
    parser = EventParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


def test_the_whole_at_once():
    assert parsed([STREAM]) == EVENTS


def test_cut_in_two_at_any_byte():
    for at in range(len(STREAM) + 1):
        assert parsed([STREAM[:at], STREAM[at:]]) == EVENTS, at


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_cut_into_any_pieces(cuts):
    edges = [0, *sorted(cuts), len(STREAM)]
    assert parsed([STREAM[a:b] for a, b in pairwise(edges)]) == EVENTS


def test_byte_by_byte():
    assert parsed([STREAM[n : n + 1] for n in range(len(STREAM))]) == EVENTS


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fall_and_what_comes_after_them_is_read(noise):
    assert parsed([noise, b"\n\n", STREAM])[-len(EVENTS) :] == EVENTS


@pytest.mark.parametrize("chunk", [b"x" * 100, b"data: " + b"x" * 100 + b"\n"])
def test_a_line_without_an_end_and_an_event_without_an_end_are_cut_off(chunk):
    parser = EventParser(longest=1000)
    fed = []

    def feed() -> None:
        while len(fed) < 30:
            fed.append(parser.feed(chunk))

    with pytest.raises(Unreadable):
        feed()
    assert len(fed) < 12


def test_a_line_and_an_event_may_be_as_large_as_they_may_be_and_the_next_one_too():
    parser = EventParser(longest=10)
    assert parser.feed(b"x" * 10) == []
    for _ in range(2):
        assert [one.data for one in parser.feed(b"\ndata: 123456789\n\n")] == [b"123456789"]
        assert [one.data for one in parser.feed(b"data: 1234\ndata: 5678\n\n")] == [b"1234\n5678"]
    with pytest.raises(Unreadable):
        EventParser(longest=10).feed(b"x" * 11)
    with pytest.raises(Unreadable):
        parser.feed(b"data: 1234567890\n")
    with pytest.raises(Unreadable):
        EventParser(longest=10).feed(b"data: 1234\ndata: 56789\n")


async def test_a_stream_with_an_event_without_an_end_is_malformed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body():
        yield b"data: 123456789"

    monkeypatch.setattr(stream, "EventParser", lambda: EventParser(longest=10))
    with pytest.raises(MalformedAnswer):
        await anext(stream._messages(body(), SimpleNamespace(mono=lambda: 0.0)))


def test_what_is_written_is_read_as_it_was():
    events = [event_bytes("put", b"{}", cursor=cursor_text(3, 7)), event_bytes("hb", b"[1]")]
    assert parsed(events) == [ServerEvent("3:7", "put", b"{}"), ServerEvent("3:7", "hb", b"[1]")]


def test_a_byte_order_mark_is_one_at_the_beginning_of_the_stream_alone():
    assert parsed([b"\xef\xbb\xbfdata: 1\n\xef\xbb\xbfdata: 2\n\n"]) == [ServerEvent("", "message", b"1")]


def test_nothing_that_arrives_ends_nothing():
    assert parsed([b"", b"data: 1\r", b"", b"\n", b"", b"\r\n", b""]) == [ServerEvent("", "message", b"1")]


def test_an_epoch_may_have_as_many_digits_as_anybody_counts():
    told = stream._read(ServerEvent(f"{'9' * 16}:7", "evict", b'{"seq":7,"prev":6,"records":[]}'))
    assert told is not None
    assert told.epoch == 9999999999999999


@pytest.mark.parametrize("epoch", ["9" * 17, "9" * 5000, "one", "", "-1"])
def test_an_epoch_that_nobody_can_count_is_no_epoch(epoch: str) -> None:
    told = ServerEvent(f"{epoch}:7", "evict", b'{"seq":7,"prev":6,"records":[]}')
    with pytest.raises(MalformedAnswer):
        stream._read(told)

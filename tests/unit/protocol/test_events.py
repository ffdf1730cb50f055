"""A frame that is written piece by piece is the message that a console reads."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.protocol.codec import FactEnvelope, RecordEnvelope, Unreadable, encode, envelope_bytes
from commandcenter.protocol.events import (
    EVENTS,
    Bye,
    Evict,
    Frame,
    Heartbeat,
    RecordRef,
    event_of,
    evict_end,
    frame_data,
    put_end,
    read_message,
)

COUNTED = st.integers(0, 2**53)
JSON = st.recursive(st.none() | st.integers(-9, 9) | st.text(), lambda inner: st.lists(inner, max_size=3)).map(encode)
ENVELOPES = st.lists(st.tuples(st.text(), JSON), max_size=3)
MOMENTS = st.integers(10**7, 7 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
REFS = st.lists(st.builds(RecordRef, st.text(), st.text()), max_size=3).map(tuple)
TOKEN = st.from_regex(r"[A-Za-z0-9_.-]*", fullmatch=True)


@given(COUNTED, COUNTED, ENVELOPES, ENVELOPES, st.text(), st.text(), MOMENTS, st.none() | st.text(), TOKEN, REFS)
def test_a_frame_is_read_as_it_was_written(seq, prev, facts, records, cmd_id, actor, at, behalf, token, evicted):
    told = [FactEnvelope(name, msgspec.Raw(body)) for name, body in facts]
    kept = [RecordEnvelope(kind, msgspec.Raw(body)) for kind, body in records]
    end = put_end(
        encode(told)[1:-1],
        b",".join(envelope_bytes(kind, body) for kind, body in records),
        cmd_id=cmd_id, actor=actor, at=at, on_behalf_of=behalf, cursor_token=token, evicted=evicted,
    )  # fmt: skip
    assert read_message("put", frame_data(seq, prev, end)) == Frame(
        seq=seq, prev=prev, facts=tuple(told), records=tuple(kept),
        cmd_id=cmd_id, actor=actor, at=at, on_behalf_of=behalf, cursor_token=token, evicted=evicted,
    )  # fmt: skip


@given(COUNTED, COUNTED, REFS, TOKEN)
def test_an_eviction_is_read_as_it_was_written(seq, prev, records, token):
    assert read_message("evict", frame_data(seq, prev, evict_end(records, token))) == Evict(seq, prev, records, token)


def test_each_message_has_its_event_and_another_event_has_none():
    assert {event_of(message) for message in (Bye(1.0), Heartbeat(1, datetime(2026, 1, 1, tzinfo=UTC)))} == {
        "bye",
        "hb",
    }
    assert len(set(EVENTS.values())) == len(EVENTS)
    assert read_message("weather", b"{") is None


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00Z", "2026-01-01T00:00:00"])
def test_a_heartbeat_at_no_believable_moment_is_unreadable(now: str) -> None:
    with pytest.raises(Unreadable):
        read_message("hb", encode({"head": 1, "now": now}))

"""What a stream says, event by event: what no clock shows or nobody numbered is garbled, what is new is skipped."""

import pytest

from commandcenter.client.errors import MalformedAnswer, Unreachable
from commandcenter.client.session import Session
from commandcenter.client.stream import open_stream
from commandcenter.protocol.codec import encode
from commandcenter.protocol.events import Evict, Heartbeat
from tests.kit.district import NOON
from tests.kit.scripted import URL, Paper


async def first_of(paper: Paper) -> list[object]:
    """The messages of the first piece that says something."""
    session = Session(URL, mono=lambda: 100.0, transport=paper)
    try:
        await session.sign_in("shift", "x")
        async with open_stream(session, epoch=1, after=10, scope_ver=1) as incoming:
            async for arrived in incoming:
                if arrived:
                    return [one.message for one in arrived]
    finally:
        await session.close()
    return []


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_a_heartbeat_at_a_moment_that_no_clock_shows_is_garbled(now):
    paper = Paper()
    paper.say("hb", encode({"head": 1, "now": now}))
    with pytest.raises(MalformedAnswer):
        await first_of(paper)


@pytest.mark.parametrize("key", ["", "1", "1:12", "x:11", "1:011", "9" * 30 + ":11"])
async def test_a_frame_whose_event_bears_another_number_is_garbled(key):
    paper = Paper()
    paper.say("evict", encode({"seq": 11, "prev": 10, "records": []}), key=key)
    with pytest.raises(MalformedAnswer):
        await first_of(paper)


async def test_what_a_newer_platform_says_besides_is_skipped():
    paper = Paper()
    paper.raw(b"event: tomorrow\ndata: {}\n\n" + b'id: 1:11\nevent: evict\ndata: {"seq":11,"prev":10,"records":[]}\n\n')
    assert await first_of(paper) == [Evict(11, 10, ())]


async def test_a_heartbeat_is_what_it_says():
    paper = Paper()
    paper.say("hb", encode({"head": 4, "now": NOON}))
    assert await first_of(paper) == [Heartbeat(4, NOON)]


async def test_noise_is_listened_to_as_long_as_silence_and_no_longer_and_a_word_begins_it_anew():
    paper, at = Paper(), [100.0]
    session = Session(URL, mono=lambda: at[0], transport=paper)
    await session.sign_in("shift", "x")
    for _ in range(2):
        paper.raw(b": noise\n")
    paper.say("hb", encode({"head": 4, "now": NOON}))
    for _ in range(2):
        paper.raw(b": noise\n")
    heard = []
    async with open_stream(session, epoch=1, after=10, scope_ver=1) as incoming:
        for until in (0, session.silence, session.silence, 2 * session.silence):
            at[0] = 100.0 + until
            heard.append(len(await anext(incoming)))
        at[0] += 1
        with pytest.raises(Unreachable) as said:
            await anext(incoming)
    assert heard == [0, 0, 1, 0]
    assert said.value.code == "timed_out"
    await session.close()

"""A stream by the clock: when it speaks, how often, and when it ends; every second of it is virtual."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import roles
from tests.kit.district import NOON
from tests.kit.ear import Hall, Story
from tests.kit.role_spans import end_role


def test_a_stream_on_which_nothing_happens_beats_every_ten_seconds_and_tells_the_digest_each_minute(
    story: Story,
) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk")
        await asyncio.sleep(125)
        assert ear.times("hb") == [10.0 * beat for beat in range(13)]
        digests = [round(one.at) for one in ear.of("hb") if one.data.get("digest")]
        assert digests == [60, 120]
        assert {one.event for one in ear.said} == {"hb"}

    story(told)


def test_what_happens_is_told_in_the_same_moment_and_does_not_put_off_the_next_beat(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk")
        for _ in range(3):
            await asyncio.sleep(4)
            hall.takes()
        await asyncio.sleep(9)
        assert ear.times("put") == [4.0, 8.0, 12.0]
        assert ear.times("hb") == [0.0, 10.0, 20.0]

    story(told)


def test_under_load_a_stream_speaks_twenty_times_a_second_and_says_everything(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk")
        await asyncio.sleep(1)
        before = len(ear.messages)
        for _ in range(80):
            hall.takes()
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.1)
        spoken = [at for at, _ in ear.messages[before:]]
        assert 6 <= len(spoken) <= 12
        assert all(later - earlier >= 0.05 for earlier, later in itertools.pairwise(spoken))
        assert len(ear.of("put")) == 80
        assert ear.task.done() is False

    story(told)


def test_a_stream_ends_with_its_token_and_not_at_the_next_beat(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk", seconds=33)
        await asyncio.sleep(32.9)
        assert not ear.is_over
        await asyncio.sleep(0.2)
        assert ear.is_over
        assert ear.times("hb") == [0.0, 10.0, 20.0, 30.0]
        assert hall.platform.publisher.listeners() == 0

    story(told)


@pytest.mark.parametrize("seconds", [14, 86_400])
def test_a_role_that_ends_ends_the_stream_in_that_moment_as_the_token_does_if_that_is_first(
    story: Story, seconds: float
) -> None:
    west = Person("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="west"))
    soon = NOON + timedelta(seconds=23)

    async def told(hall: Hall) -> None:
        hall.writes(lambda con: roles.change_role(con, west, now=NOON, since=soon))
        ear = hall.listens("east-desk", seconds=seconds)
        await asyncio.sleep(min(seconds, 23) - 0.1)
        assert not ear.is_over
        await asyncio.sleep(0.2)
        assert ear.is_over
        assert [(one.at, one.data["scope_ver"]) for one in ear.of("scope")] == (
            [] if seconds < 23 else [(pytest.approx(23, abs=0.1), 3)]
        )

    story(told)


def test_a_stream_goes_on_when_a_span_is_ended_later_and_ends_then(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk")
        await asyncio.sleep(5)
        ends = hall.platform.now() + timedelta(seconds=7)
        hall.writes(lambda con: end_role(con, "clerk", now=hall.platform.now(), at=ends))
        hall.takes()
        await asyncio.sleep(6.9)
        assert (ear.is_over, ear.times("put")) == (False, [5.0])
        await asyncio.sleep(0.2)
        assert ear.is_over
        assert [one.data for one in ear.of("scope")] == [{"scope_ver": 2}]

    story(told)


def test_who_hangs_up_is_gone_at_once_and_nobody_else(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear, other = hall.listens("clerk"), hall.listens("clerk")
        await asyncio.sleep(3)
        ear.goes.put_nowait({"type": "http.request"})
        await asyncio.sleep(0.01)
        assert not ear.is_over
        ear.goes.put_nowait({"type": "http.disconnect"})
        await asyncio.sleep(0.01)
        assert ear.is_over
        assert not other.is_over
        assert hall.platform.publisher.listeners() == 1

    story(told)


def test_who_takes_nothing_for_twenty_seconds_is_left_alone_and_not_one_second_sooner(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear, other = hall.listens("clerk"), hall.listens("clerk")
        await asyncio.sleep(3)
        ear.hears.clear()
        hall.takes()
        await asyncio.sleep(19.9)
        assert hall.platform.publisher.listeners() == 2
        await asyncio.sleep(0.2)
        assert hall.platform.publisher.listeners() == 1
        assert not ear.task.done()  # its connection is still there, and hears nothing but its end
        assert len(ear.of("put")) == len(other.of("put")) == 1
        ear.hears.set()
        await asyncio.sleep(0.01)
        assert ear.is_over
        assert not other.is_over

    story(told)


def test_a_platform_that_goes_tells_each_stream_when_to_come_back(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ears = [hall.listens(user) for user in ("clerk", "shift")]
        await asyncio.sleep(3)
        hall.platform.publisher.close()
        await asyncio.sleep(0.1)
        for ear in ears:
            assert [(one.event, one.data) for one in ear.said[1:]] == [("bye", {"retry_s": 1.0, "code": None})]
            assert ear.is_over

    story(told)


def test_a_stream_begins_as_one_that_nobody_keeps_or_buffers(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk")
        await asyncio.sleep(0.1)
        _, start = ear.messages[0]
        headers = dict(start["headers"])
        assert (start["type"], start["status"]) == ("http.response.start", 200)
        assert headers[b"content-type"].startswith(b"text/event-stream")
        assert (headers[b"cache-control"], headers[b"x-accel-buffering"]) == (b"no-store", b"no")
        assert b"content-length" not in headers
        assert all(message.get("more_body") for _, message in ear.messages[1:])

    story(told)


def test_what_happened_before_a_beat_is_told_before_it(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk")
        await asyncio.sleep(9.97)
        hall.takes()
        await asyncio.sleep(0.01)
        hall.takes()  # it waits for the twentieth of a second, in which the beat falls due
        await asyncio.sleep(0.1)
        assert [one.event for one in ear.said] == ["hb", "put", "put", "hb"]
        assert ear.said[-1].data["head"] == hall.head

    story(told)


def test_behind_bye_nothing_comes_and_no_beat_before_it(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("clerk")
        await asyncio.sleep(9.97)
        hall.takes()
        await asyncio.sleep(0.01)
        hall.platform.publisher.close()
        await asyncio.sleep(0.1)
        assert [one.event for one in ear.said] == ["hb", "put", "bye"]
        assert asyncio.all_tasks() == {asyncio.current_task()}  # nobody waits for a client whose stream is over

    story(told)

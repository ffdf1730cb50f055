"""A beat of a stream says how far its listener can see, and once a minute a digest of just what it has told."""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from typing import Any

import pytest

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import roles
from commandcenter.server.auth.current_role import current_role_of
from commandcenter.server.streaming import publisher, snapshots
from tests.kit.ear import Hall, Said, Story

Board = dict[tuple[str, str], int]
WEST_DESK = Person("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="west"))


def seen_by(hall: Hall, user: str) -> Board:
    """The board of `user` as a snapshot gives it now: (kind, id) and revision."""
    now, tokens = hall.platform.now(), hall.platform.cursor_tokens
    chunks = hall.platform.readers.now(
        lambda con: snapshots.snapshot(con, current_role_of(con, user, now), now, tokens)
    ).chunks
    return _boarded(json.loads(line) for line in b"".join(chunks[1:-1]).splitlines())


def _boarded(records: Iterable[Any]) -> Board:
    return {(one["kind"], one["record"]["id"]): one["record"]["rev"] for one in records}


def _hash(snapshots: Board) -> str:
    text = "".join(f"{kind} {key} {rev}\n" for (kind, key), rev in sorted(snapshots.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def digests_in_step(before: Board, said: list[Said]) -> int:
    """How many digests there are; each is that of the board as it was told until then."""
    told, count = dict(before), 0
    for one in said:
        if one.event == "put":
            told |= _boarded(one.data["records"])
        elif one.data.get("digest"):
            count += 1
            assert one.data["digest"] == _hash(told)
    return count


def test_a_beat_tells_the_head_that_the_listener_may_see_from_the_first_on(story: Story) -> None:
    async def told(hall: Hall) -> None:
        hall.takes("east")
        head = hall.head
        hall.takes("west")
        ear = hall.listens("east-desk")
        await asyncio.sleep(15)
        assert [(one.data["head"], one.data["scope_ver"]) for one in ear.of("hb")] == [(head, 1)] * 2
        assert [one.data["now"][:19] for one in ear.of("hb")] == ["2026-11-24T04:00:00", "2026-11-24T04:00:10"]

    story(told)


def test_every_digest_is_that_of_what_was_told_before_it(story: Story) -> None:
    async def told(hall: Hall) -> None:
        before = {user: seen_by(hall, user) for user in ("clerk", "east-desk")}
        ears = {user: hall.listens(user) for user in before}
        for number in range(100):
            hall.takes("east" if number % 3 else "west")
            await asyncio.sleep(2.77)
        for user, ear in ears.items():
            assert digests_in_step(before[user], ear.said) == 4
            assert ear.times("hb") == [10.0 * beat for beat in range(28)]

    story(told)


def test_what_is_written_while_a_digest_is_counted_is_told_before_the_digest_that_has_it_and_after_any_other(
    story: Story,
) -> None:
    async def told(hall: Hall) -> None:
        before = seen_by(hall, "clerk")
        ear = hall.listens("clerk")
        await asyncio.sleep(55)
        counted: list[str] = []

        async def first() -> None:
            counted.extend(hall.takes() for _ in range(3))  # the digest has them, and no stream yet

        async def second() -> None:
            counted.append(hall.takes())
            await asyncio.sleep(0.001)  # now all are at hand

        hall.before, hall.after = first, second
        await asyncio.sleep(5.01)
        hall.before = hall.after = lambda: asyncio.sleep(0)
        await asyncio.sleep(1)
        assert [one.event for one in ear.said[-5:]] == ["put", "put", "put", "hb", "put"]
        assert ear.cases == counted
        assert digests_in_step(before, ear.said) == 1
        await asyncio.sleep(75)
        assert digests_in_step(before, ear.said) == 2

    story(told)


def test_a_digest_that_would_be_ahead_of_the_stream_is_left_to_the_next_beat(story: Story) -> None:
    async def told(hall: Hall) -> None:
        before = seen_by(hall, "clerk")
        ear = hall.listens("clerk")
        await asyncio.sleep(55)

        async def nothing() -> None:
            pass

        async def first() -> None:
            hall.before = nothing
            hall.takes()  # in the digest, and the loop has had no turn to hand it over

        hall.before, hall.after = first, nothing
        await asyncio.sleep(14)
        assert [round(one.at) for one in ear.of("hb") if one.data.get("digest")] == []
        assert [one.at for one in ear.of("put")] == [pytest.approx(60, abs=0.1)]
        await asyncio.sleep(65)
        assert [round(one.at) for one in ear.of("hb") if one.data.get("digest")] == [70, 130]
        assert digests_in_step(before, ear.said) == 2

    story(told)


def test_a_digest_is_told_though_nothing_in_it_is_the_listener_s(story: Story) -> None:
    async def told(hall: Hall) -> None:
        before = seen_by(hall, "east-desk")
        ear = hall.listens("east-desk")
        await asyncio.sleep(55)

        async def first() -> None:
            hall.takes("west")

        hall.before = first
        await asyncio.sleep(10)
        assert digests_in_step(before, ear.said) == 1
        assert {one.event for one in ear.said} == {"hb"}

    story(told)


def test_one_far_behind_with_nothing_in_sight_since_has_its_digest(story: Story) -> None:
    async def told(hall: Hall) -> None:
        head, before = hall.head, seen_by(hall, "east-desk")
        for _ in range(3):
            hall.takes("west")
        ear = hall.listens("east-desk", f"1:{head}")
        await asyncio.sleep(65)
        assert digests_in_step(before, ear.said) == 1

    story(told)


def test_a_stream_to_which_nobody_said_that_its_user_moved_finds_it_out_as_it_reads(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher.Publisher, "_moved", lambda self, users: None)

    async def told(hall: Hall) -> None:
        ear = hall.listens("east-desk")
        await asyncio.sleep(55)
        hall.writes(lambda con: roles.change_role(con, WEST_DESK, now=hall.platform.now()))
        await asyncio.sleep(5.1)
        assert [(one.event, one.data) for one in ear.said[6:]] == [
            ("hb", ear.said[6].data | {"digest": None}),
            ("scope", {"scope_ver": 3}),
        ]
        assert ear.is_over

    story(told)

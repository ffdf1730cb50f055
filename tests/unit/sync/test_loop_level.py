"""When a board is level with its platform, what each heartbeat says of that, and who sits before it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commandcenter.bootstrap import Desk
from commandcenter.cache.faults import DiskFault
from commandcenter.domain.commands import File
from commandcenter.protocol.codec import encode
from commandcenter.store.overlay import Delivery
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.connection import State
from commandcenter.sync.inbound import Inbound
from tests.kit.console import console, live, until
from tests.kit.district import NOON
from tests.kit.scripted import URL, Paper, a_case, problem, sit
from tests.kit.slow_hour import SlowHour, at


async def reconnected(desk: Desk, paper: Paper, hour: SlowHour, **hello: Any) -> None:
    """The stream ends; the next one begins after a hello that says this."""
    paper.hello_extra |= hello
    streams, waits = len(paper.cursors), len(hour.asked)
    paper.raw(None)
    await hour.waits(waits + 1)
    hour.ends()
    await until(lambda: len(paper.cursors) == streams + 1 and desk.connection.state is State.LIVE)


def place(desk: Desk) -> tuple[int | None, int | None, int | None]:
    return desk.connection.cursor, desk.connection.head, desk.connection.lag


async def come(desk: Desk, key: str) -> None:
    await until(lambda: desk.board.find("case", key))


async def test_a_board_that_was_behind_is_level_with_the_last_frame_and_needs_no_heartbeat(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        assert place(desk) == (10, 10, 0)
        await reconnected(desk, paper, hour, head=12)
        assert (place(desk), desk.connection.stale) == ((10, 12, 2), True)
        hour.mono += 5.0
        paper.put(11, a_case("c11"))
        await come(desk, "c11")
        await until(lambda: place(desk) == (11, 12, 1))
        await until(lambda: desk.connection.last_heard == desk.now())
        assert desk.connection.stale
        paper.put(12, a_case("c12"))
        await until(lambda: not desk.connection.stale)
        assert place(desk) == (12, 12, 0)
        await reconnected(desk, paper, hour)
        assert not desk.connection.stale


async def test_a_heartbeat_says_how_far_the_log_is_and_once_is_no_reason_to_begin_anew(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.beat(12)
        await until(lambda: place(desk) == (10, 12, 2))
        paper.put(11, a_case("c11"))
        await until(lambda: place(desk) == (11, 12, 1))
        paper.put(12, a_case("c12"))
        await until(lambda: place(desk) == (12, 12, 0))
        paper.beat(12)
        paper.beat(13)
        await until(lambda: place(desk) == (12, 13, 1))
        assert (desk.connection.state, len(paper.cursors)) == (State.LIVE, 1)
        paper.beat(14)
        assert await hour.waits(1) == 0.5
        assert place(desk) == (12, 14, 2)
        assert (desk.connection.code, desk.connection.about) == ("behind", "behind for two heartbeats")
        hour.ends()
        await until(lambda: len(paper.cursors) == 2)
        paper.beat(13)  # the first of the next line
        paper.put(13, a_case("c13"))
        await come(desk, "c13")
        assert len(paper.cursors) == 2


async def test_a_heartbeat_that_comes_twice_proves_nothing_the_second_time(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.put(11, a_case("c11"))
        await come(desk, "c11")  # and so the heartbeat before it
        paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": 40}
        await desk.do(File("c1"))
        await until(lambda: [act.delivery for act in desk.acts.open] == [Delivery.SENT])
        same = encode({"head": 10, "now": NOON + timedelta(minutes=1)})
        for _ in range(3):
            paper.say("hb", same)
        paper.put(12, a_case("c12"))
        await come(desk, "c12")
        assert [act.delivery for act in desk.acts.open] == [Delivery.SENT]
        paper.say("hb", encode({"head": 12, "now": NOON + timedelta(minutes=2)}))
        await until(lambda: desk.acts.open == ())


async def test_a_heartbeat_counts_once_whether_the_disk_took_it_or_not(
    tmp_path: Path, paper: Paper, hour: SlowHour, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.put(11, a_case("c11"))
        await come(desk, "c11")  # and so the heartbeat before it
        counted: list[int] = []

        async def end_invisible(_: CommandAnswers) -> None:
            counted.append(len(paper.cursors))
            if len(counted) == 1:
                raise DiskFault("journal.db")

        monkeypatch.setattr(CommandAnswers, "end_invisible", end_invisible)
        first, second = (encode({"head": 10, "now": NOON + timedelta(hours=hours)}) for hours in (1, 3))
        paper.hello_extra = {"now": NOON + timedelta(hours=2)}
        paper.say("hb", first)
        await hour.waits(1)
        hour.ends()
        await until(lambda: len(paper.cursors) == 2)
        paper.say("hb", first)
        paper.say("hb", second)
        await until(lambda: len(counted) == 2)
        paper.put(12, a_case("c12"))
        await come(desk, "c12")
        assert counted == [1, 2]


async def test_a_heartbeat_from_the_future_does_not_count_for_ever(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.say("hb", encode({"head": 10, "now": NOON + timedelta(days=900)}))
        paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": 40}
        await reconnected(desk, paper, hour)
        await desk.do(File("c1"))
        await until(lambda: [act.delivery for act in desk.acts.open] == [Delivery.SENT])
        paper.beat()
        paper.beat()
        await until(lambda: desk.acts.open == ())


async def test_what_has_ended_is_cleared_out_with_the_first_level_heartbeat_and_every_thirtieth(
    tmp_path: Path, paper: Paper, hour: SlowHour, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleared: list[str] = []

    async def clear_out(self: Inbound, seat: Any) -> None:
        cleared.append(seat.user)

    monkeypatch.setattr(Inbound, "clear_out", clear_out)
    async with at(tmp_path, paper, hour) as desk:
        counts = []
        for key, beats in (("a", 0), ("b", 29), ("c", 1), ("d", 29), ("e", 1)):
            for _ in range(beats):
                paper.beat()
            paper.put(paper.head + 1, a_case(key))
            paper.head += 1
            await come(desk, key)
            counts.append(len(cleared))
        assert counts == [1, 1, 2, 2, 3]
        assert set(cleared) == {"shift"}


async def test_while_a_snapshot_comes_the_state_says_so(tmp_path: Path, paper: Paper) -> None:
    async with console(tmp_path, paper) as desk:
        seen: list[tuple[str, tuple[int, int] | None]] = []
        desk.connection.changed.connect(lambda _: seen.append((str(desk.connection.state), desk.connection.progress)))
        await sit(desk, paper)
        count = len(paper.records)
        assert ("snapshot", (count, count)) in seen
        assert {state for state, progress in seen if progress is not None} == {"snapshot"}


async def test_whoever_became_somebody_else_sees_nothing_of_before_until_their_own_board_is_there(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.instead["/v1/snapshot"] = [problem(503, "busy")]
        paper.hello_extra = {"role": "dispatcher", "scope": {"district": "d1"}, "since": NOON}
        paper.raw(None)
        await hour.waits(1)
        hour.ends()
        await hour.waits(2)
        assert (desk.connection.code, list(desk.board.all("case"))) == ("busy", [])
        assert (str(desk.person.role), desk.user.since) == ("dispatcher", NOON)
        hour.ends()
        await come(desk, "c1")
        paper.beat()
        await live(desk)
        await reconnected(desk, paper, hour, since=NOON + timedelta(hours=1))  # the same, and no other board
        assert (paper.asked.count("/v1/snapshot"), desk.user.since) == (3, NOON + timedelta(hours=1))


async def test_what_is_taken_in_is_sealed_to_the_key_that_the_platform_said_last(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    key = "b3RoZXIgcGxhdGZvcm0gb2YgdGhlIHNhbWUgbmFtZSE="
    async with at(tmp_path, paper, hour) as desk:
        await reconnected(desk, paper, hour, seal_key=key)
        assert desk._parts.handshake.seal_key == key
        assert paper.asked.count("/v1/snapshot") == 2  # it is another platform


async def test_word_that_the_platform_is_back_says_at_once_what_is_waited_for_now(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.raw(None)
        await hour.waits(1)
        await desk.do(File("c1"))
        assert [act.code for act in desk.acts.open] == ["closed"]
        seen: list[list[str | None]] = []
        desk.connection.changed.connect(lambda _: seen.append([act.code for act in desk.acts.open]))
        desk.user.moved(URL)
        assert seen == [["connecting"]]
        assert desk.connection.state is State.CONNECTING
        paper.beat()
        await live(desk)


async def test_a_line_that_was_hung_up_is_not_begun_by_word_that_the_platform_is_back(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.raw(None)
        await hour.waits(1)
        await desk._parts.loop.stop()
        asked = list(paper.asked)
        desk.user.moved(URL)
        await desk.do(File("c1"))  # the loop goes round
        assert (desk.connection.state, paper.asked) == (State.WAITING, asked)


async def test_a_scope_that_has_moved_is_said_in_the_log(tmp_path: Path, paper: Paper, hour: SlowHour) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.scope_ver = 2
        paper.say("scope", b'{"scope_ver":2}')
        await until(lambda: len(paper.cursors) == 2)
        paper.scope_ver = 3
        paper.say("hb", encode({"head": 10, "now": NOON, "scope_ver": 3}))
        await hour.waits(1)
        told = [(entry.code, entry.about) for entry in desk.connection.log if entry.code]
        words = ("scope", "the scope has moved, and nobody said so")
        assert told == [("scope", "the scope has moved"), words, words]

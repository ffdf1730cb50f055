"""The line to the platform: order, gaps, snapshots, silence, another epoch, another scope."""

from hashlib import sha256

import httpx

from commandcenter.cache.faults import DiskFault
from commandcenter.domain.records import kind_of
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.connection import State
from tests.kit.console import console, live, until
from tests.kit.district import NOON, seats
from tests.kit.scripted import URL, Paper, a_case, problem, sit


async def test_frames_are_applied_in_order_and_one_that_comes_twice_is_dropped(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.put(11, a_case(text="one"))
        paper.put(12, a_case(rev=2, text="two"))
        paper.put(11, a_case(text="one"), prev=10)
        paper.put(13, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
        assert desk.board.find("case", "c1").text == "two"
        assert paper.cursors == ["1:10"]


async def test_a_gap_is_asked_for_again_from_the_cursor(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.put(11, a_case("c1"))
        paper.put(14, a_case("c4"), prev=13)
        await until(lambda: len(paper.cursors) == 2)
        assert paper.cursors == ["1:10", "1:11"]
        assert desk.board.find("case", "c4") is None
        paper.put(13, a_case("c3"), prev=11)
        paper.put(14, a_case("c4"))
        await until(lambda: desk.board.find("case", "c4"))
        assert paper.asked.count("/v1/snapshot") == 1


async def test_the_same_gap_a_second_time_asks_for_a_whole_new_board(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.put(14, a_case("c4"), prev=13)
        await until(lambda: len(paper.cursors) == 2)
        paper.put(14, a_case("c4"), prev=13)
        paper.head, paper.records = 14, [*paper.records, a_case("c4")]
        await until(lambda: desk.board.find("case", "c4"))
        assert paper.asked.count("/v1/snapshot") == 2
        assert "gap" in [entry.code for entry in desk.connection.log]


async def test_half_a_snapshot_or_one_that_does_not_add_up_is_never_seen(tmp_path):
    paper = Paper()
    paper.spoils_snapshot = True
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await desk.user.sign_in(URL, "shift", "x")
        await until(lambda: desk.connection.state is State.WAITING)
        assert desk.connection.code == "garbled"
        assert desk.board.find("case", "c1") is None
        paper.spoils_snapshot = False
        await until(lambda: desk.board.find("case", "c1"))


async def test_a_cursor_too_far_behind_asks_for_a_snapshot_and_the_old_board_stays_meanwhile(tmp_path):
    paper = Paper()
    paper.records.append(a_case(text="old"))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead["/v1/events"] = [problem(410, "gone")]
        paper.records[-1] = a_case(rev=9, text="new")
        seen = []
        desk.board.changed.connect(lambda touched: seen.append(desk.board.find("case", "c1")))
        paper.raw(None)
        await until(lambda: desk.board.find("case", "c1").text == "new")
        assert None not in seen


async def test_a_new_epoch_begins_with_hello_and_a_snapshot(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.epoch, paper.bases, paper.head = 2, {"1": 0, "2": 8}, 8
        paper.instead["/v1/events"] = [problem(409, "wrong_epoch")]
        paper.raw(None)
        await until(lambda: paper.cursors[-1] == "2:8")


async def test_a_log_that_went_back_without_a_new_epoch_is_taken_over_as_a_whole(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.head = 4
        paper.instead["/v1/events"] = [problem(409, "wrong_epoch"), problem(409, "wrong_epoch")]
        paper.raw(None)
        await until(lambda: paper.cursors[-1] == "1:4")


async def test_two_heartbeats_ahead_of_the_board_mean_that_something_was_lost(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.beat(11)
        await until(lambda: desk.connection.last_heard is not None)
        assert desk.connection.state is State.LIVE
        paper.beat(11)
        await until(lambda: len(paper.cursors) == 2)
        assert "behind" in [entry.code for entry in desk.connection.log]


async def test_a_mute_stream_is_dead_and_the_banner_says_since_when(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        heard = desk.connection.last_heard
        paper.instead["/v1/events"] = httpx.ReadTimeout("mute")
        paper.raw(None)
        await until(lambda: desk.connection.code == "timed_out")
        assert desk.connection.stale
        assert desk.connection.last_heard >= heard


async def test_a_digest_that_differs_at_the_same_place_is_reported_and_mended(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        lines = sorted(f"{kind} {record.id} {record.rev}\n" for kind, record in _keyed(paper.records))
        paper.beat(digest=sha256("".join(lines).encode()).hexdigest())
        paper.put(11, a_case("c1", ended_at=NOON))
        paper.head = 11
        paper.beat(digest=sha256("".join(lines).encode()).hexdigest())
        await until(lambda: desk.board.find("case", "c1"))
        assert paper.asked.count("/v1/snapshot") == 1
        paper.beat(digest="0" * 64)
        await until(lambda: paper.asked.count("/v1/snapshot") == 2)
        assert "digest" in [entry.code for entry in desk.connection.log]


def _keyed(records):

    return [(kind_of(record), record) for record in records]


async def test_what_may_no_longer_be_seen_is_gone_from_board_and_disk(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.say("evict", b'{"seq":11,"prev":10,"records":[{"kind":"case","id":"c1"}]}', key="1:11")
        await until(lambda: desk.board.find("case", "c1") is None)
    async with console(tmp_path, Paper()) as desk:
        assert desk.board.find("kind", "water")
        assert desk.board.find("case", "c1") is None


async def test_a_changed_scope_brings_a_whole_new_board(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.records.pop()
        paper.scope_ver = 2
        paper.say("scope", b'{"scope_ver":2}')
        await until(lambda: desk.board.find("case", "c1") is None)


async def test_the_next_start_shows_the_last_board_before_any_network(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.put(11, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
    other = Paper()
    other.head = 11
    async with console(tmp_path, other) as desk:
        assert desk.connection.state is State.STARTING
        assert desk.board.find("case", "c1")
        assert desk.board.find("case", "c2")
        await sit(desk, other)
        assert other.cursors == ["1:11"]
        assert "/v1/snapshot" not in other.asked


async def test_another_person_sees_nothing_of_the_former_seat(tmp_path):

    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
    other = Paper(seats()["dispatcher"])
    async with console(tmp_path, other) as desk:
        assert desk.board.find("case", "c1")
        await desk.user.sign_in(URL, "dispatcher", "x")
        assert desk.board.find("case", "c1") is None


async def test_a_file_that_fails_under_the_line_is_named_and_the_line_comes_again(tmp_path, monkeypatch):
    async def full(*given: object) -> None:
        raise DiskFault("journal.db")

    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        with monkeypatch.context() as patch:
            patch.setattr(CommandAnswers, "end_invisible", full)
            paper.beat()
            await until(lambda: "disk" in [entry.code for entry in desk.connection.log])
        # each attempt of the line fails and says so; there may have been more than one
        said = [entry for entry in desk.connection.log if entry.code == "disk"]
        assert {(entry.state, entry.about) for entry in said} == {(State.WAITING, "journal.db")}
        paper.beat()
        await live(desk)


async def test_only_a_cache_that_did_not_take_the_board_is_told_to_be_made_anew(tmp_path, monkeypatch):
    async def fails(*given: object) -> bool:
        return False

    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert "cache_rebuilt" not in [entry.code for entry in desk.connection.log]
        with monkeypatch.context() as patch:
            patch.setattr(desk._parts.inbound._mirror, "finish", fails)
            paper.epoch, paper.bases = 2, {"1": 0, "2": 10}
            paper.raw(None)
            await until(lambda: "cache_rebuilt" in [entry.code for entry in desk.connection.log])

"""Every board is of who sits there, whatever is slow."""

import asyncio

import pytest

from commandcenter.cache.mirror import Mirror
from commandcenter.sync.board_owner import OwnerChanged
from commandcenter.sync.connection import State
from tests.kit.console import Wire, console, done, hall, live, seated, take, until
from tests.kit.district import PASSWORD, seats
from tests.kit.scripted import URL, Paper, a_case, problem, sit
from tests.kit.slow_disk import Gate, gate, opened


def is_seated_or_between(desk, user: str) -> bool:
    """Whether `user` has come so far that nobody else's line goes on."""
    return desk.person.user == user or desk._parts.loop._running is None


def watched(desk) -> list[tuple[str | None, frozenset[str]]]:
    """(who sits here, the ids of the cases shown) at each change of the board from now on."""
    seen = []

    def look(_):
        seen.append((desk.person and desk.person.user, frozenset(case.id for case in desk.board.all("case"))))

    desk.board.changed.connect(look)
    return seen


async def test_whoever_signs_in_while_the_former_snapshot_is_being_written_sees_nothing_of_it(tmp_path, monkeypatch):
    network, slow = Wire(), []
    finish = Mirror.finish

    async def waits(self, at):
        if slow and slow.pop():
            self._file._worker.open.clear()
        return await finish(self, at)

    monkeypatch.setattr(Mirror, "finish", waits)
    async with hall(tmp_path / "platform") as url:
        async with seated(tmp_path / "clerk", url, "clerk") as clerk:
            for street in ("east", "west"):
                await done(clerk, take(street))
        slow.append(True)
        async with console(tmp_path / "console", network, worker=Gate) as desk, opened(desk):
            await desk.user.sign_in(url, "shift", PASSWORD)  # sees the district
            await until(lambda: gate(desk).waiting)
            seen = watched(desk)
            signing_in = asyncio.create_task(desk.user.sign_in(url, "east-desk", PASSWORD))  # sees east alone
            await until(lambda: is_seated_or_between(desk, "east-desk"))
            network.cut()
            gate(desk).open.set()
            await signing_in
            await until(lambda: desk.connection.state is State.WAITING)
            assert list(desk.board.all("case")) == []
            assert desk.position.at is None
            network.mend()
            await live(desk)
            assert {case.street for case in desk.board.all("case")} == {"east"}
            assert all(len(cases) < 2 for user, cases in seen if user == "east-desk")
        async with console(tmp_path / "console") as desk:  # nor does the file keep anything of it
            assert desk.position.at.user == "east-desk"
            assert {case.street for case in desk.board.all("case")} == {"east"}


async def test_frames_of_the_former_stream_that_are_being_written_do_not_come_on_to_the_next_board(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper, worker=Gate) as desk, opened(desk):
        await sit(desk, paper)
        gate(desk).open.clear()
        paper.put(11, a_case("c1"))
        await until(lambda: gate(desk).waiting)
        paper.seat = seats()["dispatcher"]
        paper.instead["/v1/snapshot"] = problem(503, "busy")
        signing_in = asyncio.create_task(desk.user.sign_in(URL, "dispatcher", "x"))
        await until(lambda: is_seated_or_between(desk, "dispatcher"))
        seen = watched(desk)
        gate(desk).open.set()
        await signing_in
        await until(lambda: desk.connection.state is State.WAITING)
        assert (desk.person.user, desk.position.at, list(desk.board.all("case"))) == ("dispatcher", None, [])
        assert ("dispatcher", frozenset({"c1"})) not in seen


async def test_what_comes_for_a_seat_of_before_is_not_written(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        inbound, at = desk._parts.inbound, desk.position.at
        former = await inbound.seat(at.user, at.district, at.lineage)
        await inbound.seat(at.user, at.district, at.lineage)
        assert desk.position.at == at  # the same person sees the same board
        for write in (
            inbound.apply(former, ()),
            inbound.agrees(former, ""),
            inbound._replace(former, at, [a_case("c9")]),
        ):
            try:
                await write
            except OwnerChanged:
                continue
            raise AssertionError(write)
        assert desk.board.find("case", "c9") is None


async def test_a_board_that_is_being_forgotten_is_off_the_screen_at_once_and_stays_off(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper, worker=Gate) as desk, opened(desk):
        await sit(desk, paper)
        gate(desk).open.clear()
        paper.instead |= {"/v1/hello": problem(403, "no_role"), "/v1/events": problem(403, "no_role")}
        paper.raw(None)
        await until(lambda: gate(desk).waiting)
        assert (desk.position.at, list(desk.board.all("case"))) == (None, [])
        del paper.instead["/v1/hello"]
        paper.seat = seats()["dispatcher"]
        paper.instead["/v1/snapshot"] = problem(503, "busy")
        signing_in = asyncio.create_task(desk.user.sign_in(URL, "dispatcher", "x"))  # ends the line in the midst of it
        await until(lambda: is_seated_or_between(desk, "dispatcher"))
        gate(desk).open.set()
        await signing_in
        assert list(desk.board.all("case")) == []


async def test_of_two_who_sign_in_at_once_one_sits_there_with_one_line_and_their_own_board(tmp_path):
    async with hall(tmp_path / "platform") as url:
        async with seated(tmp_path / "clerk", url, "clerk") as clerk:
            for street in ("east", "west"):
                await done(clerk, take(street))
        async with console(tmp_path / "console") as desk:
            for _ in range(3):
                both = (desk.user.sign_in(url, user, PASSWORD) for user in ("shift", "east-desk"))
                await asyncio.gather(*both)
                await live(desk)
                assert desk.position.at.user == desk.person.user
                wanted = {"east"} if desk.person.user == "east-desk" else {"east", "west"}
                assert {case.street for case in desk.board.all("case")} == wanted
                lines = [task for task in desk.tasks._running if task.get_name() == "the line to the platform"]
                assert len(lines) == 1


async def test_a_sign_in_that_nobody_waits_for_any_more_is_whole_all_the_same(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper, worker=Gate) as desk, opened(desk):
        await sit(desk, paper)
        gate(desk).open.clear()
        paper.seat = seats()["dispatcher"]
        signing_in = asyncio.create_task(desk.user.sign_in(URL, "dispatcher", "x"))
        await until(lambda: gate(desk).waiting)
        signing_in.cancel()
        gate(desk).open.set()
        await until(lambda: desk.person.user == "dispatcher")
        paper.beat()
        await live(desk)
        assert desk.position.at.user == "dispatcher"


@pytest.mark.parametrize(("user", "is_seen"), [("shift", True), ("east-desk", True), ("west-desk", False)])
async def test_a_case_that_only_an_act_left_here_tells_of_is_seen_by_whose_scope_has_it(tmp_path, user, is_seen):
    paper = Paper(seats()["clerk"])
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead["/v1/commands"] = problem(503, "busy")
        wish = take("east")
        await desk.do(wish)
        assert desk.board.find("case", wish.case)
        paper.seat = seats()[user]
        seen = watched(desk)
        await sit(desk, paper)
        assert (desk.board.find("case", wish.case) is not None) is is_seen
        assert any(who == user and wish.case in cases for who, cases in seen) is is_seen
        (act,) = desk.decisions.waiting  # that something waits here is said to everybody
        told = desk.decisions.look(act.cmd_id)
        assert (told is not None and told.mine is not None) is is_seen
        assert ("宁国路口" in str(told and told.fields)) is is_seen
        paper.seat = seats()["clerk"]
        await sit(desk, paper)
        assert desk.board.find("case", wish.case)

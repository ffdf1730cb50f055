"""Every board is of who sits there, whatever is slow."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.cache.mirror import Mirror
from commandcenter.cache.worker import ThreadWorker
from commandcenter.domain.facts import Taken
from commandcenter.protocol.codec import fact_envelope
from commandcenter.sync.board_owner import OwnerChanged
from commandcenter.sync.connection import State
from commandcenter.sync.queries import HistoryQuery, PlacesQuery, SearchQuery
from tests.kit.console import Wire, console, done, hall, live, seated, take, until
from tests.kit.district import NOON, PASSWORD, seats
from tests.kit.scripted import URL, Paper, a_case, jsoned, problem, sit
from tests.unit.sync.test_sign_in_ends import Slow

HISTORY, OUTLINE = "/v1/cases/c1/history", "/v1/places/outline"
WORDS = jsoned({"facts": [fact_envelope(Taken("c1", "clerk", NOON, "N1", "hotline", "water", "", "", "east"))]})
GEOJSON = {"content-type": "application/geo+json", "etag": "1"}
OF_HERE = httpx.Response(200, headers=GEOJSON, content=b'{"features":[1]}')


class Gate(ThreadWorker):
    """A disk that can be made to wait with what is written to the cache."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = 0

    async def run(self, work):
        self.waiting += 1
        await self.open.wait()
        self.waiting -= 1
        return await super().run(work)


def gate(desk) -> Gate:
    """That of the desk's cache."""
    return desk._parts.inbound._mirror._file._worker


@asynccontextmanager
async def opened(desk):
    """However the block ends, the disk goes on."""
    try:
        yield
    finally:
        gate(desk).open.set()


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
            await desk.sign_in(url, "shift", PASSWORD)  # sees the district
            await until(lambda: gate(desk).waiting)
            seen = watched(desk)
            signing_in = asyncio.create_task(desk.sign_in(url, "east-desk", PASSWORD))  # sees east alone
            await until(lambda: is_seated_or_between(desk, "east-desk"))
            network.cut()
            gate(desk).open.set()
            await signing_in
            await until(lambda: desk.connection.state is State.WAITING)
            assert list(desk.board.all("case")) == []
            assert desk.standing is None
            network.mend()
            await live(desk)
            assert {case.street for case in desk.board.all("case")} == {"east"}
            assert all(len(cases) < 2 for user, cases in seen if user == "east-desk")
        async with console(tmp_path / "console") as desk:  # nor does the file keep anything of it
            assert desk.standing.user == "east-desk"
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
        signing_in = asyncio.create_task(desk.sign_in(URL, "dispatcher", "x"))
        await until(lambda: is_seated_or_between(desk, "dispatcher"))
        seen = watched(desk)
        gate(desk).open.set()
        await signing_in
        await until(lambda: desk.connection.state is State.WAITING)
        assert (desk.person.user, desk.standing, list(desk.board.all("case"))) == ("dispatcher", None, [])
        assert ("dispatcher", frozenset({"c1"})) not in seen


async def test_what_comes_for_a_seat_of_before_is_not_written(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        inbound, at = desk._parts.inbound, desk.standing
        former = await inbound.seat(at.user, at.district, at.lineage)
        await inbound.seat(at.user, at.district, at.lineage)
        assert desk.standing == at  # the same person sees the same board
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
        assert (desk.standing, list(desk.board.all("case"))) == (None, [])
        del paper.instead["/v1/hello"]
        paper.seat = seats()["dispatcher"]
        paper.instead["/v1/snapshot"] = problem(503, "busy")
        signing_in = asyncio.create_task(desk.sign_in(URL, "dispatcher", "x"))  # ends the line in the midst of it
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
                both = (desk.sign_in(url, user, PASSWORD) for user in ("shift", "east-desk"))
                await asyncio.gather(*both)
                await live(desk)
                assert desk.standing.user == desk.person.user
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
        signing_in = asyncio.create_task(desk.sign_in(URL, "dispatcher", "x"))
        await until(lambda: gate(desk).waiting)
        signing_in.cancel()
        gate(desk).open.set()
        await until(lambda: desk.person.user == "dispatcher")
        paper.beat()
        await live(desk)
        assert desk.standing.user == "dispatcher"


async def code(asked) -> str:
    """Why there is no answer."""
    with pytest.raises(Unavailable) as said:
        await asked
    return said.value.code


@pytest.mark.parametrize(
    ("path", "query", "answer"), [(HISTORY, HistoryQuery("c1"), WORDS), (OUTLINE, PlacesQuery("outline"), OF_HERE)]
)
@pytest.mark.parametrize("has_board", [True, False])
async def test_an_answer_that_comes_after_the_next_has_sat_down_is_nobodys(tmp_path, path, query, answer, has_board):
    paper, next_one = Slow(), seats()["dispatcher"]
    elsewhere = replace(next_one, scope=replace(next_one.scope, district="d2"))
    async with console(tmp_path, paper, worker=Gate) as desk, opened(desk):
        if has_board:
            await sit(desk, paper)
        paper.instead["/v1/snapshot"] = problem(503, "busy")
        if not has_board:
            await desk.sign_in(URL, "shift", "x")
        paper.instead[path] = answer
        paper.gates[path] = asyncio.Event()
        asked = asyncio.create_task(desk.ask(query))
        await until(lambda: path in paper.asked)
        gate(desk).open.clear()
        paper.seat, paper.hello_extra = elsewhere, {"district": "d2"}
        signing_in = asyncio.create_task(desk.sign_in(URL, "dispatcher", "x"))
        await until(lambda: gate(desk).waiting)  # the cache is being cleared
        paper.gates[path].set()
        gate(desk).open.set()
        await signing_in
        assert await code(asked) == "unseated"
        paper.instead[path] = httpx.ConnectError("cut")
        assert await code(desk.ask(query)) == "unreachable"  # nothing of it was kept


async def test_an_answer_that_waits_for_the_disk_while_the_next_sits_down_is_cleared_with_the_rest(tmp_path):
    paper = Slow()
    async with console(tmp_path, paper, worker=Gate) as desk, opened(desk):
        await sit(desk, paper)
        paper.instead |= {HISTORY: WORDS, "/v1/snapshot": problem(503, "busy")}
        gate(desk).open.clear()
        asked = asyncio.create_task(desk.ask(HistoryQuery("c1")))
        await until(lambda: gate(desk).waiting)  # it is being kept
        paper.seat = seats()["dispatcher"]
        signing_in = asyncio.create_task(desk.sign_in(URL, "dispatcher", "x"))
        await until(lambda: desk._parts.inbound._seat.user == "dispatcher")
        gate(desk).open.set()
        await signing_in
        await asyncio.wait([asked])
        paper.instead[HISTORY] = httpx.ConnectError("cut")
        assert await code(desk.ask(HistoryQuery("c1"))) == "unreachable"


async def test_what_is_kept_of_a_history_without_a_board_is_not_there_for_whoever_comes_first(tmp_path):
    paper = Paper()
    paper.instead |= {HISTORY: WORDS, "/v1/snapshot": problem(503, "busy")}
    async with console(tmp_path, paper) as desk:
        await desk.sign_in(URL, "shift", "x")
        assert await desk.ask(HistoryQuery("c1"))
    paper.seat = seats()["dispatcher"]
    async with console(tmp_path, paper) as desk:
        await desk.sign_in(URL, "dispatcher", "x")
        paper.instead[HISTORY] = httpx.ConnectError("cut")
        assert await code(desk.ask(HistoryQuery("c1"))) == "unreachable"


class Named(Slow):
    """Remembers under whose sign-in cases were searched."""

    def __init__(self) -> None:
        super().__init__()
        self.under: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/cases":
            self.under.append(request.headers["authorization"])
        return await super().handle_async_request(request)


async def test_nothing_is_asked_under_the_former_sign_in_once_the_next_one_sits_down(tmp_path):
    paper = Named()
    paper.instead["/v1/cases"] = jsoned({"items": [], "total": 0, "next": None})
    async with console(tmp_path, paper, worker=Gate) as desk, opened(desk):
        await sit(desk, paper)
        await desk.ask(SearchQuery())
        gate(desk).open.clear()
        paper.seat = seats()["dispatcher"]
        signing_in = asyncio.create_task(desk.sign_in(URL, "dispatcher", "x"))
        await until(lambda: gate(desk).waiting)
        await desk.ask(SearchQuery())
        gate(desk).open.set()
        await signing_in
        await desk.ask(SearchQuery())
        former, between, after = paper.under
        assert former != between == after


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
        (act,) = desk.waiting  # that something waits here is said to everybody
        told = desk.look(act.cmd_id)
        assert (told is not None and told.mine is not None) is is_seen
        assert ("宁国路口" in str(told and told.fields)) is is_seen
        paper.seat = seats()["clerk"]
        await sit(desk, paper)
        assert desk.board.find("case", wish.case)

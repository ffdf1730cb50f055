"""An answer that comes when another sits there is nobody's."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.domain.facts import Taken
from commandcenter.protocol.codec import fact_envelope
from commandcenter.sync.queries import HistoryQuery, PlacesQuery, SearchQuery
from tests.kit.console import console, until
from tests.kit.district import NOON, seats
from tests.kit.scripted import URL, Paper, jsoned, problem, sit
from tests.kit.slow_disk import Gate, gate, opened
from tests.unit.sync.test_sign_in_ends import Slow

HISTORY, OUTLINE = "/v1/cases/c1/history", "/v1/places/outline"
WORDS = jsoned({"facts": [fact_envelope(Taken("c1", "clerk", NOON, "N1", "hotline", "water", "", "", "east"))]})
GEOJSON = {"content-type": "application/geo+json", "etag": "1"}
OF_HERE = httpx.Response(200, headers=GEOJSON, content=b'{"features":[1]}')


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
            await desk.user.sign_in(URL, "shift", "x")
        paper.instead[path] = answer
        paper.gates[path] = asyncio.Event()
        asked = asyncio.create_task(desk.ask(query))
        await until(lambda: path in paper.asked)
        gate(desk).open.clear()
        paper.seat, paper.hello_extra = elsewhere, {"district": "d2"}
        signing_in = asyncio.create_task(desk.user.sign_in(URL, "dispatcher", "x"))
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
        signing_in = asyncio.create_task(desk.user.sign_in(URL, "dispatcher", "x"))
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
        await desk.user.sign_in(URL, "shift", "x")
        assert await desk.ask(HistoryQuery("c1"))
    paper.seat = seats()["dispatcher"]
    async with console(tmp_path, paper) as desk:
        await desk.user.sign_in(URL, "dispatcher", "x")
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
        signing_in = asyncio.create_task(desk.user.sign_in(URL, "dispatcher", "x"))
        await until(lambda: gate(desk).waiting)
        await desk.ask(SearchQuery())
        gate(desk).open.set()
        await signing_in
        await desk.ask(SearchQuery())
        former, between, after = paper.under
        assert former != between == after

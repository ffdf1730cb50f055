"""The network of a demonstration: whatever is ordered of it, nothing that passed is lost or comes out of order."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from commandcenter.client.errors import PlatformFault
from commandcenter.demonstration.faulty_network import FaultyNetwork
from tests.kit import console
from tests.kit.console import case, hall, live, seated, take, until
from tests.kit.console import done as given

URL = "http://platform.invalid"


class Paper(FaultyNetwork):
    """A wire whose far end is a piece of paper; `let_go` lets the next piece leave."""

    def __init__(self, *pieces: bytes) -> None:
        super().__init__()
        self.asked = 0
        self.let_go = asyncio.Semaphore(0)
        self._pieces_there = pieces

    async def carry(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return httpx.Response(200, stream=_Pieces(self))


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._paper._pieces_there:
            await self._paper.let_go.acquire()
            yield piece


async def answer(network: FaultyNetwork, path: str = "/v1/hello") -> bytes:
    async with httpx.AsyncClient(transport=network, base_url=URL) as http:
        return (await http.get(path)).content


async def test_a_wire_that_is_well_carries_everything_in_its_order():
    network = Paper(b"a", b"b", b"c")
    for _ in range(3):
        network.let_go.release()
    assert network.is_well
    assert await answer(network) == b"abc"


async def test_its_faults_are_those_of_the_way_to_one_platform():
    network = Paper(b"a")
    network.let_go.release()
    network.cut()
    network._address = lambda: URL
    with pytest.raises(httpx.ConnectError):
        await answer(network)
    network._address = lambda: f"{URL}:8000"
    assert await answer(network) == b"a"


async def test_late_is_late_in_both_directions_and_still_in_order():
    network = Paper(b"a", b"b")
    network.delay = 0.1
    for _ in range(2):
        network.let_go.release()
    began = time.monotonic()
    assert await answer(network) == b"ab"
    assert time.monotonic() - began >= 0.1


async def test_what_is_cut_asks_nobody():
    network = Paper()
    network.cut()
    with pytest.raises(httpx.ConnectError):
        await answer(network)
    assert network.asked == 0
    network.mend()
    assert await answer(network) == b""


@pytest.mark.parametrize("delay", [0.0, 600.0])
async def test_a_cut_breaks_off_at_once_what_is_under_way_however_late(delay: float):
    network = Paper(b"a", b"b")
    network.delay = delay
    asking = asyncio.ensure_future(answer(network))
    await until(lambda: network._waits)
    network.cut()
    with pytest.raises(httpx.ReadError):
        await asyncio.wait_for(asking, 60)


async def test_a_stream_from_before_the_cut_stays_broken_when_the_wire_is_joined_again():
    network = Paper(b"a", b"b")
    network.let_go.release()
    async with (
        httpx.AsyncClient(transport=network, base_url=URL) as http,
        http.stream("GET", "/v1/events") as stream,
    ):
        pieces = stream.aiter_bytes()
        assert await anext(pieces) == b"a"
        network.cut()
        network.join()
        network.let_go.release()
        with pytest.raises(httpx.ReadError):
            await anext(pieces)


async def test_an_answer_that_is_lost_was_given(tmp_path):
    network = console.Wire()
    async with hall(tmp_path / "hall") as url, seated(tmp_path / "p", url, "clerk", network) as desk:
        network.lose_answers = True
        wish = take()
        await given(desk, wish)  # the stream tells that it was done
        assert case(desk, wish.case).number
        assert network.sent.count(("POST", "/v1/commands")) >= 1


async def test_a_wrong_password_at_the_sign_in_leaves_the_line_of_who_sits_there_alone(tmp_path):
    network = console.Wire()
    async with hall(tmp_path / "hall") as url, seated(tmp_path / "p", url, "clerk", network) as desk:
        streams = network.sent.count(("GET", "/v1/events"))
        with pytest.raises(Exception, match=r"bad_credentials|wrong_password"):
            await desk.user.sign_in(url, "shift", "not-the-password")
        await given(desk, take())
        assert network.sent.count(("GET", "/v1/events")) == streams


async def test_how_late_the_network_is_can_be_read_from_the_connection(tmp_path):
    network = console.Wire()
    network.delay = 0.3
    async with hall(tmp_path / "hall") as url, seated(tmp_path / "p", url, "clerk", network) as desk:
        assert desk.connection.round_trip is not None
        assert desk.connection.round_trip >= 0.3
        network.cut()
        await until(lambda: desk.connection.state == "waiting")
        network.mend()
        await live(desk)


def test_the_faults_of_this_wire_are_the_world_s(tmp_path: Any):
    assert not issubclass(httpx.ReadError, PlatformFault)  # the session says them in its own words, as any network's

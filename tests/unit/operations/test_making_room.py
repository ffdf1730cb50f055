"""Who makes room when a server is full of connections: floods displace themselves, nobody at work is cut off."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from commandcenter.operations.connection_pool import ConnectionPool
from commandcenter.server.platform import Platform
from tests.kit.loopback import hosted
from tests.unit.operations.test_connections import HEALTH, POST, Pool, _lives, connected

WRONG = b'{"user": "clerk", "password": "no"}'


@dataclass(eq=False)
class StandIn:
    """A connection without a socket."""

    address: str
    is_dropped: bool = False

    def drop(self) -> None:
        """Note it."""
        self.is_dropped = True

    def overdue(self, now: float) -> bool:
        """Never."""
        return False


async def test_a_flood_of_those_who_asked_once_keeps_no_newcomer_out(platform: Platform) -> None:
    pool = Pool(4, per_address=4)
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(hosted(platform, pool=pool))
        for _ in range(4):
            flood = await stack.enter_async_context(connected(port))
            await flood.says(HEALTH)
            assert (await flood.hears()).startswith(b"HTTP/1.1 200")
        newcomer = await stack.enter_async_context(connected(port))
        assert await _lives(port)
        await newcomer.says(HEALTH)
        assert (await newcomer.hears()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("second", [HEALTH[:-2], POST + b"{"], ids=["half a head", "half a body"])
@pytest.mark.parametrize("is_at_once", [True, False], ids=["with the first", "after the answer"])
async def test_who_began_a_second_request_makes_room_as_well(
    platform: Platform, second: bytes, is_at_once: bool
) -> None:
    async with hosted(platform, pool=Pool(1, per_address=1)) as port, connected(port) as slow:
        await slow.says(HEALTH + second if is_at_once else HEALTH)
        assert (await slow.hears()).startswith(b"HTTP/1.1 200")
        await slow.says(b"" if is_at_once else second)
        assert await _lives(port)


async def test_a_request_right_behind_another_is_answered_whoever_needs_room(platform: Platform) -> None:
    sign_in = POST.replace(b": 50", b": %d" % len(WRONG)) + WRONG
    async with hosted(platform, pool=Pool(1, per_address=1)) as port, connected(port) as client:
        await client.says(HEALTH + sign_in)
        answered = await client.hears()
        async with connected(port) as late:
            assert await late.hears() == b""
        while b"HTTP/1.1 401" not in answered:
            answered += (heard := await client.hears())
            assert heard


def test_the_address_with_the_most_waiting_connections_makes_room() -> None:
    one, another, third = (StandIn(f"10.0.0.{n}") for n in range(3))
    flood = [StandIn("10.9.9.9") for _ in range(7)]
    pool = ConnectionPool[StandIn](9, per_address=9)
    assert all(pool.enter(client, client.address) for client in (one, another, *flood, third))
    assert [client for client in (one, another, third, *flood) if client.is_dropped] == flood[:1]


def test_an_address_whose_connections_are_all_at_work_makes_no_room() -> None:
    flood, one = [StandIn("10.9.9.9") for _ in range(3)], StandIn("10.0.0.1")
    pool = ConnectionPool[StandIn](4, per_address=3)
    for client in (*flood, one):
        assert pool.enter(client, client.address)
    for client in flood:
        pool.works(client)
    assert not pool.enter(StandIn("10.9.9.9"), "10.9.9.9")
    assert pool.enter(StandIn("10.0.0.2"), "10.0.0.2")
    assert [client for client in (one, *flood) if client.is_dropped] == [one]

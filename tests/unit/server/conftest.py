"""A small platform for each test, and its seats."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.domain.people import Person
from commandcenter.protocol.codec import decode, encode
from commandcenter.protocol.messages import CommandBatch, CommandEnvelope
from commandcenter.server.command_pipeline import pipeline
from commandcenter.server.platform import Platform
from tests.kit.administrator import Editor, sit_to_edit
from tests.kit.district import seats
from tests.kit.ear import Story, in_hall
from tests.kit.platform import Clock, Desk, calling, sit_down, small_platform
from tests.kit.set_back import Machine


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(tmp_path: Path, clock: Clock) -> Iterator[Platform]:
    with small_platform(tmp_path / "data", clock=clock) as platform:
        yield platform


@pytest.fixture
async def http(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(platform) as http:
        yield http


Sit = Callable[[str], Awaitable[Desk]]
Sends = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def sit(http: httpx.AsyncClient) -> Sit:
    async def down(user: str) -> Desk:
        return await sit_down(http, user)

    return down


@pytest.fixture
async def editor(platform: Platform, http: httpx.AsyncClient) -> Editor:
    return await sit_to_edit(platform, http)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Tells a story of streams in virtual time."""
    return lambda told: in_hall(tmp_path, told)


@pytest.fixture
def sends(platform: Platform, clock: Clock) -> Sends:
    """Send commands as a user; the answers as they go over the wire."""

    def sent(user: str, *wishes: dict[str, Any], epoch: int = 1, person: Person | None = None) -> list[dict[str, Any]]:
        commands = tuple(decode(encode(one), CommandEnvelope) for one in wishes)
        batch = CommandBatch(epoch=epoch, console_id=f"at-{user}", commands=commands)
        who, site, tokens = person or seats()[user].person, platform.site_key, platform.cursor_tokens
        answered = platform.writer.submit(
            lambda con: pipeline.execute_batch(con, batch, who, clock(), site, tokens)
        ).result()
        return [decode(encode(one), dict[str, Any]) for one in answered.results]

    return sent


@pytest.fixture
async def filed(sit: Sit) -> str:
    """A case of the east that waits to be dispatched."""
    case = await (await sit("clerk")).take("east")
    assert (await (await sit("shift")).do("file", case=case))["status"] == "applied"
    return case


@pytest.fixture
def machine(tmp_path: Path, clock: Clock) -> Machine:
    """A small platform's, which is not running."""
    with small_platform(tmp_path / "data", clock=clock):
        return Machine(tmp_path / "data", clock)

"""What an account gives too fast waits as long as the platform says, says why, and leaves afterwards by itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commandcenter.server.platform import open_platform
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.connection import State
from commandcenter.sync.desk import Desk
from tests.kit.console import Ticking, Wire, console, done, idle, live, take, until
from tests.kit.district import PASSWORD, small_accounts, small_district
from tests.kit.loopback import serving

TAKES = 6  # a minute: one in ten seconds
LONG = 5.0  # seconds from which a wait is one that the platform asked for


@dataclass
class Waiting:
    """The clocks of both: a long wait of the console ends when the test says so, and the platform's clock with it."""

    at: float = 0.0
    asked: list[float] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        """As the console's world waits."""
        if seconds < LONG:
            await asyncio.sleep(seconds / 100)
            return
        self.asked.append(seconds)
        await self.over.wait()
        self.over.clear()

    def pass_by(self, seconds: float) -> None:
        """So much time goes by, and whoever waited goes on."""
        self.at += seconds
        self.over.set()


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def net() -> Wire:
    return Wire()


@pytest.fixture
async def clerk(tmp_path: Path, waiting: Waiting, net: Wire) -> AsyncIterator[Desk]:
    """A clerk who has taken as many cases as the platform takes of one account in a minute."""
    clocks = {"now": Ticking(), "mono": lambda: waiting.at}
    with open_platform(tmp_path / "platform", quota_factor=TAKES / 600, **clocks) as platform:
        platform.writer.submit(small_district).result()
        platform.writer.submit(small_accounts).result()
        async with serving(platform) as http, console(tmp_path / "console", net, sleep=waiting.sleep) as desk:
            await desk.user.sign_in(str(http.base_url).rstrip("/"), "clerk", PASSWORD)
            await live(desk)
            for _ in range(TAKES):
                await done(desk, take())
            yield desk


async def test_an_act_beyond_the_quota_waits_as_long_as_told_says_why_and_leaves_afterwards(
    clerk: Desk, waiting: Waiting, net: Wire
) -> None:
    act = await clerk.do(take())
    assert isinstance(act, Act)
    await until(lambda: waiting.asked)
    kept = clerk.acts.find(act.cmd_id)
    assert kept is not None
    assert (kept.delivery, kept.code, kept.about) == (Delivery.KEPT, "over_quota", "takes")
    assert 10 <= waiting.asked[0] <= 31
    assert clerk.connection.state is State.LIVE
    tries = len(net.bodies)
    await clerk.do(take())  # what is given meanwhile does not make it ask again, and waits for the same reason
    await until(lambda: all(one.code == "over_quota" for one in clerk.acts.open))
    assert len(net.bodies) == tries
    waiting.pass_by(60)
    await idle(clerk)
    assert len(list(clerk.board.all("case"))) == TAKES + 2


async def test_two_beyond_the_quota_are_never_said_to_be_failed_on(clerk: Desk, waiting: Waiting) -> None:
    acts = [await clerk.do(take()) for _ in range(2)]
    codes: set[str | None] = set()
    for _ in range(5):
        await until(lambda: waiting.asked or not clerk.acts.open)
        codes |= {act.code for act in clerk.acts.open}
        waiting.asked.clear()
        waiting.pass_by(10)
        await asyncio.sleep(0.05)
    await idle(clerk)
    assert codes <= {"over_quota"}
    assert [entry.code for entry in clerk.connection.log if entry.code] == ["over_quota"]
    assert all(isinstance(act, Act) for act in acts)

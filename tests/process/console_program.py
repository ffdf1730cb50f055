"""A console without a window as a process: it gives random commands from a seed and prints each once it is kept.

It prints `live` whenever its connection is live, and `kept ID` after `do` has returned. On the input `rest` it pauses,
waits until no act is kept or sent, and prints `rest`; the next input makes it go on.
"""

import asyncio
import random
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from commandcenter.bootstrap import Desk, Unavailable
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Accept, ApplyReturn, Command, LocateCrew, Report, Take
from commandcenter.domain.ids import uuid7
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.connection import State
from tests.kit.console import console
from tests.kit.district import PASSWORD

_ON_ITS_WAY = (Delivery.KEPT, Delivery.SENT)


async def work(profile: Path, url: str, user: str, seed: int) -> None:
    """Signs in and gives commands until standard input ends."""
    chance = random.Random(seed)
    asked: asyncio.Queue[str] = asyncio.Queue()
    _listen(asked)
    async with console(profile) as desk:
        desk.connection.changed.connect(lambda _: say("live") if desk.connection.state is State.LIVE else None)
        await _sign_in(desk, url, user)
        while True:
            if asked.empty():
                await _give(desk, chance)
                await asyncio.sleep(chance.choice((0, 0, 0.002, 0.02)))
                continue
            if await asked.get() != "rest":
                return
            while any(act.delivery in _ON_ITS_WAY for act in desk.acts.open):  # noqa: ASYNC110 (others' work)
                await asyncio.sleep(0.01)
            say("rest")
            await asked.get()


def say(line: str) -> None:
    """Prints a line and flushes it."""
    print(line, flush=True)


async def _sign_in(desk: Desk, url: str, user: str) -> None:
    """Signs in, again and again until it succeeds."""
    while True:
        try:
            await desk.user.sign_in(url, user, PASSWORD)
            return
        except Unavailable:
            await asyncio.sleep(0.05)


async def _give(desk: Desk, chance: random.Random) -> None:
    command = chance.choice(list(_wishes(desk, chance)))
    act = await desk.do(command)
    if isinstance(act, Act):
        say(f"kept {act.cmd_id}")


def _wishes(desk: Desk, chance: random.Random) -> Iterator[Command]:
    """Yields commands that the seat may give now."""
    if desk.why_not("take", None) is None:
        key = uuid7(int(desk.now().timestamp() * 1000), chance.randbytes(10))
        yield Take(key, "hotline", "water", "路口积水没过脚踝", "宁国路口", chance.choice(("east", "west")))
        return
    spot = Spot(round(chance.uniform(117, 118), 6), 31.8)
    yield LocateCrew("east-crew", spot, chance.choice((CrewStatus.EN_ROUTE, CrewStatus.AVAILABLE)))
    for case in desk.board.all("case"):
        assert isinstance(case, Case)
        for name in desk.may(case):
            if name in _ACTS:
                yield _ACTS[name](case.id)


_ACTS = {
    "accept": Accept,
    "report": lambda key: Report(key, "已抽干"),
    "apply_return": lambda key: ApplyReturn(key, "不属本队"),
}


def _listen(asked: "asyncio.Queue[str]") -> None:
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(asked.put_nowait, line.strip())
        loop.call_soon_threadsafe(asked.put_nowait, "end")

    threading.Thread(target=read, daemon=True).start()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))

"""Time that a story lets pass: the console's waits are written down, and last until the story ends them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from commandcenter.bootstrap import Desk
from tests.kit.console import console, until
from tests.kit.district import NOON
from tests.kit.scripted import Paper, sit


class SlowHour:
    """A machine whose clocks stand at noon; `asked` has the seconds of each wait, `lasting` those that go on."""

    def __init__(self, *, runs: bool = False) -> None:
        self.mono = 1000.0
        self.asked: list[float] = []
        self.lasting: list[float] = []
        self.runs = runs  # each wait is over at once
        self._over: list[asyncio.Event] = []

    @property
    def environment(self) -> dict[str, Callable[..., Any]]:
        """What `console` takes of it."""
        noon = NOON.timestamp()
        given = {"wall": lambda: noon + self.mono - 1000.0, "mono": lambda: self.mono}
        return {"sleep": self.sleep, "chance": lambda: 0.5} | given

    async def sleep(self, seconds: float) -> None:
        """As the console's world waits."""
        self.asked.append(seconds)
        over = asyncio.Event()
        self._over.append(over)
        self.lasting.append(seconds)
        try:
            if self.runs:
                await asyncio.sleep(0)
            else:
                await over.wait()
        finally:
            self.lasting.remove(seconds)

    async def waits(self, count: int) -> float:
        """The seconds of the last wait, as soon as there were `count`."""
        await until(lambda: len(self.asked) >= count)
        assert len(self.asked) == count, self.asked
        return self.asked[-1]

    def ends(self) -> None:
        """All waits are over."""
        for over in self._over:
            over.set()


@asynccontextmanager
async def at(folder: Path, paper: Paper, hour: SlowHour) -> AsyncIterator[Desk]:
    """A desk that is live, on a machine whose clocks stand."""
    async with console(folder, paper, **hour.environment) as desk:
        await sit(desk, paper)
        yield desk

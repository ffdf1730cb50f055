"""Controls the console's time: waits are recorded and last until the test ends them."""

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
    """A machine whose clocks stand at noon unless the test moves `mono` (seconds).

    `asked` holds the seconds of each wait so far, `lasting` those of the waits that have not ended.
    """

    def __init__(self, *, runs: bool = False) -> None:
        self.mono = 1000.0
        self.asked: list[float] = []
        self.lasting: list[float] = []
        self.runs = runs  # each wait ends at once
        self._over: list[asyncio.Event] = []

    @property
    def environment(self) -> dict[str, Callable[..., Any]]:
        """The fields for `console` that replace its clocks, sleep and randomness."""
        noon = NOON.timestamp()
        given = {"wall": lambda: noon + self.mono - 1000.0, "mono": lambda: self.mono}
        return {"sleep": self.sleep, "chance": lambda: 0.5} | given

    async def sleep(self, seconds: float) -> None:
        """Records the wait and lasts until `ends` is called; replaces asyncio.sleep."""
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
        """Waits for the `count`th wait and returns its seconds; raises AssertionError when there were more."""
        await until(lambda: len(self.asked) >= count)
        assert len(self.asked) == count, self.asked
        return self.asked[-1]

    def ends(self) -> None:
        """Ends all waits."""
        for over in self._over:
            over.set()


@asynccontextmanager
async def at(
    folder: Path, paper: Paper, hour: SlowHour, *, heard: list[BaseException] | None = None
) -> AsyncIterator[Desk]:
    """Yields a live desk on a machine whose clocks stand still; `heard` gets the errors of its tasks."""
    async with console(folder, paper, heard=heard, **hour.environment) as desk:
        await sit(desk, paper)
        yield desk

"""A platform on a machine that can be set back to a snapshot, and helpers that act and read before and after."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage.districts import find_district
from tests.kit.platform import Clock, Desk, calling, new_id, sit_down, wish


@dataclass
class Machine:
    """The platform's data folder on a machine that can be set back to a snapshot."""

    data: Path
    clock: Clock

    def snapshot(self, name: str) -> None:
        """Copies the data folder as the snapshot `name`."""
        shutil.copytree(self.data, self.data.with_name(name))

    def set_back(self, name: str) -> None:
        """Restores all files from the snapshot `name`; ten minutes pass."""
        shutil.rmtree(self.data)
        shutil.copytree(self.data.with_name(name), self.data)
        self.clock.forward(minutes=10)

    @contextmanager
    def running(self) -> Iterator[Platform]:
        """Starts the platform and yields it; stops it at the end."""
        with open_platform(self.data, now=self.clock) as platform:
            yield platform

    @asynccontextmanager
    async def at(self, *users: str) -> AsyncIterator[list[Desk]]:
        """Starts the platform and yields desks of `users`, which send in its current epoch."""
        with self.running() as platform:
            async with calling(platform) as http:
                desks = [await sit_down(http, user) for user in users]
                for desk in desks:
                    desk.epoch = (await desk.get("/v1/hello")).json()["epoch"]
                yield desks

    def line(self) -> tuple[int, dict[str, int], int]:
        """Returns the district's (epoch, bases, head)."""
        with self.running() as platform:
            row = platform.readers.now(lambda connection: find_district(connection, "d1"))
            return row.epoch, json.loads(row.bases), row.head


async def take(desk: Desk, count: int = 1) -> str:
    """Takes `count` cases, then sends the last command again; returns the cursor token of that result."""
    before = len(desk.sent)
    for _ in range(count):
        await desk.take()
    wishes = desk.sent[before:]
    return (await desk.send(wishes[-1]))[0]["cursor_token"]


async def hello(desk: Desk, token: str = "") -> dict[str, Any]:
    """Returns the hello answer for `desk`, which presents the cursor token `token` unless it is empty."""
    answer = await desk.http.get("/v1/hello", headers=desk.headers | ({"Cursor-Token": token} if token else {}))
    assert answer.status_code == 200, answer.text
    return answer.json()


def any_wish() -> dict[str, Any]:
    """Returns a command that takes a new case."""
    return wish("take", channel="hotline", kind="water", text="积水", place="路口", street="east", case=new_id())

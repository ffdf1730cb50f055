"""A platform on a machine that is set back to a snapshot, and what its people do and show before it."""

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
    """A data folder on a machine that can be set back to a snapshot."""

    data: Path
    clock: Clock

    def snapshot(self, name: str) -> None:
        """Keep the folder as it is."""
        shutil.copytree(self.data, self.data.with_name(name))

    def set_back(self, name: str) -> None:
        """All its files are as they were."""
        shutil.rmtree(self.data)
        shutil.copytree(self.data.with_name(name), self.data)
        self.clock.forward(minutes=10)

    @contextmanager
    def running(self) -> Iterator[Platform]:
        """The platform, from its start to its end."""
        with open_platform(self.data, now=self.clock) as platform:
            yield platform

    @asynccontextmanager
    async def at(self, *users: str) -> AsyncIterator[list[Desk]]:
        """These users before the running platform, in its epoch."""
        with self.running() as platform:
            async with calling(platform) as http:
                desks = [await sit_down(http, user) for user in users]
                for desk in desks:
                    desk.epoch = (await desk.get("/v1/hello")).json()["epoch"]
                yield desks

    def line(self) -> tuple[int, dict[str, int], int]:
        """(epoch, bases, head)."""
        with self.running() as platform:
            row = platform.readers.now(lambda connection: find_district(connection, "d1"))
            return row.epoch, json.loads(row.bases), row.head


async def take(desk: Desk, count: int = 1) -> str:
    """So many cases; the cursor token of the last answer."""
    before = len(desk.sent)
    for _ in range(count):
        await desk.take()
    wishes = desk.sent[before:]
    return (await desk.send(wishes[-1]))[0]["cursor_token"]


async def hello(desk: Desk, token: str = "") -> dict[str, Any]:
    """The hello of whoever shows `token`."""
    answer = await desk.http.get("/v1/hello", headers=desk.headers | ({"Cursor-Token": token} if token else {}))
    assert answer.status_code == 200, answer.text
    return answer.json()


def any_wish() -> dict[str, Any]:
    """Some case that is taken."""
    return wish("take", channel="hotline", kind="water", text="积水", place="路口", street="east", case=new_id())

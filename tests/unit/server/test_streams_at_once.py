"""Streams that are asked for all at once: each finds room while it is asked for, few while it begins."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from commandcenter.server.gate import Exposure
from commandcenter.server.platform import Platform
from commandcenter.server.storage.readers import Readers
from commandcenter.server.streaming.publisher import STREAMS_A_USER, Bell, Publisher, RecentEntries
from tests.kit.console import until
from tests.kit.platform import OPEN, calling, sit_down

ASKED = 40


@dataclass
class Crowd:
    """Readers that begin once so many wait for them."""

    waiting: int = 0
    all_wait: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, work: Callable[..., Any], *arguments: Any) -> Any:
        self.waiting += 1
        if self.waiting == ASKED:
            self.all_wait.set()
        await self.all_wait.wait()
        return work(*arguments)


class Counting(Publisher):
    """Knows how many streams began, and how many were open at most."""

    begun = most = 0

    def listen(self, district: str, head: int, user: str) -> tuple[RecentEntries, Bell]:
        place = super().listen(district, head, user)
        self.begun, self.most = self.begun + 1, max(self.most, self.listeners())
        return place


@pytest.mark.parametrize(
    ("exposure", "most", "code"),
    [(OPEN, 2 * STREAMS_A_USER, (429, "too_many_streams")), (replace(OPEN, streams=3), 3, (503, "unavailable"))],
)
async def test_streams_asked_for_all_at_once_take_no_more_places_than_one_after_another(
    platform: Platform, http: httpx.AsyncClient, exposure: Exposure, most: int, code: tuple[int, str]
) -> None:
    clerk, publisher = await sit_down(http, "clerk"), Counting()
    crowded = replace(platform, publisher=publisher, readers=Readers(platform.readers.engine, Crowd().read))
    async with calling(crowded, exposure) as other:
        desk = replace(clerk, http=other)
        asked = [asyncio.ensure_future(desk.get("/v1/events")) for _ in range(ASKED)]
        await until(lambda: publisher.begun + len(_refused(asked)) == ASKED)
        publisher.close()
        await asyncio.gather(*asked)
    assert publisher.most == most
    assert [(one.status_code, one.json()["code"]) for one in _refused(asked)] == [code] * (ASKED - most)
    assert publisher.listeners() == 0


def _refused(asked: list["asyncio.Task[httpx.Response]"]) -> list[httpx.Response]:
    return [one.result() for one in asked if one.done() and one.result().status_code != 200]

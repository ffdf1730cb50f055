"""Who signs in with another scope than the board was made for does not see it, whenever the new one may come."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from tests.kit.console import console, until
from tests.kit.district import seats
from tests.kit.scripted import Paper, a_case, sit


class NoSnapshot(Paper):
    """A platform whose snapshots do not come any more."""

    gate = None

    async def handle_async_request(self, request: httpx.Request) -> Any:
        if request.url.path == "/v1/snapshot" and self.gate is not None:
            await self.gate.wait()
        return await super().handle_async_request(request)


class MovesAfterHello(Paper):
    """The role changes between the second hello and the stream that follows it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/events" and self.asked.count("/v1/hello") == 2 and self.scope_ver == 1:
            self.scope_ver = 2
            self.records[-1], self.head = a_case("c9"), 12
        return await super().handle_async_request(request)


async def test_what_a_new_role_sees_is_not_added_to_the_board_of_the_former_one(tmp_path: Path) -> None:
    paper = MovesAfterHello(seats()["shift"])
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.raw(None)  # the stream breaks off
        await until(lambda: desk.board.find("case", "c9"))
        assert desk.board.find("case", "c1") is None
        await until(lambda: len(paper.cursors) == 2)
        assert (paper.cursors, paper.asked.count("/v1/snapshot")) == (["1:10", "1:12"], 2)


async def test_who_became_somebody_else_while_signed_out_has_no_board_of_before_while_the_new_one_is_waited_for(
    tmp_path: Path,
) -> None:
    paper = NoSnapshot(seats()["shift"])
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await until(lambda: desk.board.find("case", "c1"))
    paper.gate = asyncio.Event()
    paper.scope_ver = 2
    async with console(tmp_path, paper) as desk:
        signing = asyncio.ensure_future(sit(desk, paper))
        await until(lambda: desk.person)
        assert desk.board.find("case", "c1") is None
        paper.gate.set()
        await signing

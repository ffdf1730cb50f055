"""A sign-in that ends while something is on its way: whoever sits there now is not held up by it, and is told."""

import asyncio
from dataclasses import replace

import httpx

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch, File
from tests.kit.console import console, live, until
from tests.kit.district import seats
from tests.kit.scripted import URL, Paper, a_case, problem, sit


class Slow(Paper):
    """Answers under the paths of `gates` wait until their gate is opened, and then are what `instead` says."""

    def __init__(self) -> None:
        super().__init__(seats()["shift"])
        self.records += [a_case("c1"), replace(a_case("c2"), stage=Stage.FILED)]
        self.gates: dict[str, asyncio.Event] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        gate, ended = self.gates.get(request.url.path), self.instead.get(request.url.path)
        if gate is not None:
            self.asked.append(request.url.path)
            await gate.wait()
            if ended is not None:
                return ended
        return await super().handle_async_request(request)


async def test_the_end_of_a_former_sign_in_does_not_stop_whoever_sits_there_now(tmp_path):
    paper = Slow()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.gates |= {"/v1/refresh": asyncio.Event(), "/v1/snapshot": asyncio.Event()}
        paper.instead["/v1/commands"] = [problem(401, "signed_out")]
        paper.instead["/v1/refresh"] = problem(401, "signed_out")
        await desk.do(File("c1"))
        await until(lambda: "/v1/refresh" in paper.asked)
        paper.seat = seats()["dispatcher"]
        await desk.sign_in(URL, "dispatcher", "x")
        await until(lambda: "/v1/snapshot" in paper.asked[-2:])
        paper.gates["/v1/refresh"].set()
        await asyncio.sleep(0.05)
        paper.gates["/v1/snapshot"].set()
        await live(desk)
        mine = await desk.do(Dispatch("c2", "housing"))
        await until(lambda: paper.batches)
        assert [wish["cmd_id"] for wish in paper.batches[0]["commands"]] == [mine.cmd_id]
        assert {act.code for act in desk.acts.open if act.user == "shift"} == {"other_user"}


async def test_a_no_to_a_command_during_a_snapshot_is_looked_into_when_the_stream_begins(tmp_path):
    paper = Slow()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.gates["/v1/snapshot"] = asyncio.Event()
        paper.scope_ver = 2
        paper.raw(None)
        await until(lambda: paper.asked.count("/v1/snapshot") == 2)
        paper.instead["/v1/commands"] = [problem(401, "signed_out"), problem(401, "signed_out")]
        await desk.do(File("c1"))
        await until(lambda: paper.asked.count("/v1/commands") == 2)
        await asyncio.sleep(0.05)
        paper.gates["/v1/snapshot"].set()
        await until(lambda: paper.batches)

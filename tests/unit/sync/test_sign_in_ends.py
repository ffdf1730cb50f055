"""A sign-in that ends while something is on its way: whoever sits there now is not held up by it, and is told."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from commandcenter.client import tokens
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch, File
from commandcenter.server.storage.tables import sessions
from tests.kit.console import console, live, running_platform, until
from tests.kit.district import PASSWORD, seats
from tests.kit.loopback import serving
from tests.kit.scripted import URL, Paper, a_case, problem, sit


class Slow(Paper):
    """Answers under the paths of `gates` wait until their gate is opened, and then are what `instead` says."""

    def __init__(self) -> None:
        super().__init__(seats()["shift"])
        self.records += [a_case("c1"), replace(a_case("c2"), stage=Stage.FILED)]
        self.gates: dict[str, asyncio.Event] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        gate = self.gates.get(request.url.path)
        if gate is not None and not gate.is_set():
            ended = self.instead.pop(request.url.path, None)
            self.asked.append(request.url.path)
            await gate.wait()
            if ended is not None:
                return ended
        return await super().handle_async_request(request)


@pytest.mark.parametrize(("held", "no"), [("/v1/refresh", (401, "signed_out")), ("/v1/commands", (409, "wrong_epoch"))])
async def test_a_no_to_a_former_sign_in_does_not_stop_whoever_sits_there_now(tmp_path, held, no):
    paper = Slow()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.gates |= {held: asyncio.Event(), "/v1/snapshot": asyncio.Event()}
        paper.instead |= {"/v1/commands": [problem(401, "signed_out")], held: problem(*no)}
        await desk.do(File("c1"))
        await until(lambda: held in paper.asked)
        paper.seat = seats()["dispatcher"]
        await desk.user.sign_in(URL, "dispatcher", "x")
        await until(lambda: "/v1/snapshot" in paper.asked[-2:])
        paper.gates[held].set()
        await until(lambda: desk._parts.outbound._wake_event._waiters)  # it was heard of: nothing more is sent just now
        paper.gates["/v1/snapshot"].set()
        await live(desk)
        mine = await desk.do(Dispatch("c2", "housing"))
        await until(lambda: paper.batches)
        assert [wish["cmd_id"] for wish in paper.batches[0]["commands"]] == [mine.cmd_id]
        assert {act.code for act in desk.acts.open if act.user == "shift"} == {"other_user"}
        assert paper.asked.count("/v1/hello") == 2  # one for each sign-in: the line did not begin anew


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
        await until(
            lambda: desk._parts.loop._listener._cut
        )  # the no has come, and there is no stream yet that it could end
        paper.gates["/v1/snapshot"].set()
        await until(lambda: paper.batches)


async def test_who_takes_the_seat_and_who_closes_it_signs_out(tmp_path):
    def signed_in(connection):
        return connection.execute(select(sessions.c.user)).scalars().all()

    with running_platform(tmp_path / "platform") as platform:
        async with serving(platform) as http:
            url = str(http.base_url).rstrip("/")
            async with console(tmp_path / "console") as desk:
                await desk.user.sign_in(url, "clerk", PASSWORD)
                assert platform.readers.now(signed_in) == ["clerk"]
                await desk.user.sign_in(url, "shift", PASSWORD)
                assert platform.readers.now(signed_in) == ["shift"]
            assert platform.readers.now(signed_in) == []


async def test_a_platform_that_does_not_answer_holds_up_no_closing(tmp_path, monkeypatch):
    monkeypatch.setattr(tokens, "SIGN_OUT_TIMEOUT", 0.01)
    paper = Slow()
    async with asyncio.timeout(60), console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.gates["/v1/sign-out"] = asyncio.Event()
    assert "/v1/sign-out" in paper.asked


async def test_a_platform_that_knows_no_signing_out_is_left_all_the_same(tmp_path):
    paper = Paper(seats()["shift"])
    paper.instead["/v1/sign-out"] = [problem(404, "unknown")]
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
    assert paper.asked.count("/v1/sign-out") == 1

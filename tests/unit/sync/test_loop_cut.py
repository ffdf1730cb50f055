"""A line that the sending of acts has found out to be at its end begins anew, also before its stream has begun."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from commandcenter.domain.commands import File
from commandcenter.store.overlay import Delivery
from commandcenter.sync.connection import State
from tests.kit.console import console, until
from tests.kit.scripted import URL, Paper, html, problem, sit
from tests.kit.slow_hour import SlowHour


def of_another_epoch(paper: Paper) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The first act is not taken, for the platform has begun another epoch; the next one is."""
    answers = [{"status": "wrong_epoch"}]

    def result(wish: dict[str, Any]) -> dict[str, Any]:
        paper.epoch, paper.bases = 2, {"1": 0, "2": 10}
        applied = {"status": "applied", "seq": paper.head + 1}
        return {"cmd_id": wish["cmd_id"]} | (answers.pop() if answers else applied)

    return result


async def test_a_new_epoch_that_an_answer_tells_of_begins_the_line_anew_at_once(tmp_path: Path, paper: Paper) -> None:
    hour = SlowHour()
    async with console(tmp_path, paper, **hour.environment) as desk:
        await sit(desk, paper)
        paper.results = of_another_epoch(paper)
        await desk.do(File("c1"))
        await until(lambda: [act.delivery for act in desk.acts.open] == [Delivery.SENT])
        await until(lambda: paper.cursors == ["1:10", "2:10"])
        assert hour.asked == []


async def test_what_is_found_out_before_the_stream_has_begun_is_not_forgotten(tmp_path: Path, paper: Paper) -> None:
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await desk.do(File("c1"))
    del paper.instead["/v1/commands"]
    paper.results = of_another_epoch(paper)
    heard, hour = paper.handle_async_request, SlowHour()

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/events" and paper.epoch == 1:
            await until(lambda: paper.batches and desk.acts.open[0].code == "connecting")
        return await heard(request)

    paper.handle_async_request = slow
    async with console(tmp_path, paper, **hour.environment) as desk:
        await desk.user.sign_in(URL, paper.seat.user, "x")
        await until(lambda: [act.delivery for act in desk.acts.open] == [Delivery.SENT])
        await until(lambda: paper.cursors == ["1:10", "1:10", "2:10"])
        assert [batch["epoch"] for batch in paper.batches] == [1, 2]


async def test_whether_a_sign_in_has_really_ended_the_line_finds_out_by_itself(tmp_path: Path, paper: Paper) -> None:
    hour = SlowHour()
    async with console(tmp_path, paper, **hour.environment) as desk:
        await sit(desk, paper)
        paper.instead["/v1/commands"] = problem(401, "signed_out")
        await desk.do(File("c1"))
        assert await hour.waits(1) == 0.5
        assert (desk.connection.state, desk.connection.about) == (State.WAITING, "is that so?")
        assert desk.connection.code == "signed_out"
        del paper.instead["/v1/commands"]
        hour.ends()
        await until(lambda: [act.delivery for act in desk.acts.open] == [Delivery.SENT])

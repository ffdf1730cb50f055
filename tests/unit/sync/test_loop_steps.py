"""The line step by step: in which states, how long it waits for what, and what it says meanwhile."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.bootstrap import Desk
from commandcenter.domain.commands import File
from commandcenter.protocol.codec import encode
from commandcenter.sync.connection import State
from tests.kit.console import console, live, until
from tests.kit.district import NOON
from tests.kit.scripted import SEAL_KEY, URL, Paper, a_case, html, problem
from tests.kit.slow_hour import SlowHour, at


def states(desk: Desk) -> list[str]:
    return [f"{entry.state} {entry.code or ''}".strip() for entry in desk.connection.log]


def ends(paper: Paper, **answers: Any) -> None:
    """The stream ends, and from now on these answers come instead."""
    paper.instead |= {f"/v1/{path}": answer for path, answer in answers.items()}
    paper.raw(None)


async def test_the_first_line_takes_a_snapshot_and_the_next_one_goes_on(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        assert states(desk) == ["connecting", "snapshot", "live"]
        assert desk.connection.progress is None
        ends(paper)
        await hour.waits(1)
        assert states(desk)[3:] == ["waiting closed"]
        assert desk.connection.stale
        hour.ends()
        paper.beat()
        await live(desk)
        assert states(desk)[3:] == ["waiting closed", "connecting", "live"]
        assert paper.asked.count("/v1/snapshot") == 1
        assert paper.asked.count("/v1/hello") == 2
    assert paper.asked[:5] == ["/v1/sign-in", "/v1/hello", "/v1/snapshot", "/v1/events", "/v1/hello"]


async def test_each_try_in_vain_waits_longer_and_a_line_that_held_begins_anew(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        hour.runs = True
        paper.instead["/v1/hello"] = [html(502)] * 6
        paper.beat()
        ends(paper)
        await until(lambda: len(paper.cursors) == 2)
        assert hour.asked == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
        await live(desk)
        hour.mono += 9.5
        ends(paper)
        await until(lambda: len(paper.cursors) == 3)
        assert hour.asked[7:] == [10.0]  # it had not held for ten seconds
        paper.beat()
        await live(desk)
        hour.mono += 10.0
        ends(paper, hello=[html(502)] * 2)
        await until(lambda: len(paper.cursors) == 4)
        assert hour.asked[8:] == [0.5, 1.0, 2.0]


async def test_a_wait_says_until_when_and_honours_what_the_platform_asked_for(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.say("bye", b'{"retry_s":30,"code":"too_many_streams"}')
        assert await hour.waits(1) == 30.5
        assert (desk.connection.state, desk.connection.code) == (State.WAITING, "too_many_streams")
        assert desk.connection.retry_at == desk.now() + timedelta(seconds=30.5)
        act = await desk.do(File("c1"))
        assert [(one.cmd_id, one.code, one.about) for one in desk.acts.open] == [
            (act.cmd_id, "too_many_streams", "bye")
        ]
        paper.instead["/v1/hello"] = [problem(503, "busy", **{"retry-after": "120"})]
        hour.ends()
        assert await hour.waits(2) == 121.0
        assert [(one.code, one.about) for one in desk.acts.open] == [("busy", "2")]
        assert (desk.connection.code, desk.connection.about) == ("busy", "2")


async def test_a_line_is_begun_at_once_where_only_the_place_in_the_log_was_lost_and_the_second_time_after_a_wait(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.put(14, a_case("c4"), prev=13)
        await until(lambda: len(paper.cursors) == 2)
        assert hour.asked == []
        paper.put(14, a_case("c4"), prev=13)
        assert await hour.waits(1) == 1.0
        assert [entry.code for entry in desk.connection.log if entry.code] == ["gap", "gap", "gap"]


@pytest.mark.parametrize(
    ("answer", "state", "code", "about", "wait"),
    [
        (problem(403, "no_role"), State.REFUSED, "no_role", "HTTP 403", 7.5),
        (httpx.ConnectError("no route"), State.WAITING, "unreachable", None, 1.0),
        (html(), State.WAITING, "not_a_platform", "text/html", 1.0),
    ],
)
async def test_where_a_line_that_cannot_go_on_comes_to_stand(
    tmp_path: Path, paper: Paper, hour: SlowHour, answer: Any, state: State, code: str, about: str | None, wait: float
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        ends(paper, hello=answer)
        await hour.waits(1)
        hour.ends()
        assert await hour.waits(2) == wait
        assert (desk.connection.state, desk.connection.code) == (state, code)
        assert about in (None, desk.connection.about)
        is_somebody = code != "no_role"
        assert (desk.has_role, bool(list(desk.board.all("case")))) == (is_somebody, is_somebody)


async def test_a_sign_in_that_has_ended_is_said_and_nothing_is_tried_any_more(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        ends(paper, hello=problem(401, "signed_out"), refresh=problem(401, "gone_for_good"))
        await hour.waits(1)
        hour.ends()
        await until(lambda: desk.connection.state is State.SIGNED_OUT)
        assert (desk.connection.code, desk.connection.about) == ("gone_for_good", "HTTP 401")
        await desk.do(File("c1"))
        assert [(act.code, act.about) for act in desk.acts.open] == [("gone_for_good", "HTTP 401")]
        asked = list(paper.asked)
        desk.user.moved(URL)
        await until(lambda: desk._parts.loop._running.task.done())
        assert (paper.asked, hour.asked) == (asked, [0.5])


@pytest.mark.parametrize("hello", [{"min_client": 99}, {"district": "d2"}])
async def test_a_platform_that_is_not_for_this_seat_is_asked_once_a_minute(
    tmp_path: Path, paper: Paper, hour: SlowHour, hello: dict[str, Any]
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.hello_extra = hello
        ends(paper)
        await hour.waits(1)
        await desk.do(File("c1"))
        hour.ends()
        assert await hour.waits(2) == 60.0
        code = "newer_protocol" if "min_client" in hello else "wrong_platform"
        assert (desk.connection.state, desk.connection.code) == (State.REFUSED, code)
        assert desk.connection.about == ("99 > 1" if "min_client" in hello else "d2")
        assert desk.acts.open[0].code == code
        assert desk.board.find("case", "c1")


@pytest.mark.expects_log("the line to the platform failed")
async def test_an_error_of_the_program_is_said_once_and_the_line_goes_on(
    tmp_path: Path, paper: Paper, hour: SlowHour, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[BaseException] = []
    async with at(tmp_path, paper, hour, heard=errors) as desk:

        def stumbles(*given: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr(desk._parts.inbound, "continues", stumbles)
            ends(paper)
            await hour.waits(1)
            hour.ends()
            await hour.waits(2)
        assert [type(error) for error in errors] == [ZeroDivisionError]
        assert (desk.connection.state, desk.connection.code) == (State.WAITING, "internal")
        assert desk.connection.about == "ZeroDivisionError"
        hour.ends()
        paper.beat()
        await live(desk)


async def test_word_that_the_platform_answers_again_begins_one_line_and_not_two(
    tmp_path: Path, paper: Paper, hour: SlowHour
) -> None:
    async with at(tmp_path, paper, hour) as desk:
        paper.instead["/v1/hello"] = [html(502)] * 3
        ends(paper)
        for count in range(1, 4):
            await hour.waits(count)
            hour.ends()
        assert await hour.waits(4) == 4.0
        desk.user.moved(URL)
        await until(lambda: hour.lasting == [])
        paper.beat()
        await live(desk)
        hour.ends()
        ends(paper)
        assert await hour.waits(5) == 0.5
        assert len(paper.cursors) == 2


async def test_a_sign_in_sets_the_clock_and_says_at_once_why_nothing_leaves_yet(tmp_path: Path, paper: Paper) -> None:
    hour, far = SlowHour(), timedelta(hours=3)
    heard = paper.handle_async_request

    async def slow(request: httpx.Request) -> httpx.Response:
        hour.mono += 4.0 if request.url.path == "/v1/hello" else 0.0
        return await heard(request)

    paper.handle_async_request = slow
    paper.hello_extra = {"now": NOON + far, "since": NOON - far}
    async with console(tmp_path, paper, **hour.environment) as desk:
        await sit_down(desk, paper)
        assert desk.now() == NOON + far + timedelta(seconds=2)
        assert (desk.connection.round_trip, desk.connection.skew) == (4.0, 4.0 - far.total_seconds() - 2.0)
        assert desk.user.since == NOON - far
        await live(desk)
        await desk.do(File("c1"))


async def sit_down(desk: Desk, paper: Paper) -> None:
    await desk.user.sign_in(URL, paper.seat.user, "x")


@pytest.mark.parametrize(("trip", "ahead"), [(0.0, 0.0), (6.0, 3.0)])
async def test_a_later_hello_and_each_heartbeat_set_the_clock_by_half_of_the_way(
    tmp_path: Path, paper: Paper, hour: SlowHour, trip: float, ahead: float
) -> None:
    heard, way = paper.handle_async_request, [0.0]

    async def slow(request: httpx.Request) -> httpx.Response:
        hour.mono += way[0] if request.url.path == "/v1/hello" else 0.0
        return await heard(request)

    paper.handle_async_request = slow
    async with at(tmp_path, paper, hour) as desk:
        way[0] = trip
        paper.hello_extra = {"now": NOON + timedelta(hours=1), "since": NOON, "seal_key": SEAL_KEY}
        ends(paper)
        await hour.waits(1)
        hour.ends()
        await until(lambda: len(paper.cursors) == 2)
        assert desk.now() == NOON + timedelta(hours=1, seconds=ahead)
        assert (desk.connection.round_trip, desk.user.since) == (trip, NOON)
        later = NOON + timedelta(hours=2)
        paper.say("hb", encode({"head": 10, "now": later}))
        await until(lambda: desk.now() == later + timedelta(seconds=ahead))
        await until(lambda: desk.connection.skew == hour.mono - 1000.0 - 7200.0 - ahead)

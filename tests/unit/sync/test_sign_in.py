"""Signing in: what hinders it, each by its code; how it is renewed, and that its end is said."""

import asyncio

import httpx
import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.sync.connection import State
from tests.kit.console import console, live, until
from tests.kit.scripted import URL, Paper, a_case, html, jsoned, problem, sit


@pytest.mark.parametrize(
    ("path", "answer", "code"),
    [
        ("/v1/sign-in", html(), "not_a_platform"),
        ("/v1/sign-in", html(401), "not_a_platform"),
        ("/v1/sign-in", html(404), "not_a_platform"),
        ("/v1/sign-in", html(502), "bad_gateway"),
        ("/v1/sign-in", jsoned({"hello": "world"}), "not_a_platform"),
        ("/v1/sign-in", jsoned([1]), "not_a_platform"),
        ("/v1/sign-in", httpx.Response(307, headers={"location": "https://elsewhere.invalid/"}), "not_a_platform"),
        ("/v1/sign-in", problem(401, "wrong_password"), "wrong_password"),
        ("/v1/sign-in", problem(429, "locked", **{"retry-after": "900"}), "locked"),
        ("/v1/sign-in", problem(500, "internal"), "platform_error"),
        ("/v1/sign-in", httpx.ConnectError("no route"), "unreachable"),
        ("/v1/sign-in", httpx.ConnectTimeout("slow"), "timed_out"),
        ("/v1/hello", html(), "not_a_platform"),
        ("/v1/hello", jsoned({"min_client": 2, "proto": 2, "all": "else changed"}), "newer_protocol"),
        ("/v1/hello", jsoned({"min_client": 1}), "garbled"),
    ],
)
async def test_what_hinders_a_sign_in_is_said_by_its_code(tmp_path, path, answer, code):
    paper = Paper()
    paper.instead[path] = answer
    async with console(tmp_path, paper) as desk:
        with pytest.raises(Unavailable) as said:
            await desk.user.sign_in(URL, "shift", "x")
        assert said.value.code == code
        assert desk.person is None
        assert desk.connection.state is State.STARTING


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://platform.invalid", "not_secure"),
        ("ftp://127.0.0.1", "bad_address"),
        ("platform", "bad_address"),
        ("http://127.0.0.1:port", "bad_address"),
        ("", "bad_address"),
    ],
)
async def test_an_address_that_no_password_may_go_to(tmp_path, url, code):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        with pytest.raises(Unavailable) as said:
            await desk.user.sign_in(url, "shift", "x")
        assert said.value.code == code
        assert paper.asked == []


async def test_a_platform_of_another_district_is_refused(tmp_path):
    paper = Paper()
    paper.hello_extra = {"district": "d2"}
    async with console(tmp_path, paper) as desk:
        with pytest.raises(Unavailable) as said:
            await desk.user.sign_in(URL, "shift", "x")
        assert (said.value.code, said.value.about) == ("wrong_platform", "d2")


async def test_a_sign_in_that_ran_out_is_renewed_once_and_one_that_ended_is_said(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead["/v1/hello"] = [problem(401, "signed_out")]
        paper.raw(None)
        await until(lambda: len(paper.cursors) == 2)
        assert paper.asked.count("/v1/refresh") == 1
        paper.instead["/v1/hello"] = [problem(401, "signed_out")]
        paper.instead["/v1/refresh"] = problem(401, "signed_out")
        paper.raw(None)
        await until(lambda: desk.connection.state is State.SIGNED_OUT)
        assert desk.person is not None
        del paper.instead["/v1/refresh"]
        await desk.user.sign_in(URL, "shift", "x")
        paper.beat()
        await live(desk)


class Late(Paper):
    """A platform that answers the sign-ins of `slow` only when `comes` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.slow, self.comes, self.urls = set[str](), asyncio.Event(), list[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/sign-in":
            self.urls.append(str(request.url.copy_with(path="/")).rstrip("/"))
            if self.urls[-1] in self.slow:
                await self.comes.wait()
        return await super().handle_async_request(request)


ELSEWHERE = "http://127.0.0.1:10"


async def test_a_sign_in_of_the_console_itself_takes_no_seat_that_somebody_took_meanwhile(tmp_path):
    paper = Late()
    paper.slow.add(URL)
    async with console(tmp_path, paper) as desk:
        late = asyncio.ensure_future(desk.user.sign_in(URL, "shift", "x", unless_after=desk.user.sign_ins))
        await until(lambda: paper.urls == [URL])
        assert await desk.user.sign_in(ELSEWHERE, "shift", "x")
        paper.comes.set()
        assert not await late
        assert desk.user.url == ELSEWHERE
        assert paper.asked.count("/v1/sign-out") == 1
        assert await desk.user.sign_in(URL, "shift", "x", unless_after=desk.user.sign_ins)
        assert desk.user.url == URL


async def test_what_is_remembered_takes_no_seat_that_somebody_took_meanwhile(tmp_path):
    paper = Late()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.slow.add(URL)
        desk.user.stored_account = lambda: (URL, "shift", "new")
        paper.instead["/v1/hello"] = [problem(401, "signed_out")]
        paper.instead["/v1/refresh"] = [problem(401, "signed_out")]
        paper.raw(None)
        await until(lambda: len(paper.urls) == 2)
        await desk.user.sign_in(ELSEWHERE, "shift", "x")
        paper.comes.set()
        await until(lambda: "sign in again" not in desk.tasks.names())
        assert (desk.user.url, len(paper.urls)) == (ELSEWHERE, 3)


async def test_no_role_at_another_platform_takes_nothing_from_the_board_of_this_one(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead["/v1/hello"] = problem(403, "no_role")
        with pytest.raises(Unavailable, match="no_role"):
            await desk.user.sign_in(ELSEWHERE, "shift", "x")
        assert desk.board.find("case", "c1") == a_case()


async def test_with_what_is_remembered_a_sign_in_that_ended_is_begun_again(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.user.stored_account = lambda: (URL, "shift", "new")
        paper.instead["/v1/hello"] = [problem(401, "signed_out")]
        paper.instead["/v1/refresh"] = [problem(401, "signed_out")]
        paper.raw(None)
        await until(lambda: paper.asked.count("/v1/sign-in") == 2)
        paper.beat()
        await live(desk)

"""Signing in: what hinders it, each by its code; how it is renewed, and that its end is said."""

import httpx
import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.sync.connection import State
from tests.kit.console import console, live, until
from tests.kit.scripted import URL, Paper, html, jsoned, problem, sit


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

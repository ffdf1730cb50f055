"""Signing in: one answer for every wrong guess, a lock behind five, a refresh token that buys once."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from commandcenter.server.entry import accounts, roles
from commandcenter.server.entry.lockout import Lockout
from commandcenter.server.keeping import tables
from commandcenter.server.platform import Platform
from tests.kit.district import PASSWORD, seats
from tests.kit.platform import Clock, sit_down, wish


async def _try(http: httpx.AsyncClient, user: str, password: str) -> httpx.Response:
    return await http.post("/v1/sign-in", json={"user": user, "password": password})


async def test_who_signs_in_is_told_who_they_are(http: httpx.AsyncClient) -> None:
    answer = (await _try(http, "east-urban", PASSWORD)).json()
    assert (answer["user"], answer["role"], answer["expires_in"]) == ("east-urban", "unit", 900)
    assert answer["scope"] == {
        "district": "d1",
        "street": "east",
        "department": None,
        "unit": "east-urban",
        "grid": None,
    }


async def test_unknown_user_and_wrong_password_get_the_same_answer(http: httpx.AsyncClient) -> None:
    wrong, nobody = await _try(http, "clerk", "x"), await _try(http, "nobody", "x")
    assert (wrong.status_code, wrong.content) == (nobody.status_code, nobody.content)
    assert wrong.status_code == 401


@pytest.mark.parametrize("user", ["clerk", "nobody"])
async def test_five_failures_lock_for_a_quarter_of_an_hour(http: httpx.AsyncClient, clock: Clock, user: str) -> None:
    codes = [(await _try(http, user, "x")).status_code for _ in range(5)]
    locked = await _try(http, user, PASSWORD)
    assert (codes, locked.status_code, locked.headers["retry-after"]) == ([401] * 5, 429, "900")
    assert (await _try(http, "shift", PASSWORD)).status_code == 200
    clock.forward(minutes=15, seconds=1)
    assert (await _try(http, user, PASSWORD)).status_code == (200 if user == "clerk" else 401)


async def test_who_signs_in_at_many_seats_at_once_is_not_locked_out(http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(_try(http, "clerk", PASSWORD) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8


async def test_guesses_at_the_same_time_are_all_counted(http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(_try(http, "clerk", "x") for _ in range(12)))
    assert sum(answer.status_code == 401 for answer in answers) <= 6
    assert (await _try(http, "clerk", PASSWORD)).status_code == 429


def test_guessing_at_many_names_takes_no_more_memory(clock: Clock) -> None:
    lockout = Lockout(clock)
    for n in range(30_000):
        lockout.failed(f"user{n}", "10.0.0.1")
    assert len(lockout._failures) == 20_000


async def test_a_refresh_token_buys_once_and_reuse_ends_the_sign_in(http: httpx.AsyncClient, clock: Clock) -> None:
    first = (await _try(http, "clerk", PASSWORD)).json()
    second = (await http.post("/v1/refresh", json={"refresh": first["refresh"]})).json()
    bearer = {"Authorization": f"Bearer {second['access']}"}
    assert (await http.get("/v1/hello", headers=bearer)).status_code == 200
    assert (await http.post("/v1/refresh", json={"refresh": first["refresh"]})).status_code == 401
    assert (await http.get("/v1/hello", headers=bearer)).status_code == 401
    assert (await http.post("/v1/refresh", json={"refresh": second["refresh"]})).status_code == 401


async def test_an_access_token_lives_a_quarter_of_an_hour(http: httpx.AsyncClient, clock: Clock) -> None:
    desk = await sit_down(http, "clerk")
    clock.forward(minutes=15)
    answer = await desk.get("/v1/hello")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_no_token_is_kept_in_clear(http: httpx.AsyncClient, platform: Platform) -> None:
    tokens = (await _try(http, "clerk", PASSWORD)).json()
    kept = platform.readers.now(lambda connection: connection.execute(select(tables.sessions)).all())
    assert kept
    assert tokens["refresh"] not in str(kept)
    assert tokens["access"] not in str(platform.seats._seats.keys())


async def test_a_stopped_account_acts_no_more(sit: Any, platform: Platform) -> None:
    clerk = await sit("clerk")
    case = await clerk.take()
    await platform.lane.do(lambda connection: accounts.stop(connection, "clerk"))
    batch = {"epoch": 1, "console_id": "c", "commands": [wish("close", case=case)]}
    assert (await clerk.post("/v1/commands", batch)).status_code == 401


async def test_the_role_is_the_one_of_now(sit: Any, platform: Platform) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    demoted = seats()["east-desk"].person

    def demote(connection: Any) -> None:
        roles.becomes(connection, replace(demoted, user="shift"), now=platform.now())

    await platform.lane.do(demote)
    assert (await shift.do("file", case=case))["code"] == "role"

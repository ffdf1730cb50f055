"""Signing in and staying in: a refresh token that buys once, a sign-in that ends for good."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select

from commandcenter.server import schedule
from commandcenter.server.auth import accounts, roles, sign_in
from commandcenter.server.errors import HttpProblem
from commandcenter.server.platform import Platform
from commandcenter.server.schedule import SIGN_IN_CHECK_SECONDS, revoke_ended_sign_ins
from commandcenter.server.storage import tables
from tests.kit.district import PASSWORD, seats
from tests.kit.platform import Clock, ask_to_sign_in, sit_down, wish


async def test_who_signs_in_is_told_who_they_are(http: httpx.AsyncClient) -> None:
    answer = (await ask_to_sign_in(http, "east-urban", PASSWORD)).json()
    assert (answer["user"], answer["role"], answer["expires_in"]) == ("east-urban", "unit", 900)
    assert answer["scope"] == {
        "district": "d1",
        "street": "east",
        "department": None,
        "unit": "east-urban",
        "grid": None,
    }


async def test_a_refresh_token_buys_once_and_reuse_ends_the_sign_in(http: httpx.AsyncClient, clock: Clock) -> None:
    first = (await ask_to_sign_in(http, "clerk", PASSWORD)).json()
    second = (await http.post("/v1/refresh", json={"refresh": first["refresh"]})).json()
    bearer = {"Authorization": f"Bearer {second['access']}"}
    assert (await http.get("/v1/hello", headers=bearer)).status_code == 200
    assert (await http.post("/v1/refresh", json={"refresh": first["refresh"]})).status_code == 401
    assert (await http.get("/v1/hello", headers=bearer)).status_code == 401
    assert (await http.post("/v1/refresh", json={"refresh": second["refresh"]})).status_code == 401


async def test_a_sign_in_ends_twelve_hours_after_its_password(http: httpx.AsyncClient, clock: Clock) -> None:
    tokens = (await ask_to_sign_in(http, "clerk", PASSWORD)).json()
    for _ in range(51):
        clock.forward(minutes=14)
        tokens = (await http.post("/v1/refresh", json={"refresh": tokens["refresh"]})).json()
    assert tokens["expires_in"] == 6 * 60
    bearer = {"Authorization": f"Bearer {tokens['access']}"}
    clock.forward(minutes=5)
    assert (await http.get("/v1/hello", headers=bearer)).status_code == 200
    clock.forward(minutes=1)
    assert (await http.get("/v1/hello", headers=bearer)).status_code == 401
    assert (await http.post("/v1/refresh", json={"refresh": tokens["refresh"]})).status_code == 401


async def test_who_signs_out_is_out_with_every_token_of_that_sign_in_and_no_other(http: httpx.AsyncClient) -> None:
    first, other = (
        (await ask_to_sign_in(http, "clerk", PASSWORD)).json(),
        (await ask_to_sign_in(http, "clerk", PASSWORD)).json(),
    )
    second = (await http.post("/v1/refresh", json={"refresh": first["refresh"]})).json()
    assert (await http.post("/v1/sign-out", json={"refresh": second["refresh"]})).json() == {"ended": True}
    for tokens, status in ((first, 401), (second, 401), (other, 200)):
        bearer = {"Authorization": f"Bearer {tokens['access']}"}
        assert (await http.get("/v1/hello", headers=bearer)).status_code == status
    assert (await http.post("/v1/refresh", json={"refresh": second["refresh"]})).status_code == 401
    assert (await http.post("/v1/sign-out", json={"refresh": "nobody's"})).json() == {"ended": True}


async def test_a_new_password_ends_what_was_bought_with_the_former_one(sit: Any, platform: Platform) -> None:
    desk = await sit("clerk")
    clerk, new = seats()["clerk"].person, accounts.hashed("another")
    await platform.writer.do(lambda connection: accounts.put(connection, clerk, new))
    await platform.writer.do(lambda connection: None)  # by then everybody has been told of what was before
    assert (await desk.get("/v1/hello")).status_code == 401


async def test_a_password_that_is_reset_while_it_is_compared_buys_nothing(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, clerk, new = accounts.verify_password, seats()["clerk"].person, accounts.hashed("another")

    def compared_meanwhile(password: str, stored: str | None) -> bool:
        platform.writer.submit(lambda connection: accounts.put(connection, clerk, new)).result()
        return real(password, stored)

    monkeypatch.setattr(accounts, "verify_password", compared_meanwhile)
    with pytest.raises(HttpProblem, match="wrong"):
        await platform.sign_ins.sign_in("clerk", PASSWORD, address="10.0.0.1")
    assert _rows(platform) == []
    assert platform.seats._seats == {}
    assert (await platform.sign_ins.sign_in("clerk", "another", address="10.0.0.1")).user == "clerk"


async def test_a_sign_in_that_was_ended_from_elsewhere_ends_its_access_within_a_minute(
    sit: Any, platform: Platform
) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    mine = tables.sessions.c.user == "clerk"
    await platform.writer.do(lambda connection: connection.execute(delete(tables.sessions).where(mine)))
    assert SIGN_IN_CHECK_SECONDS <= 60
    task = asyncio.ensure_future(revoke_ended_sign_ins(platform))
    async with asyncio.timeout(60):
        while (await clerk.get("/v1/hello")).status_code != 401:
            pass
    task.cancel()
    assert (await shift.get("/v1/hello")).status_code == 200


@pytest.mark.expects_log("looking up whose sign-in was ended failed")
async def test_a_look_for_ended_sign_ins_that_fails_is_not_the_last(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Any] = []
    again = asyncio.Event()
    loop = asyncio.get_running_loop()

    def keep(families: Any) -> None:
        looked.append(families)
        if len(looked) == 1:
            raise ZeroDivisionError
        loop.call_soon_threadsafe(again.set)

    monkeypatch.setattr(schedule, "SIGN_IN_CHECK_SECONDS", 0.01)
    monkeypatch.setattr(platform.seats, "keep", keep)
    task = asyncio.ensure_future(revoke_ended_sign_ins(platform))
    waits = asyncio.ensure_future(again.wait())
    await asyncio.wait({task, waits}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    assert again.is_set()
    task.cancel()


async def test_one_account_fills_no_table(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "SIGN_INS_MOST", 3)
    monkeypatch.setattr(sign_in, "RENEWALS_MOST", 5)
    bought = [await platform.sign_ins.sign_in("clerk", PASSWORD, address="10.0.0.1") for _ in range(8)]
    assert len({row.family for row in _rows(platform)}) == 3
    tokens = bought[-1]
    for _ in range(5):
        tokens = await platform.sign_ins.refresh(tokens.refresh, address="10.0.0.1")
    with pytest.raises(HttpProblem, match="Sign in again"):
        await platform.sign_ins.refresh(tokens.refresh, address="10.0.0.1")
    assert len(_rows(platform)) == 2


def _rows(platform: Platform) -> list[Any]:
    return platform.readers.now(lambda connection: connection.execute(select(tables.sessions)).all())


async def test_an_access_token_lives_a_quarter_of_an_hour(http: httpx.AsyncClient, clock: Clock) -> None:
    desk = await sit_down(http, "clerk")
    clock.forward(minutes=15)
    answer = await desk.get("/v1/hello")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_no_token_is_kept_in_clear(http: httpx.AsyncClient, platform: Platform) -> None:
    tokens = (await ask_to_sign_in(http, "clerk", PASSWORD)).json()
    kept = platform.readers.now(lambda connection: connection.execute(select(tables.sessions)).all())
    assert kept
    assert tokens["refresh"] not in str(kept)
    assert tokens["access"] not in str(platform.seats._seats.keys())


async def test_a_stopped_account_acts_no_more(sit: Any, platform: Platform) -> None:
    clerk = await sit("clerk")
    case = await clerk.take()
    await platform.writer.do(lambda connection: accounts.stop(connection, "clerk"))
    batch = {"epoch": 1, "console_id": "c", "commands": [wish("close", case=case)]}
    assert (await clerk.post("/v1/commands", batch)).status_code == 401


async def test_the_role_is_the_one_of_now(sit: Any, platform: Platform) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    demoted = seats()["east-desk"].person

    def demote(connection: Any) -> None:
        roles.change_role(connection, replace(demoted, user="shift"), now=platform.now())

    await platform.writer.do(demote)
    assert (await shift.do("file", case=case))["code"] == "role"

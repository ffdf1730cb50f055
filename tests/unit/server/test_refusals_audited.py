"""Who is refused for want of a role is in the audit, with route and address; so are administrators' further pages."""

from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.gate import Exposure
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from tests.kit.administrator import ADMIN
from tests.kit.district import NOON, hashed
from tests.kit.platform import Clock, ask_to_sign_in, calling, sit_down
from tests.kit.role_spans import end_role

DOORS: dict[str, Any] = {
    "GET /v1/accounts": None,
    "POST /v1/accounts": {"action": "stop", "user": "clerk"},
    "POST /v1/districts": {"id": "d2", "name": "二区", "zone": "Asia/Shanghai", "prefix": "EQ"},
    "GET /v1/audit": None,
    "GET /v1/settings": None,
    "POST /v1/settings": {"name": "sign_in_hours", "value": 8, "seen": 0},
    "GET /v1/references/{kind}": None,
    "GET /v1/references/{kind}/{id}/history": None,
    "GET /v1/adoptions": None,
    "POST /v1/imports": {"district": "d1", "commands": []},
    "GET /metrics": None,
}


async def _audited(platform: Platform, action: str = "refused") -> list[tuple[str, ...]]:
    await platform.writer.do(lambda connection: None)
    row = tables.audit.c
    found = select(row.user, row.role, row.district, row.record, row.outcome).where(row.action == action)
    return platform.readers.now(lambda connection: [tuple(one) for one in connection.execute(found.order_by(row.id))])


@pytest.mark.parametrize("door", DOORS)
async def test_each_door_that_is_shut_to_a_role_leaves_a_trace_in_ten_seconds(
    platform: Platform, clock: Clock, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform.quotas, "mono", clock.mono)
    async with calling(platform, Exposure(metrics=True), client="10.0.0.7") as http:
        desk = await sit_down(http, "clerk")
        method, _, route = door.partition(" ")
        path = route.format(kind="channel", id="hotline")
        for seconds in (0, 9, 1):
            clock.forward(seconds=seconds)
            answer = await (desk.get(path) if method == "GET" else desk.post(path, DOORS[door]))
            assert (answer.status_code, answer.json()["code"]) == (403, "role")
        assert (await desk.get("/v1/hello")).status_code == 200
    trace = ("clerk", "intake_clerk", "d1", "address:10.0.0.7", f"role {door}")
    assert await _audited(platform) == [trace] * 2


async def test_the_administrator_of_one_district_who_asks_for_the_settings_of_all_leaves_a_trace(
    platform: Platform, http: Any
) -> None:
    boss = Person("boss", Role.SECURITY_ADMIN, Scope("d1", street=NOWHERE))
    await platform.writer.do(lambda connection: accounts.put(connection, boss, hashed()))
    assert (await (await sit_down(http, "boss")).get("/v1/settings")).status_code == 403
    assert await _audited(platform) == [("boss", "security_admin", "d1", "address:127.0.0.1", "role GET /v1/settings")]


async def test_who_has_no_role_leaves_a_trace_in_ten_minutes_at_each_door(
    platform: Platform, http: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform.quotas, "mono", clock.mono)
    desk, tokens = await sit_down(http, "east-desk"), (await ask_to_sign_in(http, "east-desk")).json()
    await platform.writer.do(lambda connection: end_role(connection, "east-desk", now=NOON))
    for minutes in (0, 1, 10):
        clock.forward(minutes=minutes)
        for path in ("/v1/hello", "/v1/cases"):
            assert (await desk.get(path)).json()["code"] == "no_role"
        assert (await http.post("/v1/refresh", json={"refresh": tokens["refresh"]})).json()["code"] == "no_role"
    who = ("east-desk", "", "d1", "address:127.0.0.1")
    doors = [(*who, f"no_role GET {path}") for path in ("/v1/hello", "/v1/cases")]
    assert await _audited(platform) == doors * 2
    assert await _audited(platform, "refresh") == [(*who, "no_role")] * 2


async def test_of_a_stopped_account_and_of_what_is_no_matter_of_roles_nothing_is_said(
    platform: Platform, http: Any
) -> None:
    desk = await sit_down(http, "clerk")
    assert (await desk.get("/v1/hello", district="d2")).status_code == 404
    assert (await http.get("/v1/hello", headers=desk.headers | {"Origin": "http://elsewhere"})).status_code == 403
    await platform.writer.do(lambda connection: accounts.stop(connection, "clerk"))
    assert (await desk.get("/v1/accounts")).status_code == 401
    assert await _audited(platform) == []


async def test_each_page_of_reference_records_and_of_their_history_beyond_the_first_leaves_a_trace(
    platform: Platform, http: Any
) -> None:
    await platform.writer.do(lambda connection: accounts.put(connection, ADMIN, hashed()))
    desk = await sit_down(http, "ops")
    first = (await desk.get("/v1/references/street", limit=1)).json()
    history = "/v1/references/street/east/history"
    assert first["next"] == "east"
    assert (await desk.get(history, limit=1)).status_code == 200
    assert await _audited(platform, "references") == []
    await desk.get("/v1/references/street", limit=1, cursor=first["next"])
    await desk.get(history, limit=1, cursor="7")
    who = ("ops", "system_admin", "d1", "address:127.0.0.1")
    assert await _audited(platform, "references") == [
        (*who, "1 street until the last"),
        (*who, "1 of street:east before 7"),
    ]


async def test_no_page_leaves_in_the_audit_what_was_asked_for_as_its_beginning(platform: Platform, http: Any) -> None:
    boss = Person("boss", Role.SECURITY_ADMIN, Scope("", street=NOWHERE))
    await platform.writer.do(lambda connection: [accounts.put(connection, who, hashed()) for who in (ADMIN, boss)])
    assert (await (await sit_down(http, "ops")).get("/v1/references/street", cursor="13856001234")).status_code == 200
    assert (await (await sit_down(http, "boss")).get("/v1/accounts", cursor="13856001234")).status_code == 200
    told = [row[-1] for action in ("references", "accounts") for row in await _audited(platform, action)]
    assert len(told) == 2
    assert not [one for one in told if "13856001234" in one]


async def test_batches_without_a_row_cost_their_account_quota_too(platform: Platform, http: Any) -> None:
    desk, left = await sit_down(http, "system"), platform.quotas._left
    for _ in range(2):
        assert (await desk.post("/v1/imports", {"district": "d1", "commands": []})).status_code == 200
    assert left["system", "rows"][0] < 120_000

"""What only the platform knows is set in the running platform: by whom, within which bounds, in force at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, func, select

from commandcenter.domain.people import ADMINISTRATORS, NOWHERE, Person, Role, Scope
from commandcenter.server import schedule
from commandcenter.server.auth import accounts
from commandcenter.server.auth.quotas import UNKNOWN_TOKENS
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage import audit, tables
from commandcenter.server.storage.settings import DECLARED, PlatformSetting, SettingValues
from tests.kit.district import hashed
from tests.kit.platform import Clock, Desk, ask_to_sign_in, sit_down

BOSS = Person("boss", Role.SECURITY_ADMIN, Scope("", street=NOWHERE))
WHICH = {one.name: one for one in DECLARED}


async def _sits(platform: Platform, http: httpx.AsyncClient, person: Person = BOSS) -> Desk:
    platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
    return await sit_down(http, person.user)


@pytest.fixture
async def boss(platform: Platform, http: httpx.AsyncClient) -> Desk:
    return await _sits(platform, http)


async def _set(desk: Desk, name: str, value: float, seen: int = 0) -> dict[str, Any]:
    answer = await desk.post("/v1/settings", {"name": name, "value": value, "seen": seen})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_as_many_sign_ins_under_unknown_names_are_kept_as_was_set(platform: Platform, boss: Desk) -> None:
    def more(connection: Connection) -> None:
        for _ in range(1_003):
            audit.note_without_role(connection, "", "", "sign_in", at=platform.now(), outcome="wrong_password")

    await _set(boss, "unknown_sign_ins_kept", 1_000)
    await platform.writer.do(more)
    await platform.writer.do(lambda connection: schedule.trim(connection, platform.now(), platform.settings))
    kept = select(func.count()).where(tables.IS_UNKNOWN_USER)
    assert platform.readers.now(lambda connection: connection.execute(kept).scalar()) == 1_000


async def test_each_setting_is_listed_with_its_bounds_and_its_history(boss: Desk) -> None:
    await _set(boss, "sign_in_hours", 8)
    await _set(boss, "sign_in_hours", 10, seen=1)
    listed = {one["name"]: one for one in (await boss.get("/v1/settings")).json()["items"]}
    assert listed.keys() == WHICH.keys()
    told = listed["sign_in_hours"]
    assert (told["value"], told["initial"], told["least"], told["most"], told["unit"]) == (10, 12, 1, 24, "h")
    assert [(one["rev"], one["value"], one["actor"]) for one in told["revisions"]] == [(2, 10, "boss"), (1, 8, "boss")]
    assert told["revisions"][0]["at"] == "2026-11-24T04:00:00Z"
    assert (listed["quota_factor"]["value"], listed["quota_factor"]["revisions"]) == (1, [])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN])
async def test_nobody_else_sets_anything(platform: Platform, http: httpx.AsyncClient, role: Role) -> None:
    scope = Scope("", street=NOWHERE) if role in ADMINISTRATORS else Scope("d1")
    desk = await _sits(platform, http, Person("x", role, scope))
    answer = await desk.post("/v1/settings", {"name": "sign_in_hours", "value": 8, "seen": 0})
    assert (answer.status_code, answer.json()["code"]) == (403, "role")
    assert (await desk.get("/v1/settings")).status_code == (200 if role is Role.AUDIT_ADMIN else 403)
    assert platform.settings["sign_in_hours"] == 12


async def test_the_administrator_of_one_district_sets_nothing_for_all(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    desk = await _sits(platform, http, replace(BOSS, scope=Scope("d1", street=NOWHERE)))
    answer = await desk.post("/v1/settings", {"name": "sign_in_hours", "value": 8, "seen": 0})
    assert (answer.status_code, answer.json()["code"]) == (403, "role")


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: one.name)
async def test_a_value_beyond_its_bounds_is_refused_and_both_bounds_are_taken(boss: Desk, one: PlatformSetting) -> None:
    for value in (one.least - 0.5, one.most + 1, -1, 1e300):
        answer = await boss.post("/v1/settings", {"name": one.name, "value": value, "seen": 0})
        assert (answer.status_code, answer.json()["code"]) == (422, "out_of_bounds"), value
    first = await _set(boss, one.name, one.least)
    assert (await _set(boss, one.name, one.most, seen=first["revisions"][0]["rev"]))["value"] == one.most


async def test_the_second_of_two_editors_is_told_both_values(boss: Desk, platform: Platform) -> None:
    await _set(boss, "sign_in_hours", 8)
    late = await boss.post("/v1/settings", {"name": "sign_in_hours", "value": 6, "seen": 0})
    assert (late.status_code, late.json()["code"], late.json()["about"]) == (409, "conflict", "6 ≠ 8")
    unknown = await boss.post("/v1/settings", {"name": "colour", "value": 6, "seen": 0})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_setting")
    row = tables.audit.c
    said = select(row.user, row.record, row.outcome).where(row.action == "change_setting").order_by(row.id)
    assert platform.readers.now(lambda connection: connection.execute(said).all()) == [
        ("boss", "setting:sign_in_hours", "applied 8"),
        ("boss", "setting:sign_in_hours", "conflict"),
        ("boss", "setting:colour", "unknown_setting"),
    ]


async def test_the_next_sign_in_lasts_as_long_as_is_set(boss: Desk, http: httpx.AsyncClient, clock: Clock) -> None:
    await _set(boss, "access_minutes", 5)
    await _set(boss, "sign_in_hours", 1)
    tokens = (await ask_to_sign_in(http, "clerk")).json()
    assert tokens["expires_in"] == 300
    clock.forward(minutes=59)
    tokens = (await http.post("/v1/refresh", json={"refresh": tokens["refresh"]})).json()
    assert tokens["expires_in"] == 60
    clock.forward(minutes=2)
    assert (await http.post("/v1/refresh", json={"refresh": tokens["refresh"]})).status_code == 401


async def test_wrong_passwords_wait_from_the_failure_on_that_is_set(boss: Desk, http: httpx.AsyncClient) -> None:
    await _set(boss, "free_failures", 1)
    for expected in (401, 401, 429):
        assert (await ask_to_sign_in(http, "clerk", "wrong-password")).status_code == expected


async def test_a_wait_is_never_longer_than_is_set(boss: Desk, platform: Platform) -> None:
    await _set(boss, "locked_seconds_most", 1_800)
    throttle = platform.sign_ins._throttle
    for _ in range(30):
        throttle.failed("clerk", "10.0.0.1")
    with pytest.raises(Exception, match="wait before") as refused:
        throttle.check("clerk", "10.0.0.1")
    assert 900 < int(refused.value.headers["Retry-After"]) <= 1_800  # type: ignore[attr-defined]


def test_no_setting_makes_guessing_easier_than_it_is_without_any() -> None:
    assert (WHICH["free_failures"].most, WHICH["locked_seconds_most"].least, WHICH["access_minutes"].most) == (
        4,
        900,
        15,
    )
    assert WHICH["quota_factor"].most == 10


async def test_a_value_of_former_bounds_is_in_force_within_those_of_today(boss: Desk, platform: Platform) -> None:
    def former(connection: Connection) -> None:
        for name, value in (("locked_seconds_most", 60), ("quota_factor", 1_000)):
            platform.settings.put(connection, name, value, by="boss", at=platform.now())

    await platform.writer.do(former)
    await platform.readers.do(platform.settings.load)
    assert (platform.settings["locked_seconds_most"], platform.settings["quota_factor"]) == (900, 10)
    listed = {one["name"]: one for one in (await boss.get("/v1/settings")).json()["items"]}
    assert (listed["quota_factor"]["value"], listed["quota_factor"]["revisions"][0]["value"]) == (10, 1_000)


async def test_of_a_long_history_the_newest_is_told(boss: Desk, platform: Platform) -> None:
    def often(connection: Connection) -> None:
        for number in range(120):
            platform.settings.put(connection, "sign_in_hours", 1 + number / 10, by="boss", at=platform.now())

    await platform.writer.do(often)
    told = {one["name"]: one for one in (await boss.get("/v1/settings")).json()["items"]}["sign_in_hours"]
    assert [one["rev"] for one in told["revisions"]] == list(range(120, 70, -1))
    assert told["value"] == told["revisions"][0]["value"] == 12.9


async def test_of_two_changes_at_one_moment_the_second_stays_in_force(
    boss: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, another, loads = SettingValues.states, Event(), iter((True, False))

    def slow_at_first(self: SettingValues, connection: Connection) -> Any:
        found = real(self, connection)
        if next(loads):
            another.wait(0.5)
        another.set()
        return found

    monkeypatch.setattr(SettingValues, "states", slow_at_first)
    await asyncio.gather(_set(boss, "sign_in_hours", 8), _set(boss, "access_minutes", 5))
    assert (platform.settings["sign_in_hours"], platform.settings["access_minutes"]) == (8, 5)


async def test_quotas_grow_at_once(boss: Desk, platform: Platform) -> None:
    with pytest.raises(Exception, match="too much"):
        platform.quotas.spend("x", "takes", 601)
    await _set(boss, "quota_factor", 2)
    platform.quotas.spend("y", "takes", 1_200)
    with pytest.raises(Exception, match="too much"):
        platform.quotas.spend("10.0.0.1", UNKNOWN_TOKENS, 601)


async def test_what_is_kept_is_trimmed_and_announced_by_the_setting(
    boss: Desk, platform: Platform, http: httpx.AsyncClient, clock: Clock
) -> None:
    clerk = await sit_down(http, "clerk")
    await clerk.take()
    await _set(boss, "frames_kept_days", 2)
    await _set(boss, "results_kept_days", 7)
    kept = (await clerk.get("/v1/hello")).json()["keep"]
    assert (kept["frames_s"], kept["results_s"]) == (2 * 86_400, 7 * 86_400)
    later = clock() + timedelta(days=3)
    platform.writer.submit(lambda connection: schedule.trim(connection, later, platform.settings)).result()
    images = select(tables.log.c.seq).where(tables.log.c.kind == "case", tables.log.c.after.is_not(None))
    assert platform.readers.now(lambda connection: connection.execute(images).all()) == []


async def test_a_setting_outlives_a_restart_and_the_command_line_is_its_initial_value(
    boss: Desk, platform: Platform, tmp_path: Any
) -> None:
    with open_platform(tmp_path / "other", quota_factor=3) as other:
        assert other.settings["quota_factor"] == 3
        other.writer.submit(
            lambda connection: other.settings.put(connection, "quota_factor", 5, by="boss", at=other.now())
        ).result()
    with open_platform(tmp_path / "other", quota_factor=3) as again:
        assert again.settings["quota_factor"] == 5

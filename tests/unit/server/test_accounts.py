"""Accounts behind the security administrator: who is let in, as what, and who can never be shut out."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.auth import accounts, roles
from commandcenter.server.auth.administration import is_weak
from commandcenter.server.command_pipeline.effect import write_record
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from commandcenter.server.storage.projections import find
from tests.kit.district import DISTRICT, NOON, hashed, small_accounts, small_district
from tests.kit.platform import Clock, Desk, ask_to_sign_in, sit_down
from tests.kit.role_spans import end_role

DESK, ADMIN = Scope("d1"), Scope("", street=NOWHERE)
BOSS = Person("boss", Role.SECURITY_ADMIN, ADMIN)
Change = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def write(platform: Platform) -> Callable[[Callable[[Connection], Any]], Any]:
    return lambda work: platform.writer.submit(work).result()


@pytest.fixture
async def boss(http: httpx.AsyncClient, write: Any) -> Desk:
    write(lambda connection: accounts.put(connection, BOSS, hashed()))
    return await sit_down(http, "boss")


@pytest.fixture
def change(boss: Desk) -> Change:
    return lambda action, user, **more: boss.post("/v1/accounts", {"action": action, "user": user} | more)


def _audited(connection: Connection) -> list[tuple[str, ...]]:
    row = tables.audit.c
    found = select(row.user, row.role, row.action, row.record, row.outcome).where(row.action.like("account_%"))
    return [tuple(one) for one in connection.execute(found.order_by(row.id))]


def _everything(connection: Connection) -> list[Any]:
    return [connection.execute(select(table)).all() for table in (tables.accounts, tables.spans, tables.sessions)]


async def test_a_new_account_gets_a_desk_with_the_password_that_is_shown_once(
    http: httpx.AsyncClient, change: Change, write: Any
) -> None:
    answer = await change("add", "li.wei", role="unit", holder="east-urban")
    password = answer.json()["password"]
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    desk = await sit_down(http, "li.wei", password=password)
    hello = (await desk.get("/v1/hello")).json()
    assert hello["role"] == "unit"
    assert hello["scope"] == {
        "district": "d1",
        "street": "east",
        "department": None,
        "unit": "east-urban",
        "grid": None,
    }
    assert write(_audited) == [
        ("boss", "security_admin", "account_add", "account:li.wei", "applied unit address:127.0.0.1")
    ]
    stored = write(lambda connection: connection.execute(select(tables.accounts.c.password)).scalars().all())
    assert all(password not in one for one in stored)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN])
async def test_nobody_else_reads_or_changes_accounts(http: httpx.AsyncClient, write: Any, role: Role) -> None:
    write(lambda connection: accounts.put(connection, Person("other", role, DESK), hashed()))
    before, desk = write(_everything), await sit_down(http, "other")
    answers = [
        await desk.get("/v1/accounts"),
        await desk.post("/v1/accounts", {"action": "stop", "user": "clerk"}),
        await desk.post("/v1/accounts", {"action": "add", "user": "mine", "role": "security_admin"}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "role")}
    assert write(_everything)[:2] == before[:2]


async def test_a_machines_role_and_the_platforms_own_name_are_not_given_from_a_desk(change: Change, write: Any) -> None:
    write(lambda connection: connection.execute(tables.accounts.delete().where(tables.accounts.c.user == "system")))
    machine = await change("add", "robot", role="system")
    assert (machine.status_code, machine.json()["code"]) == (422, "unknown_role")
    named = await change("add", "System", role="dispatcher")
    assert (named.status_code, named.json()["code"]) == (422, "bad_user")


async def test_who_is_stopped_is_out_at_once_and_a_new_password_lets_them_in_again(
    http: httpx.AsyncClient, change: Change
) -> None:
    desk = await sit_down(http, "clerk")
    assert (await change("stop", "clerk")).json() == {"user": "clerk", "password": None}
    assert (await desk.get("/v1/hello")).status_code == 401
    assert (await ask_to_sign_in(http, "clerk")).status_code == 401
    made = (await change("password", "clerk")).json()["password"]
    assert (await ask_to_sign_in(http, "clerk")).status_code == 401
    assert (await (await sit_down(http, "clerk", password=made)).get("/v1/hello")).json()["role"] == "intake_clerk"


async def test_a_new_password_ends_every_sign_in_of_the_old_one(
    http: httpx.AsyncClient, change: Change, write: Any
) -> None:
    first = (await ask_to_sign_in(http, "clerk")).json()
    assert (await change("password", "clerk")).status_code == 200
    write(lambda connection: None)  # the writer revokes what ended before it takes the next job
    shown = {"Authorization": f"Bearer {first['access']}"}
    assert (await http.get("/v1/hello", headers=shown)).status_code == 401
    assert (await http.post("/v1/refresh", json={"refresh": first["refresh"]})).status_code == 401


async def test_the_next_request_is_judged_by_the_new_role(http: httpx.AsyncClient, change: Change, write: Any) -> None:
    desk = await sit_down(http, "clerk")
    assert (await change("role", "clerk", role="street_dispatcher", street="west")).status_code == 200
    hello = (await desk.get("/v1/hello")).json()
    assert (hello["role"], hello["scope"]["street"], hello["since"]) == (
        "street_dispatcher",
        "west",
        "2026-11-24T04:00:00Z",
    )
    was = write(lambda connection: roles.last_of(connection, "clerk", NOON - timedelta(seconds=1)))
    assert was.role is Role.INTAKE_CLERK


REFUSED = {
    "a role that there is not": ({"action": "add", "user": "x", "role": "emperor"}, "unknown_role", "emperor"),
    "no role": ({"action": "role", "user": "clerk"}, "unknown_role", ""),
    "a district that there is not": (
        {"action": "add", "user": "x", "role": "dispatcher", "district": "d9"}, "unknown_district", "d9"),
    "a seat of no district": (
        {"action": "add", "user": "x", "role": "dispatcher", "district": ""}, "unknown_district", ""),
    "a street that there is not": (
        {"action": "add", "user": "x", "role": "street_dispatcher", "street": "north"}, "unknown_street", "north"),
    "a street's desk without a street": (
        {"action": "add", "user": "x", "role": "street_dispatcher"}, "unknown_street", ""),
    "a unit in another street": (
        {"action": "add", "user": "x", "role": "unit", "holder": "east-urban", "street": "west"},
        "unknown_street", "west"),
    "a holder that there is not": (
        {"action": "add", "user": "x", "role": "unit", "holder": "z"}, "unknown_holder", "z"),
    "a unit's seat without a unit": ({"action": "add", "user": "x", "role": "unit"}, "unknown_holder", ""),
    "a department as a unit": (
        {"action": "role", "user": "clerk", "role": "unit", "holder": "housing"}, "unknown_holder", "housing"),
    "a dispatcher of a holder": (
        {"action": "add", "user": "x", "role": "dispatcher", "holder": "housing"}, "bad_scope", "housing"),
    "an administrator of a street": (
        {"action": "add", "user": "x", "role": "audit_admin", "street": "east"}, "bad_scope", "east"),
    "a name in capitals": ({"action": "add", "user": "CLERK", "role": "dispatcher"}, "user_taken", "CLERK"),
    "a name in full width": ({"action": "add", "user": "ｃlerk", "role": "dispatcher"}, "user_taken", "ｃlerk"),
    "a name with a line end": ({"action": "add", "user": "x\n", "role": "dispatcher"}, "bad_user", "x\n"),
    "no name": ({"action": "add", "user": "", "role": "dispatcher"}, "bad_user", ""),
    "nobody's role": ({"action": "role", "user": "nobody", "role": "dispatcher"}, "unknown_user", "nobody"),
    "nobody's password": ({"action": "password", "user": "nobody"}, "unknown_user", "nobody"),
    "who asks": ({"action": "stop", "user": "boss"}, "own_account", "boss"),
    "the own role": ({"action": "role", "user": "boss", "role": "leader"}, "own_account", "boss"),
    "the last of the system": ({"action": "stop", "user": "sys"}, "last_administrator", "sys"),
    "another role for the last": ({"action": "role", "user": "sys", "role": "leader"}, "last_administrator", "sys"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_what_may_not_be_is_refused_by_its_code_audited_and_changes_nothing(
    boss: Desk, write: Any, name: str
) -> None:
    asked, code, about = REFUSED[name]
    write(lambda connection: accounts.put(connection, Person("sys", Role.SYSTEM_ADMIN, ADMIN), hashed()))
    before = write(_everything)
    answer = await boss.post("/v1/accounts", asked)
    assert (answer.status_code, answer.json()["code"], answer.json()["about"]) == (422, code, about)
    assert write(_everything) == before
    assert write(_audited)[-1][2:] == (
        f"account_{asked['action']}",
        f"account:{asked['user']}",
        f"{code} address:127.0.0.1",
    )


async def test_a_name_counts_as_taken_in_either_form_of_its_letters(change: Change) -> None:
    assert (await change("add", "josé", role="dispatcher")).status_code == 200
    for again in ("jose\u0301", "JOSÉ"):
        assert (await change("add", again, role="dispatcher")).json()["code"] == "user_taken"


async def test_the_administrator_of_one_district_does_not_learn_who_has_an_account_elsewhere(
    http: httpx.AsyncClient, write: Any
) -> None:
    scoped = Person("boss-d1", Role.SECURITY_ADMIN, Scope("d1", street=NOWHERE))
    for person in (BOSS, scoped, Person("zhao", Role.DISPATCHER, Scope("d2"))):
        write(lambda connection, one=person: accounts.put(connection, one, hashed()))
    desk, before = await sit_down(http, "boss-d1"), write(_everything)[:2]
    answers = {}
    for user in ("zhao", "ZHAO", "boss", "system", "x y", "clerk"):
        answer = await desk.post("/v1/accounts", {"action": "add", "user": user, "role": "dispatcher"})
        answers[user] = answer.json() | {"status": answer.status_code, "about": answer.json()["about"] == user}
    refused = answers.pop("x y")
    assert (refused["code"], answers.pop("clerk")["code"]) == ("bad_user", "user_taken")
    assert answers.pop("system")["code"] == "user_taken"  # an account of this district
    assert all(told == refused for told in answers.values())
    assert write(_everything)[:2] == before


@pytest.mark.parametrize(
    ("retired", "asked"),
    [
        (("holder", "east-urban"), {"role": "unit", "holder": "east-urban"}),
        (("holder", "housing"), {"role": "department", "holder": "housing"}),
        (("street", "east"), {"role": "street_dispatcher", "street": "east"}),
        (("street", "east"), {"role": "shift_leader", "street": "east"}),
        (("street", "east"), {"role": "grid_leader", "holder": "east-team"}),
        (("district", "d1"), {"role": "dispatcher"}),
    ],
    ids=lambda one: "-".join(map(str, one.values() if isinstance(one, dict) else one)),
)
async def test_nobody_gets_a_seat_of_what_was_retired(
    change: Change, write: Any, retired: tuple[str, str], asked: dict[str, str]
) -> None:
    def retire(connection: Connection) -> None:
        record: Any = find(connection, "d1", *retired)
        write_record(connection, "d1", record, replace(record, rev=record.rev + 1, retired=True))

    write(retire)
    before = write(_everything)[:2]
    for action, user in (("add", "new"), ("role", "clerk")):
        answer = await change(action, user, **asked)
        assert (answer.status_code, answer.json()["code"], answer.json()["about"]) == (422, "retired", retired[1])
    assert write(_everything)[:2] == before


async def test_with_another_in_place_an_administrator_can_go(change: Change) -> None:
    for user in ("sys", "sys2"):
        assert (await change("add", user, role="system_admin")).status_code == 200
    assert (await change("stop", "sys")).status_code == 200
    assert (await change("stop", "sys2")).json()["code"] == "last_administrator"


async def test_an_administrator_of_one_district_is_none_for_the_whole_platform(change: Change) -> None:
    assert (await change("add", "sys", role="system_admin")).status_code == 200
    assert (await change("add", "sys-d1", role="system_admin", district="d1")).status_code == 200
    assert (await change("stop", "sys")).json()["code"] == "last_administrator"
    assert (await change("stop", "sys-d1")).status_code == 200


async def test_whoever_was_one_administrator_never_becomes_another(change: Change) -> None:
    for user in ("one", "two"):
        assert (await change("add", user, role="system_admin")).status_code == 200
    assert (await change("role", "one", role="audit_admin")).json()["code"] == "other_administrator"
    assert (await change("role", "one", role="leader", district="d1")).status_code == 200
    assert (await change("role", "one", role="security_admin")).json()["code"] == "other_administrator"
    assert (await change("role", "one", role="system_admin")).status_code == 200


async def test_a_role_that_is_planned_already_is_not_written_over(change: Change, write: Any) -> None:
    later = Person("clerk", Role.LEADER, DESK)
    write(lambda connection: roles.change_role(connection, later, now=NOON, since=NOON + timedelta(hours=1)))
    assert (await change("role", "clerk", role="dispatcher")).json()["code"] == "role_planned"


async def test_an_administrator_has_a_desk_in_the_district_without_its_cases_and_crews(
    http: httpx.AsyncClient, sit: Any, change: Change
) -> None:
    case = await (await sit("clerk")).take("east")
    made = (await change("add", "sys", role="system_admin", district="d1")).json()["password"]
    desk = await sit_down(http, "sys", password=made)
    answers = [
        await desk.get(path) for path in ("/v1/hello", "/v1/snapshot", "/v1/cases", "/v1/events?after=1:0&limit=500")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert all(case not in answer.text and "crew" not in answer.text for answer in answers)
    assert '"street"' in answers[1].text
    assert (await desk.get(f"/v1/cases/{case}")).status_code == 404


async def test_the_administrator_of_the_platform_has_no_desk_and_needs_none(boss: Desk) -> None:
    assert (await boss.get("/v1/hello")).status_code == 404
    assert (await boss.get("/v1/accounts")).status_code == 200


async def test_a_security_administrator_of_a_district_knows_no_other(http: httpx.AsyncClient, write: Any) -> None:
    def furnish(connection: Connection) -> None:
        small_district(connection, district=type(DISTRICT)("d2", 1, "远区", "Asia/Shanghai", "YQ"))
        small_accounts(connection, district="d2", prefix="far-")
        accounts.put(connection, Person("near", Role.SECURITY_ADMIN, Scope("d1", street=NOWHERE)), hashed())

    write(furnish)
    desk = await sit_down(http, "near")
    listed = (await desk.get("/v1/accounts", limit=200)).json()["items"]
    assert {one["district"] for one in listed} == {"d1"}
    for asked, code in (
        ({"action": "stop", "user": "far-clerk"}, "unknown_user"),
        ({"action": "add", "user": "x", "role": "dispatcher", "district": "d2"}, "unknown_district"),
        ({"action": "add", "user": "x", "role": "security_admin", "district": ""}, "unknown_district"),
        ({"action": "role", "user": "clerk", "role": "leader", "district": "d2"}, "unknown_district"),
    ):
        assert (await desk.post("/v1/accounts", asked)).json()["code"] == code
    assert (await desk.post("/v1/accounts", {"action": "add", "user": "x", "role": "leader"})).status_code == 200


async def test_the_list_comes_page_by_page_and_says_who_is_what(boss: Desk, change: Change, write: Any) -> None:
    assert (await change("stop", "clerk")).status_code == 200
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await boss.get("/v1/accounts", limit=5, cursor=cursor)).json()
        assert len(page["items"]) <= 5
        found, cursor = found + page["items"], page["next"]
    users = write(lambda connection: connection.execute(select(tables.accounts.c.user)).scalars().all())
    assert [one["user"] for one in found] == sorted(users)
    told = {one["user"]: (one["active"], one["role"], one["district"], one["street"], one["holder"]) for one in found}
    assert told["clerk"] == (False, "intake_clerk", "d1", None, None)
    assert told["east-team"] == (True, "grid_leader", "d1", "east", "east-team")
    assert told["boss"] == (True, "security_admin", "", None, None)
    row = tables.audit.c
    noted = write(
        lambda connection: connection.execute(select(row.outcome).where(row.action == "accounts")).scalars().all()
    )
    assert noted[0] == f"5 until {sorted(users)[9]}"
    assert len(noted) == (len(users) - 1) // 5


async def test_a_role_that_has_ended_or_not_begun_is_not_told_as_the_present_one(
    boss: Desk, write: Any, clock: Clock
) -> None:
    later = Person("clerk", Role.LEADER, DESK)
    write(lambda connection: roles.change_role(connection, later, now=NOON, since=NOON + timedelta(hours=1)))

    async def told() -> list[Any]:
        return [
            one["role"] for one in (await boss.get("/v1/accounts", limit=200)).json()["items"] if one["user"] == "clerk"
        ]

    assert await told() == ["intake_clerk"]
    clock.forward(hours=1)
    boss = await sit_down(boss.http, "boss")
    assert await told() == ["leader"]
    write(lambda connection: end_role(connection, "clerk", now=clock()))
    assert await told() == [None]


async def test_changes_count_against_the_quota(boss: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform.quotas, "mono", lambda: 0.0)
    platform.quotas.spend("boss", "commands", 6_000)
    answer = await boss.post("/v1/accounts", {"action": "stop", "user": "clerk"})
    assert (answer.status_code, answer.json()["code"]) == (429, "over_quota")


@pytest.mark.parametrize(
    ("password", "weak"),
    [("Kq7-mm2_hall9", False), ("Kq7-mm2_ha", True), ("ababababababab", True), ("x" * 1001 + "Kq7-m2", True),
     ("my-LiWei-2026", True), ("my-ＬＩＷＥＩ-2026", True)],
)  # fmt: skip
def test_a_password_is_long_mixed_and_without_the_account_s_name(password: str, weak: bool) -> None:
    assert is_weak(password, "liwei") is weak

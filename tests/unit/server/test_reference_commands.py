"""Reference records are edited in a running hall: who may, what two editors get, what is refused, what is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.command_pipeline.districts import create_district
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from commandcenter.server.storage.districts import find_district
from tests.kit.administrator import ADMIN, Editor, limit_of, sit_to_edit
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference
from tests.kit.platform import Clock, Desk, wish

KINDS = {one.id: one for one in reference()}
OTHER = replace(ADMIN, user="ops-2")
LAMP = {
    "id": "lamp",
    "rev": 1,
    "name": "路灯",
    "group": "component",
    "class_name": "公用",
    "limit": {"amount": 1, "measure": "working_days"},
}
Sit = Callable[[str], Awaitable[Desk]]


async def test_a_changed_limit_holds_for_the_next_case_and_the_record_is_one_revision_on(
    editor: Editor, sit: Sit, clock: Clock
) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    first, second = await clerk.take(), await clerk.take()
    assert (await shift.do("file", case=first))["status"] == "applied"
    result = await editor.change("kind:water", limit=limit_of(8))
    assert (result["status"], result["revs"]) == ("applied", {"kind:water": 2})
    assert (await shift.do("file", case=second))["status"] == "applied"
    dues = [(await shift.get(f"/v1/cases/{case}")).json()["due"] for case in (first, second)]
    assert dues == [f"2026-11-24T{4 + hours:02d}:00:00Z" for hours in (4, 8)]
    limit = (await editor.read("kind:water"))["limit"]
    assert (limit["amount"], limit["version"]) == (8, 2)  # another limit is another version of its rule


async def test_every_seat_hears_of_it_at_once_and_the_audit_says_who_did_it(
    editor: Editor, sit: Sit, platform: Platform
) -> None:
    unit = await sit("west-urban")
    head = (await unit.get("/v1/hello")).json()["head"]
    result = await editor.change("kind:water", name="路面积水")
    (put,) = (await unit.get("/v1/events", after=f"1:{head}", limit=5)).json()["events"]
    (shown,), (fact,) = put["data"]["records"], put["data"]["facts"]
    assert (shown["kind"], shown["record"]["name"], shown["record"]["rev"]) == ("kind", "路面积水", 2)
    assert (fact["type"], fact["fact"]["by"], put["data"]["seq"]) == ("reference_changed", "ops", result["seq"])
    row = tables.audit.c
    columns = select(row.user, row.role, row.action, row.record, row.outcome)
    said = platform.readers.now(lambda con: con.execute(columns.where(row.action == "change_reference")).all())
    assert said == [("ops", "system_admin", "change_reference", "kind:water", "applied")]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMIN])
async def test_nobody_else_edits_a_record(platform: Platform, http: httpx.AsyncClient, role: Role) -> None:
    desk = (await sit_to_edit(platform, http, Person("x", role, Scope("d1")))).desk
    content = {"id": "hotline", "rev": 1, "name": "热线二"}
    for name, args in (
        ("change_reference", {"content": content}),
        ("create_reference", {"content": content | {"id": "letter"}}),
        ("retire_reference", {}),
        ("revert_reference", {"to": 1}),
    ):
        record = f"channel:{args.get('content', content)['id']}"
        result = await desk.do(name, record=record, bases={record: 1}, **args)
        assert (result["status"], result["code"], result["about"]) == ("refused", "role", role)
    assert (await desk.get("/v1/references/channel")).status_code == (200 if role is Role.AUDIT_ADMIN else 403)
    answer = await desk.get("/v1/references/channel/hotline/history")
    assert answer.status_code == (200 if role is Role.AUDIT_ADMIN else 403)


@pytest.mark.parametrize(
    "hours", [[(0, 0, 1440), (0, 0, 1440)], [(0, 510, 720), (0, 700, 1050)]], ids=["the same twice", "over each other"]
)
async def test_no_hour_of_a_calendar_counts_twice(editor: Editor, hours: list[tuple[int, int, int]]) -> None:
    spans = [dict(zip(("weekday", "start", "end"), one, strict=True)) for one in hours]
    result = await editor.change("calendar:week", hours=spans)
    assert (result["status"], result["code"]) == ("refused", "bad_limit")


async def test_a_grid_team_keeps_to_a_grid_of_its_own_street(editor: Editor) -> None:
    result = await editor.change("holder:east-team", grid="west-1")
    assert (result["status"], result["code"], result["about"]) == ("refused", "other_grid", "west-1")


async def test_a_name_of_no_kind_is_refused_and_not_kept(editor: Editor, platform: Platform) -> None:
    said = "打 13812345678 找王女士:x"
    result = await editor.desk.do("retire_reference", record=said, bases={})
    assert (result["status"], result["code"], result["about"]) == ("refused", "bad_id", "record")
    kept = platform.readers.now(lambda con: con.execute(select(tables.audit.c.record)).scalars().all())
    assert [record for record in kept if "王" in (record or "")] == []


async def test_a_new_kind_can_be_chosen_at_once_and_an_id_is_taken_only_once(editor: Editor, sit: Sit) -> None:
    result = await editor.edit("create_reference", "kind:lamp", 0, content=LAMP | {"rev": 7, "name": " 路\u202e灯 "})
    assert (result["status"], result["revs"]) == ("applied", {"kind:lamp": 1})
    assert (await editor.read("kind:lamp"))["name"] == "路灯"
    assert await (await sit("clerk")).take(kind="lamp")
    again = await editor.edit("create_reference", "kind:lamp", 0, content=LAMP | {"name": "灯"})
    assert (again["status"], again["current"]["record"]["name"]) == ("conflict", "路灯")
    again = await editor.edit("create_reference", "kind:lamp", 1, content=LAMP)
    assert (again["status"], again["code"]) == ("refused", "id_taken")


@pytest.mark.parametrize(
    ("name", "other", "code", "about"),
    [
        ("kind:water", {"limit": limit_of(0)}, "bad_limit", "water"),
        ("kind:water", {"limit": limit_of(10_001)}, "bad_limit", "water"),
        ("calendar:week", {"hours": []}, "bad_limit", "week"),
        ("calendar:week", {"zone": "Mars/Olympus"}, "bad_limit", "week"),
        ("street:east", {"place": {"lon": 0, "lat": 91}}, "bad_value", "east.place"),
        ("street:east", {"name": "东" * 401}, "too_long", "east.name"),
        ("street:east", {"id": "west"}, "bad_id", "id"),
        ("community:east-c", {"street": "north"}, "unknown_street", "north"),
        ("grid:east-1", {"community": "c"}, "unknown_community", "c"),
        ("crew:east-crew", {"unit": "nobody"}, "unknown_holder", "nobody"),
        ("holder:east-urban", {"street": "west"}, "fixed", "street"),
        ("holder:east-urban", {"kind": "department"}, "fixed", "kind"),
        ("district:d1", {"prefix": "XX"}, "fixed", "prefix"),
        ("district:d1", {"name": ""}, "bad_district", "d1"),
        ("calendar:week", {"retired": True}, "needed", "week"),
    ],
)
async def test_what_no_record_can_be_is_refused_by_its_field(
    editor: Editor, name: str, other: dict[str, Any], code: str, about: str
) -> None:
    before = await editor.read(name)
    result = await editor.edit("change_reference", name, 1, content=before | other)
    assert (result["status"], result["code"], result["about"]) == ("refused", code, about)
    assert await editor.read(name) == before


async def test_a_calendar_that_ends_would_leave_no_deadline(editor: Editor) -> None:
    assert (await editor.edit("retire_reference", "calendar:week", 1))["code"] == "needed"


async def test_a_limit_that_the_week_never_reaches_is_refused_here_and_at_the_filing(editor: Editor, sit: Sit) -> None:
    """A minute a week: four hours are four and a half years, ten thousand are beyond every clock."""
    case = await (await sit("clerk")).take()
    assert (await editor.change("kind:water", limit=limit_of(10_000)))["status"] == "applied"
    minute = [{"weekday": 0, "start": 0, "end": 1}]
    assert (await editor.change("calendar:week", hours=minute))["status"] == "applied"
    refused = await (await sit("shift")).do("file", case=case)
    assert (refused["status"], refused["code"], refused["about"]) == ("refused", "bad_limit", "water")
    for hours in (9_000, 200):  # two hundred: the year 2256, which no console takes for a moment
        refused = await editor.change("kind:water", limit=limit_of(hours))
        assert (refused["code"], refused["about"]) == ("bad_limit", "water")
    assert (await editor.change("kind:water", limit=limit_of(4)))["status"] == "applied"
    assert (await (await sit("shift")).do("file", case=case))["status"] == "applied"


async def test_the_districts_new_name_is_its_name_everywhere(editor: Editor, platform: Platform) -> None:
    assert (await editor.change("district:d1", name="包河区"))["status"] == "applied"
    row: Any = platform.readers.now(lambda connection: find_district(connection, "d1"))
    assert (row.name, row.zone, row.prefix) == ("包河区", "Asia/Shanghai", "SY")


async def test_a_case_is_no_reference_record_and_a_district_holds_no_other(editor: Editor, filed: str) -> None:
    content = {"id": "d2", "rev": 1, "name": "二区", "zone": "Asia/Shanghai", "prefix": "EQ"}
    result = await editor.edit("create_reference", "district:d2", 0, content=content)
    assert (result["status"], result["code"], result["about"]) == ("refused", "not_reference", "district")
    for command, args in (("retire_reference", {}), ("revert_reference", {"to": 1})):
        result = await editor.edit(command, f"case:{filed}", 0, **args)
        assert (result["status"], result["code"], result["about"]) == ("refused", "not_reference", "case")
    result = await editor.edit("change_reference", f"case:{filed}", 0, content={"id": filed, "rev": 1})
    assert (result["status"], result["code"]) == ("refused", "unreadable")
    assert (await editor.edit("retire_reference", "kind:none", 0))["code"] == "unknown_kind"
    assert (await editor.edit("retire_reference", "water", 0))["code"] == "bad_id"


async def test_the_list_has_every_record_of_a_kind_a_page_at_a_time(editor: Editor) -> None:
    await editor.edit("retire_reference", "kind:stall", 1)
    first = (await editor.desk.get("/v1/references/kind", limit=2)).json()
    assert ([one["record"]["id"] for one in first["items"]], first["next"]) == (["lid", "stall"], "stall")
    rest = (await editor.desk.get("/v1/references/kind", limit=2, cursor="stall")).json()
    assert ([one["record"]["id"] for one in rest["items"]], rest["next"]) == (["water"], None)
    for missing in ("case", "nothing"):
        assert (await editor.desk.get(f"/v1/references/{missing}")).status_code == 404
    assert (await editor.desk.get("/v1/references/kind/none/history")).status_code == 404


async def test_an_administrator_of_the_whole_platform_names_the_district_where_there_are_several(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    everywhere = Person("chief", Role.SYSTEM_ADMIN, Scope("", street=NOWHERE))
    desk = (await sit_to_edit(platform, http, everywhere)).desk
    assert (await desk.get("/v1/hello")).json()["scope"]["district"] == "d1"
    other = replace(DISTRICT, id="d2")
    await platform.writer.do(lambda connection: create_district(connection, other, CALENDAR, now=NOON))
    for asked in ({}, {"district": "d9"}):
        answer = await desk.get("/v1/hello", **asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_district")
    assert (await desk.get("/v1/hello", district="d1")).json()["scope"]["district"] == "d1"
    body = {"epoch": 1, "console_id": "x", "commands": []}
    asked = wish("retire_reference", bases={"kind:water": 1}, record="kind:water")
    answer = await desk.post("/v1/commands?district=d1", body | {"commands": [asked]})
    assert answer.json()["results"][0]["status"] == "applied"
    security = replace(everywhere, user="guard", role=Role.SECURITY_ADMIN)
    guard = (await sit_to_edit(platform, http, security)).desk
    assert (await guard.get("/v1/hello", district="d1")).status_code == 404


async def test_the_calendar_is_edited_like_every_record(editor: Editor) -> None:
    assert (await editor.read("calendar:week"))["hours"] == [
        {"weekday": one.weekday, "start": one.start, "end": one.end} for one in CALENDAR.hours
    ]
    hours = [{"weekday": day, "start": 540, "end": 1020} for day in range(5)]
    before = await editor.read("calendar:week")
    assert (await editor.change("calendar:week", hours=hours, former=[]))["revs"] == {"calendar:week": 2}
    now = await editor.read("calendar:week")
    assert now["hours"] == hours
    assert now["former"] == [{"rev": 1, "zone": "Asia/Shanghai", "hours": before["hours"]}]  # cases count by them
    assert "revs" not in await editor.change("calendar:week", former=[])
    assert (await editor.edit("revert_reference", "calendar:week", 2, to=1))["revs"] == {"calendar:week": 3}
    now = await editor.read("calendar:week")
    assert (now["hours"], [one["rev"] for one in now["former"]]) == (before["hours"], [2, 1])

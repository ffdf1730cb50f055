"""Reference records are edited in a running hall: who may, what two editors get, what is refused, what is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.domain.places import Spot
from commandcenter.server.command_pipeline.districts import create_district, put_reference
from commandcenter.server.platform import Platform
from commandcenter.server.storage import event_log, tables
from commandcenter.server.storage.districts import find_district
from commandcenter.server.storage.projections import find
from tests.kit.administrator import ADMIN, Editor, sit_to_edit
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference
from tests.kit.platform import Clock, Desk, new_id, wish

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


@pytest.fixture
async def editor(platform: Platform, http: httpx.AsyncClient) -> Editor:
    return await sit_to_edit(platform, http)


@pytest.fixture
async def other(platform: Platform, http: httpx.AsyncClient) -> Editor:
    return await sit_to_edit(platform, http, OTHER)


def _limit(amount: float) -> dict[str, Any]:
    return {"amount": amount, "measure": "working_hours", "source": "", "version": 1}


def _read(platform: Platform, work: Callable[[Any], Any]) -> Any:
    return platform.readers.now(work)


async def test_a_changed_limit_holds_for_the_next_case_and_the_record_is_one_revision_on(
    editor: Editor, sit: Sit, clock: Clock
) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    first, second = await clerk.take(), await clerk.take()
    assert (await shift.do("file", case=first))["status"] == "applied"
    result = await editor.change("kind:water", limit=_limit(8))
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
    said = _read(platform, lambda con: con.execute(columns.where(row.action == "change_reference")).all())
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


async def test_a_stranger_does_not_learn_of_a_crew_by_a_conflict(sit: Sit) -> None:
    """The guard comes before the decision: it shows nobody a record that they do not see."""
    content = {"id": "west-crew", "rev": 1, "name": "x", "unit": "x", "street": "x", "status": "off_duty"}
    content |= {"status_since": "2026-11-24T04:00:00Z"}
    desk = await sit("east-desk")
    result = await desk.do("change_reference", record="crew:west-crew", bases={}, content=content)
    assert (result["code"], "current" in result) == ("role", False)


async def test_who_may_not_edit_learns_nothing_of_what_happened_by_a_conflict(editor: Editor, sit: Sit) -> None:
    """Not even of a record that they see: its history is for administrators, and is long."""
    assert (await editor.change("kind:water", limit=_limit(8)))["status"] == "applied"
    desk = await sit("west-urban")
    for record in ("kind:water", "crew:west-crew"):
        result = await desk.do("retire_reference", record=record, bases={})
        assert (result["status"], result["code"], "since" in result) == ("refused", "role", False)


async def test_of_a_crew_an_editor_is_told_the_edits_alone_not_where_it_drove(
    editor: Editor, other: Editor, sit: Sit
) -> None:
    unit = await sit("west-urban")
    for lon in (117.21, 117.22, 117.23):
        spot = {"lon": lon, "lat": 31.8}
        assert (await unit.do("locate_crew", crew="west-crew", spot=spot, status="en_route"))["status"] == "applied"
    assert (await editor.change("crew:west-crew", name="二队"))["status"] == "applied"
    late = await other.change("crew:west-crew", 1, name="三队")
    assert [one["type"] for one in late["since"]] == ["reference_changed"]


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
    kept = _read(platform, lambda con: con.execute(select(tables.audit.c.record)).scalars().all())
    assert [record for record in kept if "王" in (record or "")] == []


async def test_the_second_of_two_editors_gets_both_values_and_overwrites_nothing(editor: Editor, other: Editor) -> None:
    assert (await editor.change("kind:water", 1, limit=_limit(8)))["status"] == "applied"
    mine = KINDS["water"]
    late = await other.change("kind:water", 1, limit=_limit(2), name="积水")
    assert (late["status"], late["code"]) == ("conflict", "changed")
    assert late["current"]["record"]["limit"]["amount"] == 8  # theirs; mine is in my command
    (fact,) = late["since"]
    assert (fact["fact"]["by"], fact["fact"]["content"]["limit"]["amount"]) == ("ops", 8)
    now = await editor.read("kind:water")
    assert (now["rev"], now["name"], now["limit"]["amount"]) == (2, mine.name, 8)  # type: ignore[union-attr]
    assert (await other.change("kind:water", 2, limit=_limit(2)))["status"] == "applied"


async def test_the_same_person_at_two_windows_overwrites_nothing_either(editor: Editor) -> None:
    assert (await editor.change("kind:water", 1, limit=_limit(8)))["status"] == "applied"
    assert (await editor.change("kind:water", 1, name="积水"))["status"] == "conflict"
    assert (await editor.edit("retire_reference", "kind:water", 1))["status"] == "conflict"


async def test_what_an_import_brought_meanwhile_is_a_conflict_too(editor: Editor, platform: Platform) -> None:
    moved = replace(KINDS["east-crew"], name="二组")
    platform.writer.submit(lambda connection: put_reference(connection, "d1", [moved], now=NOON)).result()
    late = await editor.change("crew:east-crew", 1, name="三组")
    assert (late["status"], late["current"]["record"]["name"]) == ("conflict", "二组")


async def test_where_a_crew_is_stays_what_its_device_says_and_is_no_conflict(
    editor: Editor, sit: Sit, platform: Platform
) -> None:
    name, before = "crew:east-crew", await editor.read("crew:east-crew")
    unit = await sit("east-urban")
    spot = {"lon": 117.4, "lat": 31.7}
    assert (await unit.do("locate_crew", crew="east-crew", spot=spot, status="on_scene"))["status"] == "applied"
    result = await editor.edit("change_reference", name, 1, content=before | {"name": "三组"})
    assert result["status"] == "applied"
    now: Any = _read(platform, lambda connection: find(connection, "d1", "crew", "east-crew"))
    assert (now.name, now.status, now.spot, now.rev) == ("三组", "on_scene", Spot(**spot), 3)
    told = (await editor.history(name))["revisions"]
    assert [(one["rev"], one["changed"]) for one in told] == [(3, ["name"]), (1, ["*"])]


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
        ("kind:water", {"limit": _limit(0)}, "bad_limit", "water"),
        ("kind:water", {"limit": _limit(10_001)}, "bad_limit", "water"),
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
    assert (await editor.change("kind:water", limit=_limit(10_000)))["status"] == "applied"
    minute = [{"weekday": 0, "start": 0, "end": 1}]
    assert (await editor.change("calendar:week", hours=minute))["status"] == "applied"
    refused = await (await sit("shift")).do("file", case=case)
    assert (refused["status"], refused["code"], refused["about"]) == ("refused", "bad_limit", "water")
    for hours in (9_000, 200):  # two hundred: the year 2256, which no console takes for a moment
        refused = await editor.change("kind:water", limit=_limit(hours))
        assert (refused["code"], refused["about"]) == ("bad_limit", "water")
    assert (await editor.change("kind:water", limit=_limit(4)))["status"] == "applied"
    assert (await (await sit("shift")).do("file", case=case))["status"] == "applied"


async def test_a_retired_kind_serves_the_cases_that_use_it_and_no_new_one(editor: Editor, sit: Sit) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case, stall = await clerk.take(), await clerk.take(kind="stall")
    assert (await editor.edit("retire_reference", "kind:water", 1))["status"] == "applied"
    assert (await shift.do("file", case=case))["status"] == "applied"
    assert (await shift.get(f"/v1/cases/{case}")).json()["kind"] == "water"
    refused = await clerk.do("take", case=new_id(), channel="hotline", kind="water", text="x", place="x", street="east")
    assert (refused["status"], refused["code"], refused["about"]) == ("refused", "retired", "water")
    refused = await shift.do("file", case=stall, kind="water")
    assert (refused["code"], refused["about"]) == ("retired", "water")
    assert (await editor.read("kind:water"))["retired"]
    again = await editor.edit("retire_reference", "kind:water", 2)
    assert (again["status"], again["code"]) == ("refused", "retired")


async def test_nothing_new_names_a_retired_channel_street_community_grid_holder_or_crew(
    editor: Editor, sit: Sit, filed: str
) -> None:
    where = {"channel": "grid", "street": "west", "community": "west-c", "grid": "west-1"}
    for kind, key in where.items():
        assert (await editor.edit("retire_reference", f"{kind}:{key}", 1))["status"] == "applied"
        given = {"channel": "hotline", "kind": "water", "text": "x", "place": "x", "street": "west"} | {kind: key}
        refused = await (await sit("clerk")).do("take", case=new_id(), **given)
        assert (refused["code"], refused["about"]) == ("retired", key)
        assert (await editor.change(f"{kind}:{key}", retired=False))["status"] == "applied"  # in use again
    assert (await editor.edit("retire_reference", "holder:east-urban", 1))["status"] == "applied"
    refused = await (await sit("dispatcher")).do("dispatch", case=filed, to="east-urban")
    assert (refused["code"], refused["about"]) == ("retired", "east-urban")
    new = {"name": "一组", "unit": "east-urban", "street": "east", "status": "off_duty"}
    content = new | {"id": "c", "rev": 1, "status_since": "2026-11-24T04:00:00Z"}
    refused = await editor.edit("create_reference", "crew:c", 0, content=content)
    assert (refused["code"], refused["about"]) == ("retired", "east-urban")
    assert (await editor.edit("retire_reference", "crew:east-crew", 1))["status"] == "applied"
    said = {"spot": {"lon": 117.4, "lat": 31.7}, "status": "on_scene"}
    refused = await (await sit("system")).do("locate_crew", crew="east-crew", **said)
    assert (refused["code"], refused["about"]) == ("retired", "east-crew")


async def test_an_import_brings_no_new_case_under_a_retired_kind_and_updates_those_that_use_it(
    editor: Editor, sit: Sit
) -> None:
    row = {"case": new_id(), "channel": "hotline", "external": "7", "source_hash": "a" * 32, "stage": "received"}
    row |= {"tier": "grid", "received_at": "2026-11-24T03:00:00Z", "kind": "water", "street": "east"}
    system = await sit("system")

    async def brought(**other: Any) -> tuple[str, str | None]:
        answer = await system.post("/v1/imports", {"district": "d1", "commands": [row | other]})
        (result,) = answer.json()["results"]
        return result["status"], result.get("code")

    assert await brought() == ("new", None)
    assert (await editor.edit("retire_reference", "kind:water", 1))["status"] == "applied"
    assert await brought(source_hash="b" * 32, text="改过") == ("changed", None)
    assert await brought(case=new_id(), external="8") == ("refused", "retired")


async def test_a_case_that_is_imported_again_keeps_the_limit_of_the_first_time(editor: Editor, sit: Sit) -> None:
    row = {"case": new_id(), "channel": "hotline", "external": "7", "source_hash": "a" * 32, "stage": "filed"}
    row |= {"tier": "grid", "received_at": "2026-11-24T03:00:00Z", "kind": "water", "street": "east"}
    system = await sit("system")

    async def due(**other: Any) -> tuple[str, float]:
        answer = await system.post("/v1/imports", {"district": "d1", "commands": [row | other]})
        case = (await system.get(f"/v1/cases/{answer.json()['results'][0]['case']}")).json()
        return case["due"], case["basis"]["limit"]["amount"]

    assert await due() == ("2026-11-24T07:00:00Z", 4)
    assert (await editor.change("kind:water", limit=_limit(8)))["status"] == "applied"
    assert await due(source_hash="b" * 32, text="改过") == ("2026-11-24T07:00:00Z", 4)
    assert await due(source_hash="c" * 32, kind="stall") == ("2026-11-24T05:00:00Z", 2)


async def test_an_import_leaves_a_retired_record_retired(editor: Editor, sit: Sit) -> None:
    assert (await editor.edit("retire_reference", "channel:grid", 1))["status"] == "applied"
    channel = {"kind": "channel", "record": {"id": "grid", "rev": 9, "name": "网格上报", "by_hand": True}}
    answer = await (await sit("system")).post("/v1/imports", {"district": "d1", "reference": [channel]})
    assert answer.json()["reference"] == {"new": 0, "changed": 0, "unchanged": 1, "not_taken": 1}
    assert (await editor.read("channel:grid"))["retired"]


async def test_the_districts_new_name_is_its_name_everywhere(editor: Editor, platform: Platform) -> None:
    assert (await editor.change("district:d1", name="包河区"))["status"] == "applied"
    row: Any = _read(platform, lambda connection: find_district(connection, "d1"))
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


async def test_nothing_is_written_for_an_edit_that_changes_nothing(editor: Editor) -> None:
    result = await editor.change("kind:water")
    assert (result["status"], result.get("seq")) == ("applied", None)
    assert (await editor.read("kind:water"))["rev"] == 1


async def test_an_edit_that_is_sent_twice_has_its_effect_once(editor: Editor) -> None:
    content = await editor.read("kind:water") | {"name": "积水"}
    asked = wish("change_reference", bases={"kind:water": 1}, record="kind:water", content=content)
    first, again = [(await editor.desk.send(asked))[0] for _ in range(2)]
    assert first == again
    assert (await editor.read("kind:water"))["rev"] == 2


async def test_the_history_has_each_revision_with_who_made_it_and_what_it_was(editor: Editor, clock: Clock) -> None:
    clock.forward(minutes=5)
    await editor.change("kind:water", limit=_limit(8))
    clock.forward(minutes=5)
    await editor.edit("retire_reference", "kind:water", 2)
    told = await editor.history("kind:water")
    assert [(one["rev"], one["actor"], one["fact"], one["changed"]) for one in told["revisions"]] == [
        (3, "ops", "reference_retired", ["retired"]),
        (2, "ops", "reference_changed", ["limit"]),
        (1, "system", "reference_created", ["*"]),
    ]
    assert [one["record"]["record"]["limit"]["amount"] for one in told["revisions"]] == [8, 8, 4]
    assert [one["at"] for one in told["revisions"]] == [f"2026-11-24T04:{minute:02d}:00Z" for minute in (10, 5, 0)]
    page = await editor.history("kind:water", limit=1)
    assert ([one["rev"] for one in page["revisions"]], page["next"]) == ([3], "3")
    page = await editor.history("kind:water", limit=2, cursor="3")
    assert ([one["rev"] for one in page["revisions"]], page["next"]) == ([2, 1], None)


async def test_a_revert_is_a_change_back_that_says_so_and_brings_a_retired_record_back(editor: Editor) -> None:
    await editor.change("kind:water", limit=_limit(8))
    await editor.edit("retire_reference", "kind:water", 2)
    late = await editor.edit("revert_reference", "kind:water", 2, to=1)
    assert late["status"] == "conflict"
    result = await editor.edit("revert_reference", "kind:water", 3, to=1)
    assert result["revs"] == {"kind:water": 4}
    told = await editor.history("kind:water")
    now, newest = told["record"]["record"], told["revisions"][0]
    assert (now["limit"]["amount"], now["retired"]) == (4, False)
    assert (newest["fact"], newest["reverts"], newest["changed"]) == ("reference_reverted", 1, ["retired", "limit"])
    missing = await editor.edit("revert_reference", "kind:water", 4, to=9)
    assert (missing["code"], missing["about"]) == ("unknown_revision", "9")


async def test_what_was_sound_then_has_to_be_so_now(editor: Editor) -> None:
    await editor.edit("create_reference", "street:north", 0, content={"id": "north", "rev": 1, "name": "北"})
    await editor.change("community:east-c", street="north")
    await editor.change("community:east-c", street="west")
    await editor.edit("retire_reference", "street:north", 1)
    refused = await editor.edit("revert_reference", "community:east-c", 3, to=2)
    assert (refused["code"], refused["about"]) == ("retired", "north")
    assert (await editor.edit("revert_reference", "community:east-c", 3, to=1))["status"] == "applied"


async def test_former_revisions_outlive_what_can_be_streamed(editor: Editor, platform: Platform) -> None:
    await editor.change("kind:water", limit=_limit(8))
    platform.writer.submit(
        lambda connection: event_log.trim(connection, "d1", before=NOON + timedelta(days=40))
    ).result()
    told = await editor.history("kind:water")
    assert [one["record"]["record"]["limit"]["amount"] for one in told["revisions"]] == [8, 4]
    assert (await editor.edit("revert_reference", "kind:water", 2, to=1))["status"] == "applied"


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

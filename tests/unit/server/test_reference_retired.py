"""A retired record serves the cases that use it and no new one, also when an import names it."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.kit.administrator import Editor, limit_of
from tests.kit.platform import Desk, new_id

Sit = Callable[[str], Awaitable[Desk]]


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
    assert (await editor.change("kind:water", limit=limit_of(8)))["status"] == "applied"
    assert await due(source_hash="b" * 32, text="改过") == ("2026-11-24T07:00:00Z", 4)
    assert await due(source_hash="c" * 32, kind="stall") == ("2026-11-24T05:00:00Z", 2)


async def test_an_import_leaves_a_retired_record_retired(editor: Editor, sit: Sit) -> None:
    assert (await editor.edit("retire_reference", "channel:grid", 1))["status"] == "applied"
    channel = {"kind": "channel", "record": {"id": "grid", "rev": 9, "name": "网格上报", "by_hand": True}}
    answer = await (await sit("system")).post("/v1/imports", {"district": "d1", "reference": [channel]})
    assert answer.json()["reference"] == {"new": 0, "changed": 0, "unchanged": 1, "not_taken": 1}
    assert (await editor.read("channel:grid"))["retired"]

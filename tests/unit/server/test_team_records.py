"""Teams of streets, powers, and how long a status may last: edited in a running hall that began without any."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.kit.administrator import Editor
from tests.kit.platform import Desk

TEAM = {"id": "east", "rev": 1, "name": "东街综合执法队", "units": ["east-police", "east-urban"]}
WATER = {"id": "water", "rev": 1, "name": "水务"}
HANDLING = {"id": "handling", "rev": 1, "warn": 600, "alarm": 1200}


async def create(editor: Editor, kind: str, content: dict[str, Any]) -> tuple[str, str, str]:
    result = await editor.edit("create_reference", f"{kind}:{content['id']}", 0, content=content)
    return result["status"], result.get("code", ""), result.get("about", "")


@pytest.mark.parametrize(
    ("kind", "content", "change"),
    [
        ("team", TEAM, {"units": ["east-urban", "east-police"]}),
        ("power", WATER, {"name": "水利", "order": 5, "in_every_street": True}),
        ("stay", HANDLING, {"warn": 60.5}),
    ],
)
async def test_a_record_is_created_changed_and_retired_and_every_seat_hears_of_it(
    editor: Editor, sit: Callable[[str], Awaitable[Desk]], kind: str, content: dict[str, Any], change: dict[str, Any]
) -> None:
    unit, name = await sit("west-urban"), f"{kind}:{content['id']}"
    head = (await unit.get("/v1/hello")).json()["head"]
    assert (await create(editor, kind, content))[0] == "applied"
    assert (await editor.change(name, **change))["status"] == "applied"
    assert (await editor.edit("retire_reference", name, 2))["status"] == "applied"
    heard = [
        one["data"]["records"][0] for one in (await unit.get("/v1/events", after=f"1:{head}", limit=5)).json()["events"]
    ]
    shown = [one["record"] | {"pinned": None} for one in heard]
    made = content | {"pinned": None, "retired": False}
    made |= {"order": 100, "in_every_street": False} if kind == "power" else {}
    assert shown == [made, made | change | {"rev": 2}, made | change | {"rev": 3, "retired": True}]
    assert {one["kind"] for one in heard} == {kind}


@pytest.mark.parametrize(
    ("kind", "content", "code", "about"),
    [
        ("team", TEAM | {"id": "north"}, "unknown_street", "north"),
        ("team", TEAM | {"units": ["west-urban"]}, "other_units", "west-urban"),
        ("team", TEAM | {"units": ["east-urban", "nobody"]}, "unknown_holder", "nobody"),
        ("team", TEAM | {"units": ["housing"]}, "no_unit", "housing"),
        ("team", TEAM | {"units": ["east-team"]}, "no_unit", "east-team"),
        ("stay", HANDLING | {"id": "dancing"}, "bad_stay", "dancing"),
        ("stay", HANDLING | {"warn": 0}, "bad_stay", "handling"),
        ("stay", HANDLING | {"warn": -5}, "bad_stay", "handling"),
        ("stay", HANDLING | {"warn": 1200}, "bad_stay", "handling"),
        ("stay", HANDLING | {"alarm": 86_401}, "bad_stay", "handling"),
        ("power", WATER | {"name": "水" * 401}, "too_long", "water.name"),
    ],
)
async def test_what_none_can_be_is_refused(
    editor: Editor, kind: str, content: dict[str, Any], code: str, about: str
) -> None:
    assert await create(editor, kind, content) == ("refused", code, about)


async def test_a_unit_that_was_retired_stays_in_its_team_and_is_named_by_no_other_change(editor: Editor) -> None:
    assert (await create(editor, "team", TEAM | {"units": ["east-urban"]}))[0] == "applied"
    for unit in ("east-urban", "east-police"):
        assert (await editor.edit("retire_reference", f"holder:{unit}", 1))["status"] == "applied"
    assert (await editor.change("team:east", name="东街执法队"))["status"] == "applied"
    late = await editor.change("team:east", units=["east-urban", "east-police"])
    assert (late["status"], late["code"], late["about"]) == ("refused", "retired", "east-police")


async def test_a_holder_takes_a_new_power_and_one_of_which_there_is_no_record(editor: Editor) -> None:
    assert (await create(editor, "power", WATER))[0] == "applied"
    for power in ("water", "forestry"):
        assert (await editor.change("holder:east-urban", power=power))["status"] == "applied"

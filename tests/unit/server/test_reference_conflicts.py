"""Two editors of one record: the second gets both values, overwrites nothing, and learns no more by it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from commandcenter.domain.places import Spot
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.platform import Platform
from commandcenter.server.storage.projections import find
from tests.kit.administrator import ADMIN, Editor, limit_of, sit_to_edit
from tests.kit.district import NOON, reference
from tests.kit.platform import Desk

KINDS = {one.id: one for one in reference()}
Sit = Callable[[str], Awaitable[Desk]]


@pytest.fixture
async def other(platform: Platform, http: httpx.AsyncClient) -> Editor:
    return await sit_to_edit(platform, http, replace(ADMIN, user="ops-2"))


async def test_a_stranger_does_not_learn_of_a_crew_by_a_conflict(sit: Sit) -> None:
    """The guard comes before the decision: it shows nobody a record that they do not see."""
    content = {"id": "west-crew", "rev": 1, "name": "x", "unit": "x", "street": "x", "status": "off_duty"}
    content |= {"status_since": "2026-11-24T04:00:00Z"}
    desk = await sit("east-desk")
    result = await desk.do("change_reference", record="crew:west-crew", bases={}, content=content)
    assert (result["code"], "current" in result) == ("role", False)


async def test_who_may_not_edit_learns_nothing_of_what_happened_by_a_conflict(editor: Editor, sit: Sit) -> None:
    """Not even of a record that they see: its history is for administrators, and is long."""
    assert (await editor.change("kind:water", limit=limit_of(8)))["status"] == "applied"
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


async def test_the_second_of_two_editors_gets_both_values_and_overwrites_nothing(editor: Editor, other: Editor) -> None:
    assert (await editor.change("kind:water", 1, limit=limit_of(8)))["status"] == "applied"
    mine = KINDS["water"]
    late = await other.change("kind:water", 1, limit=limit_of(2), name="积水")
    assert (late["status"], late["code"]) == ("conflict", "changed")
    assert late["current"]["record"]["limit"]["amount"] == 8  # theirs; mine is in my command
    (fact,) = late["since"]
    assert (fact["fact"]["by"], fact["fact"]["content"]["limit"]["amount"]) == ("ops", 8)
    now = await editor.read("kind:water")
    assert (now["rev"], now["name"], now["limit"]["amount"]) == (2, mine.name, 8)  # type: ignore[union-attr]
    assert (await other.change("kind:water", 2, limit=limit_of(2)))["status"] == "applied"


async def test_the_same_person_at_two_windows_overwrites_nothing_either(editor: Editor) -> None:
    assert (await editor.change("kind:water", 1, limit=limit_of(8)))["status"] == "applied"
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
    now: Any = platform.readers.now(lambda connection: find(connection, "d1", "crew", "east-crew"))
    assert (now.name, now.status, now.spot, now.rev) == ("三组", "on_scene", Spot(**spot), 3)
    told = (await editor.history(name))["revisions"]
    assert [(one["rev"], one["changed"]) for one in told] == [(3, ["name"]), (1, ["*"])]

"""Rosters at the platform: who reads them and edits them, and that they hold for whoever sends the crew."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.kit.administrator import Editor
from tests.kit.district import NOON
from tests.kit.platform import Clock, Desk

Sit = Callable[[str], Awaitable[Desk]]


def roster(unit: str = "east-urban", crew: str = "east-crew", **more: Any) -> dict[str, Any]:
    """Returns the roster of a crew that is on duty until four minutes after noon."""
    shift = {"starts": (NOON - timedelta(hours=3)).isoformat(), "ends": (NOON + timedelta(minutes=4)).isoformat()}
    return {"id": crew, "rev": 1, "unit": unit, "street": "east", "shifts": [shift], "members": ["王强"]} | more


async def make(editor: Editor, **more: Any) -> dict[str, Any]:
    return await editor.edit("create_reference", "roster:east-crew", 0, content=roster(**more))


async def board(desk: Desk) -> str:
    return (await desk.get("/v1/snapshot")).text


async def test_the_names_in_a_roster_are_read_where_the_crew_is_and_are_in_no_log(
    editor: Editor, sit: Sit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert (await make(editor))["status"] == "applied"
    for user, reads in (
        ("dispatcher", True),
        ("east-desk", True),
        ("east-urban", True),
        ("east-police", True),
        ("west-desk", False),
        ("housing", False),
        ("west-urban", False),
    ):
        assert ("王强" in await board(await sit(user))) is reads, user
    assert "王强" not in caplog.text


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"unit": "east-police"}, "other_id"),
        ({"unit": "west-urban"}, "other_id"),
        ({"members": ["王强 13812345678"]}, "bad_member"),
        ({"members": ["1 " * 300_000]}, "too_long"),  # at once: it took twenty seconds to look for a number in it
        ({"shifts": roster()["shifts"] * 2}, "shifts_overlap"),
        ({"crew": "nobody"}, "unknown_crew"),
    ],
)
async def test_what_is_no_roster_of_the_crew_is_refused(editor: Editor, wrong: dict[str, Any], code: str) -> None:
    name = f"roster:{wrong.get('crew', 'east-crew')}"
    result = await editor.edit("create_reference", name, 0, content=roster(**wrong))
    assert (result["status"], result["code"]) == ("refused", code)


async def test_a_roster_holds_for_a_street_that_was_lent_the_crew_and_does_not_see_it(
    editor: Editor, sit: Sit, clock: Clock
) -> None:
    assert (await make(editor))["status"] == "applied"
    clerk, leader, east, west = [await sit(one) for one in ("clerk", "shift", "east-desk", "west-desk")]
    case = await clerk.take("west")
    await leader.do("file", case=case)
    await west.do("dispatch", case=case, to="west-urban")
    asked = await east.do("ask_crew", bases={"crew:east-crew": 1}, crew="east-crew", street="west", reason="积水")
    assert asked["status"] == "applied", asked
    assert (await west.do("agree_loan", bases={"crew:east-crew": 2}, crew="east-crew"))["status"] == "applied"
    assert "王强" not in await board(west)
    clock.forward(minutes=5)

    async def send(**more: Any) -> dict[str, Any]:
        bases = {f"case:{case}": 3, "crew:east-crew": 3}
        return await west.do("send_crew", bases=bases, case=case, crew="east-crew", **more)

    first = await send()
    assert first["code"] == "crew_off_shift", first
    later = (NOON + timedelta(hours=9)).isoformat()
    assert (await send(reason="一定要", booked_for=later))["code"] == "crew_not_rostered"
    assert (await send(reason="积水没过车轮"))["status"] == "applied"

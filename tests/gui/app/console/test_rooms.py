"""From room to room at one seat, by the rail or by keys."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.people import Role
from tests.kit.fake_desk import person
from tests.kit.signed_desk import PEOPLE, SignedDesk, become
from ui.app.console import Console
from ui.teams.layout import Part
from ui.window import Window
from ui.window.rail import RailButton


def rail(window: Window) -> list[RailButton]:
    return window.rail.findChildren(RailButton)


def marked(window: Window) -> list[str]:
    return [button.accessibleName() for button in rail(window) if button.isChecked()]


async def test_a_dispatcher_goes_from_room_to_room_and_the_rail_says_where_they_are(
    opened: Callable[..., Console],
    window: Window,
    qtbot: Any,
) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.show()
    ground, teams, leads, inbox, handover = rail(window)
    assert marked(window) == ["调度台"]
    qtbot.mouseClick(inbox, Qt.MouseButton.LeftButton)
    assert (console.workspace.rooms.front, marked(window)) == ("inbox", ["需处理"])
    qtbot.mouseClick(teams, Qt.MouseButton.LeftButton)
    assert (console.workspace.rooms.front, marked(window)) == ("teams", ["队伍"])
    qtbot.mouseClick(leads, Qt.MouseButton.LeftButton)
    assert (console.workspace.rooms.front, marked(window)) == ("leads", ["主协办"])
    qtbot.mouseClick(handover, Qt.MouseButton.LeftButton)
    assert (console.workspace.rooms.front, marked(window)) == ("handover", ["交接班"])
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton)
    assert (console.workspace.rooms.front, marked(window)) == ("", ["调度台"])
    console.registry.trigger("inbox")
    assert marked(window) == ["需处理"]


async def test_a_room_lies_beside_the_rail_and_not_over_it(opened: Callable[..., Console], window: Window) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.show()
    console.registry.trigger("inbox")
    room = console.workspace.rooms._made["inbox"]
    assert room.geometry().left() == window.rail.width() > 0
    assert room.geometry().right() == window.width() - 1


async def test_at_a_units_seat_there_is_one_room_and_no_rail(
    opened: Callable[..., Console],
    desk: SignedDesk,
    window: Window,
) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.show()
    assert window.rail.isVisible()
    assert window.topbar.needs.isHidden()
    await become(console, desk, "u03")
    assert window.rail.isHidden()
    assert window.between_bars().left() == 0
    assert not window.topbar.needs.isHidden()
    await become(console, desk, "d07")
    assert window.rail.isVisible()


@pytest.mark.parametrize("user", ["d07", "u03"])
async def test_the_room_of_what_needs_somebody_gives_the_keyboard_back_to_the_list(
    opened: Callable[..., Console], window: Window, user: str
) -> None:
    console = opened(sits=PEOPLE[user])
    console.registry.trigger("inbox")
    assert console.workspace.rooms.front == "inbox"
    assert window.topbar.room.text() == "需处理"
    console.registry.trigger("inbox")
    assert not console.workspace.rooms.front
    assert window.focusWidget() is console.workspace.list_view
    assert window.topbar.room.text() != "需处理"


@pytest.mark.parametrize(("role", "has_it"), [(Role.SHIFT_LEADER, True), (Role.INTAKE_CLERK, False)])
async def test_who_dispatches_or_leads_the_shift_has_the_room_of_the_teams(
    opened: Callable[..., Console], window: Window, role: Role, has_it: bool
) -> None:
    console = opened(sits=person(role))
    window.show()
    assert ("teams" in console.registry) is has_it
    assert ("队伍" in [button.accessibleName() for button in rail(window)]) is has_it


async def test_enter_at_a_case_of_the_teams_opens_it_at_the_desk(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.show()
    console.registry.trigger("teams")
    room = console.workspace.rooms._made["teams"]
    case = next(key for lane in room.view.lanes for one in lane.columns for key in one.queue)
    room.view.go_to(room.view.layout_now.find((Part.CASE, case)))
    QTest.keyClick(room.view, Qt.Key.Key_Return)
    assert console.workspace.rooms.front == ""
    assert console.seat.focus.case == case

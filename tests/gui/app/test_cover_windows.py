"""队伍, one lane of it and 主协办 in windows of their own: asked for by key and by menu, closed, and there again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.people import Role
from commandcenter.store.touched import Touched
from tests.kit import hall
from tests.kit.crews import assigned
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.room_windows import activate, none_out, out, press
from tests.kit.street_crews import crew
from tests.kit.turns import seen, settled
from ui.actions.context import UiContext
from ui.kit.dialogs import Sheet
from ui.leads.room import LeadsRoom
from ui.teams.layout import Part
from ui.teams.room import TeamsRoom
from ui.window import Window
from ui.workspaces.dispatch.workspace import DispatchWorkspace
from ui.workspaces.workspace import WorkspaceContext

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
HELD = hall.case(1, stage=Stage.HANDLING, responsible="s03-urban")


@pytest.fixture(autouse=True)
def crews(desk: FakeDesk) -> None:
    """Crews of two streets, one of them at work."""
    desk.board.apply([HELD, crew(1), crew(2, **assigned(hall.case(421).id)), crew(1, "s04-urban")])


def teams(name: str = "teams") -> TeamsRoom:
    room = out(name).panel
    assert isinstance(room, TeamsRoom)
    return room


def streets(room: TeamsRoom) -> list[str]:
    return [lane.id for lane in room.view.lanes]


@pytest.mark.parametrize(
    ("key", "name", "kind"), [(Qt.Key.Key_F3, "teams", TeamsRoom), (Qt.Key.Key_F10, "leads", LeadsRoom)]
)
async def test_a_board_goes_to_a_window_of_its_own_while_the_desk_shows_the_queue_and_comes_back(
    workspace: DispatchWorkspace, window: Window, key: Qt.Key, name: str, kind: type
) -> None:
    await press(window, key)
    assert workspace.rooms.front == name
    await press(window, Qt.Key.Key_M, SHIFT)
    assert isinstance(out(name).panel, kind)
    await seen(out(name).isActiveWindow)
    assert out(name).windowTitle() == ("队伍" if name == "teams" else "主协办")
    assert (workspace.rooms.front, workspace.list_view.isVisible()) == ("", True)
    await press(window, key)  # it is where it stands: nothing covers the desk
    await seen(out(name).isActiveWindow)
    assert workspace.rooms.front == ""
    QTest.keyClick(out(name).focusWidget(), Qt.Key.Key_Escape)
    await seen(window.isActiveWindow)
    assert workspace.list_view.hasFocus()
    assert out(name).isVisible()
    await press(window, Qt.Key.Key_F4)
    assert (workspace.rooms.front, out(name).panel.isVisible()) == ("inbox", True)  # it covers nothing that must go
    await press(out(name), Qt.Key.Key_M, SHIFT)
    assert none_out()
    await seen(window.isActiveWindow)
    assert workspace.rooms.front == name


async def test_a_lane_has_a_window_with_that_street_alone_and_its_name_on_it(
    workspace: DispatchWorkspace, window: Window, seat: UiContext
) -> None:
    await press(window, Qt.Key.Key_F3)
    board = workspace.rooms.made("teams")
    assert isinstance(board, TeamsRoom)
    seat.focus.choose_crew("c-s04-urban-1", by="map")
    QTest.keyClick(board.view, Qt.Key.Key_Return, CONTROL)
    await seen(out("lane-s04").isActiveWindow)
    lane = teams("lane-s04")
    assert (streets(lane), out("lane-s04").windowTitle()) == (["s04"], "队伍 · 常青街道")
    assert (workspace.rooms.front, len(streets(board)) > 1) == ("teams", True)
    QTest.keyClick(lane.view, Qt.Key.Key_Return, CONTROL)
    assert teams("lane-s04") is lane
    out("lane-s04").close()
    assert none_out()


async def test_the_tool_in_the_head_offers_the_whole_board_and_each_street(
    workspace: DispatchWorkspace, window: Window
) -> None:
    await press(window, Qt.Key.Key_F3)
    board = workspace.rooms.made("teams")
    board.head.tool.click()  # type: ignore[attr-defined]
    (menu,) = board.findChildren(QMenu)
    asked = {action.text().split("\t")[0]: action for action in menu.actions()}
    menu.close()
    assert {"整个看板", "望湖街道", "常青街道"} <= asked.keys()
    asked["望湖街道"].trigger()
    assert streets(teams("lane-s03")) == ["s03"]
    asked["整个看板"].trigger()
    assert out("teams").panel is board
    board.head.tool.click()  # type: ignore[attr-defined]
    teams("lane-s03").head.tool.click()
    assert none_out()


async def test_what_a_crew_is_sent_for_in_a_lanes_window_is_asked_there_and_followed_by_the_board(
    workspace: DispatchWorkspace, window: Window, seat: UiContext, desk: FakeDesk
) -> None:
    workspace._ask_window("teams", "s03")
    lane = teams("lane-s03")
    await activate(out("lane-s03"))
    seat.focus.choose(HELD.id, by="queue")
    offer = lane._offers.send(HELD, desk.board.find("crew", "c-s03-urban-2"))  # type: ignore[arg-type]
    lane.view.dropped.emit(offer)
    await seen(lambda: out("lane-s03").findChildren(Sheet))
    assert not window.findChildren(Sheet)
    out("lane-s03").findChildren(Sheet)[0].reject()
    await settled()
    assert not desk.heard
    free = lane._offers.send(HELD, desk.board.find("crew", "c-s03-urban-1"))  # type: ignore[arg-type]
    lane.view.dropped.emit(free)
    await seen(lambda: desk.heard)
    assert desk.heard == [SendCrew(HELD.id, "c-s03-urban-1")]
    desk.board.apply([], [("crew", "c-s03-urban-2")])
    seat.follow.touched.emit(Touched(everything=True))
    await seen(lambda: lane.view.layout_now.find((Part.CREW, "c-s03-urban-2")) is None)


async def test_what_was_left_in_windows_of_its_own_is_there_for_the_next_user_who_may_see_it(
    context: WorkspaceContext, desk: FakeDesk
) -> None:
    def sits_down(role: Role, **scope: str) -> DispatchWorkspace:
        desk.person = person(role, **scope)
        return DispatchWorkspace(context)

    first = sits_down(Role.DISPATCHER)
    first.rooms.open("teams")
    first.handlers()["room_window"]()
    for street in ("s03", "s04"):
        first._ask_window("teams", street)
    out("teams").setGeometry(60, 70, 1300, 610)
    first.close()
    assert none_out()
    of_a_street = sits_down(Role.STREET_DISPATCHER, street="s04")
    assert streets(teams("lane-s04")) == ["s04"]
    assert out("teams").geometry().getRect() == (60, 70, 1300, 610)
    assert not shown("lane-s03")
    of_a_street.close()
    coordinators = sits_down(Role.COORDINATOR)
    assert none_out()
    coordinators.close()
    last = sits_down(Role.DISPATCHER)
    assert all(streets(teams(f"lane-{street}")) == [street] for street in ("s03", "s04"))
    last.handlers()["restore_layout"]()
    assert none_out()
    last.close()
    final = sits_down(Role.DISPATCHER)
    assert none_out()
    final.close()


def shown(name: str) -> bool:
    return any(top.objectName() == f"{name}-window" and top.isVisible() for top in QApplication.topLevelWidgets())

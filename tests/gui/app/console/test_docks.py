"""Each kind of seat finds its own rooms in the window, where its people left them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.kit.signed_desk import PEOPLE, URL, SignedDesk, become
from tests.kit.turns import seen, turns
from ui.app.console import Console
from ui.kit.dialogs import Sheet
from ui.window import Window
from ui.window.room_window import RoomWindow
from ui.workspaces.dispatch.workspace import DESK, DispatchWorkspace
from ui.workspaces.inbox_cover import INBOX
from ui.workspaces.unit.workspace import UnitWorkspace


async def test_a_dispatcher_has_docks_and_a_unit_one_room_in_their_place(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    docks = console.workspace
    assert isinstance(docks, DispatchWorkspace)
    assert window.docks["queue"].isAncestorOf(docks.list_view)
    assert window.topbar.room.text() == "调度台"
    room = await become(console, desk, "u03")
    assert isinstance(room, UnitWorkspace)
    assert window.centralWidget() is room.unit
    assert [name for name, dock in window.docks.items() if not dock.isHidden()] == []
    assert window.topbar.room.text() == "待办"
    assert isinstance(await become(console, desk, "k01"), DispatchWorkspace)
    assert window.centralWidget() is None
    assert not window.docks["queue"].isHidden()


async def test_what_docks_hold_opens_in_them_and_nowhere_else(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    docks = console.workspace
    docks.rooms.open("inbox")
    console.registry.trigger("going")
    assert not docks.rooms.front
    room = await become(console, desk, "u03")
    room.rooms.open("inbox")
    console.registry.trigger("going")
    await turns()
    assert not room.rooms.front
    (sheet,) = window.findChildren(Sheet)
    assert sheet.isVisible()
    sheet.reject()
    assert not {"let_in", "why", "trend", "density", "restore_layout"} & {action.id for action in console.registry}
    assert [name for name, dock in window.docks.items() if not dock.isHidden()] == []


async def test_who_leaves_the_seat_leaves_no_window_behind_and_the_next_at_it_finds_its_rooms_where_they_were(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.docks["case"].toggle()
    assert window.docks["case"].is_out
    await become(console, desk, "u03")
    assert not window.docks["case"].is_out
    await become(console, desk, "k01")
    assert window.docks["case"].is_out


async def test_who_signs_in_by_hand_sees_nothing_in_a_window_of_who_sat_here_before(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    former, (key, *_) = console.workspace, desk.board.cases.ids
    assert isinstance(former, DispatchWorkspace)
    console.seat.focus.choose(key, by="test")
    window.docks["case"].toggle()
    assert former.case.isVisible()
    await console.sign_in.sign_in(URL, "k01", "right")
    assert not former.case.isVisible()
    assert isinstance(console.workspace, DispatchWorkspace)
    assert console.workspace.case.isVisible()
    await console.sign_in.sign_in(URL, "u03", "right")
    await turns()
    assert [top for top in QApplication.topLevelWidgets() if isinstance(top, RoomWindow) and top.isVisible()] == []


async def test_a_dispatchers_own_layout_outlasts_a_units_visit_and_the_night(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, tmp_path: Path
) -> None:
    def widths(of: Window) -> list[int]:
        return [of.docks[name].width() for name in ("queue", "map", "case")]

    window.show()
    console = opened(sits=PEOPLE["d07"])
    await turns()
    window.resizeDocks([window.docks["queue"], window.docks["map"]], [560, 560], Qt.Orientation.Horizontal)
    window.dock_layout.own()
    await turns()
    own = widths(window)
    await become(console, desk, "u03")
    window.put_away()
    window.show()
    await become(console, desk, "d07")
    await seen(lambda: widths(window) == own)
    await become(console, desk, "u03")
    window.put_away()
    tomorrow = Window(kept=tmp_path / "window.ini")
    tomorrow.resize(window.size())
    tomorrow.rail.show_rooms((DESK, INBOX))
    tomorrow.show()
    for dock in tomorrow.docks.values():
        dock.hold(QWidget(), QLabel("head"))
    assert tomorrow.dock_layout.restore()
    await seen(lambda: widths(tomorrow) == own)
    tomorrow.end()


async def test_a_console_that_could_not_be_opened_forgets_no_layout(window: Window, tmp_path: Path) -> None:
    window.dock_layout.own()
    window.put_away()
    unopened = Window(kept=tmp_path / "window.ini")
    unopened.put_room(QLabel("打不开"))
    unopened.put_away()
    unopened.leave_room()
    assert unopened.dock_layout.restore()
    unopened.end()


async def test_a_units_map_moves_to_a_window_of_its_own_and_is_there_again_for_the_next_of_the_unit(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    def outside() -> list[str]:
        tops = [top for top in QApplication.topLevelWidgets() if isinstance(top, RoomWindow) and top.isVisible()]
        return [top.objectName() for top in tops if top.isAncestorOf(console.map)]

    console = opened(sits=PEOPLE["u03"])
    window.show()
    console.map.drawn.emit()
    assert window.centralWidget().isAncestorOf(console.map)
    assert console.map.header.isVisible()
    console.registry.trigger("room_window")
    assert outside() == ["unit-map-window"]
    await become(console, desk, "d07")
    console.map.drawn.emit()
    assert outside() == []  # a dispatcher's map is where a dispatcher left it
    assert window.docks["map"].isAncestorOf(console.map)
    await become(console, desk, "u03")
    console.map.drawn.emit()
    assert outside() == ["unit-map-window"]
    console.registry.trigger("room_window")
    assert window.centralWidget().isAncestorOf(console.map)
    console.registry.trigger("room_window")
    window.put_away()  # quitting, however long the rest takes
    assert outside() == []
    assert window.kept.text("unit-map/out")  # there again at the next start

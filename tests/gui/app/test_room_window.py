"""A room in a window of its own: keys pressed there act there alone, and closing it brings the room back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from commandcenter.cache.mirror import MirrorPosition
from commandcenter.domain.cases import Stage
from tests.kit import hall
from tests.kit.case_panel import at_stage
from tests.kit.fake_desk import FakeDesk
from tests.kit.room_windows import activate, none_out, out, press
from tests.kit.turns import seen, settled, turns
from ui.actions.context import UiContext
from ui.kit.dialogs import Sheet
from ui.kit.feedback.states import StateCard
from ui.map.panel import MapPanel
from ui.window import Window
from ui.window.dock import Dock
from ui.workspaces.dispatch.workspace import DispatchWorkspace


@pytest.fixture
def dock(window: Window) -> Iterator[Dock]:
    window.show()
    made = window.docks["map"]
    made.hold(QLabel("panel"), QLabel("head"))
    yield made
    made.take_back()


def test_a_room_moves_to_a_window_of_its_own_and_closing_that_brings_it_back(
    dock: Dock, window: Window, qtbot: Any
) -> None:
    panel = dock.widget()
    dock.toggle()
    assert out().isAncestorOf(panel)
    assert (panel.isVisible(), dock.isVisible()) == (True, False)
    out().close()
    assert none_out()
    assert dock.widget() is panel
    assert (panel.isVisible(), dock.isVisible()) == (True, True)


@pytest.mark.parametrize("width", [1100, 1600])
def test_while_its_room_is_elsewhere_no_layout_shows_an_empty_dock(dock: Dock, window: Window, width: int) -> None:
    before = window.saveState()
    dock.toggle()
    window.resize(width, 800)
    window.dock_layout.arrange()
    assert window.restoreState(before)
    assert not dock.isVisible()


def test_a_room_that_goes_out_by_itself_leaves_the_keyboard_where_somebody_types(
    dock: Dock, window: Window, qtbot: Any
) -> None:
    """It goes when the map is drawn, or a role changes: letters typed then would be keys of the case there."""
    dock.toggle()
    dock.take_back()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    dock.move_out_as_kept()
    qtbot.waitUntil(lambda: out().isVisible())
    qtbot.wait(200)
    assert window.isActiveWindow()


def test_a_layout_of_ones_own_that_was_kept_while_a_room_was_elsewhere_has_its_dock(tmp_path: Path, qtbot: Any) -> None:
    """A map in a hidden dock is never drawn, and so would be nowhere at the next start."""
    for is_first in (True, False):
        window = Window(kept=tmp_path / "window.ini")
        window.show()
        dock = window.docks["map"]
        dock.hold(QLabel("panel"), QLabel("head"))
        if is_first:
            window.dock_layout.own()
            dock.toggle()
        else:
            assert window.dock_layout.restore()
            assert dock.isVisible()
        window.put_away()
        dock.take_back()
        window.end()
        window.deleteLater()


def test_beside_a_room_in_their_place_no_size_of_the_window_brings_the_docks_back(dock: Dock, window: Window) -> None:
    window.put_room(QWidget())
    for width in (1100, 1600):
        window.resize(width, 800)
        QApplication.processEvents()
        window.dock_layout.adapt_to_size()
        assert not any(one.isVisible() for one in window.docks.values())


def test_it_is_there_again_at_the_next_start_where_it_was_until_it_is_closed(tmp_path: Path, qtbot: Any) -> None:
    def start() -> tuple[Window, Dock]:
        made = Window(kept=tmp_path / "window.ini")
        made.show()
        made.docks["lower"].hold(QWidget(), QLabel("head"))
        made.docks["lower"].move_out_as_kept()
        return made, made.docks["lower"]

    def end(window: Window, dock: Dock) -> None:
        window.put_away()
        dock.take_back()
        window.end()

    window, dock = start()
    assert not dock.is_out
    dock.toggle()
    out("lower").setGeometry(60, 70, 700, 410)
    end(window, dock)
    window, dock = start()
    assert out("lower").geometry().getRect() == (60, 70, 700, 410)
    out("lower").close()
    end(window, dock)
    window, dock = start()
    assert not dock.is_out
    end(window, dock)


async def move_out(window: Window, name: str) -> None:
    """Moves a room to a window of its own, which has the keyboard then."""
    window.docks[name].toggle()
    await seen(out(name).isActiveWindow)


CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


async def test_keys_pressed_in_one_window_act_in_that_window_alone(
    workspace: DispatchWorkspace, window: Window, seat: UiContext
) -> None:
    await press(window, Qt.Key.Key_M, SHIFT)
    await press(out(), Qt.Key.Key_F11)
    assert (out().isFullScreen(), window.isFullScreen()) == (True, False)
    await press(window, Qt.Key.Key_F11)
    assert (out().isFullScreen(), window.isFullScreen()) == (True, True)


async def test_a_key_that_names_a_room_goes_to_the_window_in_which_it_stands(
    workspace: DispatchWorkspace, window: Window
) -> None:
    await move_out(window, "queue")
    for from_here in (window, out("queue")):
        await press(from_here, Qt.Key.Key_F6)
        await seen(window.isActiveWindow)
        assert window.docks["map"].has_focus
        await press(from_here, Qt.Key.Key_1, CONTROL)
        await seen(out("queue").isActiveWindow)
        assert workspace.list_view.hasFocus()
        await press(from_here, Qt.Key.Key_F4)
        await seen(window.isActiveWindow)
        assert workspace.rooms.front == "inbox"
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
        await seen(out("queue").isActiveWindow)
        assert not workspace.rooms.front
    await press(out("queue"), Qt.Key.Key_4, CONTROL)
    await seen(window.isActiveWindow)
    assert workspace.rooms.front == "inbox"
    await press(out("queue"), Qt.Key.Key_F9)
    await seen(window.isActiveWindow)
    assert (workspace.rooms.front, workspace.lower.current) == ("", "going")


async def test_a_case_in_another_window_is_gone_to_from_its_row_and_left_for_the_list(
    workspace: DispatchWorkspace, window: Window, seat: UiContext
) -> None:
    await move_out(window, "case")
    seat.focus.choose(hall.case(421).id, by="test")
    workspace.list_view.setFocus()
    await activate(window)
    QTest.keyClick(workspace.list_view, Qt.Key.Key_Return)
    await seen(out("case").isActiveWindow)
    QTest.keyClick(out("case").focusWidget(), Qt.Key.Key_Escape)
    await seen(window.isActiveWindow)
    assert workspace.list_view.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_K, Qt.Key.Key_F])
async def test_the_command_line_gives_the_keyboard_back_to_the_window_in_which_it_was_asked_for(
    workspace: DispatchWorkspace, window: Window, key: Qt.Key
) -> None:
    for name in ("map", "queue"):
        await move_out(window, name)
    for from_here, back in ((out("map"), out("map")), (out("queue"), out("queue")), (window, out("queue"))):
        await press(from_here, key, CONTROL)
        await seen(window.isActiveWindow)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
        await seen(back.isActiveWindow)


async def test_escape_leads_from_a_rooms_window_to_the_list(workspace: DispatchWorkspace, window: Window) -> None:
    await move_out(window, "map")
    workspace.handlers()["to_map"]()
    QTest.keyClick(out("map").focusWidget(), Qt.Key.Key_Escape)
    await seen(window.isActiveWindow)
    assert workspace.list_view.hasFocus()
    await move_out(window, "queue")
    await press(out("map"), Qt.Key.Key_Escape)
    await seen(out("queue").isActiveWindow)


async def test_whoever_clicked_into_another_window_meanwhile_comes_back_to_that_one(
    workspace: DispatchWorkspace, window: Window
) -> None:
    for name in ("map", "queue"):
        await move_out(window, name)
    await press(out("map"), Qt.Key.Key_K, CONTROL)
    await seen(window.isActiveWindow)
    await activate(out("queue"))
    await activate(window)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    await seen(out("queue").isActiveWindow)


async def test_a_room_that_comes_home_brings_the_keyboard(workspace: DispatchWorkspace, window: Window) -> None:
    await move_out(window, "queue")
    await press(out("queue"), Qt.Key.Key_M, SHIFT)
    await seen(window.isActiveWindow)
    assert workspace.list_view.hasFocus()


async def test_rooms_that_are_made_anew_leave_the_keyboard_where_somebody_types(
    workspace: DispatchWorkspace, window: Window
) -> None:
    await move_out(window, "queue")
    await activate(window)
    workspace.rooms.take_focus()
    workspace.rooms.leave()
    await turns()
    assert window.isActiveWindow()


async def test_a_case_that_goes_while_it_is_in_a_window_of_its_own_says_so_there(
    workspace: DispatchWorkspace, window: Window, seat: UiContext, desk: FakeDesk
) -> None:
    await move_out(window, "case")
    seat.focus.choose(hall.case(421).id, by="test")
    desk.position.at = MirrorPosition("d07", "baohe", "key", epoch=1, scope_ver=1, seq=9)
    await settled()
    desk.board.apply([], [("case", hall.case(421).id)])
    await turns()
    assert seat.focus.case == hall.case(421).id  # its neighbour in the list is not what anybody chose
    (said,) = (card for card in out("case").findChildren(StateCard) if "看不到这件案件" in card.accessibleName())
    await seen(said.isVisible)


async def test_a_step_given_in_a_rooms_window_asks_there(
    workspace: DispatchWorkspace, window: Window, seat: UiContext, desk: FakeDesk
) -> None:
    desk.board.apply([at_stage(Stage.DISPATCHED, rev=2)])
    seat.focus.choose(hall.case(421).id, by="test")
    await press(window, Qt.Key.Key_M, SHIFT)
    await press(out(), Qt.Key.Key_B)  # its reason is asked for
    await seen(lambda: out().findChildren(Sheet))
    assert not window.findChildren(Sheet)
    out().findChildren(Sheet)[0].reject()


async def test_what_stands_behind_a_room_is_not_given_by_its_key(
    workspace: DispatchWorkspace, window: Window, seat: UiContext, desk: FakeDesk
) -> None:
    key = hall.case(421).id
    seat.focus.choose(key, by="test")
    window.resize(1600, 900)
    await turns()
    assert seat.lines.offered(key, "dispatch")
    workspace.rooms.open("teams")
    await turns()
    assert seat.lines.offered(key, "dispatch") == ()
    workspace.rooms.leave()
    assert seat.lines.offered(key, "dispatch")


async def test_the_key_that_moves_a_room_out_moves_it_back_and_takes_the_room_with_the_focus(
    workspace: DispatchWorkspace, window: Window
) -> None:
    workspace.queue.setFocus()
    await press(window, Qt.Key.Key_M, SHIFT)
    assert out("queue").isAncestorOf(workspace.queue)
    await press(out("queue"), Qt.Key.Key_M, SHIFT)
    assert none_out()
    assert window.docks["queue"].isAncestorOf(workspace.queue)


async def test_the_trend_on_a_second_screen_comes_to_the_front_there(
    workspace: DispatchWorkspace, window: Window, desk: Any
) -> None:
    desk.offline = True
    window.docks["lower"].toggle()
    workspace.handlers()["trend"]()
    await seen(out("lower").isActiveWindow)
    assert workspace.lower.current == "trend"
    assert workspace.lower.height() > 100  # it was folded in a low window


async def test_the_map_is_told_where_the_streets_of_the_district_lie(
    seat: UiContext, desk: FakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board_map, told = MapPanel(seat, seat.follow, cache_dir=tmp_path / "map"), []
    monkeypatch.setattr(board_map.view, "set_places", lambda *places: told.append(places))
    first, second, *others = hall.streets()
    desk.board.apply([replace(first, place=None), replace(second, retired=True)])
    await board_map.places.fetch()
    ((*_, name, middles),) = told
    assert name == "包河区"
    assert middles == [(street.place.lon, street.place.lat, street.name) for street in others]
    board_map.shut()


async def test_restoring_the_layout_brings_the_rooms_home(
    workspace: DispatchWorkspace, window: Window, tmp_path: Path
) -> None:
    window.docks["case"].toggle()
    workspace.handlers()["restore_layout"]()
    assert none_out()
    assert window.docks["case"].isAncestorOf(workspace.case)

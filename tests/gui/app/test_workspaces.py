"""Each kind of seat finds its own rooms in the window, and gives the window back when somebody else sits down."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from commandcenter.domain.people import Role
from tests.kit.fake_desk import FakeDesk, person
from ui.actions.context import UiContext
from ui.app.dispatch_workspace import DispatchWorkspace
from ui.app.unit_workspace import UnitWorkspace
from ui.app.workspace import Workspace
from ui.app.workspaces import new_workspace
from ui.kit import tasks
from ui.map.panel import MapPanel
from ui.window import Window


@pytest.fixture
async def board_map(seat: UiContext, tmp_path: Path) -> AsyncIterator[MapPanel]:
    made = MapPanel(seat, seat.follow, cache_dir=tmp_path)  # type: ignore[arg-type]
    yield made
    made.shut()


@pytest.fixture
async def sit(
    window: Window, seat: UiContext, desk: FakeDesk, board_map: MapPanel
) -> AsyncIterator[Callable[[Role], Workspace]]:
    there: list[Workspace] = []

    def sit_down(role: Role) -> Workspace:
        desk.person = person(role, unit="s03-urban", street="s03") if role is Role.UNIT else person(role)
        for before in there:
            before.close()
        panel = lambda: QLabel("状况")  # noqa: E731
        there[:] = [new_workspace(window, seat, board_map, act=lambda _name: None, connection_panel=panel)]
        return there[0]

    yield sit_down
    await tasks.close()
    there[0].close()


async def test_a_dispatcher_has_docks_and_a_unit_one_room_in_their_place(
    sit: Callable[[Role], Workspace], window: Window
) -> None:
    window.show()
    docks = sit(Role.DISPATCHER)
    assert isinstance(docks, DispatchWorkspace)
    assert window.docks["queue"].widget().isAncestorOf(docks.list_view)
    assert window.topbar.room.text() == "调度台"
    room = sit(Role.UNIT)
    assert isinstance(room, UnitWorkspace)
    assert window.centralWidget() is room.unit
    assert not [dock for dock in window.docks.values() if dock.isVisible()]
    assert window.topbar.room.text() == "待办"
    assert isinstance(sit(Role.SHIFT_LEADER), DispatchWorkspace)
    assert window.centralWidget() is None
    assert window.docks["queue"].isVisible()


async def test_what_docks_hold_opens_in_them_and_nowhere_else(sit: Callable[[Role], Workspace], window: Window) -> None:
    window.show()
    docks = sit(Role.DISPATCHER)
    docks.inbox.open()
    assert docks.open_lower("going")
    assert not docks.inbox.is_open
    assert [label.text() for label in window.docks["lower"].findChildren(QLabel) if label.text() == "状况"]
    room = sit(Role.UNIT)
    room.inbox.open()
    assert not room.open_lower("going")
    assert not room.inbox.is_open
    for ask in (room.let_in, room.toggle_why, room.restore_layout, lambda: room.set_row_height(60)):
        ask()
    assert not [dock for dock in window.docks.values() if dock.isVisible()]


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.UNIT])
async def test_the_room_of_what_needs_somebody_gives_the_keyboard_back_to_the_list(
    sit: Callable[[Role], Workspace], window: Window, role: Role
) -> None:
    window.show()
    rooms = sit(role)
    assert not rooms.inbox.take_focus()
    rooms.inbox.open()
    assert rooms.inbox.is_open
    assert window.topbar.room.text() == "需处理"
    rooms.list_view.setFocus()
    assert rooms.inbox.take_focus()
    rooms.inbox.leave()
    assert window.focusWidget() is rooms.list_view
    assert window.topbar.room.text() != "需处理"

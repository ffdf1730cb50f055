"""Every role has a workspace, and another kind of seat is one row more."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel

from commandcenter.domain.people import Role
from tests.kit.fake_desk import person
from tests.kit.signed_desk import PEOPLE, SignedDesk, become
from ui.actions.action_table import DESK_ACTIONS, Handlers
from ui.actions.registry import conflicts
from ui.app.console import Console
from ui.window import Window
from ui.window.rail import RailRoom
from ui.workspaces.dispatch.workspace import DispatchWorkspace
from ui.workspaces.rooms import Rooms
from ui.workspaces.table import WORKSPACES
from ui.workspaces.workspace import WorkspaceContext


def test_every_role_has_a_workspace() -> None:
    assert WORKSPACES.keys() == set(Role)


async def test_the_workspaces_together_handle_every_action_and_none_claims_a_key_twice(
    opened: Callable[..., Console], desk: SignedDesk
) -> None:
    console = opened(sits=PEOPLE["d07"])
    offered = set()
    for user in ("u03", "d07"):
        await become(console, desk, user)
        assert conflicts(console.registry) == []
        assert not console.workspace.handlers().keys() & console.actions.handlers().keys()
        offered |= {action.id for action in console.registry}
    assert offered >= DESK_ACTIONS.keys()


class Wall:
    """A workspace with neither docks nor a list of cases."""

    def __init__(self, context: WorkspaceContext) -> None:
        self.person = context.seat.desk.person
        self.front = QLabel("大屏")
        self._window = context.window
        self.rooms = Rooms(context.window, RailRoom("to_map", "大屏", "map"), (), self.front)
        context.window.put_room(self.front)
        context.window.rail.show_rooms(())

    def handlers(self) -> Handlers:
        return {"to_map": self.front.setFocus}

    def close(self) -> None:
        self.rooms.close()
        self._window.leave_room()


async def test_another_kind_of_seat_is_a_workspace_and_a_row_of_the_table(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORKSPACES, Role.LEADER, Wall)  # type: ignore[arg-type]
    console = opened(sits=person(Role.LEADER))
    assert isinstance(window.centralWidget(), QLabel)
    assert console.registry["to_map"].keys == ("F6", "Ctrl+1")
    assert "to_queue" not in console.registry
    assert {"full_screen", "keys", "change_user", "quit"} <= {action.id for action in console.registry}
    assert isinstance(await become(console, desk, "d07"), DispatchWorkspace)
    assert console.registry["to_map"].keys == ("F6",)


async def test_a_seat_without_a_map_leaves_it_whole_for_the_next(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORKSPACES, Role.LEADER, Wall)  # type: ignore[arg-type]
    monkeypatch.setitem(PEOPLE, "w01", person(Role.LEADER))
    console = opened(sits=PEOPLE["u03"])
    await become(console, desk, "w01")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    await become(console, desk, "d07")
    assert window.docks["map"].isAncestorOf(console.map)
    assert window.docks["map"].isAncestorOf(console.map.header)

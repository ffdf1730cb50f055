"""A seat on a desk that sends nothing, in a window of its own."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLabel

from commandcenter.settings.file import open_settings
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.actions.action_table import case_actions, desk_actions, suits
from ui.actions.command_preview import CommandPreview
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.app.window_actions import WindowActions
from ui.kit.command_line.history import LineHistory
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.seat import tasks
from ui.kit.texts.words import speak
from ui.map.panel import MapPanel
from ui.theme import apply_theme
from ui.window import Window
from ui.workspaces.dispatch.workspace import DispatchWorkspace
from ui.workspaces.workspace import WorkspaceContext


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


@pytest.fixture
def desk() -> FakeDesk:
    board = hall.board(60)
    board.apply([hall.case(421), hall.case(422)])
    return FakeDesk(board)


@pytest.fixture
def window(qtbot: object, tmp_path: Path) -> Iterator[Window]:
    made = Window(kept=tmp_path / "window.ini")
    made.resize(1600, 900)
    yield made
    made.end()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)  # else the next theme dresses it too


@pytest.fixture
def seat(desk: FakeDesk, window: Window) -> Iterator[UiContext]:
    made = UiContext.open(desk, window, window.toasts)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def actions(seat: UiContext, window: Window) -> Actions:
    return Actions(window, case_actions(seat), suits=partial(suits, seat=seat))


def new_overlay(seat: UiContext, actions: Actions, window: Window, *, light: str = "soon") -> CommandOverlay:
    """Returns the command line of a window, in which every case has the same light."""
    return CommandOverlay(CommandPreview(seat, actions, lambda case: light), LineHistory(window.kept, _user), window)


def _user() -> str:
    return "d07"


@pytest.fixture
def overlay(seat: UiContext, actions: Actions, window: Window) -> CommandOverlay:
    window.show()
    return new_overlay(seat, actions, window)


@pytest.fixture
def context(window: Window, seat: UiContext, tmp_path: Path) -> WorkspaceContext:
    """What workspaces in the visible window are made with."""
    window.show()
    return WorkspaceContext(
        window=window,
        seat=seat,
        settings=open_settings(folder=tmp_path),
        map=MapPanel(seat, seat.follow, cache_dir=tmp_path / "map"),
        act=Actions(window).trigger,
        connection_panel=lambda: QLabel("状况"),  # type: ignore[arg-type, return-value]
    )


@pytest.fixture
async def workspace(window: Window, seat: UiContext, context: WorkspaceContext) -> Any:
    """A dispatcher's workspace, whose actions the window has."""
    registry = Actions(window)
    made = DispatchWorkspace(replace(context, act=registry.trigger))
    nothing = lambda: None  # noqa: E731
    own = WindowActions(context, registry, rooms=lambda: made.rooms, change_user=nothing, leave=nothing)
    registry.offer((*case_actions(seat), *desk_actions({**own.handlers(), **made.handlers()}, made.rooms.keys)))
    yield made
    await tasks.close()
    made.close()

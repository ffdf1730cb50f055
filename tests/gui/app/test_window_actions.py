"""The actions of a window: each has its handler, and each does in the present workspace what it says."""

from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from commandcenter.settings.file import Settings, open_settings
from tests.kit import hall
from tests.kit.turns import turns
from ui import theme
from ui.actions.action_table import desk_actions
from ui.actions.context import UiContext
from ui.app.appearance_actions import ROWS
from ui.app.window_actions import WindowActions
from ui.kit.dialogs import Sheet
from ui.kit.seat import tasks
from ui.kit.texts.words import spoken
from ui.window import Window


class Rooms(SimpleNamespace):
    """A workspace without docks that notes what is asked of it."""

    def __init__(self, window: Window) -> None:
        super().__init__(heard=[], has_docks=False, list_view=QWidget(window), rooms=self, front="")

    def __getattr__(self, name: str) -> Any:
        return lambda *about: self.heard.append((name, *about))


@pytest.fixture
def rooms(window: Window) -> Rooms:
    return Rooms(window)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return open_settings(folder=tmp_path)


@pytest.fixture
def actions(window: Window, seat: UiContext, settings: Settings, rooms: Rooms) -> WindowActions:
    note = rooms.heard.append
    return WindowActions(
        window,
        seat,
        settings,
        workspace=lambda: rooms,  # type: ignore[arg-type, return-value]
        connection_panel=lambda: QLabel("状况"),
        change_user=lambda: note("change user"),
        leave=lambda: note("leave"),
    )


def test_each_action_of_the_table_has_one_handler_and_no_handler_is_idle(actions: WindowActions) -> None:
    handled = [name for part in actions.parts for name in part.handlers()]
    table = [action.id for action in desk_actions(defaultdict(lambda: lambda: None))]
    assert sorted([*handled, "change_user", "quit"]) == sorted(table)


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("let_in", ("let_in",)),
        ("why", ("toggle_why",)),
        ("own_acts", ("open_lower", "acts")),
        ("trend", ("open_lower", "trend")),
        ("restore_layout", ("restore_layout",)),
        ("inbox", ("open", "inbox", None)),
        ("change_user", "change user"),
        ("quit", "leave"),
    ],
)
def test_an_action_asks_the_present_rooms(actions: WindowActions, rooms: Rooms, name: str, heard: object) -> None:
    actions.registry.trigger(name)
    assert rooms.heard == [heard]


async def test_at_a_seat_without_docks_the_connection_is_told_in_a_dialog(
    actions: WindowActions, rooms: Rooms, window: Window
) -> None:
    window.show()
    actions.registry.trigger("going")
    await turns()
    assert rooms.heard == [("open_lower", "going")]
    (sheet,) = window.findChildren(Sheet)
    assert [label.text() for label in sheet.findChildren(QLabel) if label.text() == "状况"]
    sheet.reject()
    await tasks.close()


def test_how_the_window_looks_is_kept(actions: WindowActions, rooms: Rooms, settings: Settings) -> None:
    for name in ("theme", "language", "density"):
        actions.registry.trigger(name)
    assert (theme.current().name, spoken()) == ("light", "en")
    assert [settings[name] for name in ("theme", "language", "density")] == ["light", "en", "compact"]
    assert rooms.heard == [("set_row_height", ROWS["compact"])]


def test_the_number_of_the_chosen_case_is_copied(actions: WindowActions, seat: UiContext) -> None:
    QApplication.clipboard().setText("")
    actions.registry.trigger("copy_number")
    assert QApplication.clipboard().text() == ""
    case = hall.case(421)
    seat.focus.choose(case.id, by="test")
    actions.registry.trigger("copy_number")
    assert QApplication.clipboard().text() == case.number


def test_the_menu_leaves_out_what_needs_docks(actions: WindowActions, rooms: Rooms) -> None:
    offered = {action.id for action in actions.registry.offered()}
    rooms.has_docks = True
    assert {action.id for action in actions.registry.offered()} - offered >= {"trend", "let_in", "restore_layout"}

"""The actions of a window: each does in the present workspace, or to the window, what it says."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from commandcenter.domain.people import Role
from commandcenter.settings.file import Settings, open_settings
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from ui import theme
from ui.actions.action_table import desk_actions
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.app.window_actions import WindowActions
from ui.kit.seat import tasks
from ui.kit.texts.words import spoken
from ui.map.panel import MapPanel
from ui.window import Window
from ui.workspaces.dispatch.row_height import ROWS
from ui.workspaces.dispatch.workspace import DispatchWorkspace
from ui.workspaces.workspace import WorkspaceContext


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return open_settings(folder=tmp_path)


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def context(window: Window, seat: UiContext, settings: Settings, tmp_path: Path) -> WorkspaceContext:
    window.show()
    return WorkspaceContext(
        window=window,
        seat=seat,
        settings=settings,
        map=MapPanel(seat, seat.follow, cache_dir=tmp_path / "map"),
        act=lambda _name: None,
        connection_panel=lambda: QLabel("状况"),  # type: ignore[arg-type, return-value]
    )


@pytest.fixture
async def workspace(context: WorkspaceContext) -> AsyncIterator[DispatchWorkspace]:
    made = DispatchWorkspace(context)
    yield made
    await tasks.close()
    made.close()


@pytest.fixture
def trigger(workspace: DispatchWorkspace, context: WorkspaceContext, heard: list[str]) -> Callable[[str], None]:
    registry = Actions(context.window)
    own = WindowActions(
        context,
        registry,
        rooms=lambda: workspace.rooms,
        change_user=lambda: heard.append("change user"),
        leave=lambda: heard.append("leave"),
    )
    registry.offer(desk_actions({**own.handlers(), **workspace.handlers()}, workspace.rooms.keys))
    return registry.trigger


@pytest.mark.parametrize(("name", "said"), [("change_user", "change user"), ("quit", "leave")])
async def test_what_concerns_the_seat_is_asked_of_the_console(
    trigger: Callable[[str], None], heard: list[str], name: str, said: str
) -> None:
    trigger(name)
    assert heard == [said]


@pytest.mark.parametrize(("name", "panel"), [("own_acts", "acts"), ("trend", "trend"), ("going", "going")])
async def test_a_lower_panel_comes_to_the_front(
    trigger: Callable[[str], None], workspace: DispatchWorkspace, desk: FakeDesk, name: str, panel: str
) -> None:
    desk.offline = True
    trigger("inbox")
    trigger(name)
    assert (workspace.lower.current, workspace.rooms.front) == (panel, "")


async def test_the_queue_is_left_and_come_back_to(trigger: Callable[[str], None], workspace: DispatchWorkspace) -> None:
    trigger("inbox")
    assert workspace.rooms.front == "inbox"
    trigger("inbox")
    assert workspace.rooms.front == ""
    trigger("inbox")
    trigger("restore_layout")
    assert workspace.rooms.front == ""


async def test_how_the_window_looks_is_kept(
    trigger: Callable[[str], None], workspace: DispatchWorkspace, settings: Settings
) -> None:
    for name in ("theme", "language", "density"):
        trigger(name)
    assert (theme.current().name, spoken()) == ("light", "en")
    assert [settings[name] for name in ("theme", "language", "density")] == ["light", "en", "compact"]
    assert workspace.list_view.rowHeight(0) == ROWS["compact"]


async def test_the_number_of_the_chosen_case_is_copied(trigger: Callable[[str], None], seat: UiContext) -> None:
    QApplication.clipboard().setText("")
    trigger("copy_number")
    assert QApplication.clipboard().text() == ""
    case = hall.case(421)
    seat.focus.choose(case.id, by="test")
    trigger("copy_number")
    assert QApplication.clipboard().text() == case.number


async def test_the_field_of_the_command_line_names_a_step_that_the_seat_may_give(
    context: WorkspaceContext, desk: FakeDesk
) -> None:
    for role, said in (
        (Role.INTAKE_CLERK, "命令：ja 结案"),
        (Role.DISPATCHER, "命令：pd 派遣"),
        (Role.COORDINATOR, "命令：zb 定主办"),
        (Role.LEADER, "命令：cb 催办"),
        (Role.AUDIT_ADMIN, "命令"),
    ):
        desk.person = person(role)
        workspace = DispatchWorkspace(context)
        assert context.window.topbar.command.accessibleName() == f"{said} Ctrl K"
        workspace.close()

"""The drill at a console: its actions and its mark are there in a demonstration, and gone without a trace elsewhere."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu

from commandcenter.bootstrap import Unavailable
from commandcenter.demonstration.faulty_network import FaultyNetwork
from commandcenter.settings.file import open_settings
from ui.actions.action_table import DESK_ACTIONS, case_actions, desk_actions
from ui.actions.context import UiContext
from ui.actions.drill_table import drill_actions
from ui.actions.registry import Actions, conflicts
from ui.app.drilling import DrillController
from ui.app.host import Host
from ui.app.process.arguments import read
from ui.drill.panel import DrillPanel
from ui.kit.texts.words import english
from ui.window import Window

ROOT = Path(__file__).resolve().parents[3]


class Anything:
    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def host(folder: Path, *words: str) -> Host:
    return Host(read([*words, "--data", str(folder)]), open_settings(folder=folder / "profile"))


@pytest.fixture
def wire() -> FaultyNetwork:
    return FaultyNetwork()


@pytest.fixture
def drilling(tmp_path: Path, window: Window, seat: UiContext, actions: Actions, wire: FaultyNetwork) -> DrillController:
    here = host(tmp_path, "--url", "http://127.0.0.1:9", "--demo-user", "dispatcher")
    made = DrillController(window, here, wire, seat)
    actions.offer(made.actions)
    window.show()
    return made


def panel(window: Window) -> DrillPanel:
    (found,) = window.findChildren(DrillPanel)
    return found


def submenus(menu: QMenu) -> list[QMenu]:
    return [action.menu() for action in menu.actions() if action.menu() is not None]


def test_no_key_and_no_verb_is_claimed_twice(seat: UiContext) -> None:
    table = (*case_actions(seat), *desk_actions(dict.fromkeys(DESK_ACTIONS, lambda: None)), *drill_actions(Anything()))
    assert conflicts(table) == []
    assert [action.zh for action in table if not action.en and action.zh not in english()] == []


def test_a_verb_orders_the_fault_and_brings_the_panel(
    drilling: DrillController, actions: Actions, window: Window, wire: FaultyNetwork
) -> None:
    assert not window.findChildren(DrillPanel)
    actions.trigger("drill_cut")
    assert panel(window).isVisible()
    assert wire.is_cut
    assert "网络断开" in drilling.mark.text()
    actions.trigger("drill_late_300")
    assert wire.delay == 0.3
    actions.trigger("drill_mend")
    assert wire.is_well
    assert drilling.mark.text() == "演练"


def test_no_dock_that_comes_to_the_front_lies_over_the_panel(drilling: DrillController, window: Window) -> None:
    window.resize(1366, 768)
    drilling.drill()
    shown = panel(window)
    shown.pull(QPoint(-400, 400))  # over the lower dock too
    for dock in window.docks.values():
        dock.to_front()
    inside = shown.geometry().adjusted(4, 4, -4, -4)
    assert window.rect().contains(inside)
    assert window.docks["lower"].geometry().contains(inside.bottomLeft())
    for corner in (inside.topLeft(), inside.topRight(), inside.bottomLeft(), inside.bottomRight()):
        seen = window.childAt(corner)
        assert seen is shown or shown.isAncestorOf(seen)


def test_the_menu_holds_it_in_a_menu_of_its_own(
    drilling: DrillController, actions: Actions, window: Window, wire: FaultyNetwork
) -> None:
    (drills,) = submenus(actions.menu())
    assert drills.title() == "演练故障"
    assert "终止平台\tzz" in [action.text() for action in drills.actions()]


def test_the_mark_opens_the_panel_and_puts_it_away(drilling: DrillController, window: Window) -> None:
    drilling.mark.click()
    assert panel(window).isVisible()
    drilling.mark.click()
    assert not panel(window).isVisible()


def test_at_a_real_platform_nothing_of_it_is_left(
    drilling: DrillController, actions: Actions, window: Window, wire: FaultyNetwork
) -> None:
    actions.trigger("drill_cut")
    drilling.end()
    assert wire.is_well
    assert panel(window).isHidden()
    assert drilling.mark.isHidden()


def test_the_command_for_a_second_seat_is_copied(drilling: DrillController, window: Window) -> None:
    drilling.drill()
    panel(window).second.click()
    words = shlex.split(QApplication.clipboard().text())
    assert words[:3] == ["python3", "main.py", "console"]
    assert read(words[3:]).demo_user == "dispatcher"
    assert read(words[3:]).url == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("words", "shows"),
    [((), True), (("--url", "http://h:1", "--demo-user", "unit"), True), (("--url", "http://h:1"), False)],
)
def test_only_who_plays_for_show_has_a_drill(tmp_path: Path, words: tuple[str, ...], shows: bool) -> None:
    assert not host(tmp_path, *words).is_demonstration  # the folder of a hall: no accounts of a demonstration
    (tmp_path / "demo_accounts.json").write_text("[]")
    assert host(tmp_path, *words).is_demonstration is shows


def test_on_a_hall_s_own_database_who_sits_here_is_asked(tmp_path: Path) -> None:
    assert host(tmp_path).account() == ("", "")
    with pytest.raises(Unavailable, match="no_demo_accounts"):
        host(tmp_path, "--demo-user", "unit").account()


def test_the_account_of_a_second_console_is_named_by_role_or_by_name(tmp_path: Path) -> None:
    rows = [
        {"user": "d1", "password": "p", "role": "dispatcher"},
        {"user": "u-1-urban", "password": "q", "role": "unit"},
    ]
    (tmp_path / "demo_accounts.json").write_text(json.dumps(rows))
    url = ("--url", "http://127.0.0.1:9")
    assert host(tmp_path, *url, "--demo-user", "unit").account() == ("u-1-urban", "q")
    assert host(tmp_path, *url, "--demo-user", "u-1-urban").account() == ("u-1-urban", "q")
    assert host(tmp_path, *url).account() == ("", "")
    with pytest.raises(Unavailable, match=r"u-9-urban \(dispatcher, unit, u-1-urban"):
        host(tmp_path, *url, "--demo-user", "u-9-urban").account()


def test_a_real_hall_does_not_even_load_it() -> None:
    found = "[m for m in sys.modules if 'demonstration' in m or 'drill' in m]"
    code = f"import sys, ui.app.console_application; print({found})"
    found = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True, timeout=60)
    assert found.strip() == "[]"

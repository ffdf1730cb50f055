"""The drill at a console: its actions and its mark are there in a demonstration, and gone without a trace elsewhere."""

import json
import shlex
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMenu

from commandcenter.bootstrap import Unavailable
from commandcenter.settings.file import open_settings
from ui.actions.action_table import case_actions, desk_actions
from ui.actions.context import UiContext
from ui.actions.drill_table import drill_actions
from ui.actions.registry import Actions, conflicts
from ui.app.arguments import read
from ui.app.drilling import DrillController
from ui.app.host import Host
from ui.kit.texts.words import english
from ui.window import Window

ROOT = Path(__file__).resolve().parents[3]


class Anything:
    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def host(folder: Path, *words: str) -> Host:
    return Host(read([*words, "--data", str(folder)]), open_settings(folder=folder / "profile"))


@pytest.fixture
def drilling(tmp_path: Path, window: Window, seat: UiContext, actions: Actions) -> DrillController:
    made = DrillController(window, host(tmp_path, "--url", "http://127.0.0.1:9", "--demo-user", "dispatcher"))
    made.equip(seat, actions)
    window.show()
    return made


def submenus(menu: QMenu) -> list[QMenu]:
    return [action.menu() for action in menu.actions() if action.menu() is not None]


def test_no_key_and_no_verb_is_claimed_twice(seat: UiContext) -> None:
    table = (*case_actions(seat), *desk_actions(defaultdict(Anything)), *drill_actions(Anything()))
    assert conflicts(table) == []
    assert [action.zh for action in table if not action.en and action.zh not in english()] == []


def test_a_verb_orders_the_fault_and_brings_the_panel(drilling: DrillController, actions: Actions) -> None:
    assert drilling.panel is None
    actions.trigger("drill_cut")
    assert drilling.panel is not None
    assert drilling.panel.isVisible()
    assert drilling.environment.transport.is_cut  # type: ignore[union-attr]
    assert "网络断开" in drilling.mark.text()
    actions.trigger("drill_late_300")
    assert drilling.environment.transport.delay == 0.3  # type: ignore[union-attr]
    actions.trigger("drill_mend")
    assert drilling.environment.transport.is_well  # type: ignore[union-attr]
    assert drilling.mark.text() == "演练"


def test_the_menu_holds_it_in_a_menu_of_its_own(drilling: DrillController, actions: Actions) -> None:
    (drills,) = submenus(actions.menu())
    assert drills.title() == "演练故障"
    assert "终止平台\tzz" in [action.text() for action in drills.actions()]


def test_the_mark_opens_the_panel_and_puts_it_away(drilling: DrillController) -> None:
    drilling.mark.click()
    assert drilling.panel is not None
    assert drilling.panel.isVisible()
    drilling.mark.click()
    assert not drilling.panel.isVisible()


def test_at_a_real_platform_nothing_of_it_is_left(drilling: DrillController, actions: Actions) -> None:
    actions.trigger("drill_cut")
    drilling.end()
    assert drilling.environment.transport.is_well  # type: ignore[union-attr]
    assert not [action.id for action in actions if action.group == "drill"]
    assert not submenus(actions.menu())
    assert drilling.panel is None
    assert drilling.mark.isHidden()
    drilling.end()  # once more changes nothing


def test_the_command_for_a_second_seat_is_copied(drilling: DrillController) -> None:
    drilling.drill()
    assert drilling.panel is not None
    drilling.panel.second.click()
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

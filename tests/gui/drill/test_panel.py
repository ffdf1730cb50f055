"""The panel of the drill: it tells the wire, says how things stand, and what cannot be ordered now says why."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton

from commandcenter.demonstration.drill import Drill, DrillResult
from commandcenter.sync.connection import State
from tests.gui.drill.conftest import PaperPlatform
from tests.kit.fake_desk import FakeDesk
from tests.kit.standing_out import faint_in
from ui.drill import wording
from ui.drill.panel import DrillPanel
from ui.kit.feedback import toasts
from ui.kit.texts.words import english, speak, terms


def test_while_nothing_is_broken_it_says_so_and_what_to_try(panel: DrillPanel) -> None:
    assert "一切正常" in panel.text()
    assert "先断开网络" in panel.text()
    assert not panel.cut.isChecked()


def test_a_switch_cuts_the_wire_and_the_panel_counts_what_is_unsent(
    panel: DrillPanel, drill: Drill, desk: FakeDesk
) -> None:
    desk.unsent = {"d07": 3}
    panel.cut.click()
    assert drill.network.is_cut
    assert "网络断开 0 秒，3 条未送达" in panel.text()
    assert "受理、派遣照常" in panel.text()
    panel.cut.click()
    assert drill.network.is_well


def test_late_and_lost_answers_are_ordered_and_shown(panel: DrillPanel, drill: Drill) -> None:
    next(button for button in panel.late.findChildren(QPushButton) if button.text() == "2 秒").click()
    assert drill.network.delay == 2.0
    assert "网络延迟 2 秒" in panel.text()
    panel.lose.click()
    assert drill.network.lose_answers
    assert "回执丢失" in panel.text()
    assert faint_in(panel, showing=frozenset({"fill", "icon"})) == {}
    drill.mend()
    assert panel.late.current() == "0"
    assert not panel.lose.isChecked()


def test_what_is_ordered_by_verb_moves_the_switch(panel: DrillPanel, drill: Drill) -> None:
    drill.cut()
    assert panel.cut.isChecked()


def test_while_an_order_is_under_way_the_platform_takes_no_other(panel: DrillPanel, drill: Drill) -> None:
    drill._go("restoring")
    assert "恢复 2/3" in panel.text()
    for button in (panel.kill, panel.backup, panel.restore):
        assert not button.isEnabled()
        assert button.accessibleDescription() == "上一步还没有做完"


def test_without_a_backup_there_is_nothing_to_restore_and_the_button_says_so(panel: DrillPanel, platform: Any) -> None:
    assert panel.restore.accessibleDescription() == "还没有备份，先备份一次"
    folder = platform.data / "backups"
    folder.mkdir()
    (folder / "hall-20261124T060000000000Z.backup").touch()
    panel.refresh()
    assert panel.restore.isEnabled()
    assert "最近备份 14:00:00" in panel.text()


def test_a_platform_that_is_gone_can_be_started(panel: DrillPanel, platform: Any, asked: list[str]) -> None:
    panel.kill.click()
    platform.is_up = False
    panel.refresh()
    assert panel.kill.text() == "启动"
    assert not panel.backup.isEnabled()
    panel.kill.click()
    panel.second.click()
    assert asked == ["kill", "start", "second"]


def test_where_another_console_runs_the_platform_only_the_network_is_offered(panel: DrillPanel, drill: Drill) -> None:
    drill.platform = None
    panel.refresh()
    assert not panel.kill.isVisible()
    assert "另一个指挥台" in panel.text()


def test_what_failed_is_told_in_words(panel: DrillPanel, drill: Drill) -> None:
    drill._end(DrillResult("not_restored", {"why": "damaged", "about": "it is damaged"}, is_well=False))
    assert "没有恢复：备份文件损坏。平台已用原来的数据重新启动。" in panel.text()
    assert panel.platform.property("tone") == "bad"
    assert faint_in(panel) == {}


def test_after_a_restore_it_says_how_many_acts_were_offered_again(
    panel: DrillPanel, drill: Drill, desk: FakeDesk
) -> None:
    desk.connection.note("platform_restarted", "http://127.0.0.1:1")
    drill._end(DrillResult("restored", {"at": datetime(2026, 11, 24, 6, tzinfo=UTC), "epoch": 2}))
    assert "已恢复 14:00:00 的备份，第 2 纪元开始" in panel.text()
    assert "本席" not in panel.text()
    desk.connection.note("restored", "3")
    panel.refresh()
    assert "本席 3 步再次送达" in panel.text()


def test_a_file_that_was_not_made_here_is_no_backup(panel: DrillPanel, platform: PaperPlatform) -> None:
    folder = platform.data / "backups"
    folder.mkdir()
    (folder / "hall-xZ.backup").touch()
    panel.refresh()
    assert panel.restore.accessibleDescription() == "还没有备份，先备份一次"
    (folder / "hall-20261124T060000000000Z.backup").touch()
    panel.refresh()
    assert "最近备份 14:00:00" in panel.text()


def test_before_the_line_is_there_again_it_does_not_say_that_all_is_well(panel: DrillPanel, desk: FakeDesk) -> None:
    desk.connection.to(State.WAITING)
    panel.refresh()
    assert "正在重连" in panel.text()


def test_it_speaks_the_other_language_at_once(panel: DrillPanel, qtbot: Any) -> None:
    speak("en")
    qtbot.waitUntil(lambda: "All is well" in panel.text())
    assert panel.backup.text() == "Back up"


def test_it_lies_beside_the_tellings_however_narrow_the_window(panel: DrillPanel) -> None:
    assert panel.geometry().right() < 1200 - toasts.WIDTH - toasts.MARGIN


@pytest.mark.parametrize("far", [QPoint(5000, 5000), QPoint(-5000, -5000)])
def test_it_can_be_pulled_and_stays_in_the_window(panel: DrillPanel, far: QPoint) -> None:
    assert panel.geometry().right() <= 1200
    panel.pull(far)
    pulled = panel.pos()
    assert panel.parentWidget().rect().contains(panel.geometry())
    panel.refresh()
    assert panel.pos() == pulled


def test_every_reason_of_the_platform_has_its_words() -> None:
    assert {"damaged", "foreign", "newer", "no_key", "held", "disk", "read_only"} <= set(terms()["drill_why"])
    assert all(str(step.source) in english() for step in wording._STEPS.values())

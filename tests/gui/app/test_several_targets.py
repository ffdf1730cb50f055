"""Ctrl+K with several targets: all is said before Enter, given in order, or none of it; earlier lines come back."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.commands import Dispatch
from commandcenter.domain.commands.co_handling import AddCoHandler
from commandcenter.domain.commands.leading import SetLead
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.commands.urging import Urge
from commandcenter.domain.people import Role
from commandcenter.domain.teams import CrewStatus
from tests.gui.app.test_command_preview import said
from tests.kit import coordinated, hall
from tests.kit.crews import assigned
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.street_crews import crew
from tests.kit.turns import seen, settled
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.kit.command_line.history import MOST, LineHistory
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.seat import tasks
from ui.window import Window
from ui.window.kept_layout import KeptLayout

CASE, UNLED = hall.case(421).id, coordinated.waiting(430)
KEY = QTest.keyClick


@pytest.fixture
def coordinator(desk: FakeDesk) -> None:
    desk.board.apply((*coordinated.departments(), UNLED))
    desk.person = person(Role.COORDINATOR)


async def test_a_lead_and_its_co_handlers_are_given_in_one_line(
    coordinator: None, overlay: CommandOverlay, desk: FakeDesk, window: Window, seat: UiContext
) -> None:
    assert "定主办给 区住建局，再 加协办给 区人社局、区数据资源局" in said(overlay, "zb 0430 zj xb rs sj")
    told = said(overlay, "zb 0430 住建 xb 人社、数据")
    assert "道路积水 定主办给 区住建局，再 加协办给 区人社局、区数据资源局；环节由 已立案 转为 已派遣。" in told
    notes = overlay.notes.accessibleName().split("\n")
    assert [note.split("：")[0] for note in notes] == ["区住建局", "区人社局", "区数据资源局"]
    KEY(overlay.field.edit, Qt.Key.Key_Return)
    await seen(lambda: len(desk.heard) == 3)
    assert desk.heard == [
        SetLead(UNLED.id, "d-housing"),
        *(AddCoHandler(UNLED.id, f"d-{one}") for one in ("labour", "data")),
    ]
    assert seat.hint.text() == "00430 加协办，已存待发"  # and not how it is typed: who typed it knows it
    assert window.toasts.shown() == []
    await tasks.close()


def test_when_one_of_several_is_refused_none_is_sent_and_it_is_said_which(
    coordinator: None, overlay: CommandOverlay, desk: FakeDesk
) -> None:
    told = said(overlay, "zb 0430 住建 xb 人社 住建")
    assert "再 加协办给 区人社局、区住建局" in told
    *first, last, all_of_it = overlay.notes.accessibleName().split("\n")
    assert (last, all_of_it) == ("区住建局：已经是主办", "有一步不能做，这一行都不送出")
    assert len(first) == 2
    KEY(overlay.field.edit, Qt.Key.Key_Return)
    assert (overlay.isVisible(), desk.heard) == (True, [])


async def test_a_crew_takes_its_unit_with_it_and_a_second_one_leaves_its_job_for_a_reason(
    overlay: CommandOverlay, desk: FakeDesk
) -> None:
    free, busy = crew(2), crew(3, status=CrewStatus.HANDLING, **assigned("elsewhere", holder="s03-urban", street="s03"))
    desk.board.apply((free, busy, crew(4, status=CrewStatus.OFF_DUTY)))
    assert "派遣给 望湖街道城管，城管二队 出动；环节由 已立案 转为 已派遣" in said(overlay, "pd 0421 二队")
    said(overlay, "du 0421 队")
    rows = {row.text: (row.note, row.aside, row.shape) for row in overlay.list.model().rows}
    assert rows["城管四队"] == ("离岗", "望湖·城管", "crew.off_duty")
    assert "城管三队：这个队组有任务，调走要写明原因" in said(overlay, "pd 0421 二队 城管三队")
    assert "这个队组离岗" in said(overlay, "pd 0421 四队")
    told = said(overlay, "pd 0421 二队 城管三队 人身危险")
    assert "城管三队：要放下手里的任务" in told
    assert "说明：人身危险" in told
    assert "现在离岗，请确认到时在岗" in said(overlay, "pd 0421 四队 30分")
    said(overlay, "pd 0421 二队 城管三队 人身危险")
    KEY(overlay.field.edit, Qt.Key.Key_Return)
    await seen(lambda: len(desk.heard) == 3)
    sent = (SendCrew(CASE, free.id, "人身危险"), SendCrew(CASE, busy.id, "人身危险"))
    assert desk.heard == [Dispatch(CASE, "s03-urban"), *sent]
    assert "派队给 城管四队" in said(overlay, "pd 0421 城管四队 30分")  # who has the case keeps it
    await tasks.close()


async def test_the_status_bar_teaches_what_was_done_by_key(
    actions: Actions, seat: UiContext, desk: FakeDesk, overlay: CommandOverlay
) -> None:
    desk.board.apply([hall.case(1, stage="dispatched", responsible="s03-urban")])
    seat.focus.choose(hall.case(1).id, by="queue")
    actions.trigger("urge")
    await seen(lambda: desk.heard)
    await settled()
    assert desk.heard == [Urge(hall.case(1).id)]
    assert seat.hint.text() == "00001 催办，已存待发  命令行这样打：cb 00001"
    seat.hint._until.timeout.emit()
    assert seat.hint.text() == ""
    assert "十分钟内已经催过" in said(overlay, "cb 00001")
    await tasks.close()


async def test_earlier_lines_come_back_without_their_texts_after_a_restart_too(
    overlay: CommandOverlay, desk: FakeDesk, window: Window, tmp_path: Path
) -> None:
    edit = overlay.field.edit
    overlay.open("")
    KEY(edit, Qt.Key.Key_Up)
    assert overlay.field.text() == ""  # nobody gave one yet
    for line in ("pd 0421 望湖·城管 家住三楼", "pd 0422 cg"):
        said(overlay, line)
        KEY(edit, Qt.Key.Key_Return)
        await settled()
    overlay.open("")
    KEY(edit, Qt.Key.Key_Up)

    def rows() -> list[Any]:
        return [row.text for row in overlay.list.model().rows]

    assert rows() == ["pd 0421 望湖·城管", "pd 0422 cg"]
    KEY(edit, Qt.Key.Key_Up)
    KEY(edit, Qt.Key.Key_Return)
    assert (overlay.field.text(), overlay.isVisible(), len(desk.heard)) == ("pd 0421 望湖·城管", True, 2)
    overlay.open("")
    KEY(edit, Qt.Key.Key_Up)
    QTest.keyClicks(edit, "0422")
    assert rows() == ["pd 0422 cg"]
    KEY(edit, Qt.Key.Key_Escape)
    assert (overlay.field.text(), overlay.isVisible()) == ("", True)
    again = KeptLayout(tmp_path / "window.ini")
    assert LineHistory(again, lambda: "d07").lines() == ("pd 0421 望湖·城管", "pd 0422 cg")
    assert LineHistory(again, lambda: "d08").lines() == LineHistory(again, lambda: "").lines() == ()
    await tasks.close()


def test_a_line_is_kept_once_and_the_oldest_go(tmp_path: Path) -> None:
    history = LineHistory(KeptLayout(tmp_path / "window.ini"), lambda: "d07")
    for number in (*range(MOST + 5), MOST):
        history.add(f"qs {number:05d}")
    assert (len(history.lines()), history.lines()[0], history.lines()[-1]) == (MOST, "qs 00005", f"qs {MOST:05d}")

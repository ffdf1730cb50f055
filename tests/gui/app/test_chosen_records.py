"""A step that declares what it needs is asked for it: on the line and by its key, a record of any kind and a text."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from commandcenter.domain.cases import Stage
from commandcenter.domain.teams import Crew, CrewStatus
from tests.gui.app.test_command_line import target_of, text_of
from tests.gui.app.test_command_preview import said
from tests.kit import hall
from tests.kit.choosing import Classify, HandOver, MoveCrew, choosing
from tests.kit.fake_desk import FakeDesk
from tests.kit.turns import seen, settled
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.command_line.parts import LinePart
from ui.kit.controls.buttons import KeyButton
from ui.kit.search.search_list import SearchList
from ui.kit.seat import tasks
from ui.window import Window

CASE = hall.case(421).id
CREWS = (
    Crew("c1", 1, "芜湖路一组", "s01-urban", "s01", CrewStatus.AVAILABLE),
    Crew("c2", 1, "望湖二组", "s03-urban", "s03", CrewStatus.AVAILABLE),
    Crew("c3", 1, "望湖三组", "s03-urban", "s03", CrewStatus.AVAILABLE, retired=True),
)


@pytest.fixture(autouse=True)
def declared(desk: FakeDesk) -> Iterator[None]:
    desk.board.apply(CREWS)
    QCoreApplication.sendPostedEvents()  # a panel of an earlier test may be told of the language still
    with choosing():
        yield


def the_sheet() -> QWidget:
    """The dialog that is open."""
    open_ = (widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.inherits("QDialog"))
    return next(open_, None)  # type: ignore[return-value]


def press_main() -> None:
    """Presses the main answer of the dialog that is open."""
    next(one for one in the_sheet().findChildren(KeyButton) if one.property("role") == "primary").click()


async def test_a_holder_and_then_the_reason_are_typed_in_one_line(overlay: CommandOverlay, desk: FakeDesk) -> None:
    assert "说明什么？" in said(overlay, "zp 0421 望湖·城管")
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    assert (overlay.isVisible(), desk.heard) == (True, [])
    told = said(overlay, "zp 0421 望湖·城管 现场 无人处置")
    assert "转派给 望湖街道城管" in told
    assert "环节由 已立案 转为 已派遣；层级由 网格自治 转为 街镇联动" in told
    assert "说明：现场 无人处置" in told
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    await seen(lambda: desk.heard)
    assert desk.heard == [HandOver(CASE, to="s03-urban", reason="现场 无人处置")]  # and no note
    await tasks.close()


@pytest.mark.parametrize("meanwhile", ["closed", "gone"])
async def test_a_line_that_is_refused_is_given_back_as_it_was_typed(
    overlay: CommandOverlay, desk: FakeDesk, window: Window, meanwhile: str
) -> None:
    said(overlay, "zp 0421 望湖·城管 现场 无人处置")
    if meanwhile == "gone":
        desk.board.retire([("case", CASE)])
    else:
        desk.board.apply([replace(hall.case(421), rev=9, stage=Stage.CLOSED)])
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    assert not overlay.isVisible()
    await seen(overlay.isVisible)
    assert (overlay.field.text(), desk.heard) == ("zp 0421 望湖·城管 现场 无人处置", [])
    assert [label for label in window.toasts.findChildren(QLabel) if "没有转派" in label.text()]
    await tasks.close()


def test_a_holder_taken_from_the_list_leaves_the_reason_where_it_is(overlay: CommandOverlay) -> None:
    said(overlay, "zp 0421 cg 无人处置")
    first = target_of(overlay.line)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Down)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Tab)
    assert overlay.line.is_complete
    assert target_of(overlay.line) != first
    assert text_of(overlay.line) == "无人处置"


def test_the_holder_is_completed_so_that_the_reason_is_typed_next(overlay: CommandOverlay) -> None:
    said(overlay, "zp 0421 wh cg")
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Tab)
    QTest.keyClicks(overlay.field.edit, "weizhang")
    assert (target_of(overlay.line), text_of(overlay.line), overlay.line.missing) == ("s03-urban", "weizhang", None)


async def test_its_key_asks_for_the_holder_and_the_reason_at_once(
    actions: Actions, seat: UiContext, desk: FakeDesk, window: Window
) -> None:
    window.show()
    seat.focus.choose(CASE, by="queue")
    actions.trigger("hand_over")
    await seen(the_sheet)
    assert "转派 00421" in the_sheet().windowTitle()
    search = the_sheet().findChild(SearchList)
    (reason,) = (one for one in the_sheet().findChildren(QLineEdit) if one is not search.edit and one.isVisible())
    QTest.keyClicks(search.edit, "wh cg")
    QTest.keyClick(search.edit, Qt.Key.Key_Return)
    assert desk.heard == []
    assert reason.accessibleDescription() == "此项必填"
    QTest.keyClicks(reason, "wuren")
    QTest.keyClick(reason, Qt.Key.Key_Return)
    await seen(lambda: desk.heard)
    assert desk.heard == [HandOver(CASE, to="s03-urban", reason="wuren")]
    await tasks.close()


async def test_the_line_offers_crews_and_says_what_becomes_of_the_one_chosen(
    overlay: CommandOverlay, desk: FakeDesk
) -> None:
    assert "给谁？" in said(overlay, "xz 0421")
    assert [offer.name for offer in overlay.line.offers] == ["望湖二组", "芜湖路一组"]  # the own street first
    assert overlay.line.missing is LinePart.TARGET
    assert "找不到“城管”" in said(overlay, "xz 0421 城管")  # a holder is no crew
    told = said(overlay, "xz 0421 二组")
    assert "派小组给 望湖二组；望湖二组 状态由 待命 转为 已派。" in told
    assert "环节" not in told
    assert "职权" not in told  # a crew has no power of its own
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    await seen(lambda: desk.heard)
    assert desk.heard == [MoveCrew(CASE, team="c2")]
    await tasks.close()


async def test_to_a_kind_of_case_nothing_is_given(overlay: CommandOverlay, desk: FakeDesk) -> None:
    assert "选哪一个？" in said(overlay, "gl 0421")
    assert "改类：暴露垃圾。" in said(overlay, "gl 0421 暴露垃圾")
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    await seen(lambda: desk.heard)
    (kind,) = (one.id for one in hall.kinds() if one.name == "暴露垃圾")
    assert desk.heard == [Classify(CASE, to=kind)]
    await tasks.close()


def test_words_that_a_step_has_no_field_for_are_not_said_to_be_sent(overlay: CommandOverlay) -> None:
    assert "说明" not in said(overlay, "xz 0421 望湖二组 快去")


async def test_its_key_lets_one_choose_among_the_crews_in_use(
    actions: Actions, seat: UiContext, desk: FakeDesk, window: Window
) -> None:
    window.show()
    seat.focus.choose(CASE, by="queue")
    actions.trigger("move_crew")
    await seen(the_sheet)
    search: Any = the_sheet().findChild(SearchList)
    assert [row.text for row in search._model.rows] == ["望湖二组", "芜湖路一组"]
    QTest.keyClicks(search.edit, "whl")
    assert search.current().text == "芜湖路一组"
    press_main()
    await seen(lambda: desk.heard)
    assert desk.heard == [MoveCrew(CASE, team="c1")]
    await settled()
    assert desk.board.find("crew", "c1").status is CrewStatus.DISPATCHED
    await tasks.close()

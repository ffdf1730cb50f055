"""A dialog that is left by accident gives back what was typed, until it is given; to nobody but who typed it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from commandcenter.domain.commands import Dispatch
from commandcenter.domain.people import Role
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import seen, settled
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.kit.controls.buttons import KeyButton
from ui.kit.dialogs import Sheet
from ui.kit.labels.label import Label
from ui.kit.search.search_list import SearchList
from ui.kit.seat import tasks
from ui.window import Window

CASE = hall.case(421).id


async def opened(actions: Actions, step: str) -> Sheet:
    actions.trigger(step)
    shown = lambda: [top for top in QApplication.topLevelWidgets() if isinstance(top, Sheet) and top.isVisible()]  # noqa: E731
    await seen(shown)
    return shown()[0]


async def left(sheet: Sheet) -> None:
    sheet.reject()
    await settled()


@pytest.fixture
def at_the_case(window: Window, seat: UiContext, desk: FakeDesk) -> None:
    desk.person = person(Role.STREET_DISPATCHER, street="s03")
    window.show()
    seat.focus.choose(CASE, by="queue")


async def test_a_reason_comes_back_until_it_is_given_and_is_nobody_elses(
    at_the_case: None, actions: Actions, desk: FakeDesk
) -> None:
    sheet = await opened(actions, "escalate")
    sheet.findChild(QPlainTextEdit).setPlainText("要动用吊车，问13812345678")
    await left(sheet)
    assert list(desk.drafts.kept.values()) == [{"text": "要动用吊车，问138****5678"}]
    sheet = await opened(actions, "escalate")
    editor = sheet.findChild(QPlainTextEdit)
    assert editor.toPlainText() == "要动用吊车，问138****5678"
    editor.setPlainText("要动用吊车")
    next(one for one in sheet.findChildren(KeyButton) if one.property("role") == "primary").click()
    await seen(lambda: desk.heard)
    await settled()
    assert (len(desk.heard), desk.drafts.kept) == (1, {})
    sheet = await opened(actions, "escalate")
    assert sheet.findChild(QPlainTextEdit).toPlainText() == ""
    sheet.findChild(QPlainTextEdit).setPlainText("另有情况")
    desk.drafts.user = "d08"  # somebody else signs in, and the dialog goes
    await left(sheet)
    assert desk.drafts.kept == {}
    await tasks.close()


async def test_a_note_beside_a_choice_comes_back_too(at_the_case: None, actions: Actions, desk: FakeDesk) -> None:
    for _ in range(2):
        sheet = await opened(actions, "dispatch")
        search = sheet.findChild(SearchList)
        lines = [one for one in sheet.findChildren(QLineEdit) if one.isVisible()]
        note = next(one for one in lines if one.placeholderText() == "附言，可不填")
        if not note.text():
            note.setText("无人处置")
            await left(sheet)
    assert note.text() == "无人处置"
    assert "上次没有送出的，已取回" in [label.text() for label in sheet.findChildren(Label)]  # it goes with the step
    QTest.keyClicks(search.edit, "jj")
    QTest.keyClick(search.edit, Qt.Key.Key_Return)
    await seen(lambda: desk.heard)
    await settled()
    assert desk.heard == [Dispatch(CASE, "s03-traffic", "无人处置")]
    assert desk.drafts.kept == {}
    await tasks.close()

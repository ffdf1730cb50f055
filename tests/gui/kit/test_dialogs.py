"""Dialogs are awaited: the loop runs on, and the answer comes back as a value."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from qasync import QEventLoop

from tests.kit.standing_out import faint_in
from ui.kit.controls.buttons import KeyButton
from ui.kit.controls.scrim import Scrim
from ui.kit.dialogs import Sheet, ask_text, confirm
from ui.kit.forms.form import FormField
from ui.kit.texts.words import Words
from ui.theme import apply_theme

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> QWidget:
    apply_theme(qapp, "dark")
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    return window


@pytest.fixture
def run(qapp: QApplication) -> Run:
    def run(story: Coroutine[Any, Any, Any]) -> Any:
        loop = QEventLoop(qapp, already_running=False, set_running_loop=False)
        try:
            return loop.run_until_complete(asyncio.wait_for(story, 60))
        finally:
            loop.close()
            asyncio.set_event_loop(None)

    return run


def test_a_dialog_dims_the_window_and_stands_on_it_with_smooth_corners(window: QWidget, run: Run) -> None:
    async def story() -> None:
        asked = asyncio.ensure_future(confirm(window, title="合并", text="合并后不可分开"))
        sheet = await _opened(window)
        (scrim,) = window.findChildren(Scrim)
        window.resize(900, 700)
        await asyncio.sleep(0.01)
        assert scrim.geometry() == window.rect()
        beneath = window.grab(QRect(window.mapFromGlobal(sheet.geometry().topLeft()), QSize(1, 1))).toImage()
        shown = sheet.grab().toImage()
        assert shown.pixelColor(0, 0) == beneath.pixelColor(0, 0)
        edge = {shown.pixelColor(x, y).name() for x in range(6) for y in range(6)}
        assert len(edge) > 4  # ground, line and card, and what lies between them
        sheet.reject()
        assert not await asked
        await asyncio.sleep(0.01)
        assert not [one for one in window.findChildren(Scrim) if one.isVisible()]

    run(story())


async def _opened(window: QWidget) -> Sheet:
    for _ in range(6_000):  # a minute: more than any machine needs
        sheets = [sheet for sheet in window.findChildren(Sheet) if sheet.isVisible() and sheet.isActiveWindow()]
        if sheets:
            return sheets[0]
        await asyncio.sleep(0.01)
    raise AssertionError("no dialog came up")


def _press(sheet: Sheet, words: str) -> None:
    next(button for button in sheet.findChildren(KeyButton) if button.text() == words).click()


def _five(text: str) -> Words | None:
    return None if len(text) >= 5 else "至少五个字"


def test_a_reason_is_asked_until_it_is_good(window: QWidget, run: Run) -> None:
    async def story() -> str | None:
        asked = asyncio.ensure_future(ask_text(window, title="申请退回", label="理由", check=_five, many_lines=True))
        sheet = await _opened(window)
        editor, field = sheet.findChild(QPlainTextEdit), sheet.findChild(FormField)
        _press(sheet, "确定")
        assert field.error() == "此项必填"
        assert faint_in(sheet, showing=frozenset({"edge of a field"})) == {}
        assert not asked.done()
        editor.setPlainText("无泵")
        _press(sheet, "确定")
        assert field.error() == "至少五个字"
        assert not asked.done()
        editor.setPlainText("本队无抽排泵，请打13812345678")
        _press(sheet, "确定")
        assert "电话" in field.error()  # everybody reads a reason
        assert not asked.done()
        editor.setPlainText("本队无抽排泵，\u202e建议二队")
        _press(sheet, "确定")
        return await asked

    assert run(story()) == "本队无抽排泵，建议二队"


def test_escape_declines_and_enter_answers(window: QWidget, run: Run) -> None:
    async def story(key: Qt.Key) -> str | None:
        asked = asyncio.ensure_future(ask_text(window, title="备注", label="内容"))
        sheet = await _opened(window)
        sheet.findChild(QLineEdit).setText("已电话告知")
        QTest.keyClick(sheet, key)
        return await asked

    assert run(story(Qt.Key.Key_Escape)) is None
    assert run(story(Qt.Key.Key_Return)) == "已电话告知"


def test_confirming(window: QWidget, run: Run) -> None:
    async def story() -> bool:
        asked = asyncio.ensure_future(confirm(window, title="作废", text="不能恢复", yes="作废"))
        sheet = await _opened(window)
        assert faint_in(sheet, showing=frozenset({"icon of a button"})) == {}
        _press(sheet, "作废")
        return await asked

    assert run(story()) is True


def test_a_window_that_closes_or_a_task_that_is_cancelled_leaves_no_dialog(
    qtbot: QtBot, window: QWidget, run: Run
) -> None:
    async def story() -> tuple[bool, bool]:
        other = QWidget()
        other.show()
        asked = asyncio.ensure_future(confirm(other, title="结案", text="确定结案？"))
        await _opened(other)
        other.deleteLater()
        answer = await asked
        cancelled = asyncio.ensure_future(confirm(window, title="结案", text="确定结案？"))
        await _opened(window)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        return answer, any(sheet.isVisible() for sheet in window.findChildren(Sheet))

    assert run(story()) == (False, False)

"""F1: all keys over a scrim between the bars, scrolled where they need more room; other keys rest meanwhile."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from tests.kit.turns import seen, turns
from ui.actions.action_table import case_actions
from ui.actions.context import UiContext
from ui.actions.keysheet import KeyRows, KeySheet, show_keys
from ui.actions.registry import Action, Actions
from ui.theme.tokens import MEASURES
from ui.window import Window


async def test_the_keys_lie_between_the_bars_and_no_other_key_acts_meanwhile(window: Window, seat: UiContext) -> None:
    heard: list[str] = []
    own = Action(id="own", zh="到队列", group="desk", keys=("0",), run=lambda: heard.append("0"))
    registry = Actions(window, (*case_actions(seat), own))
    window.resize(1024, 640)
    window.show()
    window.activateWindow()
    await seen(window.isActiveWindow)
    window.topbar.search.setFocus()
    show_keys(window, registry)
    await turns(2)
    (sheet,) = window.findChildren(KeySheet)
    bars = QRect(0, MEASURES.top_bar, 1024, 640 - MEASURES.top_bar - MEASURES.status_bar)
    assert sheet.geometry() == bars
    assert sheet.rect().contains(sheet._box.geometry())
    rows = sheet.findChildren(KeyRows)
    assert all(action.words in " ".join(one.accessibleName() for one in rows) for action in registry.offered())
    ends = [one.mapTo(sheet.rows.widget(), one.rect().topRight()).x() for one in rows]
    assert max(ends) < sheet.rows.viewport().width()
    bar = sheet.rows.verticalScrollBar()
    QTest.keyClick(sheet.rows, Qt.Key.Key_0)
    QTest.keyClick(sheet.rows, Qt.Key.Key_PageDown)
    assert (heard, bar.value() > 0) == ([], True)
    window.resize(1600, 900)
    await turns(2)
    assert sheet.width() == 1600
    QTest.keyClick(sheet.rows, Qt.Key.Key_F1)
    await turns(2)
    assert (any(one.isVisible() for one in rows), window.focusWidget()) == (False, window.topbar.search)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_0)
    assert heard == ["0"]

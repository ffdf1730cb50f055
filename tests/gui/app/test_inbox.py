"""The room 需处理 in the window: it covers the docks between the bars, keeps the keyboard, gives everything back."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ui.actions.context import UiContext
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.controls.buttons import KeyButton
from ui.kit.feedback.states import Banner
from ui.window import Window


@pytest.fixture
def room(window: Window, seat: UiContext) -> Iterator[InboxRoom]:
    window.docks["queue"].hold(KeyButton("队列里的"), QLabel("队列"))
    window.show()
    made = InboxRoom(
        seat,
        follow=seat.follow,
        watch=seat.watch,
        tell=fact_words,
        left=lambda _case: "",
        done=seat.tell_act,
        parent=window,
    )
    made.open()
    yield made
    made.close_following()


def test_it_lies_between_the_bars_also_when_a_banner_comes(room: InboxRoom, window: Window, qtbot: Any) -> None:
    assert room.geometry() == window.between_bars()
    assert room.width() == window.width()
    banner = Banner()
    window.put_banner(banner)
    banner.tell("离线工作中")
    qtbot.waitUntil(lambda: room.geometry().top() == window.topbar.height() + banner.height())
    assert room.geometry() == window.between_bars()
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: room.geometry() == window.between_bars())
    banner.hide()
    qtbot.waitUntil(lambda: room.geometry().top() == window.topbar.height())


def test_the_keyboard_does_not_wander_into_what_lies_covered(room: InboxRoom, window: Window, qtbot: Any) -> None:
    covered = window.docks["queue"].widget()
    assert isinstance(covered, QWidget)
    window.activateWindow()
    covered.setFocus()
    QApplication.processEvents()
    now = QApplication.focusWidget()
    assert now is None or room.isAncestorOf(now)
    room.leave()
    covered.setFocus()
    assert window.focusWidget() is covered


def test_escape_gives_the_docks_back_as_they_were(room: InboxRoom, window: Window, qtbot: Any) -> None:
    before = window.docks["queue"].geometry()
    with qtbot.waitSignal(room.gone):
        qtbot.keyClick(room, Qt.Key.Key_Escape)
    assert room.isHidden()
    assert window.docks["queue"].geometry() == before


def test_the_bar_says_which_room_is_in_front(window: Window) -> None:
    window.topbar.take_seat(intake=True, plain=False, room="调度台")
    window.topbar.enter("需处理")
    assert window.topbar.room.text() == "需处理"
    window.topbar.enter(None)
    assert window.topbar.room.text() == "调度台"
    asked: list[str] = []
    window.topbar.asked.connect(asked.append)
    window.topbar.needs.click()
    assert asked == ["inbox"]

"""The frame of every dialog, and the way to await it."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent, QMoveEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QStatusBar, QWidget
from shiboken6 import isValid

from ui.kit.controls.buttons import IconButton, KeyButton
from ui.kit.controls.scrim import Scrim
from ui.kit.labels.label import Label, line
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts.words import Words, phrase
from ui.theme import MEASURES, mark

RIM, LEAST = 8, 240  # pixels: left free above and below, and the least that is not squeezed further


class Sheet(QDialog):
    """The frame of a dialog: title, content, answer buttons. Esc rejects it."""

    def __init__(self, parent: QWidget | None, *, title: Words, width: int = 440) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(str(title))
        self._grounds: list[tuple[QPoint, QPixmap]] = []  # what lies under the round corners
        self.setMinimumWidth(width)
        if parent is not None:
            self.setMaximumHeight(max(_clear_height(parent.window()) - 2 * RIM, LEAST))
        frame = mark(QFrame(self), surface="dialog")
        vbox(self, frame, spacing=-1)
        self.content = vbox(margins=(16, 12, 16, 16), spacing=8)
        self._answers = hbox(None, STRETCH, margins=(16, 10, 16, 10), spacing=8)
        vbox(frame, _Head(self, title), line(), self.content, line(), self._answers, margins=(1, 1, 1, 1))

    def add_answer(
        self, words: Words, do: Callable[[], object], *, key: str = "", role: str = "secondary"
    ) -> KeyButton:
        """Appends a button and returns it; its key works while the dialog is open."""
        button = KeyButton(words, key=key, role=role, live=key != "Esc")
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: do())
        self._answers.addWidget(button)
        return button

    def showEvent(self, event: QShowEvent) -> None:
        """Comes into the middle of the window, above its status bar."""
        super().showEvent(event)
        for under in self._under():
            room = QPoint(under.width() - self.width(), _clear_height(under) - self.height())
            self.move(under.mapToGlobal(QPoint(max(room.x() // 2, 0), max(room.y() // 2, 0))))
        self._take_grounds()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._take_grounds()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_grounds()

    def _under(self) -> list[QWidget]:
        """Returns the window over which it stands; none where it stands alone."""
        parent = self.parentWidget()
        return [] if parent is None else [parent.window()]

    def _take_grounds(self) -> None:
        """Takes what lies under the corners: translucent ones are black without a compositor, a mask has stairs."""
        self._grounds.clear()
        side = MEASURES.popup_radius
        corners = [QPoint(x, y) for x in (0, self.width() - side) for y in (0, self.height() - side)]
        for under in self._under() if self.isVisible() else ():
            places = (QRect(under.mapFromGlobal(self.mapToGlobal(spot)), QSize(side, side)) for spot in corners)
            self._grounds += zip(corners, map(under.grab, places), strict=True)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for spot, ground in self._grounds:
            painter.drawPixmap(spot, ground)


async def run_dialog(dialog: QDialog) -> bool:
    """Opens ``dialog`` over its window, waits for its result and deletes it. Returns True when it was accepted.

    Cancelling the task closes it; when its parent is destroyed first, the result is False.
    """
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def end(result: int) -> None:
        if not done.done():
            done.set_result(bool(result))

    parent = dialog.parentWidget()
    scrims = [] if parent is None else [_dim(parent.window())]
    dialog.finished.connect(end)
    dialog.destroyed.connect(lambda: end(0))
    dialog.open()
    try:
        return await done
    finally:
        for scrim in filter(isValid, scrims):
            scrim.hide()
            scrim.deleteLater()
        if isValid(dialog):
            dialog.hide()
            dialog.deleteLater()


def _dim(window: QWidget) -> Scrim:
    """Dims a window but for its status bar, which goes on being read."""
    scrim = Scrim(window, top=0, foot=_foot(window))
    scrim.fit()
    scrim.show()
    scrim.raise_()
    return scrim


def _clear_height(window: QWidget) -> int:
    return window.height() - _foot(window)


def _foot(window: QWidget) -> int:
    """Returns the height of the status bar of a window, in pixels; 0 without one."""
    return MEASURES.status_bar if window.findChild(QStatusBar) is not None else 0


class _Head(QWidget):
    """Title bar of a dialog; dragging it moves the dialog."""

    def __init__(self, sheet: QDialog, title: Words) -> None:
        super().__init__(sheet)
        close = IconButton("x", phrase("关闭"), key="Esc")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(sheet.reject)
        hbox(self, (Label(title, level="section"), 1), close, margins=(16, 8, 8, 8), spacing=-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.window().windowHandle()
        if handle:
            handle.startSystemMove()

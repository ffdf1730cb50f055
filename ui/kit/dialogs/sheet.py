"""The frame of every dialog, and the way to await it."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QWidget
from shiboken6 import isValid

from ui.kit.controls.buttons import IconButton, KeyButton
from ui.kit.labels.label import Label, line
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts.words import Words, phrase
from ui.theme import MEASURES, mark


class Sheet(QDialog):
    """The frame of a dialog: title, content, answer buttons. Esc rejects it."""

    def __init__(self, parent: QWidget | None, *, title: Words, width: int = 440) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(str(title))
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setMinimumWidth(width)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        # without a compositor translucent corners would be black, so a mask cuts them off
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), MEASURES.popup_radius, MEASURES.popup_radius)
        self.setMask(QRegion(outline.toFillPolygon().toPolygon()))
        super().resizeEvent(event)


async def run_dialog(dialog: QDialog) -> bool:
    """Opens ``dialog`` over its window, waits for its result and deletes it. Returns True when it was accepted.

    Cancelling the task closes it; when its parent is destroyed first, the result is False.
    """
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def end(result: int) -> None:
        if not done.done():
            done.set_result(bool(result))

    dialog.finished.connect(end)
    dialog.destroyed.connect(lambda: end(0))
    dialog.open()
    try:
        return await done
    finally:
        if isValid(dialog):
            dialog.hide()
            dialog.deleteLater()


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

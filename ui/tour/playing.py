"""Plays in the real window: keys and clicks as a person gives them, pictures of the screen, and what was asserted."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from commandcenter.bootstrap import Desk
from commandcenter.rehearsal.others import Others
from ui.app.opening import Opening
from ui.kit.words import say
from ui.tour.screen import Screen

BEAT = 0.05  # seconds between two looks
SETTLE = 0.45  # seconds before a picture: timers, the map's frame
PATIENCE = 300.0  # seconds: far beyond what a machine with much other work needs; a step that hangs ends the tour


class Failed(Exception):
    """Something that should be seen is not."""


class Playing:
    """Implements commandcenter.rehearsal.player.Player."""

    def __init__(
        self,
        app: QApplication,
        opening: Opening,
        others: Others,
        out: Path,
    ) -> None:
        self.others = others
        self._app, self._opening, self._out = app, opening, out
        self._screen = Screen(opening)
        self._asserted: list[str] = []
        self._pictures: list[str] = []
        self._number = 0

    @property
    def desk(self) -> Desk:
        """The desk of the window."""
        assert self._opening.seat is not None
        return self._opening.seat.desk

    def taken(self) -> tuple[list[str], list[str]]:
        """What was asserted and pictured since the last time."""
        taken = self._asserted, self._pictures
        self._asserted, self._pictures = [], []
        return taken

    async def press(self, *keys: str) -> None:
        """Key sequences as Qt writes them, where the keyboard is."""
        for key in keys:
            combination = QKeySequence(key)[0]  # type: ignore[index]
            QTest.keyClick(await self._target(), combination.key(), combination.keyboardModifiers())
            await asyncio.sleep(BEAT)

    async def type(self, text: str) -> None:
        """Letters by keys; what no key writes comes as an input method gives it."""
        for sign in text:
            if sign.isascii():
                QTest.keyClicks(await self._target(), sign)
            else:
                said = QInputMethodEvent()
                said.setCommitString(sign)
                self._app.sendEvent(await self._target(), said)
            await asyncio.sleep(0.01)

    async def click(self, place: str) -> None:
        """The middle of a named widget."""
        widget = self._screen.widget(place)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
        await asyncio.sleep(BEAT)

    async def fill(self, place: str, text: str) -> None:
        """Click into a named field and write over what stands there."""
        field = self._screen.widget(place)
        QTest.mouseClick(field if isinstance(field, QLineEdit) else _inside(field), Qt.MouseButton.LeftButton)
        if isinstance(field, (QLineEdit, QPlainTextEdit)):
            field.selectAll()
        await self.type(text)

    def said(self, place: str) -> str:
        """What a named place of the screen says now; "" when it is not there."""
        return self._screen.said(place)

    def words(self, source: str) -> str:
        """How the screen says a Chinese source now."""
        return say(source)

    def choose(self, case: str) -> None:
        """Look at a case as a click in the list would."""
        assert self._opening.seat is not None
        self._opening.seat.focus.choose(case, by="tour")

    async def until(self, told: str, holds: Callable[[], object]) -> None:
        """Wait until it holds; Failed after `PATIENCE`."""
        end = time.monotonic() + PATIENCE
        while not _true(holds):
            if time.monotonic() > end:
                raise Failed(f"not within {PATIENCE:g} s: {told}")
            await asyncio.sleep(BEAT)
        self._asserted.append(told)

    def check(self, told: str, holds: object) -> None:
        """It must hold now."""
        if not holds:
            raise Failed(f"not so: {told}")
        self._asserted.append(told)

    async def picture(self, name: str) -> None:
        """The window as the screen shows it, with whatever lies over it."""
        await asyncio.sleep(SETTLE)
        self._number += 1
        file = f"{self._number:02d}-{name}.png"
        window = self._opening.window
        corner = window.mapToGlobal(QPoint(0, 0))
        taken = window.screen().grabWindow(0, corner.x(), corner.y(), window.width(), window.height())
        taken.save(str(self._out / file))
        self._pictures.append(file)

    async def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._opening.window.resize(width, height)
        await asyncio.sleep(SETTLE)

    async def _target(self) -> QWidget:
        """Where the keyboard is; a screen without a window manager gives it to nobody by itself."""
        end = time.monotonic() + 1
        front = self._app.activeModalWidget() or self._app.activePopupWidget() or self._opening.window
        while self._app.activeWindow() is not front.window() and time.monotonic() < end:
            front.activateWindow()
            await asyncio.sleep(BEAT)  # never Qt's own waiting: a loop inside the loop breaks whatever task is due
        return self._app.activePopupWidget() or self._app.focusWidget() or front


def _inside(field: QWidget) -> QWidget:
    return field.viewport() if isinstance(field, QPlainTextEdit) else field


def _true(holds: Callable[[], object]) -> bool:
    """A thing that cannot be read yet does not hold yet."""
    try:
        return bool(holds())
    except (AssertionError, AttributeError):
        return False

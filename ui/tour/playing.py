"""Operates the real window for the tour: sends keys and clicks, takes pictures, records checked conditions."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from commandcenter.bootstrap import Desk
from commandcenter.demonstration.other_seats import OtherSeats
from ui.app.console_application import ConsoleApplication
from ui.kit.texts.words import say
from ui.tour.screen import Screen

BEAT = 0.05  # seconds between two checks, and after a key or click
SETTLE = 0.45  # seconds before a picture: timers, the map's rendering
PATIENCE = 300.0  # seconds: far beyond what a busy machine needs; a step that hangs ends the tour


class Failed(Exception):
    """An expected condition did not hold."""


class WindowPlayer:
    """Implements commandcenter.demonstration.tour_player.TourPlayer."""

    def __init__(self, app: QApplication, opening: ConsoleApplication, others: OtherSeats, out: Path) -> None:
        self.others = others
        self._app, self._opening, self._out = app, opening, out
        self._screen = Screen(opening)
        self._asserted: list[str] = []
        self._pictures: list[str] = []
        self._number = 0

    @property
    def desk(self) -> Desk:
        """The desk of the window."""
        return self._opening.console.seat.desk

    def taken(self) -> tuple[list[str], list[str]]:
        """Returns the conditions checked and the picture files taken since the last call."""
        taken = self._asserted, self._pictures
        self._asserted, self._pictures = [], []
        return taken

    async def press(self, *keys: str) -> None:
        """Sends key sequences, written as Qt writes them, to the widget with the keyboard focus."""
        for key in keys:
            combination = QKeySequence(key)[0]  # type: ignore[index]
            QTest.keyClick(await self._target(), combination.key(), combination.keyboardModifiers())
            await asyncio.sleep(BEAT)

    async def type(self, text: str) -> None:
        """Types ASCII as keys; sends other characters as an input method does."""
        for sign in text:
            if sign.isascii():
                QTest.keyClicks(await self._target(), sign)
            else:
                said = QInputMethodEvent()
                said.setCommitString(sign)
                self._app.sendEvent(await self._target(), said)
            await asyncio.sleep(0.01)

    async def fill(self, place: str, text: str) -> None:
        """Clicks a named field and replaces its text."""
        field = self._screen.widget(place)
        QTest.mouseClick(field if isinstance(field, QLineEdit) else _inside(field), Qt.MouseButton.LeftButton)
        if isinstance(field, (QLineEdit, QPlainTextEdit)):
            field.selectAll()
        await self.type(text)

    def said(self, place: str) -> str:
        """Returns the text shown at a named place; "" when it is not on the screen."""
        return self._screen.said(place)

    def words(self, source: str) -> str:
        """Returns a Chinese source text in the current language."""
        return say(source)

    def choose(self, case: str) -> None:
        """Selects a case, as a click in the list does."""
        self._opening.console.seat.focus.choose(case, by="tour")

    async def until(self, told: str, holds: Callable[[], object]) -> None:
        """Waits until `holds()` is true; raises Failed after PATIENCE."""
        end = time.monotonic() + PATIENCE
        while not _holds(holds):
            if time.monotonic() > end:
                raise Failed(f"not within {PATIENCE:g} s: {told}")
            await asyncio.sleep(BEAT)
        self._asserted.append(told)

    def check(self, told: str, holds: object) -> None:
        """Raises Failed unless `holds` is true now."""
        if not holds:
            raise Failed(f"not so: {told}")
        self._asserted.append(told)

    async def picture(self, name: str) -> None:
        """Saves the window as the screen shows it, with everything that covers it."""
        await asyncio.sleep(SETTLE)
        self._number += 1
        file = f"{self._number:02d}-{name}.png"
        window = self._opening.window
        corner = window.mapToGlobal(QPoint(0, 0))
        taken = window.screen().grabWindow(0, corner.x(), corner.y(), window.width(), window.height())
        taken.save(str(self._out / file))
        self._pictures.append(file)

    async def resize(self, width: int, height: int) -> None:
        """Resizes the window; sizes in pixels."""
        self._opening.window.resize(width, height)
        await asyncio.sleep(SETTLE)

    async def _target(self) -> QWidget:
        """Returns the widget with the keyboard focus; activates the window where no window manager does."""
        end = time.monotonic() + 1
        front = self._app.activeModalWidget() or self._app.activePopupWidget() or self._opening.window
        while self._app.activeWindow() is not front.window() and time.monotonic() < end:
            front.activateWindow()
            await asyncio.sleep(BEAT)  # not QTest.qWait: a nested event loop breaks tasks that are due
        return self._app.activePopupWidget() or self._app.focusWidget() or front


def _inside(field: QWidget) -> QWidget:
    return field.viewport() if isinstance(field, QPlainTextEdit) else field


def _holds(holds: Callable[[], object]) -> bool:
    """A condition that cannot be read yet does not hold yet."""
    try:
        return bool(holds())
    except (AssertionError, AttributeError):
        return False

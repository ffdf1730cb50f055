"""The way to the map's page: its web engine, what is said to it, what it reports, and its death."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.map.content import Message
from ui.map.page import base_page
from ui.map.words import word

if TYPE_CHECKING:
    from ui.map.engine import MapEngine

log = logging.getLogger(__name__)

TRIES = 3
CRASH_WINDOW_SECONDS = 60.0


class MapChannel(QObject):
    """Messages go to the page while it is ready. A page that dies is loaded again, up to TRIES times a minute."""

    made = Signal(QWidget)  # the page's widget, before the page is loaded
    ready = Signal()  # the page is empty and listens
    picked = Signal(int)  # slot
    crew_picked = Signal(int)  # number
    crew_hovered = Signal(int)  # number, -1 for none
    power_chosen = Signal(int)  # which of the powers of the coverage, -1 for all
    near_chosen = Signal(int)  # the key of a crew near the chosen case
    placed = Signal(float, float)  # lon, lat in degrees
    drawn = Signal()  # once, after the first complete drawing
    failed = Signal(str)  # a sentence for the user

    def __init__(self, cache_dir: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.engines: list[MapEngine] = []  # one, once loaded, until `close`
        self._home, self._cache_dir = parent, cache_dir
        self._is_ready = self._has_drawn = False
        self._deaths: list[float] = []
        told = (self.picked, self.crew_picked, self.crew_hovered, self.power_chosen, self.near_chosen)
        self._numbered = dict(zip(("picked", "crew", "over", "power", "near"), told, strict=True))

    def load(self, ground: str) -> None:
        """Starts the web engine and loads the page over the colour `ground`, or loads the page again after `failed`."""
        if self.engines:
            self._try_again()
            return
        try:
            from ui.map.engine import MapEngine  # late: the window is on the screen first
        except ImportError as error:
            log.error("no web engine: %s", error)
            self.failed.emit(word("unmade"))
            return
        engine = MapEngine(base_page(self._cache_dir), ground, self._home)
        engine.heard.connect(self._hear)
        engine.died.connect(self._on_died)
        self.engines.append(engine)
        self.made.emit(engine.view)
        engine.open()

    def say(self, *messages: Message) -> None:
        """Sends messages to the page, in their order; while the page is not ready, nothing happens."""
        for engine in self.engines if self._is_ready else ():
            for name, values, body in messages:
                if body is not None:
                    engine.publish(f"/{name}", *body)
                engine.say(name, *(values if body is None else (f"/{name}",)))

    def ground(self, colour: str) -> None:
        """Sets the colour shown until the page is drawn."""
        for engine in self.engines:
            engine.ground(colour)

    def close(self) -> None:
        """Closes the web engine."""
        while self.engines:
            self.engines.pop().close()
        self._is_ready = False

    def _hear(self, name: str, numbers: tuple[float, ...]) -> None:
        if name == "ready":
            self._is_ready = True
            self.ready.emit()
        elif name in self._numbered:
            self._numbered[name].emit(int(numbers[0]))
        elif name == "placed":
            self.placed.emit(*numbers)
        elif name == "drawn" and not self._has_drawn:
            self._has_drawn = True
            self.drawn.emit()

    def _on_died(self) -> None:
        self._is_ready = False
        now = time.monotonic()
        self._deaths = [then for then in self._deaths if now - then < CRASH_WINDOW_SECONDS] + [now]
        if len(self._deaths) > TRIES:
            self.failed.emit(word("gone"))
        else:
            log.warning("the map's renderer ended and is started again")
            QTimer.singleShot(200 * len(self._deaths), self, self._reopen)

    def _try_again(self) -> None:
        if len(self._deaths) > TRIES:
            self._deaths.clear()
            self._reopen()

    def _reopen(self) -> None:
        for engine in self.engines:
            engine.open()

"""The intake form floating over the queue: not modal, light, time and number stay visible, the map takes clicks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from commandcenter.domain.places import Spot
from ui.intake.panel import FORM, FOUND, TALL, IntakePanel
from ui.kit.seat.context import SeatContext
from ui.kit.seat.follow import Follow

LEFT, LEFT_NARROW, TOP = 262, 236, 52  # pixels: light, time and number of the queue's rows stay visible
LEAST = 8  # pixels kept free at the sides in a small window
PIN_ROOM = 240  # pixels of the map that stay free for the pin and its circle


class FollowedSeat(SeatContext, Protocol):
    """A seat with the Follow of its board."""

    @property
    def follow(self) -> Follow: ...


class PinMap(Protocol):
    """What the form needs of the map: `placed` for clicks while placing is on, where it is, a pin and its likes."""

    placed: Any

    def place(self, on: bool) -> None: ...
    def pin(self, lon: float, lat: float | None, *, covered: int = 0) -> None: ...
    def liken(self, cases: Sequence[tuple[str, str]]) -> None: ...
    def area_in(self, window: QWidget) -> QRect: ...


class FloatingIntake(IntakePanel):
    """The form of one user over the window; what is typed stays in it until `end`."""

    def __init__(self, window: QWidget, seat: FollowedSeat, board_map: PinMap) -> None:
        super().__init__(seat, follow=seat.follow, parent=window)
        self._window = window
        self._map = board_map
        self.pinned.connect(self._pin)
        self.findings.found.connect(self._liken)
        self.closed.connect(self._stop_placing)
        self._map.placed.connect(self.place_at)

    def fit(self) -> None:
        """Places the form over the queue, so narrow that the map keeps room for the pin, which stands in what is free.

        The findings then stand beneath the fields.
        """
        window, map_ends = self._window, self._map.area_in(self._window).right()
        is_narrow = 0 < map_ends < LEFT + FORM + FOUND + PIN_ROOM
        wide = min(FORM if is_narrow else FORM + FOUND, window.width() - 2 * LEAST)
        tall = min(TALL, window.height() - TOP - 36)
        left = max(LEFT_NARROW, min(LEFT, map_ends - wide - PIN_ROOM)) if is_narrow else LEFT
        self.stand_narrow(is_narrow)
        self.setGeometry(min(left, max(LEAST, window.width() - wide - LEAST)), TOP, wide, tall)
        if self.isVisible():
            self._pin(self.form.where.spot)

    def open(self) -> None:
        """Shows the form in front, ready to type, and turns on placing on the map."""
        self.fit()
        self.show()
        self.raise_()
        self._map.place(True)
        self.start()

    def end(self) -> None:
        """Disconnects from map and board, and deletes the form."""
        self._map.placed.disconnect(self.place_at)
        self.close_following()
        self.hide()
        self.deleteLater()

    def _pin(self, spot: Spot | None) -> None:
        if spot is None:
            self._map.pin(0.0, None)
        elif self.isVisible():
            area = self._map.area_in(self._window)
            self._map.pin(spot.lon, spot.lat, covered=max(0, self.geometry().right() - area.left()) if area else 0)
            self._liken()

    def _liken(self) -> None:
        self._map.liken([(card.case, card.number) for card in self.findings.cards()])

    def _stop_placing(self) -> None:
        self._map.place(False)
        self._map.pin(0.0, None)

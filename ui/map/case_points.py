"""Sends the cases of the board to the map: all of them once, then only the slots that look different."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commandcenter.store.columns import ABSENT, ENDED
from ui.map.view import MapView

if TYPE_CHECKING:  # the desk imports the network stack, which no screen needs in order to be shown
    from commandcenter.sync.desk import Desk


class CasePoints:
    """Remembers what the map was last sent: float64[n] degrees, uint8[n] light class, index = slot."""

    def __init__(self, desk: Desk, view: MapView) -> None:
        self._desk = desk
        self._view = view
        self._lon = self._lat = np.zeros(0)
        self._light = np.zeros(0, np.uint8)

    def send_all(self) -> None:
        """Replaces every case on the map."""
        self._lon, self._lat, self._light = self._columns()
        self._view.set_cases(self._lon, self._lat, self._light)

    def send_changed(self) -> None:
        """Sends only the slots that look different now; a board that shrank is sent as a whole."""
        lon, lat, light = self._columns()
        before = len(self._light)
        if len(light) < before or before == 0:
            self.send_all()
            return
        differs = np.ones(len(light), bool)
        went = _moved(lon[:before], self._lon) | _moved(lat[:before], self._lat)
        differs[:before] = (light[:before] != self._light) | went
        slots = np.flatnonzero(differs)
        self._lon, self._lat, self._light = lon, lat, light
        if len(slots):
            self._view.change(slots, lon[slots], lat[slots], light[slots])

    def _columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        cases = self._desk.board.cases
        light = cases.lights(self._desk.now().timestamp())
        light[light == ENDED] = ABSENT  # ended cases are in the list, not on the map
        return cases["lon"].copy(), cases["lat"].copy(), light


def _moved(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    return (new != old) & ~(np.isnan(new) & np.isnan(old))

"""Which crews' status flashes: it has lasted too long for a short while, and nobody has looked at it yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.stays import alarmed_at
from ui.teams.reading import Reading
from ui.theme.motion import may_blink

HALF = 500  # milliseconds lit, and as many not
LONGEST = 30.0  # seconds that nobody's look ends
NONE: frozenset[str] = frozenset()


class Flashes(QObject):
    """Follows the readings of the board, and beats only while some status flashes.

    `turned` carries the ids of the crews whose status looks different now.
    """

    turned = Signal(object)  # frozenset[str]

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_lit = False
        self._flashing: dict[str, datetime] = {}  # by crew since when it is in its status
        self._seen: set[tuple[str, datetime]] = set()
        self._beat = QTimer(self, interval=HALF)
        self._beat.timeout.connect(self._turn)

    @property
    def crews(self) -> frozenset[str]:
        """The ids of the crews whose status flashes."""
        return frozenset(self._flashing)

    def follow(self, reading: Reading) -> None:
        """Begins and ends flashes as of the reading's moment; none where nothing may blink."""
        fresh = dict(_fresh(reading)) if may_blink() else {}
        self._seen &= fresh.items()
        self._change({key: since for key, since in fresh.items() if (key, since) not in self._seen})

    def see(self, crew: str) -> None:
        """Ends the flash of a crew at which somebody has looked."""
        if crew in self._flashing:
            self._seen.add((crew, self._flashing[crew]))
            self._change({key: since for key, since in self._flashing.items() if key != crew})

    def rest(self) -> None:
        """Ends all flashes, until the next reading."""
        self._change({})

    def _change(self, flashing: dict[str, datetime]) -> None:
        other = self.crews ^ flashing.keys()
        self._flashing = flashing
        if not flashing:
            self._beat.stop()
        elif not self._beat.isActive():
            self.is_lit = True
            self._beat.start()
        if other:
            self.turned.emit(other)

    def _turn(self) -> None:
        self.is_lit = not self.is_lit
        self.turned.emit(self.crews)


def _fresh(reading: Reading) -> Iterator[tuple[str, datetime]]:
    """Yields the crews that are past the alarm since less than LONGEST, with since when they are in their status."""
    for many in reading.crews.values():
        for crew in many:
            since = alarmed_at(crew, reading.longest)
            if since is not None and 0 <= (reading.now - since).total_seconds() < LONGEST:
                yield crew.id, crew.status_since

"""The live map as a widget: keeps what is on the map and sends it to the page, again whenever the page is reloaded."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.teams import CrewStatus
from ui.map.columns import Floats, Lights, MapColumns, Slots, mask_bits, merged
from ui.map.header import LAYERS, MapHeader
from ui.map.page import base_page
from ui.map.shades import greyed
from ui.map.words import word, words

if TYPE_CHECKING:
    from ui.map.engine import MapEngine

log = logging.getLogger(__name__)

FRAME_MS = 16
CREW_STATES = tuple(CrewStatus)  # the page counts them in this order
TRIES = 3
CRASH_WINDOW_SECONDS = 60.0


class MapCrew(NamedTuple):
    """A crew on the map: degrees, a status of CREW_STATES, and a short note beside the name (may be empty)."""

    id: str
    name: str
    lon: float
    lat: float
    status: str
    note: str = ""


class MapView(QWidget):
    """District, cases by light, and crews; the methods give shapes and units. All positions are degrees, WGS 84."""

    picked = Signal(int)  # slot
    placed = Signal(float, float)  # lon, lat in degrees
    drawn = Signal()  # once, after the first complete drawing
    failed = Signal(str)  # a sentence for the user

    def __init__(self, *, cache_dir: Path, colours: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache_dir = cache_dir
        self._colours = dict(colours)
        self._engine: MapEngine | None = None
        self._ready = self._has_drawn = False
        self._deaths: list[float] = []
        self._columns = MapColumns()
        self._places: bytes | None = None
        self._source, self._is_hull = "—", False
        self._mask: NDArray[np.bool_] | None = None
        self._crews: list[MapCrew] = []
        self._chosen: tuple[int, str, str] = (-1, "", "")
        self._pin: tuple[float, float] | None = None
        self._placing = False
        self._stale: str | None = None
        self._changed: list[Slots] = []
        self._tick = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._tick.timeout.connect(self._send_changes)
        self.header = MapHeader()
        self.header.toggled.connect(lambda name, on: self._say("show", name, on))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)
        self._column.addStretch(1)

    def load(self) -> None:
        """Starts the web engine and draws; call it when the window is on the screen, and again after `failed`."""
        if self._engine is not None:
            self._try_again()
            return
        try:
            from ui.map.engine import MapEngine  # late: the window is on the screen first
        except ImportError as error:
            log.error("no web engine: %s", error)
            self.failed.emit(word("unmade"))
            return
        self._engine = MapEngine(base_page(self._cache_dir), self._colours["map_out"], self)
        self._engine.heard.connect(self._hear)
        self._engine.died.connect(self._on_renderer_died)
        self._column.takeAt(1)
        self._column.addWidget(self._engine.view)
        self._engine.open()

    def set_places(
        self,
        outline: Mapping[str, object],
        streets: Mapping[str, object],
        grids: Mapping[str, object],
        district_name: str,
    ) -> None:
        """Sets GeoJSON FeatureCollections of polygons; streets and grids with properties id, name.

        A feature of the outline whose property ``kind`` is "lake" is drawn as water with its name.
        """
        told = {"outline": outline, "streets": streets, "grids": grids, "name": district_name}
        self._places = json.dumps(told, ensure_ascii=False).encode()
        self._source, self._is_hull = _source(outline)
        self._send_words()
        self._send_places()
        self._say("settle")

    def set_cases(self, lon: Floats, lat: Floats, light: Lights) -> None:
        """Replaces all cases: float64[n] degrees, uint8[n] light class, index = slot.

        Raises ValueError when the lengths differ.
        """
        self._columns.replace(lon, lat, light)
        self._changed.clear()
        self._send_cases()

    def change(self, slots: Slots, lon: Floats, lat: Floats, light: Lights) -> None:
        """Changes m slots, which may lie past the end; changes are sent together, at most once a frame (16 ms)."""
        self._columns.change(slots, lon, lat, light)
        self._changed.append(np.asarray(slots, dtype=np.int64))
        if not self._tick.isActive():
            self._tick.start()

    def set_filter(self, mask: NDArray[np.bool_] | None) -> None:
        """Shows only slots whose bit is true, bool[n]; None shows all. Slots past the mask are shown."""
        self._mask = None if mask is None else np.array(mask, dtype=bool)
        self._send_filter()

    def select(self, slot: int | None, label: str = "", *, left: str = "") -> None:
        """Rings and labels one case, ``left`` (time) in the colour of its light; pans only if it is out of view."""
        self._chosen = (-1 if slot is None else slot, label, left)
        self._say("select", *self._chosen)

    def set_crews(self, crews: Sequence[MapCrew | tuple[str, str, float, float, str, str]]) -> None:
        """Sets all crews of the district (≤ 500); those that moved glide to their new position."""
        self._crews = [MapCrew(*crew) for crew in crews]
        self.header.count("crews", len(self._crews))
        self._send_crews()

    def pin(self, lon: float, lat: float | None) -> None:
        """Shows and centres the intake pin, in degrees, with its circle of 100 m; ``lat`` None removes it."""
        self._pin = None if lat is None else (lon, lat)
        self._send_pin()

    def placing(self, on: bool) -> None:
        """While on, a click reports a place instead of picking a case."""
        self._placing = on
        self._say("placing", on)

    def whole(self) -> None:
        """Brings the whole district into view."""
        self._say("whole")

    def wear(self, colours: Mapping[str, str]) -> None:
        """Applies a theme's colours, by token name, without reloading the page."""
        self._colours = dict(colours)
        if self._engine is not None:
            self._engine.ground(colours["map_out"])
        self._send_colours()

    def speak(self) -> None:
        """Sends all texts again, in the current language."""
        self.header.speak()
        self._send_words()

    def set_stale(self, text: str | None) -> None:
        """Marks the data as old: turns the map grey and shows the text on it; None restores the colours."""
        turned = (text is None) != (self._stale is None)
        self._stale = text
        if turned:
            self._send_colours()
        self._say("stale", text)

    def close(self) -> bool:
        """Closes the web engine, then the widget."""
        if self._engine is not None:
            self._tick.stop()
            self._engine.close()
            self._engine, self._ready = None, False
        return super().close()

    @property
    def engine(self) -> MapEngine | None:
        """The engine, once loaded; for measurements and tests."""
        return self._engine

    def _hear(self, name: str, numbers: tuple[float, ...]) -> None:
        if name == "ready":
            self._ready = True
            self._send_all()
        elif name == "picked" and self._columns.present(int(numbers[0])):
            self.picked.emit(int(numbers[0]))
        elif name == "placed":
            self.placed.emit(*numbers)
        elif name == "drawn" and not self._has_drawn:
            self._has_drawn = True
            self.drawn.emit()

    def _on_renderer_died(self) -> None:
        self._ready = False
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
        if self._engine is not None:
            self._engine.open()

    def _send_all(self) -> None:
        self._send_words()
        self._send_colours()
        self._send_places()
        self._changed.clear()
        self._send_cases()
        self._send_filter()
        self._send_crews()
        for name in LAYERS:
            self._say("show", name, self.header.is_on(name))
        self._say("select", *self._chosen)
        self._say("placing", self._placing)
        self._say("stale", self._stale)
        if self._pin:
            self._send_pin()
        if self._places is not None:
            self._say("settle")

    def _say(self, name: str, *told: object) -> None:
        if self._ready and self._engine is not None:
            self._engine.say(name, *told)

    def _send_words(self) -> None:
        self._say("speak", words(source=self._source, is_hull=self._is_hull))

    def _send_colours(self) -> None:
        self._say("wear", greyed(self._colours) if self._stale is not None else self._colours)

    def _send_places(self) -> None:
        if self._places is not None and self._ready and self._engine is not None:
            self._engine.publish("/places", b"application/json", self._places)
            self._say("places", "/places")

    def _send_cases(self) -> None:
        self._count()
        if self._ready and self._engine is not None:
            self._engine.publish("/cases", b"application/octet-stream", self._columns.snapshot())
            self._say("cases", "/cases")

    def _send_changes(self) -> None:
        slots = merged(self._changed)
        self._changed.clear()
        self._count()
        if len(slots):
            self._say("change", base64.b64encode(self._columns.delta(slots)).decode())

    def _send_filter(self) -> None:
        self._count()
        if self._mask is None:
            self._say("mask", None, 0)
        else:
            self._say("mask", base64.b64encode(mask_bits(self._mask)).decode(), len(self._mask))

    def _send_crews(self) -> None:
        known = {str(state): code for code, state in enumerate(CREW_STATES)}
        self._say("crews", [[*crew[:4], known.get(crew.status, 1), crew.note] for crew in self._crews])

    def _send_pin(self) -> None:
        self._say("pin", *(self._pin or (None, None)))

    def _count(self) -> None:
        self.header.count("cases", self._columns.shown(self._mask))


def _source(outline: Mapping[str, object]) -> tuple[str, bool]:
    """Returns the source that the outline's first feature names, and whether it is only a hull of the cases.

    The map's corner shows it at all times.
    """
    features = outline.get("features")
    first = features[0] if isinstance(features, list) and features else {}
    told = first.get("properties", {}) if isinstance(first, dict) else {}
    return str(told.get("source") or "—"), told.get("drawn") == "hull"

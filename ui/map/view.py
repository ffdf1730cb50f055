"""The live map as a widget: what is on it goes to its page, and again whenever the page is reloaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.layouts import vbox
from ui.map.changes import SlotChanges
from ui.map.channel import MapChannel
from ui.map.columns import Floats, Lights, Slots
from ui.map.content import MapContent, MapCrew, Message, NearCrew, Places
from ui.map.coverage import Coverage
from ui.map.header import LAYERS, MapHeader


class MapView(Retranslated, QWidget):
    """District, cases by light, and crews; the methods give shapes and units. All positions are degrees, WGS 84."""

    picked = Signal(int)  # slot
    crew_picked = Signal(str)  # id
    crew_hovered = Signal(str)  # id, "" for none
    near_chosen = Signal(int)  # the key of a crew near the chosen case, from 1
    placed = Signal(float, float)  # lon, lat in degrees
    drawn = Signal()  # once, after the first complete drawing
    failed = Signal(str)  # a sentence for the user

    def __init__(self, *, cache_dir: Path, colours: Mapping[str, str]) -> None:
        super().__init__()
        self.header = MapHeader()
        self._content = MapContent(dict(colours))
        self._channel = MapChannel(cache_dir, self)
        self._changes = SlotChanges(self)
        column = vbox(self, self.header)
        column.setAlignment(self.header, Qt.AlignmentFlag.AlignTop)
        self.header.toggled.connect(lambda name, on: self._channel.say(Message("show", (name, on))))
        self._channel.made.connect(lambda page: column.addWidget(page, 1))
        self._channel.ready.connect(self._send_all)
        self._channel.picked.connect(self._pick)
        self._channel.crew_picked.connect(lambda number: self.crew_picked.emit(self._content.crew_of(number)))
        self._channel.crew_hovered.connect(lambda number: self.crew_hovered.emit(self._content.crew_of(number)))
        self._channel.power_chosen.connect(self._look_at_power)
        self._channel.near_chosen.connect(self.near_chosen)
        self._channel.placed.connect(self.placed)
        self._channel.drawn.connect(self.drawn)
        self._channel.failed.connect(self.failed)
        self._changes.due.connect(self._send_changes)

    def load(self) -> None:
        """Starts the web engine and draws; call it when the window is on the screen, and again after `failed`."""
        self._channel.load(self._content.colours["map_out"])

    def set_places(
        self,
        outline: Mapping[str, object],
        streets: Mapping[str, object],
        grids: Mapping[str, object],
        district_name: str,
        middles: Sequence[tuple[float, float, str]] = (),
    ) -> None:
        """Sets GeoJSON FeatureCollections of polygons; streets and grids with properties id, name.

        ``middles`` are longitude, latitude and name of the streets, which place a district without outlines.

        A feature of the outline whose property ``kind`` is "lake" is drawn as water with its name.
        """
        self._content.places = Places.of(outline, streets, grids, district_name, middles)
        self._channel.say(self._content.words_message(), *self._content.places_messages(), Message("settle"))

    def set_cases(self, lon: Floats, lat: Floats, light: Lights) -> None:
        """Replaces all cases: float64[n] degrees, uint8[n] light class, index = slot.

        Raises ValueError when the lengths differ.
        """
        self._content.columns.replace(lon, lat, light)
        self._changes.clear()
        self._count()
        self._channel.say(self._content.cases_message())

    def change(self, slots: Slots, lon: Floats, lat: Floats, light: Lights) -> None:
        """Changes m slots, which may lie past the end; changes are sent together, at most once a frame (16 ms)."""
        self._content.columns.change(slots, lon, lat, light)
        self._changes.add(slots)

    def set_filter(self, mask: NDArray[np.bool_] | None) -> None:
        """Shows only slots whose bit is true, bool[n]; None shows all. A slot past the mask waits for the next."""
        self._content.mask = None if mask is None else np.array(mask, dtype=bool)
        self._count()
        self._channel.say(self._content.mask_message())

    def select(self, slot: int | None, label: str = "", *, left: str = "", look: bool = True) -> None:
        """Rings and labels one case, ``left`` (time) in the colour of its light; with ``look`` brings it into sight."""
        self._content.chosen = (-1 if slot is None else slot, label, left)
        self._channel.say(Message("select", (*self._content.chosen, look)))

    def tell_left(self, left: str) -> None:
        """Says another time left of the case that is selected."""
        slot, label, before = self._content.chosen
        if left != before:
            self._content.chosen = (slot, label, left)
            self._channel.say(Message("left", (left,)))

    def offer_crews(self, crews: Sequence[NearCrew]) -> None:
        """Shows the crews near the selected case, the nearest first: their keys are 1, 2 and so on."""
        if tuple(crews) != self._content.near:
            self._content.near = tuple(crews)
            self._channel.say(self._content.near_message())

    def set_crews(self, crews: Sequence[MapCrew | tuple[str, str, float, float, str, str]]) -> None:
        """Sets all crews of the district (≤ 500); those that moved go there until their next report."""
        told = [MapCrew(*crew) for crew in crews]
        if told != self._content.crews:
            self._content.crews = told
            self.header.count("crews", len(crews))
            self._channel.say(self._content.crews_message())

    def choose_crew(self, key: str) -> None:
        """Rings a crew, "" for none; pans only if it is out of view."""
        self._content.chosen_crew = key
        self._channel.say(self._content.chosen_crew_message())

    def tell_crew(self, key: str, lines: Sequence[str]) -> None:
        """Shows lines beside the crew while it is under the pointer."""
        self._channel.say(Message("tip", (self._content.number_of(key), list(lines))))

    def set_coverage(self, coverage: Coverage) -> None:
        """Sets which powers are missing where."""
        if coverage != self._content.coverage:
            self._content.coverage = coverage
            self.header.count("coverage", len(coverage.streets))
            self._channel.say(self._content.coverage_message())

    def pin(self, lon: float, lat: float | None, *, covered: int = 0) -> None:
        """Shows the intake pin, in degrees, with its circle of 100 m; ``lat`` None removes it.

        It stands in the middle of what is left free when so many pixels at the left are `covered`.
        """
        self._content.pin = None if lat is None else (lon, lat, covered)
        self._channel.say(Message("pin", self._content.pin or (None, None)))

    def liken(self, likely: Sequence[tuple[int, str]]) -> None:
        """Names the likely duplicates of what is pinned, slot and number of each, beside the pin's circle."""
        if tuple(likely) != self._content.likely:
            self._content.likely = tuple(likely)
            self._channel.say(self._content.likely_message())

    def placing(self, on: bool) -> None:
        """While on, a click reports a place instead of picking a case."""
        self._content.is_placing = on
        self._channel.say(Message("placing", (on,)))

    def look_at(self, lon: float, lat: float) -> None:
        """Brings a place to the middle, in degrees, near enough to see its grid; one that looks nearer stays so."""
        self._channel.say(Message("near", (lon, lat)))

    def show_district(self) -> None:
        """Brings the whole district into view."""
        self._channel.say(Message("whole"))

    def set_colours(self, colours: Mapping[str, str]) -> None:
        """Applies a theme's colours, by token name, without reloading the page."""
        self._content.colours = dict(colours)
        self._channel.ground(colours["map_out"])
        self._channel.say(self._content.colours_message())

    def retell(self) -> None:
        self._channel.say(self._content.words_message())

    def set_stale(self, text: str | None) -> None:
        """Marks the data as old: turns the map grey and shows the text on it; None restores the colours."""
        before, self._content.stale = self._content.stale, text
        if (text is None) != (before is None):
            self._channel.say(self._content.colours_message())
        if text != before:
            self._channel.say(Message("stale", (text,)))

    def close(self) -> bool:
        """Closes the web engine, then the widget."""
        self._changes.clear()
        self._channel.close()
        return super().close()

    def _look_at_power(self, place: int) -> None:
        self._content.power = place  # for a page that is loaded again

    def _pick(self, slot: int) -> None:
        if self._content.columns.present(slot):
            self.picked.emit(slot)

    def _send_all(self) -> None:
        self._changes.clear()
        self._count()
        self._channel.say(*self._content.all_messages({name: self.header.is_on(name) for name in LAYERS}))

    def _send_changes(self, slots: Slots) -> None:
        self._count()
        self._channel.say(self._content.changes_message(slots))

    def _count(self) -> None:
        self.header.count("cases", self._content.shown())

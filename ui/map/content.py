"""What is on the map, and the messages that show it on the page."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.teams import CrewStatus
from ui.kit.texts.glossary import called
from ui.map.columns import MapColumns, Slots, mask_bits
from ui.map.coverage import NO_COVERAGE, Coverage
from ui.map.shades import greyed
from ui.map.words import words

CREW_STATES = tuple(CrewStatus)  # the page counts them in this order
_CREW_CODES = {str(state): code for code, state in enumerate(CREW_STATES)}


class MapCrew(NamedTuple):
    """A crew on the map: degrees, a status of CREW_STATES, and a short note beside the name (may be empty).

    `is_old`: nobody relies on its position any more.
    """

    id: str
    name: str
    lon: float
    lat: float
    status: str
    note: str = ""
    is_old: bool = False


class NearCrew(NamedTuple):
    """A crew near the chosen case: its id, its name and its status in words, and its way.

    `also` is the key of the step that proposes the same crew, "" where none does.
    """

    id: str
    name: str
    status: str
    way: str
    also: str = ""


class Message(NamedTuple):
    """A call of the page's function `name` with JSON values, or with the route of a `body` (media type, bytes)."""

    name: str
    values: tuple[object, ...] = ()
    body: tuple[bytes, bytes] | None = None


class Places(NamedTuple):
    """Outline, streets and grids of a district."""

    data: bytes = b""  # JSON for the page, empty while none are known
    source: str = "—"  # of the outline, "" without one
    is_hull: bool = False  # the outline was only drawn round the cases

    @classmethod
    def of(
        cls,
        outline: Mapping[str, object],
        streets: Mapping[str, object],
        grids: Mapping[str, object],
        name: str,
        middles: Sequence[tuple[float, float, str]],
    ) -> Self:
        """Returns the places of GeoJSON FeatureCollections; `name` is the district's, `middles` are its streets'."""
        told = {"outline": outline, "streets": streets, "grids": grids, "name": name, "middles": middles}
        features = outline.get("features")
        first = features[0] if isinstance(features, list) and features else {}
        about = first.get("properties", {}) if isinstance(first, dict) else {}
        data = json.dumps(told, ensure_ascii=False).encode()
        return cls(data, str(about.get("source") or ("—" if features else "")), about.get("drawn") == "hull")


NO_PLACES = Places()


@dataclass(slots=True)
class MapContent:
    """Cases, crews, places and marks of the map. All positions are degrees, WGS 84."""

    colours: Mapping[str, str]  # by token name
    columns: MapColumns = field(default_factory=MapColumns)
    mask: NDArray[np.bool_] | None = None  # of the slots to show; None shows all
    crews: Sequence[MapCrew] = ()
    numbers: dict[str, int] = field(default_factory=dict)  # of all crews that were ever shown, by id
    chosen_crew: str = ""  # its id
    coverage: Coverage = NO_COVERAGE
    power: int = -1  # which of the powers of the coverage is looked at, -1: all
    places: Places = NO_PLACES
    chosen: tuple[int, str, str] = (-1, "", "")  # slot, label, time left
    near: Sequence[NearCrew] = ()  # the crews near the chosen case, the nearest first
    pin: tuple[float, float, int] | None = None  # lon, lat, pixels at the left that something covers
    likely: Sequence[tuple[int, str]] = ()  # slot and number of each likely duplicate of what is pinned
    is_placing: bool = False
    stale: str | None = None  # why the data is old

    def shown(self) -> int:
        """Returns how many cases have a position and pass the mask."""
        return self.columns.shown(self.mask)

    def words_message(self) -> Message:
        """Returns the texts of the page in the current language."""
        return Message("speak", (words(source=called(self.places.source), is_hull=self.places.is_hull),))

    def colours_message(self) -> Message:
        """Returns the theme's colours, or their greys while the data is old."""
        return Message("wear", (self.colours if self.stale is None else greyed(self.colours),))

    def places_messages(self) -> Iterator[Message]:
        """Yields the district's places, nothing while none are known."""
        if self.places.data:
            yield Message("places", body=(b"application/json", self.places.data))

    def cases_message(self) -> Message:
        """Returns all cases."""
        return Message("cases", body=(b"application/octet-stream", self.columns.snapshot()))

    def changes_message(self, slots: Slots) -> Message:
        """Returns the present values of the slots."""
        return Message("change", (_base64(self.columns.delta(slots)),))

    def mask_message(self) -> Message:
        """Returns which slots are shown."""
        return Message("mask", (None, 0) if self.mask is None else (_base64(mask_bits(self.mask)), len(self.mask)))

    def crews_message(self) -> Message:
        """Returns all crews."""
        rows = []
        for key, name, lon, lat, status, note, is_old in self.crews:
            rows.append([self.number_of(key), name, lon, lat, _CREW_CODES.get(status, 1), note, is_old])
        return Message("crews", (rows,))

    def number_of(self, crew: str) -> int:
        """Returns the number by which the page knows a crew; -1 for ""."""
        return self.numbers.setdefault(crew, len(self.numbers)) if crew else -1

    def crew_of(self, number: int) -> str:
        """Returns the id of the crew with a number; "" for none."""
        return next((key for key, its in self.numbers.items() if its == number), "")

    def chosen_crew_message(self) -> Message:
        """Returns which crew is chosen."""
        return Message("crew", (self.number_of(self.chosen_crew),))

    def near_message(self) -> Message:
        """Returns the crews near the chosen case."""
        return Message("nearest", ([[self.number_of(crew.id), *crew[1:]] for crew in self.near],))

    def likely_message(self) -> Message:
        """Returns the likely duplicates of what is pinned."""
        return Message("likely", ([list(one) for one in self.likely],))

    def coverage_message(self) -> Message:
        """Returns which powers are missing where, and which of them is looked at."""
        return Message("coverage", (*self.coverage, self.power))

    def all_messages(self, layers: Mapping[str, bool]) -> Iterator[Message]:
        """Yields everything that a page just loaded has to know; `layers` by name, whether each is shown."""
        yield self.words_message()
        yield self.colours_message()
        yield from self.places_messages()
        yield self.cases_message()
        yield self.mask_message()
        yield self.crews_message()
        yield self.chosen_crew_message()
        yield self.coverage_message()
        yield from (Message("show", layer) for layer in layers.items())
        yield Message("select", (*self.chosen, False))
        yield self.near_message()
        yield Message("placing", (self.is_placing,))
        yield Message("stale", (self.stale,))
        if self.pin:
            yield Message("pin", self.pin)
            yield self.likely_message()
        if self.places.data:
            yield Message("settle")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()

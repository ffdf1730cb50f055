"""Fetches outline, streets and grids of the board's district and draws them; again while a first site has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from commandcenter.domain.places import Street
from commandcenter.sync.connection import State
from commandcenter.sync.queries import LAYERS, PlacesQuery
from commandcenter.sync.unavailable import Unavailable
from ui.kit import records
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.map.view import MapView

if TYPE_CHECKING:  # the desk imports the network stack, which no screen needs in order to be shown
    from commandcenter.sync.desk import Desk


class DistrictPlaces:
    """Draws on `view`; what it fetches ends with the object `shown_by`."""

    def __init__(self, desk: Desk, view: MapView, shown_by: QObject) -> None:
        self._desk = desk
        self._view = view
        self._shown_by = shown_by
        self._drawn_district = ""  # its id; empty before the first
        self._has_no_outlines = self._is_live = False
        self._layers: tuple[dict[str, Any], ...] = ()  # outline, streets and grids; empty before the first

    def start(self) -> None:
        """Fetches and draws the places in the background."""
        spawn(self.fetch(), name="places of the map", shown_by=self._shown_by)

    async def fetch(self) -> None:
        """Fetches and draws the places, offline from the cache; without any the map shows cases alone."""
        try:
            outline, streets, grids = [await self._desk.ask(PlacesQuery(layer)) for layer in LAYERS]
        except Unavailable:  # `start` runs again for the next person or role
            here = names.district(self._desk.board)
            if here is None or self._drawn_district in ("", here.id):
                return
            outline = streets = grids = {"features": []}  # what is drawn belongs to another district
        here = names.district(self._desk.board)
        before, self._drawn_district = self._drawn_district, here.id if here else ""
        self._has_no_outlines = not (outline["features"] or streets["features"])
        self._layers = (outline, streets, grids)
        self.draw()
        if before not in ("", self._drawn_district):
            self._view.show_district()

    def draw(self) -> None:
        """Draws what was fetched, with the names of the current language; nothing before that."""
        if self._layers:
            board = self._desk.board
            streets = records.current(board, Street)
            middles = [(spot.lon, spot.lat, called(street.name)) for street in streets if (spot := street.place)]
            here = names.district(board)  # a first site's may have no name yet
            outline, shapes, grids = map(_named, self._layers)
            self._view.set_places(outline, shapes, grids, called(here.name) if here else "", middles)

    def streets_changed(self) -> None:
        """Fetches the places of a first site again: its streets and outlines come one by one."""
        if self._has_no_outlines:
            self.start()

    def second(self) -> None:
        """Looks again when the platform is back: outlines are imported while it is stopped."""
        before, self._is_live = self._is_live, self._desk.connection.state is State.LIVE
        if self._is_live and not before:
            self.streets_changed()


def _named(layer: dict[str, Any]) -> dict[str, Any]:
    """Returns a GeoJSON layer whose features are called as in the current language."""
    return {**layer, "features": [_named_feature(feature) for feature in layer["features"]]}


def _named_feature(feature: dict[str, Any]) -> dict[str, Any]:
    about = feature["properties"]
    return {**feature, "properties": {**about, "name": called(about.get("name") or "")}}

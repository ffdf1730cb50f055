"""The map dock: feeds the MapView with cases, crews, choice, theme and language; a click chooses a case everywhere."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect, QTimer, Signal
from PySide6.QtWidgets import QWidget

from commandcenter.store.touched import Touched
from ui import theme
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.states import StateCard
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import hbox, stacked
from ui.kit.seat.context import SeatContext
from ui.kit.seat.follow import Follow
from ui.kit.seat.known import is_known
from ui.kit.texts import district_time, times
from ui.kit.texts.words import phrase, say
from ui.map.case_points import CasePoints
from ui.map.chosen_case import ChosenCase
from ui.map.coverage import coverage_on_map
from ui.map.crews import crew_tip, crews_on_map
from ui.map.district_places import DistrictPlaces
from ui.map.near_keys import give_near_keys
from ui.map.view import MapView

LIGHTS_EACH = 5  # seconds between two checks of the lights
SETTLED = 300  # milliseconds until a new dock has its size
GREY_AFTER = 300.0  # seconds without a message from the platform until the map turns grey


class MapPanel(Retranslated, QWidget):
    """Owns the MapView. `start` loads the web engine: call it when the window is usable."""

    placed = Signal(float, float)  # lon, lat in degrees
    crew_asked = Signal(str)  # what the command line says to send a crew near the chosen case
    drawn = Signal()

    def __init__(self, seat: SeatContext, follow: Follow, *, cache_dir: Path) -> None:
        super().__init__()
        self._desk, self._focus = seat.desk, seat.focus
        self._seconds = 0
        self._hovered = ""  # the id of the crew under the pointer
        self._likely: tuple[tuple[str, str], ...] = ()  # id and number of each
        self.is_drawn = False
        self.view = MapView(cache_dir=cache_dir, colours=theme.current().colours())
        self._points = CasePoints(self._desk, self.view)
        self._chosen = ChosenCase(seat, self.view)
        self.places = DistrictPlaces(self._desk, self.view, self)
        self.header = QWidget()  # the map's title and layers, for the dock; filled when the map starts
        self._head = hbox(self.header, spacing=-1)
        self._card = StateCard()
        self._stack = stacked(self, self.view, self._card)
        self.view.header.know(is_known(self._desk))
        give_near_keys(self, self.send_near)
        self._listen(follow)

    @property
    def chosen_slot(self) -> int | None:
        """The slot of the case that is ringed, None for none."""
        return None if self._chosen.slot < 0 else self._chosen.slot

    def start(self) -> None:
        """Loads the web engine, draws what is known and fetches the places; called again, it sends everything again."""
        self._points.send_all()
        self._send_crews()
        self.view.load()
        self._head.addWidget(self.view.header)
        self.places.start()

    def place(self, on: bool) -> None:
        """While on, a click reports a place (`placed`) instead of choosing a case."""
        self.view.placing(on)

    def pin(self, lon: float, lat: float | None, *, covered: int = 0) -> None:
        """Shows the intake's pin at `lon`, `lat` degrees beside the `covered` pixels; `lat` None removes it."""
        self.view.pin(lon, lat, covered=covered)

    def liken(self, cases: Sequence[tuple[str, str]]) -> None:
        """Names the likely duplicates of what is pinned, id and number of each, beside the pin's circle."""
        self._likely = tuple(cases)
        self._tell_likely()

    def area_in(self, window: QWidget) -> QRect:
        """Returns where the map is drawn in `window`; an empty rectangle while it is not to be seen there."""
        if not self.view.isVisible() or self.view.window() is not window:
            return QRect()
        return QRect(self.view.mapTo(window, QPoint(0, 0)), self.view.size())

    def go_to_choice(self) -> None:
        """Brings the chosen case into view and takes the keyboard focus."""
        self._show_chosen(look=True)
        self.view.setFocus()

    def light_crews(self, on: bool) -> None:
        """While on, the crews nearest to the chosen case are lit, with the keys that send them."""
        self._chosen.lights_crews = on
        self._chosen.offer()

    def send_near(self, key: int) -> None:
        """Asks to send the crew with the key `key` to the chosen case; nothing while there is none."""
        if line := self._chosen.line(key):
            self.crew_asked.emit(line)

    def show_district(self) -> None:
        """Brings the whole district into view, once the dock has its size."""
        QTimer.singleShot(SETTLED, self, self.view.show_district)

    def show_only(self, mask: "np.ndarray | None") -> None:
        """Shows only the slots of the mask, bool[n], or all for None."""
        self.view.set_filter(mask)

    def shut(self) -> None:
        """Closes the web engine."""
        theme.changed.disconnect(self._set_colours)
        self.view.close()

    def _listen(self, follow: Follow) -> None:
        follow.touched.connect(self._take)
        follow.second.connect(self._second)
        self._focus.changed.connect(lambda _case, _by: self._show_chosen(look=True))
        self._focus.crew_changed.connect(lambda crew, _by: self.view.choose_crew(crew))
        self.view.picked.connect(self._pick)
        self.view.crew_picked.connect(lambda crew: self._focus.choose_crew(crew, by="map"))
        self.view.crew_hovered.connect(self._hover)
        self.view.near_chosen.connect(self.send_near)
        self.view.placed.connect(self.placed)
        self.view.drawn.connect(self._say_drawn)
        self.view.failed.connect(self._fail)
        theme.changed.connect(self._set_colours)

    def _take(self, touched: Touched) -> None:
        self.view.header.know(is_known(self._desk))
        if touched.concerns("case"):
            self._send_changed_cases()
            self._tell_likely()
            if self._focus.case and touched.concerns("case", self._focus.case):
                self._show_chosen()
        if touched.concerns("crew") or touched.concerns("holder"):
            self._send_crews()
        if touched.concerns("street") or touched.concerns("district"):
            self.places.streets_changed()

    def _second(self) -> None:
        self._seconds += 1
        self.view.header.know(is_known(self._desk))
        self.places.second()
        self._tell_age()
        self._tell_hovered()
        self._chosen.turn()
        if self._seconds % LIGHTS_EACH == 0:
            self._send_changed_cases()
            self._send_crews()  # positions grow old
            self._chosen.offer()

    def _send_changed_cases(self) -> None:
        self._points.send_changed()
        if self._chosen.slot_now() != self._chosen.slot:
            self._show_chosen()

    def _tell_likely(self) -> None:
        slots = ((self._desk.board.cases.slot(key), number) for key, number in self._likely)
        self.view.liken([(slot, number) for slot, number in slots if slot is not None])

    def _send_crews(self) -> None:
        board, now = self._desk.board, self._desk.now()
        self.view.set_crews(crews_on_map(board, now))
        self.view.set_coverage(coverage_on_map(board, now))

    def _hover(self, crew: str) -> None:
        self._hovered = crew
        self._tell_hovered()

    def _tell_hovered(self) -> None:
        """Says what there is to say of the crew under the pointer; its time in status goes on each second."""
        if self._hovered:
            self.view.tell_crew(self._hovered, crew_tip(self._desk.board, self._hovered, self._desk.now()))

    def _tell_age(self) -> None:
        heard = self._desk.connection.last_heard
        if heard is None:
            self.view.header.age("")
            return
        age = max(0.0, (self._desk.now() - heard).total_seconds())
        at = district_time.clock(self._desk.board, heard)
        old = age > GREY_AFTER
        told = say("位置停在 {at}", at=at) if old else say("位置 {age}", age=times.ago(age))
        self.view.header.age(told, brief=at if old else times.ago(age))
        self.view.set_stale(say("位置停在 {at}，已 {time}", at=at, time=times.in_words(age)) if old else None)

    def _show_chosen(self, *, look: bool = False) -> None:
        self._chosen.show(look=look and self.is_drawn)  # the district comes into view first, then the case in it

    def _pick(self, slot: int) -> None:
        ids = self._desk.board.cases.ids
        if 0 <= slot < len(ids) and ids[slot]:
            self._focus.choose(ids[slot], by="map")

    def _set_colours(self, _theme: str) -> None:
        self.view.set_colours(theme.current().colours())

    def _say_drawn(self) -> None:
        self.is_drawn = True
        self._show_chosen(look=True)
        self.drawn.emit()

    def _fail(self, sentence: str) -> None:
        again = NextStep(phrase("重开地图"), self._again, role="primary")
        text = phrase("其余功能不受影响，案件和操作都在。")
        self._card.tell("error", sentence, text, image="circle-alert", steps=[again])
        self._stack.setCurrentWidget(self._card)

    def _again(self) -> None:
        self._stack.setCurrentWidget(self.view)
        self.view.load()

    def retell(self) -> None:
        self.places.draw()
        self._show_chosen()
        self._send_crews()
        self._tell_age()

"""The field for the place: an address with completion, and its street and grid by spot, completion or choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from commandcenter.domain.places import Spot, Street
from ui.intake.address import Address, AddressIndex
from ui.intake.grid_lookup import Plot
from ui.kit import records
from ui.kit.controls.buttons import IconButton
from ui.kit.labels.chips import Chip
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import hbox, vbox
from ui.kit.search.candidates import Candidate
from ui.kit.search.search_list import SearchList
from ui.kit.search.spelling import spelling
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.kit.texts.words import Words, phrase, say
from ui.theme import mark

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class PlaceBox(Retranslated, QWidget):
    """The field for the place; `changed` on another text or place, `pinned(spot or None)` on another spot.

    `entered` on Enter without a candidate, unless address and spot are both missing.
    """

    changed = Signal()
    entered = Signal()
    pinned = Signal(object)

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._addresses = AddressIndex(board)
        self.search = SearchList(candidates=self._like, hint=phrase("地址、路口、小区，拼音首字母也可"))
        self.street = QComboBox()
        self.street.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.spot: Spot | None = None
        self.grid: str | None = None
        self.community: str | None = None
        self._chips = (Chip(), Chip())
        self._source = ElidedText(left=True)
        self._unpin = IconButton("pin-off", phrase("去掉点位"))
        self._error = Label(level="label", tone="bad", wrap=True)
        self._fill_streets()
        self._lay()
        self._wire()
        self._show_area()

    def place_at(self, spot: Spot, plot: Plot | None) -> None:
        """Sets the spot; `plot` is the grid that contains it, None when no grid does."""
        self.spot = spot
        if plot is None:
            self.grid = self.community = None
            self._show_area(phrase("点位不在任何网格内，请选街镇"))
        else:
            self._set_area(plot.street, plot.community or None, plot.grid, phrase("由点位得出"))
        self.pinned.emit(spot)
        self.changed.emit()

    def words(self) -> str:
        """Returns the address as typed, stripped."""
        return self.search.text().strip()

    def chosen_street(self) -> str:
        """Returns the id of the chosen street, "" for none."""
        return str(self.street.currentData() or "")

    def refresh(self) -> None:
        """Reads the streets and addresses from the board again."""
        self._addresses = AddressIndex(self._board)
        self._fill_streets()

    def warm(self) -> bool:
        """Prepares the completion in a small step; returns False when it is ready."""
        return self._addresses.warm()

    def clear(self) -> None:
        """Clears address, spot and street."""
        self.search.set_text("")
        self.spot = self.grid = self.community = None
        self.street.setCurrentIndex(0)
        self.set_error("")
        self._show_area()
        self.pinned.emit(None)

    def set_error(self, wrong: str, *, field: str = "place") -> None:
        """Shows an error of `field`, "place" or "street"; "" clears it."""
        self._error.set_words(wrong)
        self._error.setVisible(bool(wrong))
        for name, widget in (("place", self.search.edit), ("street", self.street)):
            mark(widget, state="error" if wrong and field == name else "")

    def retell(self) -> None:
        self.street.setItemText(0, say("选街镇"))
        self.street.setAccessibleName(say("街镇"))

    def _like(self, typed: str) -> tuple[Candidate, ...]:
        return self._addresses.like(typed)

    def _take(self, candidate: Candidate | None) -> None:
        address = candidate.thing if candidate else None
        if not isinstance(address, Address):
            return
        self.search.set_text(address.text)
        self.spot = address.spot or self.spot
        self._set_area(address.street or "", address.community, address.grid, phrase("由地址得出"))
        if address.spot is not None:
            self.pinned.emit(address.spot)
        self.changed.emit()

    def _enter(self, _text: str) -> None:
        """Ignores Enter in the empty field: users press it by habit after the telephone number."""
        if self.words() or self.spot is not None:
            self.entered.emit()

    def _set_area(self, street: str, community: str | None, grid: str | None, source: Words) -> None:
        self.community, self.grid = community, grid
        self.street.blockSignals(True)
        self.street.setCurrentIndex(max(0, self.street.findData(street)))
        self.street.blockSignals(False)
        self._show_area(source)
        if self.chosen_street():
            self.set_error("")  # the missing street is there now

    def _by_hand(self) -> None:
        grid = self._board.find("grid", self.grid or "")
        if getattr(grid, "street", None) != self.chosen_street():
            self.grid = self.community = None
        self.set_error("")
        self._show_area(phrase("手选") if self.chosen_street() else "")
        self.changed.emit()

    def _remove_spot(self) -> None:
        self.spot = None
        self._show_area()
        self.pinned.emit(None)
        self.changed.emit()

    def _show_area(self, source: Words = "") -> None:
        shown = (names.community(self._board, self.community), names.name(self._board, "grid", self.grid))
        for chip, said in zip(self._chips, shown, strict=True):
            chip.set_words(said)
            chip.setVisible(bool(said))
        hint = "" if self.spot or self.grid else phrase("也可在地图上点位置")
        self._source.set_words(source if str(source) else hint)
        self._unpin.setVisible(self.spot is not None)

    def _fill_streets(self) -> None:
        chosen = self.chosen_street()
        streets = records.current(self._board, Street)
        self.street.blockSignals(True)
        self.street.clear()
        self.street.addItem(say("选街镇"), "")
        for street in sorted(streets, key=lambda street: spelling(street.name).pinyin):
            self.street.addItem(called(street.name), street.id)
        self.street.setCurrentIndex(max(0, self.street.findData(chosen)))
        self.street.blockSignals(False)

    def _wire(self) -> None:
        self.search.typed.connect(lambda _text: self.changed.emit())
        self.search.chosen.connect(self._take)
        self.search.completed.connect(self._take)
        self.search.entered.connect(self._enter)
        self.street.currentIndexChanged.connect(lambda _at: self._by_hand())
        self._unpin.clicked.connect(lambda _on=False: self._remove_spot())

    def _lay(self) -> None:
        self.street.setFixedWidth(118)
        row = hbox(None, self.street, *self._chips, (self._source, 1), self._unpin, spacing=6)
        vbox(self, self.search, row, self._error, spacing=8)
        self._error.hide()
        self.setFocusProxy(self.search)
        self.retell()

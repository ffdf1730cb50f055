"""The head of a case: light, kind, stage, returns, delivery, its number and the number of its channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.store.overlay import Delivery
from ui.kit import records
from ui.kit.case_parts.clock import CaseTime
from ui.kit.case_parts.deliveries import pending_key
from ui.kit.case_parts.stages import stage_chip
from ui.kit.controls.buttons import IconButton
from ui.kit.feedback.states import Picture
from ui.kit.labels.chips import Chip, Glyph
from ui.kit.labels.elided import ElidedText, PanelTitle
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.kit.texts.words import Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.store.board import Board

GAP = 8  # pixels between the parts of the first line
CLASS_SHARE = 1000  # of the room that is left; all others leave it


class CaseHead(QWidget):
    """The head in two rows; a third holds the chips for returns and delivery when neither row has room."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._light = Glyph(size=16)
        self._title = PanelTitle()
        self._stage, self._returns, self._delivery = Chip(kind="stage"), _Returns(), Chip(kind="filter")
        self._class, self._others = ElidedText(), ElidedText()
        for aside in (self._class, self._others):  # they get only the width left by title and number
            aside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._number = Label(selectable=True)
        self._copy = IconButton("copy", phrase("复制编号"), key="Ctrl Shift C")
        self._copy.clicked.connect(lambda _on=False: self.copy_number())
        self._lay()

    def show_case(self, case: Case) -> None:
        """Shows `case` without its light, which `show_standing` sets."""
        kind = records.find(self._board, Kind, case.kind)
        self._title.set_words(names.title(self._board, case))
        self._stage.set_words(term("stage", case.stage), kind=stage_chip(case.stage))
        self._returns.show_count(case.returns)
        self._returns.setVisible(case.returns > 0)
        self._class.set_words(_class_words(kind) if kind else "")
        self._number.set_words(case.number or phrase("待编号，连上后由平台给"), tone="tx1" if case.number else "tx3")
        self._copy.setVisible(case.number is not None)
        self._others.set_words(self._other_numbers(case))
        self._show_delivery(self._board.delivery("case", case.id))
        self._fit()

    def show_standing(self, standing: CaseTime) -> None:
        """Shows the current light."""
        self._light.set_name(f"light.{standing.light}")

    def copy_number(self) -> None:
        """Copies the number to the clipboard."""
        QApplication.clipboard().setText(self._number.text())

    def _show_delivery(self, delivery: Delivery) -> None:
        key = pending_key(delivery)
        self._delivery.setVisible(key is not None)
        if key:
            kind = "vio" if delivery is Delivery.NEEDS_YOU else "filter"
            self._delivery.set_words(term("delivery", key, short=True), kind=kind, shape=f"delivery.{key}")

    def _other_numbers(self, case: Case) -> Words:
        channel = names.name(self._board, "channel", case.channel)
        return phrase("{channel} 外部号 {number}", channel=channel, number=case.external) if case.external else channel

    def _fit(self) -> None:
        """Puts the chips for returns and delivery beside the title, else beside the number, else in the third row.

        The class stands beside the title or the number if it has room there, else in the third row too.
        """
        chips = (self._returns, self._delivery)
        room = sum(chip.sizeHint().width() + GAP for chip in chips if not chip.isHidden())
        title = self._light.width() + self._title.sizeHint().width() + self._stage.sizeHint().width() + 2 * GAP
        number = self._number.sizeHint().width() + self._copy.sizeHint().width() + GAP
        rows = ((self._first, 3, title), (self._second, 2, number), (self._third, 0, 0))
        row, at = next((row, at) for row, at, taken in rows if taken + room <= self.width() or row is self._third)
        if row.indexOf(self._returns) < 0:
            for place, chip in enumerate(chips):
                row.insertWidget(at + place, chip)  # Qt also takes it out of its former row
        self._place_class(row, room, title, number)

    def _place_class(self, chips_in: QHBoxLayout, chips: int, title: int, number: int) -> None:
        """Puts the class beside the title, else beside the number, else in the third row.

        The chip for delivery, which comes and goes, only hides it for a while.
        """
        needed = self._class.sizeHint().width() + GAP
        lasting = chips if self._delivery.isHidden() else chips - self._delivery.sizeHint().width() - GAP
        beside_number = number + self._others.sizeHint().width() + 3 * GAP
        rows = ((self._first, title + needed), (self._second, beside_number + needed))
        fits = ((at, taken) for at, taken in rows if taken + lasting * (at is chips_in) <= self.width())
        home, taken = next(fits, (self._third, 0))
        if home.indexOf(self._class) < 0:
            self._give_room(home)
        self._class.setVisible(home is self._third or taken + chips * (home is chips_in) <= self.width())

    def _give_room(self, home: QHBoxLayout) -> None:
        """Takes the class into a row: beside the number it is as wide as it needs at most, else it has what is left."""
        is_beside_number = home is self._second
        policy = QSizePolicy.Policy.Maximum if is_beside_number else QSizePolicy.Policy.Ignored
        for aside in (self._class, self._others):
            aside.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        home.insertWidget(home.count() - 2 * is_beside_number, self._class, 0 if is_beside_number else CLASS_SHARE)
        self._second.setStretchFactor(self._others, 0 if is_beside_number else 1)

    def _lay(self) -> None:
        parts = (self._light, self._title, self._stage, self._returns, self._delivery)
        self._first = hbox(None, *parts, STRETCH, (self._class, CLASS_SHARE), spacing=GAP)
        self._second = hbox(None, self._number, self._copy, (None, 0), GAP, (self._others, 1), spacing=4)
        self._third = hbox(None, STRETCH, spacing=GAP)
        vbox(self, self._first, self._second, self._third, spacing=2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class _Returns(QWidget):
    """How often the case was returned: an arrow back and words, nothing to press."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Label(tone="tx2", level="label")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hbox(self, Picture("rotate-ccw", size=14), self._words, spacing=4)

    def show_count(self, times: int) -> None:
        """Shows another count."""
        self._words.set_words(phrase("退回 1 次") if times == 1 else phrase("退回 {n} 次", n=times))
        self.setAccessibleName(self._words.text())
        self.updateGeometry()


def _class_words(kind: Kind) -> Words:
    return phrase("{group} · {name}", group=term("group", kind.group), name=called(kind.class_name))

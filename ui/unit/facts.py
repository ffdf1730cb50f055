"""Facts at the seat's size: read at arm's length, so larger than at the dispatcher's desk."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.kit.facts import Fact
from ui.kit.label import Label
from ui.theme import font
from ui.theme.tokens import MEASURES


class SeatFacts(QWidget):
    """A grid of labels and wrapped values at 15 pixels; lines of the same number change in place."""

    def __init__(self, *, label_width: int = 84, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts, in this order."""
        while len(self._lines) > len(facts):
            for label in self._lines.pop():
                label.hide()
                label.deleteLater()
        while len(self._lines) < len(facts):
            self._add_line()
        for (label, value), fact in zip(self._lines, facts, strict=True):
            label.set_words(fact.label)
            value.set_words(fact.value, tone=fact.tone)
            value.setFont(font(MEASURES.section, bold=fact.strong))
            value.setAccessibleName(f"{fact.label} {fact.value}")

    def texts(self) -> list[tuple[str, str]]:
        """What is shown, label and value."""
        return [(label.text(), value.text()) for label, value in self._lines]

    def _add_line(self) -> None:
        label = Label(level="", tone="tx3")
        value = Label(level="", wrap=True, selectable=True)
        row = len(self._lines)
        for part in (label, value):
            part.setFont(font(MEASURES.section))
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        self._lines.append((label, value))

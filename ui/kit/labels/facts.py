"""A grid of labelled values about a case, as plain text that wraps and can be copied."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.kit.labels.label import Label
from ui.kit.layouts import label_grid
from ui.kit.texts.words import Words


@dataclass(frozen=True, slots=True)
class Fact:
    """One row; ``value`` is plain text of any length, ``tone`` a text colour token, ``strong`` makes the value bold."""

    label: Words
    value: Words
    tone: str = "tx1"
    strong: bool = False


class Facts(QWidget):
    """A grid of facts. The same number of facts changes texts in place, without flicker."""

    def __init__(self, *, label_width: int = 64) -> None:
        super().__init__()
        self._lines: list[tuple[Label, Label]] = []
        self._grid = label_grid(self, gaps=(8, 4), label_width=label_width)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Replaces the facts, in this order."""
        while len(self._lines) > len(facts):
            for label in self._lines.pop():
                label.hide()
                label.deleteLater()
        while len(self._lines) < len(facts):
            self._add_line()
        for (label, value), fact in zip(self._lines, facts, strict=True):
            label.set_words(fact.label)
            value.set_words(fact.value, tone=fact.tone)
            self._weigh(value, fact)
            value.setAccessibleName(f"{fact.label} {fact.value}")

    def texts(self) -> list[tuple[str, str]]:
        """Returns the shown texts as (label, value)."""
        return [(label.text(), value.text()) for label, value in self._lines]

    def _weigh(self, value: Label, fact: Fact) -> None:
        value.set_level("strong" if fact.strong else "body")

    def _make_line(self) -> tuple[Label, Label]:
        return Label(tone="tx3"), Label(wrap=True, selectable=True)

    def _add_line(self) -> None:
        label, value = self._make_line()
        row = len(self._lines)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        self._lines.append((label, value))

"""Bringing back earlier lines: a list that the field filters, the newest at its foot."""

from PySide6.QtWidgets import QListView

from ui.kit.command_line.history import LineHistory
from ui.kit.search.candidates import Candidate, CandidateModel


class Recall:
    """Shows the earlier lines in the overlay's list while it is on."""

    def __init__(self, history: LineHistory, rows: CandidateModel, view: QListView) -> None:
        self._history, self._rows, self._view = history, rows, view
        self.is_on = False

    def begin(self) -> bool:
        """Turns it on; returns whether there is a line to bring back."""
        self.is_on = bool(self._history.lines())
        return self.is_on

    def show_matches(self, typed: str) -> int:
        """Lists the lines that `typed` fits and selects the newest; returns their number."""
        found = self._history.lines(typed)
        self._rows.show_rows([Candidate(line, line) for line in found])
        if found:
            self._view.setCurrentIndex(self._rows.index(len(found) - 1))
            self._view.scrollToBottom()
        return len(found)

    def leaves_by(self, step: int) -> bool:
        """Returns whether a step down leaves the list at its foot."""
        return step > 0 and self._view.currentIndex().row() + step >= self._rows.rowCount()

    def end(self) -> str:
        """Turns it off; returns the selected line, "" without one."""
        self.is_on = False
        row = self._view.currentIndex().row()
        return self._rows.rows[row].text if 0 <= row < self._rows.rowCount() else ""

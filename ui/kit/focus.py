"""Which case the seat looks at: queue, map and case panel share it, and each knows who chose."""

from PySide6.QtCore import QObject, Signal


class Focus(QObject):
    """The chosen case; `changed` carries its id ("" for none) and who chose ("queue", "map", "command" …)."""

    changed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._case: str | None = None

    @property
    def case(self) -> str | None:
        """The id of the chosen case."""
        return self._case

    def choose(self, case: str | None, *, by: str) -> None:
        """Look at `case` (None: at nothing); silent when it is chosen already."""
        if case != self._case:
            self._case = case
            self.changed.emit(case or "", by)

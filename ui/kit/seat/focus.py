"""The selected case, shared by queue, map and case panel."""

from PySide6.QtCore import QObject, Signal


class Focus(QObject):
    """The selected case; `changed` carries its id ("" for none) and who selected it ("queue", "map", "command" …)."""

    changed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._case: str | None = None

    @property
    def case(self) -> str | None:
        """The id of the selected case, None for none."""
        return self._case

    def choose(self, case: str | None, *, by: str) -> None:
        """Selects `case` (None: no case); emits nothing when it is selected already."""
        if case != self._case:
            self._case = case
            self.changed.emit(case or "", by)

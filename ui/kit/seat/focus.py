"""The selected case and the selected crew, shared by queue, map, case panel and the lanes of the crews."""

from PySide6.QtCore import QObject, Signal


class Focus(QObject):
    """The selected case; `changed` carries its id ("" for none) and who selected it ("queue", "map", "command" …).

    `crew_changed` carries the same of the selected crew.
    """

    changed = Signal(str, str)
    crew_changed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._case: str | None = None
        self.crew = ""  # the id of the selected crew

    @property
    def case(self) -> str | None:
        """The id of the selected case, None for none."""
        return self._case

    def choose(self, case: str | None, *, by: str) -> None:
        """Selects `case` (None: no case); emits nothing when it is selected already."""
        if case != self._case:
            self._case = case
            self.changed.emit(case or "", by)

    def choose_crew(self, crew: str, *, by: str) -> None:
        """Selects `crew`; emits nothing when it is selected already."""
        if crew != self.crew:
            self.crew = crew
            self.crew_changed.emit(crew, by)

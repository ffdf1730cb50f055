"""The height of the queue's rows, comfortable or compact, as the settings keep it."""

from typing import TYPE_CHECKING

from ui.actions.context import UiContext
from ui.actions.kept_setting import keep_setting
from ui.cases.panel import QueuePanel
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings

ROWS = {"comfortable": MEASURES.row, "compact": MEASURES.row_tight}


class RowHeight:
    """Gives the queue the kept height, and changes it."""

    def __init__(self, settings: "Settings", seat: UiContext, queue: QueuePanel) -> None:
        self._settings, self._seat, self._queue = settings, seat, queue
        self._apply()

    def toggle(self) -> None:
        """Changes to the other height and keeps it."""
        other = "compact" if self._settings["density"] == "comfortable" else "comfortable"
        keep_setting(self._settings, self._seat, "density", other)
        self._apply()

    def _apply(self) -> None:
        self._queue.set_row_height(ROWS[self._settings["density"]])

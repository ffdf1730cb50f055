"""Layout of the docks: the default arrangement, what shrinks in a narrow window, and how the layout is saved."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from ui.window.room_window import ANY

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray
    from PySide6.QtWidgets import QMainWindow

    from ui.window.dock import Dock
    from ui.window.kept_layout import KeptLayout

VERSION = 1
WIDE, QUEUE, CASE = 1920, 820, 440  # pixels, at a window width of 1920; the map takes the slack
QUEUE_MOST, CASE_MOST = 1060, 560  # on wider screens they take a part of the additional width
NARROW = 1280  # below this the map is a tab beside the case
QUEUE_LEAST, MAP_LEAST, CASE_LEAST = 520, 360, 360
LOWER = 230
ROOMY = 900  # logical pixels of window height from which the lower dock shows its panel


class DockLayout:
    """Arranges a window's docks, and keeps the geometry of the window and their state in `kept`.

    `beside` returns the pixels of the window's width that are not the docks'.
    """

    def __init__(
        self, window: "QMainWindow", docks: Mapping[str, "Dock"], kept: "KeptLayout", beside: Callable[[], int]
    ) -> None:
        self._window, self._docks, self._kept, self._beside = window, docks, kept, beside
        self._is_own = self._is_restored = self._is_shelved = False

    def arrange(self) -> None:
        """Applies the default arrangement."""
        self._place()
        self._is_own = False
        self.adapt_to_size()

    def _place(self) -> None:
        window, docks = self._window, self._docks
        for dock in docks.values():
            window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        window.splitDockWidget(docks["queue"], docks["map"], Qt.Orientation.Horizontal)
        window.splitDockWidget(docks["map"], docks["case"], Qt.Orientation.Horizontal)
        window.splitDockWidget(docks["queue"], docks["lower"], Qt.Orientation.Vertical)
        for dock in docks.values():
            dock.show()
        self._is_shelved = False

    def settle(self) -> None:
        """Adapts the sizes now, and again when new panels have reported their minimum sizes."""
        self.adapt_to_size()
        QTimer.singleShot(0, self._window, self.adapt_to_size)

    def adapt_to_size(self) -> None:
        """Adapts the sizes to the window: the map takes the slack, then queue and case shrink to their minimum.

        Does nothing when the layout is the user's own.
        """
        if self._is_own or not self._docks or self._window.centralWidget() is not None:
            return  # beside a room in their place the docks stay hidden
        width = self._window.width()
        self._shelve(width < NARROW)
        queue, case = shares(width)
        whole = width - self._beside()
        widths = {"queue": whole - case, "case": case}
        if not self._is_shelved:
            widths = {"queue": queue, "map": whole - queue - case, "case": case}
        docks = [self._docks[name] for name in widths]
        self._window.resizeDocks(docks, list(widths.values()), Qt.Orientation.Horizontal)
        roomy = self._window.height() >= ROOMY
        self._fold(not roomy)
        if roomy:
            pair = [self._docks["queue"], self._docks["lower"]]
            self._window.resizeDocks(pair, [self._window.height() - LOWER, LOWER], Qt.Orientation.Vertical)

    def unfold(self) -> None:
        """Gives the lower dock room for its panel when it is folded to its tabs."""
        lower = self._docks["lower"]
        if lower.is_out:
            return
        self._fold(False)
        if lower.height() < LOWER // 2:
            pair = [self._docks["queue"], lower]
            whole = self._docks["queue"].height() + lower.height()
            self._window.resizeDocks(pair, [whole - LOWER, LOWER], Qt.Orientation.Vertical)

    def _shelve(self, shelved: bool) -> None:
        """Puts the map into a tab beside the case, with the case in front, or between queue and case again."""
        if shelved == self._is_shelved:
            return
        if shelved:
            self._window.tabifyDockWidget(self._docks["case"], self._docks["map"])
            self._docks["case"].raise_()
            self._is_shelved = True
        else:
            self._place()

    def _fold(self, folded: bool) -> None:
        """Leaves only the tabs of the lower dock when it is folded."""
        dock = self._docks["lower"]
        panel, head = dock.widget(), dock.titleBarWidget()
        if panel is not None and head is not None and head.maximumHeight():
            panel.setMinimumHeight(0)
            panel.setMaximumHeight(0 if folded else ANY)  # hiding it would narrow the whole column to its tabs

    def restore_geometry(self) -> bool:
        """Restores the window's last size and position. Returns whether there were any."""
        return self._window.restoreGeometry(self._kept.state("geometry"))

    def restore(self) -> bool:
        """Restores the docks as the user left them, unless they are on the screen already.

        Returns whether the layout is the user's own.

        A dock that an older console left floating goes to a window of its own.
        """
        if not self._is_restored and self._window.restoreState(self._kept.state("state"), VERSION):
            self._is_own = True
            for dock in self._docks.values():
                dock.show()  # its panel may have been elsewhere when the layout was kept
                if dock.isFloating():
                    dock.setFloating(False)
                    self._kept.keep(f"{dock.objectName()}/out", "yes")
            self._restore_soon(self._window.saveState(VERSION))
        self._is_restored = True
        return self._is_own

    @contextmanager
    def preserving_docks(self) -> Iterator[None]:
        """Keeps the docks that the user moved while panels are exchanged: an empty dock would shrink to nothing."""
        before = self._window.saveState(VERSION) if self._is_own else None
        yield
        if before is not None:
            self._window.restoreState(before, VERSION)
            self._restore_soon(before)

    def keep(self) -> None:
        """Saves the geometry and, when the user moved a dock, the dock layout; none while a room is in their place."""
        self._kept.keep("geometry", self._window.saveGeometry())
        if self._is_own or self._is_restored:
            self._kept.keep("state", self._window.saveState(VERSION) if self._is_own else "")

    def lay_aside(self) -> None:
        """Saves the docks for the next `restore`: a room takes their place."""
        self.keep()
        self._is_own = self._is_restored = False

    def _restore_soon(self, state: "QByteArray") -> None:
        """Restores a layout again when new panels have reported their minimum sizes."""
        QTimer.singleShot(0, self._window, lambda: self._window.restoreState(state, VERSION))

    def own(self, moved: bool = True) -> None:
        """Marks the layout as the user's own when `moved`: from then on nothing is arranged automatically."""
        self._is_own = self._is_own or moved


def shares(width: int) -> tuple[int, int]:
    """Returns the widths in pixels of queue and case in a window `width` pixels wide; the map keeps its minimum.

    >>> shares(1920), shares(1366), shares(2560)
    ((820, 440), (520, 370), (1044, 536))
    """
    more = max(0, width - WIDE)
    case = max(CASE_LEAST, min(CASE, round(width * 0.271)))
    queue = max(QUEUE_LEAST, min(QUEUE, round(width * 0.427), width - case - MAP_LEAST))
    queue, case = min(QUEUE_MOST, queue + round(more * 0.35)), min(CASE_MOST, case + round(more * 0.15))
    return (QUEUE_LEAST if width < 1500 else queue), case

"""The main window: places top bar, rail, docks and status bar, without application logic."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStatusBar, QTabWidget, QWidget

from ui.kit.feedback.states import Skeleton
from ui.kit.feedback.toasts import Toasts
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import laid_out, vbox
from ui.kit.texts.words import Words, phrase
from ui.theme import mark
from ui.theme.tokens import MEASURES
from ui.window.dock import Dock
from ui.window.kept_layout import KeptLayout
from ui.window.layout import DockLayout
from ui.window.rail import Rail
from ui.window.room_window import RoomWindow
from ui.window.topbar import TopBar

DOCKS = {"queue": phrase("队列"), "lower": phrase("操作与走势"), "map": phrase("地图"), "case": phrase("案件")}
LEAST = (1024, 640)


class Window(Retranslated, QMainWindow):
    """Starts with skeletons in its docks; the application gives each dock its panel.

    `kept` is the file for geometry and dock layout, None keeps nothing.
    """

    painted = Signal()  # once, after the first paint
    closing = Signal()  # the user closes the window; only `end` closes it for good

    def __init__(self, *, kept: Path | None = None) -> None:
        super().__init__()
        self._has_painted = self._ends = False
        self.setObjectName("window")
        self.setWindowTitle(str(phrase("调度台")))
        self.setMinimumSize(*LEAST)
        self.setDockNestingEnabled(True)
        self.setDockOptions(_OPTIONS)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.topbar, self.rail = TopBar(), Rail()
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        self._above = vbox(None, self.topbar)
        self._set_up_bars()
        self.kept = KeptLayout(kept)
        self.docks = {name: Dock(name, title, self, self.kept) for name, title in DOCKS.items()}
        self.toasts = Toasts(self, self.topbar.free)
        self.toasts.occupied.connect(self.topbar.give_way)
        self.dock_layout = DockLayout(self, self.docks, self.kept, lambda: self.rail.taken)
        self.dock_layout.arrange()
        for dock in self.docks.values():
            dock.topLevelChanged.connect(self.dock_layout.own)
            dock.came_back.connect(self.dock_layout.settle)
            dock.hold(Skeleton(rows=40 if dock is self.docks["queue"] else 0))
        self.tell_loading(phrase("正在打开"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def tell_loading(self, words: Words) -> None:
        """Shows what is being fetched, under the placeholder rows of the queue."""
        shown = self.docks["queue"].widget()
        if isinstance(shown, Skeleton):
            shown.tell(words)

    def put_banner(self, banner: QWidget) -> None:
        """Places the banner under the top bar."""
        self._above.addWidget(banner)

    def put_status(self, bar: QWidget) -> None:
        """Places the content of the status bar and deletes the former one."""
        for old in self._status.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._status.removeWidget(old)
            old.deleteLater()
        self._status.addWidget(bar, 1)
        bar.show()

    def put_room(self, room: QWidget) -> None:
        """Shows one room in the place of all docks (a unit's seat), whose layout is saved."""
        self.dock_layout.lay_aside()
        for dock in self.docks.values():
            dock.hide()
        self.setCentralWidget(room)
        room.show()

    def leave_room(self) -> None:
        """Deletes that room and shows the docks again."""
        room = self.takeCentralWidget()
        if room is not None:
            room.hide()
            room.deleteLater()
        self.dock_layout.arrange()

    def tell_room(self, name: str, words: Words | None) -> None:
        """Shows which room is in front; `words` None: the seat's own ground."""
        self.topbar.enter(words)
        self.rail.enter(name)

    def count_needs(self, name: str, count: int) -> None:
        """Shows how many acts in a room need the user."""
        self.topbar.count_needs(count)
        self.rail.count(name, count)

    def between_bars(self) -> QRect:
        """Returns the area between the bars (with a banner) and beside the rail, for a room that covers it."""
        above = self.menuWidget()
        top = 0 if above is None else above.geometry().bottom() + 1
        left = self.rail.taken
        return QRect(left, top, self.width() - left, self.height() - top - self._status.height())

    def overlays(self) -> Iterator[QWidget]:
        """Yields the child widgets that lie over everything and follow the window's size: those with a `fit` method."""
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if hasattr(child, "fit"):
                yield child

    def put_away(self) -> None:
        """Saves the layout as the user left it, before the rooms give up their places; hides all windows."""
        self.dock_layout.keep()
        self.hide()
        for dock in self.findChildren(Dock):
            dock.take_back()
        for top in QApplication.topLevelWidgets():
            if isinstance(top, RoomWindow):
                top.hide()

    def end(self) -> None:
        """Closes the window without emitting `closing`."""
        self._ends = True
        self.close()

    def _fit(self) -> None:
        for child in self.overlays():
            child.fit()  # type: ignore[attr-defined]

    def _set_up_bars(self) -> None:
        above = mark(laid_out(self._above), surface="bg0")
        above.installEventFilter(self)
        self.setMenuWidget(above)
        self._status = QStatusBar()
        self._status.setSizeGripEnabled(False)
        self._status.setContentsMargins(0, -2, 0, -2)  # Qt adds 3 pixels above and 2 below what it holds
        self._status.setFixedHeight(MEASURES.status_bar)
        self.setStatusBar(self._status)

    def retell(self) -> None:
        self.setWindowTitle(str(phrase("调度台")))
        for dock in self.docks.values():
            dock.retitle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.dock_layout.settle()

    def event(self, event: QEvent) -> bool:
        """A mouse press on a separator between docks makes the layout the user's own.

        In another language nothing is laid out before every child was told: Qt tells them by addresses that it noted,
        and a layout of docks deletes children, as the handle between two docks.
        """
        if event.type() == QEvent.Type.LanguageChange:
            layout = self.layout()
            assert layout is not None
            layout.setEnabled(False)
            try:
                return super().event(event)
            finally:
                layout.setEnabled(True)
                layout.activate()
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self.dock_layout.own(self.isSeparator(event.position().toPoint()))
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.adapt_to(self.width())
        self.dock_layout.adapt_to_size()
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A banner that comes or goes moves the area between the bars, so the overlays are fitted again."""
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._fit)
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._ends:
            event.accept()
        else:
            event.ignore()
            self.closing.emit()


_OPTIONS = QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks

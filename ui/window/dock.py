"""A dock of the window: a panel whose header is the title bar; it can be moved to a window of its own."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

from ui.kit.keyboard import bring_to_front
from ui.kit.layouts import hbox
from ui.kit.panels.window_tool import WindowTool
from ui.kit.texts.words import Words
from ui.theme import colour, filled
from ui.theme.tokens import MEASURES
from ui.window.kept_layout import KeptLayout
from ui.window.room_window import RoomWindow


class Dock(QDockWidget):
    """Holds one panel, whose header becomes the title bar with the tool that moves both to a window of their own."""

    went_out = Signal(object)  # RoomWindow, before it is shown
    came_back = Signal()

    def __init__(self, name: str, title: Words, window: QMainWindow, kept: KeptLayout) -> None:
        super().__init__(window)
        self._title, self._kept = title, kept
        self._place: Dock | RoomWindow = self  # where the panel is
        self.setObjectName(name)
        self.setWindowTitle(str(title))
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self.setTitleBarWidget(bare_head())
        self._tool = WindowTool()
        self._tool.clicked.connect(lambda _on=False: self.toggle())
        self.topLevelChanged.connect(self._land)

    @property
    def is_out(self) -> bool:
        """Whether the panel is in a window of its own."""
        return self._place is not self

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard focus is in the dock."""
        return self.isAncestorOf(QApplication.focusWidget() or self)

    def hold(self, panel: QWidget, header: QWidget | None = None) -> None:
        """Shows `panel` and deletes the former one; `header`, the head of the panel, becomes the title bar."""
        old, head = self.widget(), self.titleBarWidget()
        self.setWidget(panel)
        self.setTitleBarWidget(_Head(header, self._tool) if header is not None else bare_head())
        for gone in (old, head):
            if gone is not None and gone is not panel:
                gone.hide()
                gone.deleteLater()
        panel.show()

    def toggle(self) -> None:
        """Moves the panel, and the keyboard with it, to a window of its own, or back; the profile keeps the choice."""
        self._kept.keep(f"{self.objectName()}/out", "" if self.is_out else "yes")
        if not self.is_out:
            self._move_out(active=True)
            return
        self.take_back()
        self.widget().setFocus()
        self.to_front()

    def move_out_as_kept(self) -> None:
        """Moves the panel to a window of its own when the user left it there."""
        if self._kept.text(f"{self.objectName()}/out") and not self.is_out:
            self._move_out(active=False)

    def take_back(self) -> None:
        """Puts the panel back into the dock, for now: the user's choice stays as it is kept."""
        out, self._place = self._place, self
        if isinstance(out, RoomWindow):
            self.setTitleBarWidget(out.head)
            self.setWidget(out.panel)
            self._tool.show_out(self.is_out)
            out.end()
            self.show()
            self.came_back.emit()

    def to_front(self) -> None:
        """Brings the panel to the front: its tab, and the window in which it stands."""
        self.raise_()
        bring_to_front(self._place)

    def raise_(self) -> None:
        """Comes to the front of its tabs; what lies over the window's docks stays above it."""
        super().raise_()  # which alone turns the tabs
        self.lower()

    def retitle(self) -> None:
        """Sets the title in the current language."""
        self.setWindowTitle(str(self._title))

    def _land(self, floats: bool) -> None:
        """Lies below what lies over the docks, once it is back among them."""
        if not floats:
            self.lower()

    def _move_out(self, *, active: bool) -> None:
        head, panel = self.titleBarWidget(), self.widget()
        if isinstance(head, _Head):  # what is still loading stays
            self.setTitleBarWidget(bare_head())
            self.setWidget(QWidget())
            out = RoomWindow(self.objectName(), self._title, self._kept, head, panel)
            out.left.connect(self.toggle)
            self._place = out
            self._tool.show_out(self.is_out)
            self.hide()
            self.went_out.emit(out)
            out.show_on(self.screen(), active=active)

    def setVisible(self, on: bool) -> None:
        """An empty dock takes no room: whatever layout is restored, it stays hidden while its panel is elsewhere."""
        super().setVisible(on and not self.is_out)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("bg1"))


class _Head(QWidget):
    """A panel's header followed by the dock's own tool."""

    def __init__(self, header: QWidget, tool: QWidget) -> None:
        super().__init__()
        filled(self, place="dock-header")
        self.setFixedHeight(MEASURES.dock_header)
        hbox(self, (header, 1), tool, margins=(0, 0, 6, 0))
        header.show()


def bare_head() -> QWidget:
    """Returns a head without height; a widget without a layout would give Qt a negative height."""
    bare = QWidget()
    bare.setFixedHeight(0)
    return bare

"""A dock of the window: a panel whose header is the title bar; it can be moved to another screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from ui.kit.controls.buttons import IconButton
from ui.kit.layouts import hbox
from ui.kit.texts.words import Words, phrase
from ui.theme import colour, filled
from ui.theme.tokens import MEASURES


class Dock(QDockWidget):
    """Holds one panel, whose header becomes the title bar with the tool that moves it to another screen."""

    def __init__(self, name: str, title: Words, window: QMainWindow) -> None:
        super().__init__(window)
        self._title = title
        self.setObjectName(name)
        self.setWindowTitle(str(title))
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable | _FLOATS)
        self.setTitleBarWidget(_bare())
        self.topLevelChanged.connect(self._moved)
        self._detach = IconButton("external-link", phrase("移到另一屏"))
        self._detach.clicked.connect(lambda _on=False: self.detach(not self.isFloating()))

    def hold(self, panel: QWidget, header: QWidget | None = None) -> None:
        """Shows `panel` and deletes the former one; `header`, the head of the panel, becomes the title bar."""
        old, head = self.widget(), self.titleBarWidget()
        self.setWidget(panel)
        self.setTitleBarWidget(_Head(header, self._detach) if header is not None else _bare())
        for gone in (old, head):
            if gone is not None and gone is not panel:
                gone.hide()
                gone.deleteLater()
        panel.show()

    def detach(self, on: bool) -> None:
        """Moves the dock out of the window, on to another screen where there is one; or back."""
        here = self.screen()
        self.setFloating(on)
        others = [screen for screen in QGuiApplication.screens() if screen is not here]
        if on and others:
            self.setGeometry(others[0].availableGeometry())

    def retitle(self) -> None:
        """Sets the title in the current language: a floating dock shows it in its frame."""
        self.setWindowTitle(str(self._title))

    def _moved(self, floating: bool) -> None:
        self._detach.set_image("minimize" if floating else "external-link")
        self._detach.set_tip(phrase("收回窗口") if floating else phrase("移到另一屏"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Puts a floating dock back into the window instead of closing it, so that no panel is lost."""
        if self.isFloating():
            self.setFloating(False)
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("bg1"))


class _Head(QWidget):
    """A panel's header followed by the dock's own tool."""

    def __init__(self, header: QWidget, tool: QWidget) -> None:
        super().__init__()
        filled(self, place="dock-header")
        self.setFixedHeight(MEASURES.dock_header)
        row = hbox(self, margins=(0, 0, 6, 0))
        row.addWidget(header, 1)
        row.addWidget(tool)
        header.show()


def _bare() -> QWidget:
    """Returns an empty title bar; a widget without a layout would give Qt a negative height."""
    bare = QWidget()
    bare.setFixedHeight(0)
    return bare


_FLOATS = QDockWidget.DockWidgetFeature.DockWidgetFloatable

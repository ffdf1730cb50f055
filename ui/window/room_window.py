"""A room in a window of its own: a top-level window beside the main one, for a second screen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QWidget

from ui.kit.keyboard import give_keyboard
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import vbox
from ui.kit.texts.words import Words
from ui.theme import mark
from ui.window.kept_layout import KeptLayout

SIZE = (960, 720)  # logical pixels, where it was never open before
LEAST = (480, 320)
ANY = 16_777_215  # Qt's maximum size of a widget: no limit


class RoomWindow(Retranslated, QWidget):
    """Holds a `panel` below its `head` until the user closes it; its geometry is kept under `name`."""

    left = Signal()  # the user closes it
    escaped = Signal()  # Esc, which nothing in it needed

    def __init__(self, name: str, title: Words, kept: KeptLayout, head: QWidget, panel: QWidget) -> None:
        super().__init__()
        self.head, self.panel = head, panel
        self._key, self._title, self._kept = f"{name}/geometry", title, kept
        self.setObjectName(f"{name}-window")
        self.setMinimumSize(*LEAST)
        mark(self, surface="bg1")
        vbox(self, head, (panel, 1))
        panel.setMaximumHeight(ANY)  # it may have been folded
        for widget in (head, panel):
            widget.show()
        self.retell()

    def show_on(self, here: QScreen, *, active: bool) -> None:
        """Shows it where it was, or else on another screen than `here` if there is one.

        Only an `active` one takes the keyboard: somebody may be typing in another window.
        """
        if not self.restoreGeometry(self._kept.state(self._key)):
            others = [screen for screen in QGuiApplication.screens() if screen is not here]
            self.resize(*SIZE)
            self.move((others or [here])[0].availableGeometry().center() - self.rect().center())
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not active)
        self.show()
        if active:
            give_keyboard(self.panel)

    def end(self) -> None:
        """Keeps its geometry and deletes it, after the panel was taken back."""
        self._kept.keep(self._key, self.saveGeometry())
        self.hide()
        self.deleteLater()

    def retell(self) -> None:
        self.setWindowTitle(str(self._title))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.left.emit()

"""A room that covers the docks of a window while it is open, and keeps the keyboard."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from ui.theme import colour


class Cover(QWidget):
    """Covers the area that its parent's `between_bars` returns; Esc leaves it.

    While it `is_out` it covers nothing: it stands in a window of its own, which its owner closes.
    """

    window_asked = Signal(str)  # the user moves it to a window of its own or back (""), or a part of it, by its id
    came = Signal()
    gone = Signal()
    dismissed = Signal()  # the user left the room, after `gone`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_out = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what it covers is not painted
        QApplication.instance().focusChanged.connect(self._stay)  # type: ignore[union-attr]
        self.hide()

    def open(self, item: str | None = None) -> None:
        """Opens the room in front, at `item` of it if given."""
        self.fit()
        self.show()
        self.raise_()
        self.enter(item)
        self.came.emit()

    def stand_alone(self, out: bool) -> None:
        """Stands in a window of its own from now on, or no longer."""
        self.is_out = out

    def enter(self, item: str | None) -> None:
        """Chooses `item`, or what stands first, and takes the keyboard focus."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Moves the keyboard focus to the room's list."""
        raise NotImplementedError

    def leave(self) -> None:
        """Hides the room and emits `gone`, if it covers something."""
        if not (self.is_out or self.isHidden()):
            self.hide()
            self.gone.emit()

    def dismiss(self) -> None:
        """Leaves the room for the user."""
        self.leave()
        self.dismissed.emit()

    def close_following(self) -> None:
        """Stops following what happens outside, hides and deletes the room."""
        QApplication.instance().focusChanged.disconnect(self._stay)  # type: ignore[union-attr]
        self.leave()
        self.deleteLater()

    def fit(self) -> None:
        """Covers the area between the window's bars."""
        between = getattr(self.parent(), "between_bars", None)
        if between is not None:
            self.setGeometry(between())

    def _stay(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Takes the keyboard focus back when it moves into a dock that the room covers."""
        covered = None if self.is_out or self.isHidden() else now
        while covered is not None and not isinstance(covered, QDockWidget):
            if covered is self or covered.isWindow():
                return
            covered = covered.parentWidget()
        if isinstance(covered, QDockWidget):
            self.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.is_out:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour("bg1"))
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        self.fit()
        super().showEvent(event)

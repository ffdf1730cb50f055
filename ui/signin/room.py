"""The sign-in over the window: a scrim that leaves the status bar visible, with the card in its middle."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.sync.unavailable import Unavailable
from ui.signin.panel import SignInCard
from ui.theme import colour
from ui.theme.tokens import MEASURES

SCRIM = 0.72


class SignInRoom(QWidget):
    """Covers the window; loaded data can be read through it, and Esc leaves it."""

    done = Signal()
    left = Signal()

    def __init__(self, try_it: Callable[[str, str, str], Awaitable[None]], *, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.card = SignInCard(try_it, parent=self)
        self.card.installEventFilter(self)
        self.card.done.connect(self._end)
        self.card.left.connect(self._leave)
        self.hide()

    def ask(self, *, user: str = "", error: Unavailable | None = None) -> None:
        """Shows the form, with `error` below the field that it concerns; what somebody is typing there stays."""
        is_typing = not self.isHidden() and self.card.has_input
        self.fit()
        self.show()
        self.raise_()
        if not is_typing:
            self.card.ask(user)
        if error is not None:
            self.card.tell(error, focus=not is_typing)

    def fit(self) -> None:
        """Covers the window above the status bar and places the card."""
        self.setGeometry(0, 0, self._under.width(), self._under.height() - MEASURES.status_bar)
        tall = self.card.heightForWidth(self.card.width())
        self.card.setFixedHeight(tall if tall > 0 else self.card.sizeHint().height())
        self.card.move((self.width() - self.card.width()) // 2, max(8, (self.height() - self.card.height()) * 2 // 5))

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    def _end(self) -> None:
        self.hide()
        self.done.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fits the card again when its layout changes: an error below a field makes it higher."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("bg0", alpha=SCRIM))

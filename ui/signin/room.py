"""The sign-in over the window: a scrim that leaves the status bar clear, and the card in its middle."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.sync.unavailable import Unavailable
from ui.kit.words import Words
from ui.signin.panel import SignInCard
from ui.theme import colour
from ui.theme.tokens import MEASURES

SCRIM = 0.72


class SignInRoom(QWidget):
    """What was loaded can be read through it; Esc leaves it when there is something to see."""

    done = Signal()
    left = Signal()

    def __init__(self, try_it: Callable[[str, str, str], Awaitable[None]], *, url: str = "", parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.card = SignInCard(try_it, url=url, parent=self)
        self.card.installEventFilter(self)
        self.card.done.connect(self._end)
        self.card.left.connect(self._leave)
        self.hide()

    def ask(self, *, user: str = "", why: Words = "", error: Unavailable | None = None) -> None:
        """Show it; `error` is told beneath its field."""
        self.fit()
        self.show()
        self.raise_()
        self.card.ask(why=why, user=user, may_leave=True)
        if error is not None:
            self.card.tell(error.code, error.about)

    def fit(self) -> None:
        """Take the place above the status bar."""
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
        """A sentence that came beneath a field makes the card higher."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("bg0", alpha=SCRIM))

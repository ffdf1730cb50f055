"""Short notifications in a free place of the window, at most three, one at a time, each with at most one action."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui.kit.controls.buttons import KeyButton, NextStep
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox
from ui.kit.texts.words import Words
from ui.theme import colour, mark, paint
from ui.theme.glyphs import SHAPES

SHAPE = {"ok": "light.on_time", "warn": "light.soon", "bad": "light.overdue", "vio": "light.needs_you"}
AT_MOST = 3
WIDTH = 432
TALL = 36  # pixels, of a toast with one line or two
MARGIN, GAP = 16, 2


class Toast(QFrame):
    """One notification; it stays while the pointer is over it, and while another stands before it."""

    gone = Signal()
    content_replaced = Signal()

    def __init__(self, text: Words, *, tone: str, step: NextStep | None, seconds: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._shape, self._step, self._left = SHAPE[tone], step, seconds
        mark(self, surface="toast")
        self._text = Label(text, level="label", tone="tx1", wrap=True)
        self._buttons: list[KeyButton] = []  # that of its step, if it has one
        self._row = hbox(self, (self._text, 1), margins=(34, 1, 6, 1), spacing=-1)
        self._offer(step)
        self.setAccessibleName(str(text))
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def retell(self, text: Words, *, shape: str, seconds: int, step: NextStep | None = None) -> None:
        """Replaces the content in place: ``shape`` is a glyph name, ``seconds`` counts from now."""
        self._shape, self._left = shape, seconds
        self._text.set_words(text)
        self.setAccessibleName(str(text))
        self._offer(step)
        self.update()
        self.content_replaced.emit()

    def tall(self, wide: int) -> int:
        """Returns the height in pixels of the full text at a width of `wide` pixels."""
        return max(TALL, self.heightForWidth(wide))

    def dismiss(self) -> None:
        """Removes it now."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def _offer(self, step: NextStep | None) -> None:
        for gone in self._buttons:
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._step = step
        self._buttons = [KeyButton(step.words, key=step.key, role="link", live=True)] if step else []
        for button in self._buttons:
            button.clicked.connect(self._take)
            self._row.addWidget(button)

    def _take(self) -> None:
        if self._step:
            self._step.do()
        self.dismiss()

    def _tick(self) -> None:
        if self.isVisible() and not self.underMouse():
            self._left -= 1
            if self._left <= 0:
                self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(QRect(0, 0, 3, self.height()), colour(SHAPES[self._shape].tone))
        paint.glyph(painter, QPointF(20, self.height() / 2), self._shape)
        painter.end()


class Toasts(QWidget):
    """The notifications of a window, the newest in front; a fourth removes the oldest.

    `free` returns the place where they lie over nothing, in the window's coordinates; without one it is its top.
    """

    occupied = Signal(bool)  # there is one, after there was none, or the other way round

    def __init__(self, window: QWidget, free: Callable[[], QRect] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._free = free or (lambda: QRect(MARGIN, 0, window.width() - 2 * MARGIN, TALL + 2 * GAP))
        self._stack: list[Toast] = []
        window.installEventFilter(self)
        self.hide()

    def tell(self, text: Words, *, tone: str = "ok", step: NextStep | None = None, seconds: int = 8) -> Toast:
        """Shows a notification of ``tone`` ok, warn, bad or vio for ``seconds``.

        Returns it, so that it can be dismissed.
        """
        while len(self._stack) >= AT_MOST:
            self._stack[0].dismiss()
        toast = Toast(text, tone=tone, step=step, seconds=seconds, parent=self)
        toast.gone.connect(lambda: self._drop(toast))
        toast.content_replaced.connect(self._place)
        self._stack.append(toast)
        self._place()
        return toast

    def shown(self) -> list[Toast]:
        """Returns the notifications, oldest first; the last one is in front."""
        return list(self._stack)

    def clear(self) -> None:
        """Removes all notifications."""
        for toast in self.shown():
            toast.dismiss()

    def _drop(self, toast: Toast) -> None:
        if toast in self._stack:
            self._stack.remove(toast)
        self._place()

    def _place(self) -> None:
        if bool(self._stack) is self.isHidden():
            self.setVisible(bool(self._stack))
            self.occupied.emit(bool(self._stack))
        free = self._free()
        wide = min(WIDTH, free.width())
        for toast in self._stack:
            toast.setGeometry(0, 0, wide, toast.tall(wide))
            toast.setVisible(toast is self._stack[-1])
        tall = self._stack[-1].height() if self._stack else 0
        self.setGeometry(free.right() + 1 - wide, free.top() + max(GAP, (free.height() - tall) // 2), wide, tall)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._stack:
            self._place()
        return False

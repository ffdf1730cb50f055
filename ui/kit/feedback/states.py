"""Widgets for loading, empty and error states, so that no panel is ever blank."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.kit.controls.buttons import KeyButton, NextStep
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts.words import Words
from ui.theme import MEASURES, changed, colour, icons, mark, paint

TONES = {"empty": "tx2", "loading": "ac", "warning": "warn", "error": "bad", "conflict": "vio"}
ICON = 22
_SKELETON = ((0.0, 0.17), (0.2, 0.15), (0.38, 0.24), (0.65, 0.35))


class Picture(QLabel):
    """An icon as a picture, recoloured with the theme."""

    def __init__(self, name: str, *, tone: str = "tx2", size: int = 16) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)
        changed.connect(self._draw)
        self._draw()

    def set_icon(self, name: str, *, tone: str) -> None:
        """Shows another icon; "" for none."""
        self._name, self._tone = name, tone
        self._draw()

    def _draw(self, _theme: str = "") -> None:
        drawn = icons.pixmap(self._name, self._tone, self._size, self.devicePixelRatioF()) if self._name else QPixmap()
        self.setPixmap(drawn)


class StateCard(QWidget):
    """What happened, how things stand, what to do next: icon, main sentence, explanation and steps."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = Picture("", size=ICON)
        self._title = Label(level="section", wrap=True)
        self._text = Label(tone="tx2", wrap=True)
        self._row = StepRow()
        parts = (self._picture, self._title, self._text, 6, self._row)
        vbox(self, STRETCH, *parts, STRETCH, margins=(24, 24, 24, 24), spacing=6)

    def tell(
        self, kind: str, title: Words, text: Words = "", *, image: str = "inbox", steps: Sequence[NextStep] = ()
    ) -> None:
        """Sets the content. ``kind`` empty, loading, warning, error or conflict gives the icon's colour.

        ``steps`` are in order, the best first.
        """
        self._picture.set_icon(image, tone=TONES[kind])
        self._title.set_words(title)
        self._text.set_words(text)
        self._text.setVisible(bool(str(text)))
        self.setAccessibleName(f"{title} {text}")
        self._row.offer(steps)


class Skeleton(QWidget):
    """Placeholder rows of the real height while the first content loads, with a caption below them."""

    def __init__(self, *, rows: int = 8) -> None:
        super().__init__()
        self._rows = rows
        self._caption: Words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def tell(self, caption: Words) -> None:
        """Sets what is being fetched, e.g. "正在取首个快照 318 / 512 件"."""
        self._caption = caption
        self.setAccessibleName(str(caption))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, (self._rows + 1) * MEASURES.row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fit = max(0, min(self._rows, self.height() // MEASURES.row - 1))
        wide = self.width() - 2 * MEASURES.dock_padding
        for row in range(fit):
            top = row * MEASURES.row
            for start, share in _SKELETON:
                short = 0.06 * ((row * 7 + round(start * 20)) % 4) * share
                left = MEASURES.dock_padding + round(wide * start)
                bar = QRect(left, top + MEASURES.row // 2 - 4, round(wide * (share - short)) - 8, 8)
                painter.fillRect(bar, colour("bg3"))
            paint.hairline(painter, 0, top + MEASURES.row - 1, self.width(), top + MEASURES.row - 1)
        box = QRect(MEASURES.dock_padding, fit * MEASURES.row, wide, MEASURES.row + 8)
        paint.words(painter, box, str(self._caption), token="tx2", size=MEASURES.label)
        painter.end()


class Banner(QFrame):
    """The strip under the top bar that reports a state of the whole hall that needs attention."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="banner")
        self.setFixedHeight(40)
        self._picture = Picture("wifi-off", tone="warn")
        self._title = Label(level="section", tone="warn")
        self._text = Label(tone="tx1", wrap=True)
        self._note = Label(tone="tx2")
        self._row = StepRow(stretch=False)
        parts = (self._picture, self._title, (self._text, 1), self._note, self._row)
        hbox(self, *parts, margins=(16, 0, 16, 0), spacing=10)
        self.hide()

    def tell(
        self,
        title: Words,
        text: Words = "",
        *,
        note: Words = "",
        image: str = "wifi-off",
        steps: Sequence[NextStep] = (),
    ) -> None:
        """Shows the strip, or changes it in place. ``note`` stands at the right, before the steps."""
        self._picture.set_icon(image, tone="warn")
        self._title.set_words(title)
        self._text.set_words(text)
        self._note.set_words(note)
        self.setAccessibleName(f"{title} {text} {note}")
        self._row.offer(steps)
        self.show()


class StepRow(QHBoxLayout):
    """One button per step. Steps with the same text, key and role keep their buttons, so that a press is not lost."""

    def __init__(self, *, stretch: bool = True) -> None:
        super().__init__()
        self.setSpacing(8)
        self._steps: tuple[NextStep, ...] = ()
        self._stretch = stretch

    def offer(self, steps: Sequence[NextStep]) -> None:
        """Replaces the steps."""
        before, self._steps = self._steps, tuple(steps)
        if [_look(step) for step in before] == [_look(step) for step in steps]:
            return
        while item := self.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for place, step in enumerate(steps):
            button = KeyButton(step.words, key=step.key, role=step.role, live=True)
            button.clicked.connect(lambda _on=False, place=place: self._steps[place].do())
            self.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        if self._stretch:
            self.addStretch(1)


def _look(step: NextStep) -> tuple[Words, str, str]:
    return step.words, step.key, step.role

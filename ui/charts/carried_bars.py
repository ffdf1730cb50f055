"""Paints who carried how much working time: a row for each body, with a bar of what it led and what it helped with."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.words import say
from ui.theme import colour, paint
from ui.theme.tokens import MEASURES

ROW, BAR, GAP, SHAPE = 26, 8, 12, 11  # pixels
LEAST = 64  # pixels of the longest bar, beside long names
TOLD = {
    "主责": (90, "carried.led"),
    "协办": (90, "carried.helped"),
    "件数": (48, ""),
}  # pixels, and the shape of its bar
FIGURES = sum(wide for wide, _ in TOLD.values())
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """A body: its `name`, the seconds that it `led` and `helped`, and its `cases`; `is_hall`: a seat of the hall."""

    name: str
    led: float
    helped: float
    cases: int
    is_hall: bool = False

    @property
    def told(self) -> tuple[str, str, str]:
        """The three figures as they are shown; nothing for zero."""
        return clock(self.led), clock(self.helped), f"{self.cases:,}" if self.cases else ""


class CarriedBars(Retranslated, QWidget):
    """The rows one below the other, with bars to one scale; a seat of the hall has figures alone."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[CarriedRow, ...] = ()

    def show_rows(self, rows: Sequence[CarriedRow]) -> None:
        """Shows other rows: bodies in the order given, seats of the hall after them."""
        self._rows = (*(row for row in rows if not row.is_hall), *(row for row in rows if row.is_hall))
        self.retell()
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()

    def retell(self) -> None:
        """Tells the figures of all rows in words, too."""
        figures = (zip((say(word) for word in TOLD), row.told, strict=True) for row in self._rows)
        told = (" ".join(f"{word} {figure}" for word, figure in one if figure) for one in figures)
        self.setAccessibleName("；".join(f"{row.name} {text}" for row, text in zip(self._rows, told, strict=True)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(FIGURES + 328, ROW * (1 + len(self._rows)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour("bg1"))
        told = QRectF(0, 0, self.width() - GAP - FIGURES, ROW)
        paint.words(painter, told, say("各单位，时:分"), token="tx3", size=MEASURES.label)
        self._write(painter, 0.0, tuple(say(word) for word in TOLD), token="tx3", is_head=True)
        named = self._named()
        most = max((row.led + row.helped for row in self._rows if not row.is_hall), default=0.0)
        for number, row in enumerate(self._rows, 1):
            top = float(number * ROW)
            paint.words(painter, QRectF(0, top, named, ROW), row.name, token="tx2" if row.is_hall else "tx1")
            self._write(painter, top, row.told, token="tx2")
            if not row.is_hall:
                self._bar(painter, top, named + GAP, row, most)
        painter.end()

    def _named(self) -> int:
        """Returns the pixels of the names: as many as the longest needs, but for the least of the bars."""
        needed = max((paint.text_width(row.name) + 1 for row in self._rows), default=0)
        return min(needed, self.width() - FIGURES - 2 * GAP - LEAST)

    def _bar(self, painter: QPainter, top: float, left: float, row: CarriedRow, most: float) -> None:
        room = max(self.width() - left - FIGURES - GAP, 1)
        for seconds, token in ((row.led, "acf"), (row.helped, "data")):
            wide = room * seconds / most if most else 0.0
            painter.fillRect(QRectF(left, top + (ROW - BAR) / 2, wide, BAR), colour(token))
            left += wide

    def _write(
        self, painter: QPainter, top: float, figures: Sequence[str], *, token: str, is_head: bool = False
    ) -> None:
        """Writes the columns of a row; each word of the head stands by the shape of what it names."""
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        left = float(self.width() - GAP - FIGURES)
        for figure, (wide, shape) in zip(figures, TOLD.values(), strict=True):
            box = QRectF(left, top, wide, ROW)
            paint.words(painter, box, figure, token=token, size=MEASURES.label, align=align)
            left = box.right()
            if is_head and shape:
                at = QPointF(left - paint.text_width(figure, MEASURES.label) - GAP, box.center().y())
                paint.glyph(painter, at, shape, size=SHAPE)


def clock(seconds: float) -> str:
    """Returns a working time as hours and minutes, "1,600:42"; "" for none."""
    return f"{int(seconds) // _HOUR:,}:{int(seconds) // _MINUTE % 60:02d}" if seconds else ""

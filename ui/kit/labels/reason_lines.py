"""Reasons for and against something, and what is missing for it, as lines with signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.text import visible
from ui.kit.labels.label import Retranslated
from ui.kit.labels.spans import TextSpan, paragraph
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words
from ui.theme import MEASURES, paint

ROW, INDENT = 20, 18  # pixels a line, and from a sign to its words
SIGNS = {True: ("+", "ok"), False: ("−", "bad"), None: ("▲", "warn")}
_SHAPE = QPointF(6, ROW / 2)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One line: for something, against it (`is_for` False), or missing (None)."""

    words: Words
    is_for: bool | None


class ReasonLines(Retranslated, QWidget):
    """Reasons one below the other, each on as many lines as it needs; the whole text is in the tooltip too."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ReasonLine, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_lines(self, lines: Sequence[ReasonLine]) -> None:
        """Replaces the lines; costs nothing when they are the same."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.updateGeometry()
            self.retell()

    def texts(self) -> list[str]:
        """Returns what is said, each with its sign."""
        return [f"{SIGNS[one.is_for][0]} {one.words}" for one in self._lines]

    def retell(self) -> None:
        said = "\n".join(self.texts())
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ROW * sum(len(_wrapped(one, width)) for one in self._lines)

    def sizeHint(self) -> QSize:
        return QSize(100, ROW * len(self._lines))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect().adjusted(0, 0, 0, ROW - self.height())
        for one in self._lines:
            sign, tone = SIGNS[one.is_for]
            if one.is_for is None:
                paint.glyph(painter, box.topLeft().toPointF() + _SHAPE, "light.soon", size=9)
            else:
                paint.words(painter, box, sign, token=tone, bold=True)
            for said in _wrapped(one, self.width()):
                paint.words(painter, box.adjusted(INDENT, 0, 0, 0), said, token="tx2", size=MEASURES.label)
                box.translate(0, ROW)
        painter.end()


def _wrapped(one: ReasonLine, width: int) -> list[str]:
    """Returns the lines of a reason that is shown `width` pixels wide."""
    said = visible(str(one.words))
    layout = paragraph((TextSpan(said),), max(1, width - INDENT), MEASURES.label)
    units = said.encode("utf-16-le")  # in which Qt counts
    rows = (layout.lineAt(at) for at in range(layout.lineCount()))
    pieces = (units[2 * row.textStart() : 2 * (row.textStart() + row.textLength())] for row in rows)
    return [piece.decode("utf-16-le").strip() for piece in pieces] or [""]

"""Draws the explanation of a deadline: a band of counted and skipped time with the current moment, then the lines."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.deadlines import Deadline, StepKind
from ui.cases.why import WhyLine
from ui.kit.labels.label import Retranslated
from ui.theme import MEASURES, colour, paint

BAND, LINE = 8, 24
TOP = BAND + 20  # pixels of the band and the times below it
LABEL = 44
_BETWEEN = 130  # pixels that the first time and the last need on one line


class WhyBox(Retranslated, QWidget):
    """A painted explanation, as high as its lines; it takes no input."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[WhyLine, ...] = ()
        self._deadline: Deadline | None = None
        self._now: datetime | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: list[WhyLine], deadline: Deadline, now: datetime) -> None:
        """Shows `lines` and the band of `deadline`; times are shown in the time zone of `now`."""
        self._lines, self._deadline, self._now = tuple(lines), deadline, now
        self.setAccessibleName("\n".join(f"{line.label} {line.words} {line.amount}" for line in lines))
        self.updateGeometry()
        self.update()

    def move_to(self, now: datetime) -> None:
        """Moves the mark of the current moment on the band."""
        self._now = now
        self.update(0, 0, self.width(), TOP)

    def sizeHint(self) -> QSize:
        return QSize(300, TOP + LINE * len(self._lines) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._deadline is not None and self._now is not None and self._deadline.steps:
            self._paint_band(painter, self._deadline, self._now)
        box = QRectF(0.5, TOP + 0.5, self.width() - 1, LINE * len(self._lines) + 1)
        painter.setPen(QPen(colour("ln1"), 1))
        painter.setBrush(colour("bg2"))
        painter.drawRoundedRect(box, MEASURES.radius, MEASURES.radius)
        for place, line in enumerate(self._lines):
            self._paint_line(painter, line, TOP + 1 + place * LINE, is_last=place == len(self._lines) - 1)
        painter.end()

    def _paint_line(self, painter: QPainter, line: WhyLine, top: int, *, is_last: bool) -> None:
        row = QRect(10, top, self.width() - 20, LINE)
        ink = "tx3" if line.faint else "tx1"
        paint.words(painter, row, str(line.label), token="tx3", size=MEASURES.label)
        right = Qt.AlignmentFlag.AlignRight
        paint.words(painter, row, line.amount, token=ink, size=MEASURES.label, bold=line.strong, align=right)
        row.setLeft(row.left() + LABEL)
        row.setRight(row.right() - paint.text_width(line.amount, MEASURES.label, line.strong) - 8)
        paint.words(painter, row, line.words, token=ink, size=MEASURES.label, bold=line.strong)
        if not is_last:
            paint.hairline(painter, 10, top + LINE - 1, self.width() - 10, top + LINE - 1)

    def _paint_band(self, painter: QPainter, deadline: Deadline, now: datetime) -> None:
        first, last = deadline.steps[0].since, max(deadline.due, now)
        whole = max((last - first).total_seconds(), 1.0)

        def at(moment: datetime) -> float:
            return max(0.0, min(1.0, (moment - first).total_seconds() / whole)) * self.width()

        for step in deadline.steps:
            box = QRectF(at(step.since), 0, max(1.0, at(step.until) - at(step.since)), BAND)
            if step.kind is StepKind.COUNTED:
                painter.setPen(QPen(colour("ln3"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(box.toAlignedRect()).adjusted(0.5, 0.5, -0.5, -0.5))
                painter.fillRect(box.intersected(QRectF(0, 0, at(now), BAND)), colour("ln3"))
            else:
                painter.fillRect(box, QBrush(colour("ln3"), Qt.BrushStyle.BDiagPattern))
        if now > deadline.due:
            over = QRectF(at(deadline.due), 0, at(now) - at(deadline.due), BAND)
            painter.fillRect(over, colour("badg"))
        here = round(at(now))
        painter.fillRect(QRectF(min(here, self.width() - 2), -1, 2, BAND + 2), colour("tx1"))
        self._paint_times(painter, deadline, now)

    def _paint_times(self, painter: QPainter, deadline: Deadline, now: datetime) -> None:
        row = QRect(0, BAND, self.width(), TOP - BAND)
        first, due = (m.astimezone(now.tzinfo) for m in (deadline.steps[0].since, deadline.due))
        paint.words(painter, row, f"{first:%H:%M}", token="tx3", size=MEASURES.note)
        said = f"{due:%H:%M}" if due.date() == first.date() else f"{due:%m-%d %H:%M}"
        span = max(now, deadline.due) - deadline.steps[0].since
        ends = self.width() * (deadline.due - deadline.steps[0].since) / span if span else self.width()
        row.setRight(max(round(ends), _BETWEEN))
        paint.words(painter, row, said, token="tx3", size=MEASURES.note, align=Qt.AlignmentFlag.AlignRight)

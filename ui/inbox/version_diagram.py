"""Draws how an act came to wait: two tracks from the common version to where they meet, with outages shaded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.sync.versions import Reason, Versions
from ui.inbox.words import Wording
from ui.kit.labels.label import Retranslated
from ui.kit.texts import names
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase, term
from ui.theme import colour, paint
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.outages import Outage

THEIRS, MINE = 0, 1
EDGE = 74  # pixels at both ends, about half a label
MOST_WIDE = 320
ABOVE, APART, BELOW, CUT_BELOW = 52, 42, 53, 80  # pixels: above the upper track, to the lower one, and below that
MOST = 5  # newest facts of others that are drawn
_CENTRE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Stop:
    """One event: on the track `lane` (THEIRS or MINE), with the glyph name `shape`; `at` is None when unknown."""

    lane: int
    at: datetime | None
    words: Words
    shape: str
    tone: str = "tx1"


def stops(seen: Versions, wording: Wording) -> tuple[Stop, ...]:
    """Returns the base version, others' facts and the act's own steps in order of time, and the end."""
    act = seen.act
    began = phrase("第 {n} 版", n=seen.before.rev) if seen.before is not None else phrase("原来")
    others = [Stop(THEIRS, fact.at, phrase("{who} {what}", who=wording.who(fact), what=wording.fact(fact)),
                   "delivery.done") for fact in seen.since][-MOST:]  # fmt: skip
    own = [Stop(MINE, act.made_at, term("delivery", "kept"), "delivery.kept", "ac")]
    if seen.sent_at is not None:
        own.append(Stop(MINE, seen.sent_at, term("delivery", "sent"), "delivery.sent", "ac"))
    between = sorted((*others, *own), key=lambda stop: (stop.at is None, stop.at))
    end = Stop(THEIRS, None, term("delivery", "needs_you"), "light.needs_you", "vio")
    if seen.reason is Reason.OTHER_USER and seen.sent_at is None:
        end = Stop(
            THEIRS, None, phrase("等{who}登录", who=names.account_name(wording.board, act.user)), "delivery.sent", "tx2"
        )
    return (Stop(THEIRS, None, began, "crew.available", "tx2"), *between, end)


class VersionDiagram(Retranslated, QWidget):
    """A painted diagram of an act's stops; its accessible text lists them in order."""

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._stops: tuple[Stop, ...] = ()
        self._cuts: tuple[Outage, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(440)

    def show_versions(self, seen: Versions, outages: Sequence[Outage]) -> None:
        """Shows the stops of an act; outages that overlap their period are shaded."""
        self._stops = stops(seen, self._wording)
        known = [stop.at for stop in self._stops if stop.at is not None]
        self._cuts = tuple(
            cut for cut in outages if known and cut.since <= max(known) and (cut.until or max(known)) >= min(known)
        )
        self.updateGeometry()
        self.retell()

    def text(self) -> str:
        """Returns the stops as text."""
        return " → ".join(f"{self._time(stop)} {stop.words}".strip() for stop in self._stops)

    def retell(self) -> None:
        self.setAccessibleName(self.text())
        self.setToolTip(plain_tip(self.text()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, ABOVE + APART + self._below)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = [self._point(at) for at in range(len(self._stops))]
        if points:
            self._shade(painter)
            self._lines(painter, points)
            for stop, point in zip(self._stops, points, strict=True):
                self._stop(painter, stop, point)
        painter.end()

    def _point(self, at: int) -> QPointF:
        return QPointF(self._across(at), self._lane(self._stops[at].lane))

    def _across(self, at: float) -> float:
        return EDGE + (self.width() - 2 * EDGE) * at / max(len(self._stops) - 1, 1)

    def _lane(self, lane: int) -> float:
        apart = max(APART, round(self.height() * 0.3))
        upper = (self.height() - ABOVE - apart - self._below) // 2 + ABOVE
        return upper + (apart if lane == MINE else 0) + 0.5

    @property
    def _below(self) -> int:
        return CUT_BELOW if self._cuts else BELOW

    def _lines(self, painter: QPainter, points: list[QPointF]) -> None:
        """Draws a solid line for the record that all see and a dashed one for what only this console knew."""
        painter.setPen(QPen(colour("tx3"), 2))
        painter.drawLine(points[0], points[-1])
        mine = [point for stop, point in zip(self._stops, points, strict=True) if stop.lane == MINE]
        if not mine:
            return
        step = (points[1].x() - points[0].x()) * 0.5
        path = QPainterPath(QPointF(mine[0].x() - step, points[0].y()))
        path.cubicTo(
            QPointF(mine[0].x() - step * 0.4, points[0].y()), QPointF(mine[0].x() - step * 0.6, mine[0].y()), mine[0]
        )
        path.lineTo(mine[-1])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("ac"), 2, Qt.PenStyle.DashLine))
        painter.drawPath(path)
        up = QPainterPath(mine[-1])
        up.cubicTo(
            QPointF(mine[-1].x() + step, mine[-1].y()), QPointF(points[-1].x() - step, points[-1].y()), points[-1]
        )
        painter.setPen(QPen(colour("viog"), 2))
        painter.drawPath(up)

    def _shade(self, painter: QPainter) -> None:
        for cut in self._cuts:
            left, right = self._moment(cut.since), self._moment(cut.until)
            low = self._lane(MINE)
            box = QRectF(left, low - 24, max(right - left, 8), 102)
            painter.fillRect(box, colour("warnb"))
            until = self._wording.clock(cut.until) if cut.until else str(phrase("还没有恢复"))
            said = str(phrase("断开 {since} – {until}", since=self._wording.clock(cut.since), until=until))
            line = QRectF(left, box.bottom() - 24, self.width() - left - 8, 20)
            paint.words(painter, line.adjusted(8, 0, 0, 0), said, token="warn", size=MEASURES.label)

    def _moment(self, at: datetime | None) -> float:
        """Returns the x of a moment: half a step after the last stop before it; for None the right end."""
        known = [(stop.at, place) for place, stop in enumerate(self._stops) if stop.at is not None]
        if at is None or not known:
            return self._across(len(self._stops) - 1)
        after = bisect_right([moment for moment, _ in known], at)
        if after == 0:
            return self._across(known[0][1] - 0.5)
        return self._across(known[after - 1][1] + 0.5)

    def _stop(self, painter: QPainter, stop: Stop, point: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("bg1"))
        painter.drawEllipse(point, 10, 10)
        shade = None if stop.shape == "light.needs_you" else colour(stop.tone)
        paint.glyph(painter, point, stop.shape, size=16 if shade is None else 13, shade=shade)
        wide = self._room(stop, point)
        box = QRectF(point.x() - wide / 2, 0, wide, 19)
        above = stop.lane == THEIRS
        first = point.y() - 52 if above else point.y() + 14
        time, words = self._time(stop), str(stop.words)
        box.moveTop(first + (19 if not time else 0))
        if time:
            paint.words(painter, box, time, token="tx3", size=MEASURES.label, align=_CENTRE)
            box.translate(0, 19)
        else:
            box.moveTop(point.y() - 33)
        bold = stop.shape == "light.needs_you"
        paint.words(painter, box, words, token=stop.tone, size=MEASURES.label, bold=bold, align=_CENTRE)

    def _room(self, stop: Stop, point: QPointF) -> float:
        """Returns the pixels for a stop's text, up to its neighbours on the track; texts at both ends are short."""
        last = len(self._stops) - 1
        widths = [float(MOST_WIDE)]
        for place, other in enumerate(self._stops):
            if other is not stop and other.lane == stop.lane:
                apart = abs(self._across(place) - point.x())
                widths.append(2 * (apart - EDGE * 0.7) if place in (0, last) else apart - 8)
        return max(min(widths), 60.0)

    def _time(self, stop: Stop) -> str:
        return self._wording.clock(stop.at) if stop.at is not None else ""

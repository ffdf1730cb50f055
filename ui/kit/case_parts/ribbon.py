"""The responsibility ribbon 责任时间: how much working time each body carried of a case, as a bar and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Role
from commandcenter.domain.responsibility import Share, Span, spans
from ui.kit import records
from ui.kit.case_parts.carried_minutes import carried_minutes
from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts import names, times
from ui.kit.texts.words import phrase, say, word
from ui.theme import paint
from ui.theme.current_theme import colour
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.store.board import Board

LANE, HELP, GAP = 18, 6, 3  # pixels: the bar of who carries the case, those of who helps, and between them
_LEAST = 2  # pixels of a segment, however short
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar: from `left` to `right` (0 to 1) `name` carried the case; `lane` 0 is the bar itself."""

    left: float
    right: float
    name: str
    share: Share
    is_waiting: bool
    lane: int = 0


class ResponsibilityBox(Retranslated, QWidget):
    """Shows what the facts of a case tell of it; nothing as long as only its record is known."""

    def __init__(self, board: Board, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._board, self._clock = board, now
        self._spans: tuple[Span, ...] = ()
        self._laid_at = now()
        self._total, self._text = Label(level="label"), Label(level="label", wrap=True)
        self._bar = RibbonBar()
        head = hbox(None, Label(phrase("责任时间"), level="label"), STRETCH, self._total, spacing=-1)
        vbox(self, head, self._bar, self._text, spacing=4)
        self.hide()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Shows the spans that `facts` tell of, as they stand now; without facts the box is hidden."""
        self._spans = spans(facts)
        self.setVisible(bool(self._spans))
        self.retell()

    def turn(self) -> None:
        """Lets what is open go on; once a minute, for it is told in minutes."""
        if not self.isHidden() and (self._clock() - self._laid_at).total_seconds() >= _MINUTE:
            self.retell()

    def retell(self) -> None:
        self._laid_at = self._clock()
        self._lay(self._laid_at)

    def texts(self) -> tuple[str, str]:
        """Returns the total and the sentence as shown."""
        return self._total.text(), self._text.text()

    def _lay(self, now: datetime) -> None:
        calendar = records.find(self._board, Calendar, COUNTED_BY)
        if calendar is None or not self._spans:
            return
        told = carried_minutes(self._spans, calendar, now)
        whole = _minutes(told.whole)
        off = phrase("历时 {time}，不在工作时间", time=whole)  # the bar is then drawn by the clock on the wall
        self._total.set_words(off if told.is_off else phrase("合计 {time} 工作时间", time=whole))
        said = (say("{who} {time}", who=self._name(*who), time=_minutes(each)) for who, each in told.by.items())
        self._text.set_words("   ".join(map(times.on_one_line, said)))
        self._bar.show_segments(self._segments(calendar, now))
        self._bar.setAccessibleName(f"{phrase('责任时间')} {self._text.text()}")

    def _segments(self, calendar: Calendar, now: datetime) -> list[Segment]:
        """Returns the segments to the scale of working time; without any, to that of the clock on the wall."""
        first, found = self._spans[0].since, []
        lanes: dict[str, int] = {}
        end = _end(self._spans) or now
        whole = calendar.between(first.timestamp(), end.timestamp())

        def at(moment: datetime) -> float:
            if whole > 0:
                return calendar.between(first.timestamp(), moment.timestamp()) / whole
            return (moment - first) / max(end - first, end.resolution)

        for one in self._spans:
            is_help = one.share is Share.TASK
            lane = lanes.setdefault(one.body, len(lanes) + 1) if is_help else 0
            is_waiting = one.body == Role.COORDINATOR
            name = self._name(one.body, one.share)
            found.append(Segment(at(one.since), at(one.until or now), name, one.share, is_waiting, lane))
        return found

    def _name(self, body: str, share: Share) -> str:
        if share is Share.HALL:
            return word("role", body)
        called = names.holder_name(self._board, body, short=True)
        return say("{who}协办", who=called) if share is Share.TASK else called


class RibbonBar(QWidget):
    """Paints segments: who carries the case in one bar with names, and who helps in thin ones below."""

    def __init__(self) -> None:
        super().__init__()
        self._segments: list[Segment] = []

    def show_segments(self, segments: Iterable[Segment]) -> None:
        """Shows other segments."""
        self._segments = list(segments)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        lanes = max((one.lane for one in self._segments), default=0)
        return QSize(200, LANE + lanes * (HELP + GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for one in self._segments:
            left, right = round(one.left * self.width()), round(one.right * self.width())
            top = 0 if one.lane == 0 else LANE + GAP + (one.lane - 1) * (HELP + GAP)
            box = QRectF(left, top, max(right - left, _LEAST), LANE if one.lane == 0 else HELP)
            _fill(painter, box.adjusted(0, 0, -1 if box.width() > _LEAST else 0, 0), one)
            if one.lane == 0:
                self._write(painter, box, one)

    def _write(self, painter: QPainter, box: QRectF, one: Segment) -> None:
        room = box.adjusted(6, 0, -4, 0)
        if paint.text_width(one.name, MEASURES.label) <= room.width():
            tone = "onac" if one.share is Share.LEAD else "warn" if one.is_waiting else "tx2"
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            paint.words(painter, room, one.name, token=tone, size=MEASURES.label, align=align)


def _fill(painter: QPainter, box: QRectF, one: Segment) -> None:
    """Paints a segment; a tint has an edge, for alone it hardly stands out from the ground."""
    fill, edge = _tones(one)
    painter.fillRect(box, colour(edge))
    if fill != edge:
        painter.fillRect(box.adjusted(1, 1, -1, -1), colour(fill))


def _tones(one: Segment) -> tuple[str, str]:
    """Returns the tokens of a segment's inside and of its edge."""
    if one.share is Share.TASK:
        return "ac", "ac"
    if one.share is Share.LEAD:
        return "acf", "acf"
    return ("warnb", "warng") if one.is_waiting else ("bg3", "ln3")


def _minutes(count: int) -> str:
    return times.in_minutes(count * _MINUTE)


def _end(found: Sequence[Span]) -> datetime | None:
    """Returns when the last span ended; None while one is open."""
    ends = [one.until for one in found]
    return None if None in ends else max(filter(None, ends))

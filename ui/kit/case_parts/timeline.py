"""A list of what happened, newest first: when, what, who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.kit.labels.label import Retranslated
from ui.kit.tables.rows import ROW_ROLE, Index, Rows
from ui.kit.texts import times
from ui.kit.texts.words import Words, say, term
from ui.theme import MEASURES, colour, mark, paint

TIME_WIDTH = 62
DAY_WIDTH, YEAR_WIDTH = 44, 30  # pixels before the times, when not everything happened today, or this year
MARK_AT = 74
TEXT_AT = 86
WHO_LEAST, BETWEEN = 86, 8  # pixels: of who did it where what was done needs the room, and between both


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry: ``at`` is timezone-aware, ``who`` as shown, ``tone`` the colour token of its mark.

    ``delivery`` is kept, sent, needs_you or empty.
    """

    at: datetime
    words: Words
    who: str = ""
    tone: str = "tx3"
    delivery: str = ""


class TimelineModel(Rows[TimelineEntry]):
    """Entries, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(lambda entry: (entry.at, entry.who, entry.delivery), parent)
        self._zone: tzinfo = UTC
        self._today: date | None = None

    def show_entries(self, entries: Sequence[TimelineEntry], *, zone: tzinfo, today: date | None = None) -> None:
        """Replaces the entries, given oldest first; times are shown in ``zone``, where ``today`` is the current day."""
        is_told_else = (zone, today) != (self._zone, self._today)
        self._zone, self._today = zone, today
        self.show_rows(reversed(entries))
        if is_told_else:
            self.refresh_all()

    def day_room(self) -> int:
        """Returns the width in pixels of the days before the times, 0 while everything happened today."""
        days = {self._day(entry) for entry in self.rows}
        if days <= {self._now()}:
            return 0
        return DAY_WIDTH + (YEAR_WIDTH if any(day.year != self._now().year for day in days) else 0)

    def day(self, row: int) -> str:
        """Returns the day shown in a row: at the first row of each day, unless everything happened today."""
        day = self._day(self.rows[row])
        is_first = row == 0 or self._day(self.rows[row - 1]) != day
        if not is_first or not self.day_room():
            return ""
        return say("今日") if day == self._now() else times.day(day, self._zone, today=self._now())

    def told(self, entry: TimelineEntry) -> str:
        """Returns the time of an entry as shown: the time of day."""
        return times.clock(entry.at, self._zone)

    def _now(self) -> date:
        return self._today or self._day(self.rows[0])

    def _day(self, entry: TimelineEntry) -> date:
        return entry.at.astimezone(self._zone).date()

    def text(self, row: int) -> str:
        entry = self.rows[row]
        return " ".join(filter(None, (self.day(row), self.told(entry), str(entry.words), entry.who)))

    def tip(self, row: int) -> str:
        entry = self.rows[row]
        return f"{entry.at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}  {entry.words}  {entry.who}"


class TimelineDelegate(QStyledItemDelegate):
    """Paints day, right-aligned time, a square on a vertical line, the text, and who at the right; all rows align."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, MEASURES.row_tight)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry, model = index.data(ROW_ROLE), index.model()
        if not isinstance(model, TimelineModel):
            return
        rect: QRect = option.rect
        shift = model.day_room()
        self._paint_time(painter, rect, shift, model.day(index.row()), model.told(entry))
        at, middle = rect.left() + MARK_AT + shift, rect.center().y() + 1
        if index.row() < model.rowCount() - 1:
            paint.hairline(painter, at, middle, at, rect.bottom() + 1, token="ln2")
        if index.row() > 0:
            paint.hairline(painter, at, rect.top(), at, middle, token="ln2")
        paint.glyph(painter, QPointF(at, middle), "mark.step", size=9, shade=colour(entry.tone))
        self._paint_words(painter, rect.adjusted(TEXT_AT + shift, 0, -2, 0), entry)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), colour("ac"))

    def _paint_time(self, painter: QPainter, rect: QRect, shift: int, day: str, time: str) -> None:
        box = QRect(rect.left(), rect.top(), shift + TIME_WIDTH, rect.height())
        paint.words(painter, box, time, token="tx3", size=MEASURES.label, align=Qt.AlignmentFlag.AlignRight)
        if day:
            box.setWidth(shift)
            paint.words(painter, box, day, token="tx2", size=MEASURES.label)

    def _paint_words(self, painter: QPainter, box: QRect, entry: TimelineEntry) -> None:
        said = str(term("delivery", entry.delivery, short=True)) if entry.delivery else ""
        room = paint.chip_width(said, mark=f"delivery.{entry.delivery}") if said else 0
        needed = paint.text_width(str(entry.words)) + (room + 8 if room else 0)
        who = min(paint.text_width(entry.who, MEASURES.label), max(WHO_LEAST, box.width() - needed - BETWEEN - 2))
        named = box.adjusted(box.width() - who - 1, 0, 0, 0)
        paint.words(painter, named, entry.who, token="tx3", size=MEASURES.label, align=Qt.AlignmentFlag.AlignRight)
        box.setRight(named.left() - BETWEEN)
        if said:
            text = min(paint.text_width(str(entry.words)), box.width() - room - 8)
            paint.words(painter, QRect(box.left(), box.top(), text + 1, box.height()), str(entry.words))
            left = box.left() + text + 8
            paint.chip(painter, left, box.center().y() + 1, said, kind="filter", mark=f"delivery.{entry.delivery}")
        else:
            paint.words(painter, box, str(entry.words))


class Timeline(Retranslated, QListView):
    """The list of a case's history; arrow keys move in it, the full text is in the tooltip.

    A `whole` one is as high as its rows and does not scroll, but what it stands in.
    """

    def __init__(self, model: TimelineModel, *, whole: bool = False) -> None:
        super().__init__()
        self._is_whole = whole
        self._model = model
        self.setModel(model)
        self.setItemDelegate(TimelineDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        mark(self, surface="bg1")
        if whole:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
                changed.connect(self.updateGeometry)
        self.retell()

    def sizeHint(self) -> QSize:
        tall = MEASURES.row_tight * self._model.rowCount() + 2 * self.frameWidth()
        return QSize(240, tall) if self._is_whole else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._is_whole else super().minimumSizeHint()

    def scrollTo(self, index: Index, hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        """Brings a row into view, also in what the whole list stands in."""
        super().scrollTo(index, hint)
        around = self.parentWidget()
        while self._is_whole and around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        inside = around.widget() if self._is_whole and isinstance(around, QScrollArea) else None
        if isinstance(around, QScrollArea) and inside is not None:
            middle = self.viewport().mapTo(inside, self.visualRect(index).center())
            around.ensureVisible(0, middle.y(), 0, 2 * MEASURES.row_tight)

    def retell(self) -> None:
        self.setAccessibleName(say("经过"))
        self._model.refresh_all()

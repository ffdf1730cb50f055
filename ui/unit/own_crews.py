"""The crews of the seat's own unit under its list: what each does, for how long, and at which case."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.texts.crews import time_in_status
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say, word
from ui.theme import MEASURES, filled, paint

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

HEAD, ROW, PAD = 32, 26, 14  # pixels
NAME_AT, STATUS_AT, TIME = 38, 0.42, 76  # pixels from the left, share of the width, pixels at the right


class CrewRow(NamedTuple):
    """What a row shows; `case` is the number of the case at which the crew is, "" for none."""

    glyph: str
    name: str
    status: str
    case: str
    lasted: str
    is_on_duty: bool


class OwnCrews(QWidget):
    """A heading and a row for each crew; nothing for a seat without any. `show_now` brings it up to date."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk
        self._rows: list[CrewRow] = []
        filled(self, surface="bg1")
        self.hide()

    def show_now(self) -> None:
        """Shows the crews as they are; repaints nothing when nothing has changed, and of a mere second the times."""
        before, self._rows = self._rows, self._read()
        if [row._replace(lasted="") for row in before] != [row._replace(lasted="") for row in self._rows]:
            self.setFixedHeight(HEAD + ROW * len(self._rows) + 6)
            self.setVisible(bool(self._rows))
            self.setAccessibleName("；".join(" ".join(filter(None, row[1:4])) for row in self._rows))
            self.update()
        elif before != self._rows:
            self.update(self.width() - PAD - TIME, HEAD, TIME + PAD, self.height() - HEAD)

    def told(self) -> list[str]:
        """Returns the rows as text."""
        return [" ".join(filter(None, row[1:5])) for row in self._rows]

    def _read(self) -> list[CrewRow]:
        person = self._desk.person
        body = person.scope.holder if person is not None else None
        return [self._row(crew) for crew in records.crews_by_unit(self._desk.board).get(body or "", ())]

    def _row(self, crew: Crew) -> CrewRow:
        case = records.find(self._desk.board, Case, crew.job)
        lasted = time_in_status(crew, self._desk.now()) if crew.is_on_duty else ""
        at = tail(case) if case is not None else ""
        glyph, status = f"crew.{crew.status}", word("status", crew.status)
        return CrewRow(glyph, called(crew.name), status, at, lasted, crew.is_on_duty)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.hairline(painter, 0, 0, self.width(), 0, token="ln2")
        head = QRectF(PAD, 6, self.width() - 2 * PAD, HEAD - 6)
        paint.words(painter, head, say("本单位队组"), token="tx3", size=MEASURES.label)
        for number, row in enumerate(self._rows):
            self._paint_row(painter, QRectF(0, HEAD + number * ROW, self.width(), ROW), row)
        painter.end()

    def _paint_row(self, painter: QPainter, box: QRectF, row: CrewRow) -> None:
        ink, status_at = "tx1" if row.is_on_duty else "tx3", box.width() * STATUS_AT
        paint.glyph(painter, QPointF(20, box.center().y()), row.glyph, size=11)
        paint.words(painter, QRectF(NAME_AT, box.top(), status_at - NAME_AT - 8, ROW), row.name, token=ink)
        said = QRectF(status_at, box.top(), box.width() - status_at - TIME - PAD, ROW)
        paint.words(painter, said, f"{row.status}  {row.case}".rstrip(), token="tx2" if row.is_on_duty else "tx3")
        time = QRectF(box.width() - TIME - PAD, box.top(), TIME, ROW)
        paint.words(painter, time, row.lasted, token="tx2", align=Qt.AlignmentFlag.AlignRight)

"""The findings beside the intake form: possible duplicates, what to ask, earlier cases at the place, whom to call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.chips import Glyph
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase
from ui.theme import MEASURES, colour, filled, paint

ROW, HEADING, RULE = 26, 20, 7  # pixels
CERTAIN = "1.00"  # the score of a duplicate in which all that is compared is the same


@dataclass(frozen=True, slots=True)
class Card:
    """A possible duplicate as text; `case` is its id, `light` a light id, `score` from "0.00" to "1.00"."""

    case: str
    number: str
    light: str
    title: str
    score: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case at this place as one line: day, title and state; `tone` is the text token of the state."""

    case: str
    day: str
    what: str
    state: str
    tone: str


class Findings(QWidget):
    """The panel of findings; `wanted(case id)` asks to show a case, `other(case id)` says that it is no duplicate."""

    wanted = Signal(str)
    other = Signal(str)
    found = Signal()  # other duplicates than before

    def __init__(self) -> None:
        super().__init__()
        filled(self, surface="bg1")
        self._cards: list[_CardBox] = []
        self._likely, self._past = Section(), Section()
        self._shelf = vbox(spacing=8)
        self._none = Label(level="label", wrap=True)
        self._rows = _Rows()
        self._rows.wanted.connect(self.wanted)
        self._asked, self._questions = Section(), Label(wrap=True)
        self._called, self._phones = Section(), Facts(label_width=110)
        likely, past = (self._likely, self._shelf, self._none), (self._past, self._rows)
        others = (self._asked, self._questions, *past, self._called, self._phones)
        vbox(self, *likely, *others, STRETCH, margins=(14, 14, 14, 14), spacing=8)
        self.show_none()
        self.show_kind((), ())

    def show_none(self) -> None:
        """Shows neither duplicates nor earlier cases: none were looked for."""
        self.show_likely(())
        self._likely.tell(phrase("疑似重复"))
        self._none.hide()
        self.show_past((), told=phrase("此地以往"))

    def show_likely(self, cards: Sequence[Card]) -> None:
        """Shows `cards` as the possible duplicates."""
        if tuple(cards) != self.cards():
            self._lay_out(cards)
        self._likely.tell(phrase("疑似重复"), len(cards), tone="warn")
        self._none.set_words(phrase("24 小时内、100 米内或同一地址没有同类案件。"))
        self._none.setVisible(not cards)

    def _lay_out(self, cards: Sequence[Card]) -> None:
        for box in self._cards:
            self._shelf.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._cards = [_CardBox(card, self.wanted.emit, self.other.emit) for card in cards]
        for box in self._cards:
            self._shelf.addWidget(box)
        self.found.emit()

    def show_past(self, rows: Sequence[PastCase], *, told: Words) -> None:
        """Shows the earlier cases at this place; `told` says how many they are and where they were looked up."""
        self._past.tell(told)
        self._rows.show_rows(rows)
        self._rows.setVisible(bool(rows))

    def show_kind(self, questions: Sequence[str], phones: Sequence[Fact]) -> None:
        """Shows what to ask the caller about a case of the kind, and the duty telephones of those who handle it."""
        self._asked.tell(phrase("问清"))
        self._questions.setText("\n".join(f"· {question}" for question in questions))
        self._called.tell(phrase("值班电话"))
        self._phones.show_facts(phones)
        self._asked.setVisible(bool(questions))
        self._questions.setVisible(bool(questions))
        self._called.setVisible(bool(phones))
        self._phones.setVisible(bool(phones))

    def cards(self) -> tuple[Card, ...]:
        """Returns the possible duplicates shown."""
        return tuple(box.card for box in self._cards)

    def certain(self) -> Card | None:
        """Returns the duplicate in which everything is the same; None without one."""
        return next((card for card in self.cards() if card.score == CERTAIN), None)

    def rows(self) -> tuple[PastCase, ...]:
        """Returns the earlier cases shown."""
        return self._rows.rows


class Section(QWidget):
    """A heading with a count, a note and a hairline after them; where there is little height the hairline alone."""

    def __init__(self, title: Words = "") -> None:
        super().__init__()
        self._title: Words = title
        self._note: Words = ""
        self._count = ""
        self._tone = "tx2"
        self.setFixedHeight(HEADING)

    def stand_close(self, is_close: bool) -> None:
        """Shows the hairline alone, or the heading too."""
        self.setFixedHeight(RULE if is_close else HEADING)

    def tell(self, title: Words, count: int | None = None, *, tone: str = "tx2", note: Words = "") -> None:
        """Shows a title, a count (None for no count) in the text token `tone`, and a note; a count of 0 is faint."""
        self._count = "" if count is None else str(count)
        self._title, self._tone, self._note = title, tone if count else "tx3", note
        self.setAccessibleName(f"{title} {self._count} {note}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, middle = 0, self.height() // 2
        for said, token, bold in (
            (str(self._title), "tx3", False),
            (self._count, self._tone, True),
            (str(self._note), "tx3", False),
        ):
            if said and self.height() == HEADING:
                box = QRectF(left, 0, self.width() - left, HEADING)
                paint.words(painter, box, said, token=token, size=MEASURES.label, bold=bold)
                left += paint.text_width(said, MEASURES.label, bold) + 8
        if left < self.width():
            paint.hairline(painter, left, middle, self.width(), middle)
        painter.end()


class _CardBox(QWidget):
    def __init__(self, card: Card, look: Callable[[str], None], other: Callable[[str], None]) -> None:
        super().__init__()
        self.card = card
        score = ElidedText(card.score, tone="ac")
        head = hbox(None, Glyph(f"light.{card.light}"), Label(card.title, level="strong"), (score, 1), spacing=8)
        see = KeyButton(phrase("看这件"), role="row")
        see.clicked.connect(lambda _on=False: look(card.case))
        apart = KeyButton(phrase("不是同一件"), role="text")
        apart.clicked.connect(lambda _on=False: other(card.case))
        lines = (Label(said, level="label", tone="tx2", wrap=True) for said in card.lines)
        foot = hbox(None, see, apart, STRETCH, spacing=8)
        vbox(self, head, *lines, foot, margins=(12, 8, 10, 8), spacing=4)
        self.setAccessibleName(" ".join((card.title, *card.lines)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("ac"), 1))
        painter.setBrush(colour("acb"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), MEASURES.radius, MEASURES.radius)
        painter.end()


class _Rows(QWidget):
    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[PastCase, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[PastCase]) -> None:
        self.rows = tuple(rows)
        self.setAccessibleName("\n".join(f"{row.day} {row.what} {row.state}" for row in rows))
        self.setToolTip(plain_tip(self.accessibleName()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, ROW * len(self.rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y() // ROW)
        if place < len(self.rows):
            self.wanted.emit(self.rows[place].case)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, row in enumerate(self.rows):
            box = QRectF(0, place * ROW, self.width(), ROW)
            paint.words(painter, box, row.day, token="tx3", size=MEASURES.label)
            right = Qt.AlignmentFlag.AlignRight
            paint.words(painter, box, row.state, token=row.tone, size=MEASURES.label, align=right)
            room = box.adjusted(76, 0, -paint.text_width(row.state, MEASURES.label) - 12, 0)
            paint.words(painter, room, row.what, size=MEASURES.label)
            paint.hairline(painter, 0, box.bottom() - 1, self.width(), box.bottom() - 1)
        painter.end()

"""List model and delegate for search candidates."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.kit.tables.rows import ROW_ROLE, Index, Rows
from ui.theme import MEASURES, colour, paint

NOTE_GAP = 16  # pixels between a text and its note


@dataclass(frozen=True, slots=True)
class Candidate:
    """One search result. ``marks`` are [start, end) index ranges of ``text`` that matched.

    ``thing`` is the object that choosing it yields, ``note`` follows the text, ``aside`` stands at the right, ``shape``
    is a glyph name or empty, ``key`` what chooses it besides ↵.
    """

    text: str
    thing: object = None
    note: str = ""
    aside: str = ""
    shape: str = ""
    key: str = ""
    marks: tuple[tuple[int, int], ...] = ()


class CandidateModel(Rows[Candidate]):
    """The current candidates, best first."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(lambda offer: (offer.text, offer.note, offer.aside), parent)

    def text(self, row: int) -> str:
        offer = self.rows[row]
        return f"{offer.text} {offer.note} {offer.aside}".strip()

    def tip(self, row: int) -> str:
        offer = self.rows[row]
        return f"{offer.text}  {offer.note}  {offer.aside}"


class CandidateDelegate(QStyledItemDelegate):
    """Paints glyph, text with the matches in the accent colour, note, aside at the right, and the row's key.

    That of the selected row is ↵.
    """

    def __init__(self, model: CandidateModel, *, row_height: int, inset: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._height, self._inset = model, row_height, inset

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer: Candidate = index.data(ROW_ROLE)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colour("sel" if chosen else "hover"))
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), colour("ac"))
        box = rect.adjusted(self._inset, 0, -self._inset, 0)
        box.setRight(self._paint_key(painter, box, "↵" if chosen else offer.key, offer.key or "↵"))
        if offer.shape:
            paint.glyph(painter, QPointF(box.left() + 6, rect.center().y() + 1), offer.shape)
        if any(one.shape for one in self._model.rows):  # the names of all rows align
            box.setLeft(box.left() + 22)
        _paint_offer(painter, box, offer, notes_at=self._notes_at(box), quiet="tx2" if chosen else "tx3")

    def _notes_at(self, box: QRect) -> int:
        """Returns where the notes of all rows begin: behind the longest text that has one, if that leaves them room."""
        longest = max((paint.text_width(one.text) for one in self._model.rows if one.note), default=0)
        return box.left() + max(box.width() // 3, min(longest + NOTE_GAP, box.width() // 2))

    def _paint_key(self, painter: QPainter, box: QRect, key: str, widest: str) -> int:
        """Paints the row's key; returns the right edge of what stands before, in all rows the same."""
        if key:
            paint.key_cap(painter, box.right() - paint.key_width(key), box.center().y() + 1, key)
        return box.right() - paint.key_width(widest) - 10


def candidate_list(model: CandidateModel, *, row_height: int, inset: int = 12) -> QListView:
    """Returns a list of candidates, `inset` pixels from its sides; the keyboard stays in the line edit above it."""
    view = QListView()
    view.setModel(model)
    view.setItemDelegate(CandidateDelegate(model, row_height=row_height, inset=inset, parent=view))
    view.setUniformItemSizes(True)
    view.setMouseTracking(True)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return view


def _paint_offer(painter: QPainter, box: QRect, offer: Candidate, *, notes_at: int, quiet: str) -> None:
    right = Qt.AlignmentFlag.AlignRight
    if offer.aside:
        paint.words(painter, box, offer.aside, token=quiet, size=MEASURES.label, align=right)
        box.setRight(box.right() - paint.text_width(offer.aside, MEASURES.label) - 12)
    left = box.left()
    for text, matched in _pieces(offer):
        piece = QRect(box)
        piece.setLeft(left)
        paint.words(painter, piece, text, token="ac" if matched else "tx1", bold=matched)
        left = min(left + paint.text_width(text, MEASURES.body, matched), box.right())
    if offer.note:
        box.setLeft(max(left + NOTE_GAP, notes_at))
        paint.words(painter, box, offer.note, token="tx2")


def _pieces(offer: Candidate) -> list[tuple[str, bool]]:
    """Returns the text split at its marks as (piece, matched)."""
    pieces, at = [], 0
    for start, end in sorted(offer.marks):
        pieces += [(offer.text[at:start], False), (offer.text[start:end], True)]
        at = end
    pieces.append((offer.text[at:], False))
    return [(text, matched) for text, matched in pieces if text]

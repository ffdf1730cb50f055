"""The command overlay (Ctrl+K): input field, preview of what Enter will do, and candidates, over a scrim."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.kit.command_line.field import CommandField
from ui.kit.command_line.grammar import CommandLine, Grammar, LinePart
from ui.kit.command_line.notes import Notes
from ui.kit.labels.label import Label, line
from ui.kit.labels.spans import TextSpan, TextSpans
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.search.candidates import Candidate, CandidateModel, candidate_list
from ui.kit.texts.words import phrase
from ui.theme import colour, mark
from ui.theme.tokens import MEASURES

WIDTH, TOP, FROM_BAR, SCRIM = 800, 132, 88, 0.55
MOST_ROWS = 8
ROW_HEIGHT = 36


@dataclass(frozen=True, slots=True)
class Preview:
    """What a command line would do: a sentence, notes below it, candidates and their heading.

    `may` is true when Enter may execute the line.
    """

    sentence: tuple[TextSpan, ...] = ()
    notes: tuple[tuple[str, str, str], ...] = ()  # icon, tone, text
    head: str = ""
    rows: tuple[Candidate, ...] = ()
    may: bool = False


class Previewer(Protocol):
    """Supplies the grammar, previews a command line and executes it; `refused` is called when nothing came of it."""

    def grammar(self) -> Grammar: ...

    def preview(self, line: CommandLine) -> Preview: ...

    def act(self, line: CommandLine, refused: Callable[[], None]) -> None: ...


class CommandOverlay(QWidget):
    """Covers its parent between top bar and status bar while open; Esc or a click on the scrim closes it."""

    closed = Signal()

    def __init__(self, previewer: Previewer, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self._previewer = previewer
        self._grammar = Grammar(())
        self._line = CommandLine()
        self._preview = Preview()
        self._box = mark(QFrame(self), surface="command")
        self.field = CommandField(self._box)
        self.sentence, self.notes = TextSpans(parent=self._box), Notes(self._box)
        self._said = QWidget(self._box)
        self._after = Label(phrase("回车后"), level="label", parent=self._box)
        self._head = Label(level="label", parent=self._box)
        self._rows = CandidateModel(parent=self)
        self.list = candidate_list(self._rows, row_height=ROW_HEIGHT)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self._take(index.row(), act=True))
        self._arranged = self._place()
        self.field.textChanged.connect(self._read)
        self.field.edit.installEventFilter(self)
        self.hide()

    def open(self, typed: str = "") -> None:
        """Opens it with the current grammar and `typed` in the field."""
        self._grammar = self._previewer.grammar()
        self.field.setText(typed)
        self._read(typed)
        self.fit()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_line(self) -> None:
        """Hides it and emits `closed`, so that the keyboard focus can return to the list."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def fit(self) -> None:
        """Takes the area between top bar and status bar and sizes the box to its content."""
        parent = self._under
        below = MEASURES.top_bar
        self.setGeometry(0, below, parent.width(), parent.height() - below - MEASURES.status_bar)
        width = min(WIDTH, self.width() - 48)
        top = FROM_BAR if self.height() > 640 else 24
        self._box.setFixedWidth(width)
        for part in (self.sentence, self.notes, self._said):
            part.updateGeometry()  # otherwise the box keeps its former height
        box = self._arranged
        box.invalidate()
        tall = box.totalHeightForWidth(width) if box.hasHeightForWidth() else box.totalSizeHint().height()
        self._box.setGeometry(QRect((self.width() - width) // 2, top, width, tall))

    @property
    def line(self) -> CommandLine:
        """The parsed command line."""
        return self._line

    def _place(self) -> QVBoxLayout:
        vbox(self._said, self._after, self.sentence, self.notes, margins=(16, 12, 16, 12), spacing=6)
        self._head.setContentsMargins(16, 8, 16, 6)
        parts = (self.field, line(), self._said, self._head, self.list, line(), self._footer())
        return vbox(self._box, *parts, margins=(1, 1, 1, 1))

    def _footer(self) -> QWidget:
        bar = mark(QWidget(self._box), surface="bg2")
        keys = ("Tab 补全", "↑ ↓ 选择", "↵ 执行", "Esc 关闭")
        hints = (Label(phrase(said), level="label", tone="tx2") for said in keys)
        hint = Label(phrase("拼音、首字母、编号末位均可"), level="label")
        hbox(bar, *hints, STRETCH, hint, margins=(16, 8, 16, 8), spacing=16)
        return bar

    def _read(self, typed: str) -> None:
        self._line = self._grammar.read(typed)
        self._preview = self._previewer.preview(self._line)
        self.field.show_parsed(self._line)
        self.sentence.show_spans(self._preview.sentence)
        self.notes.show_notes(self._preview.notes)
        self._said.setVisible(bool(self._preview.sentence))
        self._after.setVisible(self._preview.may)
        self._head.setText(self._preview.head)
        self._head.setVisible(bool(self._preview.head))
        self._rows.show_rows(self._preview.rows[:MOST_ROWS])
        self.list.setVisible(bool(self._preview.rows))
        self.list.setFixedHeight(ROW_HEIGHT * min(len(self._preview.rows), MOST_ROWS) or 1)
        if self._preview.rows:
            self.list.setCurrentIndex(self._rows.index(0))
        if self.isVisible():
            self.fit()

    def _take(self, number: int, *, act: bool = False) -> None:
        """Completes the line with a candidate; with `act` (a click) a complete line is executed."""
        if 0 <= number < len(self._line.offers):
            offer = self._line.offers[number]
            if offer.part is LinePart.TARGET:
                self._grammar = replace(self._grammar, picked_target=(" ".join(offer.name.split()), offer.id))
            self.field.setText(offer.line)
            if act and self._line.is_complete:
                self._enter()

    def _enter(self) -> None:
        chosen = self.list.currentIndex().row()
        if chosen > 0 or (not self._line.is_complete and self._line.offers):
            self._take(max(chosen, 0))
            if not self._line.is_complete:
                return
        if self._preview.may and self._line.is_complete:
            done, typed = self._line, self.field.text()
            self.close_line()
            self._previewer.act(done, lambda: self._open_again(typed))

    def _open_again(self, typed: str) -> None:
        """Gives back a line that was refused, unless the next one is being typed."""
        if not self.isVisible():
            self.open(typed)

    def _move(self, by: int) -> None:
        row = self.list.currentIndex().row() + by
        if 0 <= row < self._rows.rowCount():
            self.list.setCurrentIndex(self._rows.index(row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            does = {
                Qt.Key.Key_Down: lambda: self._move(1),
                Qt.Key.Key_Up: lambda: self._move(-1),
                Qt.Key.Key_Tab: lambda: self._take(max(self.list.currentIndex().row(), 0)),
                Qt.Key.Key_Return: self._enter,
                Qt.Key.Key_Enter: self._enter,
                Qt.Key.Key_Escape: self.close_line,
            }.get(key)
            if does:
                does()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg0", alpha=SCRIM))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_line()

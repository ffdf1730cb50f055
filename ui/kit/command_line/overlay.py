"""The command overlay (Ctrl+K): input field, preview of what Enter will do, and candidates, over a scrim."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.kit.command_line import digits
from ui.kit.command_line.field import CommandField
from ui.kit.command_line.grammar import Grammar
from ui.kit.command_line.history import LineHistory
from ui.kit.command_line.notes import Notes
from ui.kit.command_line.parts import CommandLine, LinePart
from ui.kit.command_line.recall import Recall
from ui.kit.controls.scrim import Scrim
from ui.kit.labels.label import Label, line
from ui.kit.labels.spans import TextSpan, TextSpans
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.search.candidates import Candidate, CandidateModel, candidate_list
from ui.kit.texts.words import phrase
from ui.theme import mark

WIDTH, FROM_BAR = 800, 88  # pixels
MOST_ROWS = 8
ROW_HEIGHT = 36
EDGE = 16  # pixels from the sides of the box to what is in it


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


class CommandOverlay(Scrim):
    """Covers its parent between top bar and status bar while open; Esc or a click on the scrim closes it."""

    def __init__(self, previewer: Previewer, history: LineHistory, parent: QWidget) -> None:
        super().__init__(parent)
        self._previewer, self._history = previewer, history
        self._grammar = Grammar(())
        self._line = CommandLine()
        self._preview = Preview()
        self._box = mark(QFrame(self), surface="command")
        self.field = CommandField(self._box)
        self.sentence, self.notes = TextSpans(parent=self._box), Notes(self._box)
        self._said = QWidget(self._box)
        self._after = Label(level="label", parent=self._box)
        self._head = Label(level="label", parent=self._box)
        self._rows = CandidateModel(parent=self)
        self.list = mark(candidate_list(self._rows, row_height=ROW_HEIGHT, inset=EDGE), surface="list")
        self._choices = mark(QWidget(self._box), surface="bg2")
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._recall = Recall(history, self._rows, self.list)
        self.list.clicked.connect(lambda index: self._take(index.row()))
        self._arranged = self._place()
        self.field.textChanged.connect(self._read)
        self.field.edit.installEventFilter(self)

    def open(self, typed: str = "") -> None:
        """Opens it with the current grammar and `typed` in the field, or else the line that was left, selected."""
        self._grammar = self._previewer.grammar()
        self._recall.is_on = False
        shown = typed or self._history.left()
        self.field.setText(shown)
        self._read(shown)
        self.fit()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not typed:
            self.field.edit.selectAll()

    def close_box(self) -> None:
        """Hides it; what was typed is there when it is opened the next time."""
        if self.isVisible():
            self._history.leave("" if self._recall.is_on else self.field.text())
        super().close_box()

    def end(self) -> None:
        """Closes it for another person, who finds nothing of what was typed."""
        self.field.setText("")
        self.close_box()

    def fit(self) -> None:
        """Takes the area between top bar and status bar and sizes the box to its content."""
        width = min(WIDTH, self.cover().width() - 48)
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
        vbox(self._said, self._after, self.sentence, self.notes, margins=(EDGE, 12, EDGE, 14), spacing=6)
        self._head.setContentsMargins(EDGE, 10, EDGE, 8)
        vbox(self._choices, line(), self._head, self.list)
        parts = (self.field, line(), self._said, self._choices, line(), self._footer())
        return vbox(self._box, *parts, margins=(1, 1, 1, 1))

    def _footer(self) -> QWidget:
        bar = mark(QWidget(self._box), surface="bg2")
        keys = ("Tab 补全", "↑ ↓ 选择", "空行 ↑ 以前的命令", "Esc 关闭")
        hints = (Label(phrase(said), level="label", tone="tx2") for said in keys)
        hint = Label(phrase("拼音、首字母、编号末位均可"), level="label")
        hbox(bar, *hints, STRETCH, hint, margins=(EDGE, 8, EDGE, 8), spacing=16)
        return bar

    def _read(self, typed: str) -> None:
        if self._recall.is_on:
            self._show_recalled(self._recall.show_matches(typed))
        else:
            self._show_read(typed)
        if self.isVisible():
            self.fit()

    def _show_recalled(self, count: int) -> None:
        """Shows the earlier lines that the field lets through in the place of what the line would do."""
        self._line, self._preview = CommandLine(), Preview()
        self.field.show_recalling()
        self._said.hide()
        none = phrase("以前的命令里没有这个")
        self._head.set_words(phrase("以前的命令，输入几个字筛选") if count else none)
        self._head.show()
        self._size_list(count)

    def _show_read(self, typed: str) -> None:
        self._line = self._grammar.read(typed)
        self._preview = self._previewer.preview(self._line)
        self.field.show_parsed(self._line)
        self.sentence.show_spans(self._preview.sentence)
        self.notes.show_notes(self._preview.notes)
        self._said.setVisible(bool(self._preview.sentence))
        self._head.setText(self._preview.head)
        self._head.setVisible(bool(self._preview.head))
        rows = enumerate(self._preview.rows[:MOST_ROWS])
        self._rows.show_rows([replace(row, key=digits.cap(at, typed, self._line)) for at, row in rows])
        self._size_list(len(self._preview.rows))
        self._select(0)
        self._tell_enter()

    def _size_list(self, count: int) -> None:
        self.list.setVisible(bool(count))
        self._choices.setVisible(bool(count) or not self._head.isHidden())
        self.list.setFixedHeight(ROW_HEIGHT * min(count, MOST_ROWS) or 1)

    def _take(self, number: int) -> None:
        """Completes the line with a candidate; nothing is given before the sentence has said what Enter does."""
        if self._recall.is_on:
            self._put(self._recall.end())
        elif 0 <= number < len(self._line.offers):
            offer = self._line.offers[number]
            if offer.part is LinePart.TARGET:
                self._grammar = self._grammar.picking(offer)
            self._put(offer.line)

    def _put(self, line: str) -> None:
        """Puts a line into the field, to be looked at, changed, and given by Enter."""
        self.field.setText(line)
        self._read(line)  # the same text may mean another target now

    @property
    def _takes_row(self) -> bool:
        """Whether Enter writes the selected row into the line."""
        is_choosing = not self._line.is_complete and bool(self._line.offers)
        return self._recall.is_on or self.list.currentIndex().row() > 0 or is_choosing

    def _tell_enter(self) -> None:
        """Says above the sentence what Enter does, and nothing where it does nothing."""
        self._after.set_words(phrase("回车写入所选的一行") if self._takes_row else phrase("回车后"))
        self._after.setVisible(self._takes_row or self._preview.may)

    def _enter(self) -> None:
        if self._takes_row:
            self._take(max(self.list.currentIndex().row(), 0))
        else:
            self._give()

    def _give(self) -> None:
        """Gives what the sentence says, if it may be given."""
        if self._preview.may and self._line.is_complete and not self._recall.is_on:
            done, typed = self._line, self.field.text()
            self._history.add(done.said)
            self.close_box()
            self._history.leave("")
            self._previewer.act(done, lambda: self._open_again(typed))

    def _open_again(self, typed: str) -> None:
        """Gives back a line that was refused, unless the next one is being typed."""
        if not self.isVisible():
            self.open(typed)

    def _move(self, by: int) -> None:
        """Moves in the list; up from an empty line to the lines of before, down past the newest of them back."""
        row, is_empty = self.list.currentIndex().row(), not self.field.text().strip()
        if self._recall.is_on and self._recall.leaves_by(by):
            self._leave_recall()
        elif by < 0 and is_empty and row <= 0 and not self._recall.is_on and self._recall.begin():
            self._read("")
        else:
            self._select(row + by)

    def _leave_recall(self) -> None:
        self._recall.end()
        self._put("")

    def _select(self, row: int) -> None:
        if 0 <= row < self._rows.rowCount():
            self.list.setCurrentIndex(self._rows.index(row))
            self._tell_enter()

    def _escape(self) -> None:
        """Leaves the lines of before, or closes the overlay."""
        if self._recall.is_on:
            self._leave_recall()
        else:
            self.close_box()

    def _does(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Returns what a key does here; None for one that belongs to the field."""
        row = None if self._recall.is_on else digits.row_of(event, self.field.text(), self._line)
        if row is not None:
            return lambda: self._take(row)
        gives = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return {
            Qt.Key.Key_Down: lambda: self._move(1),
            Qt.Key.Key_Up: lambda: self._move(-1),
            Qt.Key.Key_Tab: lambda: self._take(max(self.list.currentIndex().row(), 0)),
            Qt.Key.Key_Return: self._give if gives else self._enter,
            Qt.Key.Key_Enter: self._give if gives else self._enter,
            Qt.Key.Key_Escape: self._escape,
        }.get(Qt.Key(event.key()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_typed = watched is self.field.edit and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if is_typed and isinstance(event, QKeyEvent):
            does = self._does(event)
            if does is not None and event.type() == QEvent.Type.KeyPress:
                does()
                return True
            if does is not None:
                event.accept()  # no key of the window beneath acts
        return super().eventFilter(watched, event)

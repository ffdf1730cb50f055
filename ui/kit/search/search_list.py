"""Line edit with a list of candidates beneath it, for addresses, holders, kinds and cases."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.layouts import vbox
from ui.kit.search.candidates import Candidate, CandidateModel, candidate_list
from ui.kit.texts.words import Words
from ui.theme import MEASURES, mark

MAX_CANDIDATES = 8
EDGE = 5  # pixels above and below the rows


class SearchList(Retranslated, QWidget):
    """A line edit and its candidates, as a popup beneath it or, with ``inline``, in the same widget.

    ``candidates`` is called at each edit of the text; an owner that searches slowly calls ``offer`` later instead. Down
    and Up move, Enter takes the candidate, Tab completes with it, Esc closes the list.
    """

    typed = Signal(str)
    chosen = Signal(object)  # Candidate
    completed = Signal(object)  # Candidate, by Tab
    entered = Signal(str)  # Enter without a candidate
    left = Signal()  # Esc with the list closed

    def __init__(
        self,
        *,
        candidates: Callable[[str], Sequence[Candidate]] | None = None,
        hint: Words = "",
        inline: bool = False,
        row_height: int = MEASURES.row,
    ) -> None:
        super().__init__()
        self._candidates, self._hint, self._inline, self._row = candidates, hint, inline, row_height
        self.edit = QLineEdit(self)
        self._model = CandidateModel(parent=self)
        self._frame = QFrame(self)
        self._list = mark(candidate_list(self._model, row_height=row_height), surface="list")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        vbox(self._frame, self._list, margins=(1, EDGE - 1, 1, EDGE - 1), spacing=-1)
        self._column = vbox(self, self.edit)
        if inline:
            self._column.addWidget(self._frame)
        else:
            mark(self._frame, surface="popup")
        self._frame.hide()
        self.setFocusProxy(self.edit)
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self._typed)
        self._list.clicked.connect(lambda index: self._take(index.row()))
        self.retell()

    def text(self) -> str:
        """Returns the typed text."""
        return self.edit.text()

    def stand_apart(self, line: QSize, gap: int) -> None:
        """Gives the line edit a size of its own, at the left, and leaves a `gap` in pixels above the rows."""
        self.edit.setFixedSize(line)
        self._column.setAlignment(self.edit, Qt.AlignmentFlag.AlignLeft)
        self._column.setSpacing(gap)

    def set_text(self, text: str) -> None:
        """Sets the text and closes the list; emits nothing."""
        self.edit.setText(text)
        self.offer(())

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Shows these candidates and selects the first; an empty sequence closes the list."""
        self._model.show_rows(candidates)
        if candidates:
            self._list.setCurrentIndex(self._model.index(0))
            self._place(min(len(candidates), MAX_CANDIDATES))
        self._frame.setVisible(bool(candidates))

    def is_open(self) -> bool:
        """Returns whether candidates are shown."""
        return not self._frame.isHidden()

    def current(self) -> Candidate | None:
        """Returns the selected candidate, None while the list is closed."""
        return self._model.at(self._list.currentIndex().row()) if self.is_open() else None

    def retell(self) -> None:
        self.edit.setPlaceholderText(str(self._hint))
        if not self.edit.accessibleName():
            self.edit.setAccessibleName(str(self._hint))

    def _typed(self, text: str) -> None:
        self.typed.emit(text)
        if self._candidates is not None:
            self.offer(self._candidates(text))

    def _take(self, row: int) -> None:
        candidate = self._model.at(row)
        if candidate:
            self.offer(())
            self.chosen.emit(candidate)

    def _place(self, rows: int) -> None:
        tall = rows * self._row + 2 * EDGE
        if self._inline:
            self._frame.setFixedHeight(tall)
            return
        window = self.window()
        self._frame.setParent(window)
        under = self.edit.mapTo(window, QPoint(0, self.edit.height() + 3))
        if under.y() + tall > window.height():  # no room beneath: above the line edit
            under.setY(max(0, self.edit.mapTo(window, QPoint(0, 0)).y() - tall - 3))
        self._frame.setGeometry(QRect(under.x(), under.y(), self.edit.width(), tall))
        self._frame.raise_()

    def _move(self, step: int) -> None:
        row = (self._list.currentIndex().row() + step) % self._model.rowCount()
        self._list.setCurrentIndex(self._model.index(row))

    def _key(self, key: int) -> bool:
        """Handles a key of the line edit; returns True when it is consumed."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
            return True
        if not self.is_open() or (self._inline and key == Qt.Key.Key_Escape):  # what holds it closes with its list
            return False
        if key in _STEPS:
            self._move(_STEPS[key])
        elif key == Qt.Key.Key_Escape:
            self.offer(())
        elif key == Qt.Key.Key_Tab:
            self.completed.emit(self.current())
        return key in _STEPS or key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab)

    def _enter(self) -> None:
        if self.current() is None:
            self.entered.emit(self.text())
        else:
            self._take(self._list.currentIndex().row())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if self._key(event.key()):
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
        elif event.type() == QEvent.Type.FocusOut and not self._inline:
            self.offer(())
        return False

    def hideEvent(self, event: QEvent) -> None:
        if not self._inline:
            self._frame.hide()


_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}

"""The key sheet (F1) with every key and verb of this seat, made from the registry, between the bars of its window."""

from collections.abc import Callable, Sequence
from itertools import combinations, groupby, pairwise

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.actions.registry import GROUPS, SUBMENU_GROUPS, Action, Actions
from ui.kit.controls.buttons import IconButton
from ui.kit.controls.scrim import Scrim
from ui.kit.labels.label import Label, line
from ui.kit.layouts import hbox, laid_out, vbox
from ui.kit.panels.scroll import Scrolled
from ui.kit.texts.words import phrase, say
from ui.theme import mark, paint
from ui.theme.tokens import MEASURES

Part = tuple[str, Sequence[tuple[str, str, str]]]  # a heading and its rows: text, verb, key
ROW, AIR = 26, 8  # pixels; between the words and the verb
COLUMN, COLUMNS, GAP, PADDING = 340, 3, 32, 20  # pixels but for the number of columns
FREE = 24  # pixels around the box
WIDGET_KEYS = (
    ("L", "队列里：改筛选"),
    ("← →", "到期轴：走，Shift 选一段"),
    ("1 2 3", "派最近的队组、选推荐"),
    ("Esc", "关闭、清除筛选"),
    ("↑ ↓", "在列表里走"),
    ("↑", "命令行空着时：以前的命令"),
    ("Home End", "到列表的头、尾"),
    ("↵", "打开、执行"),
)


class KeyRows(QWidget):
    """The rows of one group: text at the left, verb, key cap at the right."""

    def __init__(self, rows: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = tuple(rows)
        self.setFixedHeight(ROW * len(self._rows))
        self.setAccessibleName("\n".join(" ".join(row) for row in self._rows))

    def sizeHint(self) -> QSize:
        return QSize(COLUMN, ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, (words, verb, key) in enumerate(self._rows):
            top, middle = number * ROW, number * ROW + ROW / 2
            wide = paint.key_width(key) if key else 0
            if key:
                paint.key_cap(painter, self.width() - wide, middle, key)
            verb_at = self.width() * 0.6
            room = (verb_at if verb else self.width() - wide) - AIR
            paint.words(painter, QRectF(0, top, room, ROW), words)
            box = QRectF(verb_at, top, self.width() - verb_at - wide - 12, ROW)
            paint.words(painter, box, verb, token="tx3", size=MEASURES.label)
            paint.hairline(painter, 0, top + ROW - 1, self.width(), top + ROW - 1)


class KeySheet(Scrim):
    """The keys over a scrim, as many columns as the window has room for; Esc, F1 or a click beside it deletes it.

    While it has the keyboard no other key of the window does anything.
    """

    def __init__(self, window: QWidget, parts: Sequence[Part], *, bars: bool = True) -> None:
        top, foot = (MEASURES.top_bar, MEASURES.status_bar) if bars else (0, 0)
        super().__init__(window, top=top, foot=foot)
        self._former = window.focusWidget()
        self._box = mark(QFrame(self), surface="command")
        room = self.cover().width() - 2 * (FREE + PADDING)
        columns = max(1, min(COLUMNS, (room + GAP) // (COLUMN + GAP)))
        found = ((_column(part), 1) for part in _columns(parts, columns))
        inside = laid_out(hbox(None, *found, margins=(PADDING, 8, PADDING, 8), spacing=GAP))
        self.rows = mark(Scrolled(mark(inside, surface="bg1"), phrase("全部按键与动词")), ring=False)
        self._width = columns * (COLUMN + GAP) - GAP + 2 * PADDING
        self._tall = inside.sizeHint().height() + 2
        self._head = _head(self.close_box)
        vbox(self._box, self._head, line(), (self.rows, 1), margins=(1, 1, 1, 4))
        self.fit()

    def fit(self) -> None:
        """Takes the room between the bars, and for the box as much of it as the keys need."""
        area = self.cover()
        wide = min(self._width, area.width() - 2 * FREE)
        tall = min(self._tall + self._head.sizeHint().height() + 6, area.height() - 2 * FREE)
        self._box.setGeometry((area.width() - wide) // 2, (area.height() - tall) // 2, wide, tall)

    def close_box(self) -> None:
        super().close_box()
        if self._former is not None and isValid(self._former):
            self._former.setFocus()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.close_box()


def show_keys(window: QWidget, actions: Actions, *, bars: bool = True) -> None:
    """Shows the key sheet over `window` until Esc or F1 closes it; `bars`: that has a top bar and a status bar."""
    groups = {name: list(found) for name, found in groupby(_sorted(actions), key=lambda action: action.group)}
    parts = [(say(GROUPS[name]), [_row(action) for action in found]) for name, found in groups.items()]
    parts.append((say("到处可用"), [(say(words), "", key) for key, words in WIDGET_KEYS]))
    sheet = KeySheet(window, parts, bars=bars)
    sheet.show()
    sheet.raise_()
    sheet.rows.setFocus()


def _head(close: Callable[[], None]) -> QWidget:
    button = IconButton("x", phrase("关闭"), key="Esc")
    button.clicked.connect(lambda _on=False: close())
    title = Label(phrase("全部按键与动词"), level="section")
    return laid_out(hbox(None, (title, 1), button, margins=(PADDING, 8, 8, 8)))


def _sorted(actions: Actions) -> list[Action]:
    order = list(GROUPS)
    known = (
        action for action in actions.offered() if action.keys or (action.verbs and action.group not in SUBMENU_GROUPS)
    )
    return sorted(known, key=lambda a: order.index(a.group))


def _columns(parts: Sequence[Part], count: int) -> list[Sequence[Part]]:
    """Splits the parts, in order, into so many columns of about the same height, to fit a small screen."""
    tall = [len(rows) + 1.5 for _, rows in parts]
    splits = ((0, *cuts, len(parts)) for cuts in combinations(range(1, len(parts)), count - 1))
    best = min(splits, key=lambda at: max(sum(tall[one:other]) for one, other in pairwise(at)))
    return [parts[one:other] for one, other in pairwise(best)]


def _row(action: Action) -> tuple[str, str, str]:
    return (action.words, " ".join(action.verbs), action.key)


def _column(parts: Sequence[Part]) -> QVBoxLayout:
    column = vbox()  # the rows have spacing of their own
    for title, rows in parts:
        head = Label(title, level="label")
        head.setFixedHeight(ROW)
        column.addWidget(head)
        column.addWidget(KeyRows(rows))
        column.addSpacing(10)
    column.addStretch(1)
    return column

"""The key sheet (F1) with every key and verb of this seat, made from the registry; and the about box."""

from collections.abc import Sequence
from itertools import combinations, groupby, pairwise

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from commandcenter import __version__
from resources import path
from ui.actions.registry import GROUPS, SUBMENU_GROUPS, Action, Actions
from ui.kit.dialogs import Sheet, run_dialog
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox, vbox
from ui.kit.texts.words import phrase, say
from ui.theme import mark, paint
from ui.theme.tokens import MEASURES

Part = tuple[str, Sequence[tuple[str, str, str]]]  # a heading and its rows: text, verb, key
ROW = 26
COLUMN, COLUMNS = 352, 3
WIDGET_KEYS = (
    ("L", "队列里：改筛选"),
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
            paint.words(painter, QRectF(0, top, self.width() * 0.6, ROW), words)
            box = QRectF(self.width() * 0.6, top, self.width() * 0.4 - wide - 12, ROW)
            paint.words(painter, box, verb, token="tx3", size=MEASURES.label)
            paint.hairline(painter, 0, top + ROW - 1, self.width(), top + ROW - 1)


async def show_keys(window: QWidget, actions: Actions) -> None:
    """Shows the key sheet until Esc or F1 closes it."""
    sheet = Sheet(window, title=phrase("全部按键与动词"), width=COLUMNS * COLUMN + 80)
    groups = {name: list(found) for name, found in groupby(_sorted(actions), key=lambda action: action.group)}
    parts = [(say(GROUPS[name]), [_row(action) for action in found]) for name, found in groups.items()]
    parts.append((say("到处可用"), [(say(words), "", key) for key, words in WIDGET_KEYS]))
    columns = ((_column(part), 1) for part in _columns(parts))
    sheet.content.addLayout(hbox(None, *columns, spacing=32))
    sheet.add_answer(phrase("关闭"), sheet.accept, key="F1", role="primary")
    await run_dialog(sheet)


async def show_about(window: QWidget) -> None:
    """Shows what this program is, its version, and the notices of what it bundles."""
    sheet = Sheet(window, title=phrase("关于指挥中心"), width=620)
    sheet.content.addWidget(Label(f"commandcenter {__version__}", level="strong"))
    sheet.content.addWidget(
        Label(phrase("区、街镇两级指挥调度台与参考平台。地图为示意，审图号未载入。"), tone="tx2", wrap=True)
    )
    notices = path("NOTICES.md")
    if notices.exists():
        text = QPlainTextEdit(notices.read_text("utf-8"))
        text.setReadOnly(True)
        text.setFixedHeight(320)
        sheet.content.addWidget(mark(text, surface="bg2"))
    sheet.add_answer(phrase("关闭"), sheet.accept, key="↵", role="primary").setFocus()
    await run_dialog(sheet)


def _sorted(actions: Actions) -> list[Action]:
    order = list(GROUPS)
    known = (
        action for action in actions.offered() if action.keys or (action.verbs and action.group not in SUBMENU_GROUPS)
    )
    return sorted(known, key=lambda a: order.index(a.group))


def _columns(parts: Sequence[Part]) -> list[Sequence[Part]]:
    """Splits the parts, in order, into columns of about the same height, to fit a small screen."""
    tall = [len(rows) + 1.5 for _, rows in parts]
    splits = ((0, *cuts, len(parts)) for cuts in combinations(range(1, len(parts)), COLUMNS - 1))
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

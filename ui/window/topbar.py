"""The top bar: menu, room, intake, search, command line; at the right needs you, keys, language and theme."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.kit.controls.buttons import IconButton, KeyButton
from ui.kit.controls.clickable import Clickable
from ui.kit.labels.chips import Chip
from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import STRETCH, hbox
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase
from ui.theme import colour, icons, mark, paint
from ui.theme.tokens import MEASURES

FIELD_WIDTH = 300
FIELD_LEAST = 150
FIELD_NARROW = 200  # while something has to be told and the bar has little room
ROOM = 432  # pixels that are free enough
COMMAND = phrase("命令")


class FieldButton(Retranslated, Clickable):
    """Looks like an input field (icon, hint, key) and emits `clicked`, at which its owner opens the real one."""

    def __init__(self, image: str, hint: Words, key: str) -> None:
        super().__init__()
        self._image, self._hint, self._key = image, hint, key
        self.setFixedHeight(MEASURES.field)
        self.setMinimumWidth(FIELD_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.retell()

    def set_hint(self, hint: Words) -> None:
        """Shows another hint."""
        self._hint = hint
        self.retell()

    def retell(self) -> None:
        self.setAccessibleName(f"{self._hint} {self._key}")
        self.setToolTip(plain_tip(f"{self._hint}  {self._key}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(FIELD_WIDTH, MEASURES.field)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("tx2" if self.underMouse() else "ln3"), 1))
        painter.setBrush(colour("bg1"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, MEASURES.radius, MEASURES.radius)
        middle = self.height() / 2
        painter.drawPixmap(QPointF(9, middle - 8), icons.pixmap(self._image, "tx2", 16, self.devicePixelRatioF()))
        cap = self.width() - 7 - paint.key_width(self._key)
        hint = QRectF(33, 0, cap - 39, self.height())
        paint.words(painter, hint, str(self._hint), token="tx3", size=MEASURES.label)
        paint.key_cap(painter, cap, middle, self._key)


class TopBar(Retranslated, QWidget):
    """Emits the id of the requested action; it has no logic of its own and works before there is data."""

    asked = Signal(str)  # an action's id

    def __init__(self) -> None:
        super().__init__()
        mark(self, surface="bg0")
        self.setFixedHeight(MEASURES.top_bar)
        self.menu = IconButton("menu", phrase("菜单"), key="Alt+M")
        self._own_room: Words = phrase("调度台")
        self.room = Label(self._own_room, level="section")
        self.scope = Chip(kind="stage")
        self.intake = KeyButton(phrase("受理登记"), key="F2", role="primary", image="phone-call")
        self.search = FieldButton("search", phrase("编号、地址、正文"), "Ctrl F")
        self.command = FieldButton("square-terminal", COMMAND, "Ctrl K")
        self.needs = KeyButton(phrase("需处理"), key="F4", role="text", image="inbox")
        self.language = IconButton("languages", phrase("中文 / English"), key="Ctrl+Shift+L")
        self.theme = IconButton("sun", phrase("深色 / 浅色"), key="Ctrl+Shift+T")
        self.keys = IconButton("keyboard", phrase("全部按键"), key="F1")
        self._place()
        self._wire()

    def take_seat(self, *, intake: bool, plain: bool, room: Words, scope: Words = "", command: Words = COMMAND) -> None:
        """Shows what this seat has; a non-empty ``scope`` is shown, ``command`` stands in the field of the line.

        ``plain`` hides search and command line, and shows the needs-you button, which a rail has otherwise.
        """
        self.scope.set_words(scope)
        self.scope.setVisible(bool(str(scope)))
        self.intake.setVisible(intake)
        self.needs.setVisible(plain)
        self.search.setVisible(not plain)
        self.command.setVisible(not plain)
        self.command.set_hint(command)
        self._own_room = room
        self.room.set_words(room)

    def add_tool(self, tool: QWidget) -> None:
        """Adds a tool at the right, before the needs-you button."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.indexOf(self.needs), tool)

    def free(self) -> QRect:
        """Returns the room between the fields and the tools, in the coordinates of the window."""
        lead = (self.menu, self.room, self.scope, self.intake, self.search, self.command)
        ends = [part.geometry().right() for part in lead if not part.isHidden()]
        left = max(ends, default=0) + 8
        parts = (part for part in self.findChildren(QWidget, options=_DIRECT) if not part.isHidden())
        right = min((part.x() for part in parts if part.x() > left), default=self.width()) - 8
        return QRect(self.mapTo(self.window(), QPoint(left, 0)), QSize(max(0, right - left), self.height() - 1))

    def give_way(self, on: bool) -> None:
        """Makes the fields narrow, where they leave too little room; or as wide as they were."""
        is_narrow = on and self.free().width() < ROOM
        for field in (self.search, self.command):
            field.setMaximumWidth(FIELD_NARROW if is_narrow else FIELD_WIDTH)
        row = self.layout()
        assert row is not None
        row.activate()

    def enter(self, room: Words | None) -> None:
        """Shows the name of the room in front; None: the seat's own room again."""
        self.room.set_words(self._own_room if room is None else room)

    def count_needs(self, count: int) -> None:
        """Shows how many acts need the user."""
        self.needs.set_words(phrase("需处理 {n}", n=count) if count else phrase("需处理"))
        self.needs.set_role("text" if not count else "needs")

    def retell(self) -> None:
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg0"))
        paint.hairline(painter, 0, self.height() - 1, self.width(), self.height() - 1, token="ln2")

    def _place(self) -> None:
        self.scope.hide()
        left = (self.menu, 8, self.room, self.scope, 8, self.intake, self.search, self.command)
        tools = (self.needs, self.keys, self.language, self.theme)
        hbox(self, *left, STRETCH, *tools, margins=(16, 0, 12, 0), spacing=8)

    def _wire(self) -> None:
        asks = {
            self.menu: "menu",
            self.intake: "intake",
            self.search: "search",
            self.command: "command_line",
            self.needs: "inbox",
            self.language: "language",
            self.theme: "theme",
            self.keys: "keys",
        }
        for widget, action in asks.items():
            widget.clicked.connect(lambda *_, wanted=action: self.asked.emit(wanted))  # type: ignore[attr-defined]


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly

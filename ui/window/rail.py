"""The navigation rail: the rooms of a workspace at the left edge of the window, each with its key."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolBar

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words
from ui.theme import colour, icons, paint
from ui.theme.tokens import MEASURES

LABELLED_FROM = 1500  # pixels of window width from which the rooms have labels
UNLABELLED = 36  # width in pixels without labels
ICON = 20
_HEIGHT = {True: 52, False: 40}  # of a room, with and without its label


@dataclass(frozen=True, slots=True)
class RailRoom:
    """A room in the rail: the action `id` opens it, and so does the key of its place."""

    id: str
    words: Words
    image: str


def room_key(number: int) -> str:
    """Returns the key, in Qt's notation, of the room with this number, counted from 1."""
    return f"Ctrl+{number}"


class RailButton(Retranslated, QAbstractButton):
    """Icon, label and badge of one room; checked while the room is in front."""

    def __init__(self, room: RailRoom, number: int) -> None:
        super().__init__()
        self._room, self._count, self._is_labelled = room, 0, True
        self._key = room_key(number).replace("+", " ")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retell()

    def count(self, number: int) -> None:
        """Shows how many things in the room need the user."""
        if number != self._count:
            self._count = number
            self.retell()

    def label(self, shown: bool) -> None:
        """Shows or hides the label under the icon."""
        self._is_labelled = shown
        self.updateGeometry()
        self.update()

    def retell(self) -> None:
        count = f" {self._count}" if self._count else ""
        self.setAccessibleName(f"{self._room.words}{count}")
        self.setToolTip(plain_tip(f"{self._room.words}{count}  {self._key}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(MEASURES.rail if self._is_labelled else UNLABELLED, _HEIGHT[self._is_labelled])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isChecked() or self.underMouse():
            painter.fillRect(self.rect(), colour("bg2" if self.isChecked() else "hover"))
        if self.isChecked():
            painter.fillRect(QRectF(0, 0, 2, self.height()), colour("ac"))
        top = 8 if self._is_labelled else (self.height() - ICON) / 2
        tone = "ac" if self.isChecked() else "tx2"
        image = icons.pixmap(self._room.image, tone, ICON, self.devicePixelRatioF())
        painter.drawPixmap(QPointF((self.width() - ICON) / 2, top), image)
        if self._is_labelled:
            rect, token = QRectF(0, 30, self.width(), 16), "tx1" if self.isChecked() else "tx2"
            centre = Qt.AlignmentFlag.AlignHCenter
            paint.words(painter, rect, str(self._room.words), token=token, size=MEASURES.note, align=centre)
        if self._count:
            paint.badge(painter, self.width() / 2 + 4, self.width() - 2, top - 5, self._count)


class Rail(QToolBar):
    """Emits the id of the room that is asked for; hidden while the workspace has only one."""

    asked = Signal(str)

    def __init__(self) -> None:
        self._buttons: dict[str, RailButton] = {}
        self._is_labelled = True
        super().__init__()
        self.setObjectName("rail")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setOrientation(Qt.Orientation.Vertical)
        self.hide()

    @property
    def taken(self) -> int:
        """The width in pixels that it takes from the rooms."""
        if self.isHidden():
            return 0
        return MEASURES.rail if self._is_labelled else UNLABELLED

    def show_rooms(self, rooms: Sequence[RailRoom]) -> None:
        """Shows these rooms, the first one in front."""
        self.clear()
        self._buttons = {room.id: RailButton(room, number) for number, room in enumerate(rooms, 1)}
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _on=False, asked=name: self.asked.emit(asked))
            self.addWidget(button)
        self._label()
        self.setVisible(True)
        if rooms:
            self.enter(rooms[0].id)

    def setVisible(self, _visible: bool) -> None:
        """Only its rooms decide whether it is shown: a restored layout of the docks may say otherwise."""
        super().setVisible(len(self._buttons) > 1)

    def enter(self, name: str) -> None:
        """Marks the room that is in front."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def count(self, name: str, number: int) -> None:
        """Shows how many things in a room need the user."""
        if name in self._buttons:
            self._buttons[name].count(number)

    def adapt_to(self, width: int) -> None:
        """Drops the labels in a window narrower than `LABELLED_FROM`."""
        self._is_labelled = width >= LABELLED_FROM
        self._label()

    def _label(self) -> None:
        self.setFixedWidth(MEASURES.rail if self._is_labelled else UNLABELLED)
        for button in self._buttons.values():
            button.label(self._is_labelled)

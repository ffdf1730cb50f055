"""The keys of the crews near the chosen case, in the rooms that show it: elsewhere they mean other things."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from commandcenter.recommendation.crews import MOST


def give_near_keys(room: QWidget, send: Callable[[int], object]) -> None:
    """Calls `send` with 1, 2, 3 for these keys while `room` or a part of it has the keyboard."""
    for key in range(1, MOST + 1):
        pressed = QShortcut(QKeySequence(str(key)), room)
        pressed.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        pressed.setAutoRepeat(False)
        pressed.activated.connect(partial(send, key))

"""Rooms that stand in windows of their own: which there are, and keys that are pressed in one of them."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.kit.turns import seen
from ui.window.room_window import RoomWindow


def out(name: str = "map") -> RoomWindow:
    """Returns the window in which a room is shown."""
    (found,) = [
        top for top in QApplication.topLevelWidgets() if top.objectName() == f"{name}-window" and top.isVisible()
    ]
    assert isinstance(found, RoomWindow)
    return found


def none_out() -> bool:
    """Returns whether every room is in the main window."""
    return not [top for top in QApplication.topLevelWidgets() if isinstance(top, RoomWindow) and top.isVisible()]


async def activate(window: QWidget) -> None:
    """Gives a window the keyboard."""
    window.activateWindow()
    await seen(window.isActiveWindow)


async def press(window: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses a key in a window."""
    await activate(window)
    QTest.keyClick(window, key, modifiers)

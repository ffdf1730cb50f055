"""The keyboard focus, over all windows: a room that a key names may stand in another one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def give_keyboard(widget: QWidget) -> None:
    """Moves the keyboard focus to `widget`, in whichever window it stands.

    For what a person asked for; what the program moves by itself calls `setFocus`: somebody may be typing elsewhere.
    """
    widget.setFocus()
    bring_to_front(widget)


def bring_to_front(widget: QWidget) -> None:
    """Brings the window of `widget` to the front with the keyboard, unless it has the keyboard."""
    window = widget.window()
    if not window.isActiveWindow():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

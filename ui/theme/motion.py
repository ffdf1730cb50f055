"""Tells whether the person at this screen lets things blink."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyle


def may_blink() -> bool:
    """Returns False where the system was told that no cursor blinks or that nothing is animated."""
    duration = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
    return QGuiApplication.styleHints().cursorFlashTime() > 0 and duration > 0

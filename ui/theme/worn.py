"""Which theme is worn now, and the signal that tells of a change."""

from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from ui.theme.tokens import DARK, THEMES, ColourTokens


class _Mirror(QObject):
    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.tokens: ColourTokens = DARK


_mirror: Final = _Mirror()
changed = _mirror.changed  # emitted with "dark" or "light" after palette and sheet are set


def current() -> ColourTokens:
    """The tokens of the theme worn now; painters read it at each paint and keep nothing."""
    return _mirror.tokens


def put_on(theme: str) -> ColourTokens:
    """Make ``theme`` ("dark" or "light") the current one; KeyError for another name."""
    _mirror.tokens = THEMES[theme]
    return _mirror.tokens


def colour(token: str, *, alpha: float = 1.0) -> QColor:
    """The current colour of a token name, ``alpha`` from 0 to 1."""
    shade = QColor(getattr(_mirror.tokens, token))
    shade.setAlphaF(alpha)
    return shade

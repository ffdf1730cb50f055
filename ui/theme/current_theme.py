"""The current theme, and the signal of its change."""

from collections.abc import Iterator
from contextlib import contextmanager
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
changed = _mirror.changed  # emitted with "dark" or "light" after palette and style sheet are set


def current() -> ColourTokens:
    """Returns the tokens of the current theme; painters read it at each paint and keep nothing."""
    return _mirror.tokens


def set_current(theme: str) -> ColourTokens:
    """Makes ``theme`` ("dark" or "light") the current one and returns its tokens. Raises KeyError for another name."""
    _mirror.tokens = THEMES[theme]
    return _mirror.tokens


@contextmanager
def worn(theme: str) -> Iterator[None]:
    """Paints in the colours of ``theme`` while it is entered; raises KeyError for another name than those of themes."""
    before, _mirror.tokens = _mirror.tokens, THEMES[theme]
    try:
        yield
    finally:
        _mirror.tokens = before


def colour(token: str, *, alpha: float = 1.0) -> QColor:
    """Returns the current colour of a token, with ``alpha`` from 0 to 1."""
    shade = QColor(getattr(_mirror.tokens, token))
    shade.setAlphaF(alpha)
    return shade

"""Layouts of widgets in a row or a column, without margins and gaps unless they are given."""

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

Margins = tuple[int, int, int, int]  # pixels: left, top, right, bottom
_Box = TypeVar("_Box", bound=QBoxLayout)


def hbox(parent: QWidget | None = None, *, margins: Margins = (0, 0, 0, 0), spacing: int = 0) -> QHBoxLayout:
    """Returns a row, that of `parent` if it is given; `spacing` in pixels, -1 for the style's."""
    return _spaced(QHBoxLayout() if parent is None else QHBoxLayout(parent), margins, spacing)


def vbox(parent: QWidget | None = None, *, margins: Margins = (0, 0, 0, 0), spacing: int = 0) -> QVBoxLayout:
    """Returns a column, that of `parent` if it is given; `spacing` in pixels, -1 for the style's."""
    return _spaced(QVBoxLayout() if parent is None else QVBoxLayout(parent), margins, spacing)


def _spaced(box: _Box, margins: Margins, spacing: int) -> _Box:
    box.setContentsMargins(*margins)
    box.setSpacing(spacing)
    return box

"""Layouts of widgets in a row or a column, without margins and gaps unless they are given."""

from typing import Final, TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Margins = tuple[int, int, int, int]  # pixels: left, top, right, bottom
Part = QWidget | QLayout | int | tuple[QWidget | QLayout | None, int]  # an int: so many pixels are left free
STRETCH: Final = (None, 1)  # takes the room that is left
_Box = TypeVar("_Box", bound=QBoxLayout)


def hbox(parent: QWidget | None = None, *parts: Part, margins: Margins = (0, 0, 0, 0), spacing: int = 0) -> QHBoxLayout:
    """Returns a row of `parts`, that of `parent` if it is given; `spacing` in pixels, -1 for the style's.

    A part may be paired with its share of the room that is left.
    """
    return _filled(QHBoxLayout() if parent is None else QHBoxLayout(parent), parts, margins, spacing)


def vbox(parent: QWidget | None = None, *parts: Part, margins: Margins = (0, 0, 0, 0), spacing: int = 0) -> QVBoxLayout:
    """Returns a column of `parts`, as `hbox` does a row."""
    return _filled(QVBoxLayout() if parent is None else QVBoxLayout(parent), parts, margins, spacing)


def _filled(box: _Box, parts: tuple[Part, ...], margins: Margins, spacing: int) -> _Box:
    box.setContentsMargins(*margins)
    box.setSpacing(spacing)
    for part in parts:
        thing, share = part if isinstance(part, tuple) else (part, 0)
        if thing is None:
            box.addStretch(share)
        elif isinstance(thing, int):
            box.addSpacing(thing)
        elif isinstance(thing, QWidget):
            box.addWidget(thing, share)
        else:
            box.addLayout(thing, share)
    return box

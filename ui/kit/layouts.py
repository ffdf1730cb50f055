"""Layouts of widgets in a row or a column, without margins and gaps unless they are given."""

from typing import Final, TypeVar

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLayout, QStackedLayout, QVBoxLayout, QWidget

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


def label_grid(parent: QWidget | None = None, *, gaps: tuple[int, int], label_width: int = 0) -> QGridLayout:
    """Returns a grid of labels and what they name, which takes the room that is left.

    `gaps` are in pixels, across and down; `label_width` is the least width of a label.
    """
    grid = QGridLayout() if parent is None else QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(gaps[0])
    grid.setVerticalSpacing(gaps[1])
    grid.setColumnMinimumWidth(0, label_width)
    grid.setColumnStretch(1, 1)
    return grid


def stacked(parent: QWidget | None = None, *widgets: QWidget) -> QStackedLayout:
    """Returns a stack of `widgets`, that of `parent` if it is given; the first is in front."""
    stack = QStackedLayout() if parent is None else QStackedLayout(parent)
    for widget in widgets:
        stack.addWidget(widget)
    return stack


def laid_out(layout: QLayout) -> QWidget:
    """Returns a new widget with what is in `layout`."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


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

"""Buttons that come and go, on as few lines as they have room on."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

ACROSS, LEAST, GAP = 4, 2, 8  # buttons on an even line at most and at least; pixels between two
Line = list[int]  # places of buttons


class ButtonLines(QWidget):
    """Shows those of its children that `show_buttons` is given, on even columns.

    Where columns as wide as the widest button have no room or take a line more, each line is filled with those that
    still fit.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[QPushButton, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Shows `buttons` and hides the others."""
        before, self._shown = self._shown, tuple(buttons)
        for button in before:
            button.setVisible(button in self._shown)
        for button in self._shown:
            button.show()
        self.setVisible(bool(self._shown))
        self._place()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines, _ = _lines([button.sizeHint().width() for button in self._shown], width)
        return max(0, len(lines) * (self._tall + GAP) - GAP)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._tall)

    @property
    def _tall(self) -> int:
        return max((button.sizeHint().height() for button in self._shown), default=0)

    def _place(self) -> None:
        lines, across = _lines([button.sizeHint().width() for button in self._shown], self.width())
        for at, line in enumerate(lines):
            self._place_line(line, at * (self._tall + GAP), across)
        order = [self._shown[place] for line in lines for place in line]
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)

    def _place_line(self, line: Line, top: int, across: int) -> None:
        """Places one line of `across` even columns; 0: as wide as each needs, and what is left is shared."""
        hints = [self._shown[place].sizeHint() for place in line]
        left_over = self.width() - GAP * (len(line) - 1) - sum(hint.width() for hint in hints)
        more = left_over / len(line) if len(line) > 1 else 0.0
        even = (self.width() - GAP * (across - 1)) / max(across, 1)
        x = 0.0
        for place, hint in zip(line, hints, strict=True):
            wide = even if across else hint.width() + more
            self._shown[place].setGeometry(round(x), top, round(x + wide) - round(x), hint.height())
            x += wide + GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a button has other words
            self._place()
            self.updateGeometry()
        return super().event(event)


def _lines(widths: Sequence[int], room: int) -> tuple[list[Line], int]:
    """Returns the lines, and how many even columns they have; 0 for columns of their own."""
    widest, packed = max(widths, default=0), _packed(widths, room)
    across = next((n for n in range(ACROSS, LEAST - 1, -1) if n * widest + (n - 1) * GAP <= room), 1)
    even = [list(range(at, min(at + across, len(widths)))) for at in range(0, len(widths), across)]
    return (packed, 0) if across < LEAST or len(packed) < len(even) else (even, across)


def _packed(widths: Sequence[int], room: int) -> list[Line]:
    """Returns lines that take each button on the first line that has room for it."""
    lines: list[Line] = []
    for at, width in enumerate(widths):
        fits = (line for line in lines if sum(widths[one] + GAP for one in line) + width <= room)
        home = next(fits, None)
        lines.append([at]) if home is None else home.append(at)
    return lines

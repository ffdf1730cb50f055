"""Every shape on every ground of a row, and every control in every state, stand out from what they lie on."""

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.theme.gallery import Swatches, gallery
from tests.kit.marks import Marked
from ui.kit.texts.words import speak
from ui.theme import apply_theme, colour, paint
from ui.theme.glyphs import SHAPES
from ui.theme.tokens import THEMES

ROWS = ("bg0", "bg1", "bg2", "hover", "sel")
CELL = 24  # pixels
CHARTS = ("hour.", "carried.")  # shapes of the legends of charts, which lie on bg1
THEME = pytest.mark.parametrize("theme", sorted(THEMES))


class AllShapes(QWidget):
    """A row of all shapes on each ground."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for row, ground in enumerate(ROWS):
            painter.fillRect(QRectF(0, row * CELL, self.width(), CELL), colour(ground))
            for place, name in enumerate(SHAPES):
                if ground == "bg1" or not name.startswith(CHARTS):
                    paint.glyph(painter, QPointF((place + 0.5) * CELL, (row + 0.5) * CELL), name)
        painter.end()


@THEME
def test_every_shape_stands_out_on_every_ground_of_a_row(qapp: QApplication, qtbot: QtBot, theme: str) -> None:
    apply_theme(qapp, theme)
    page = QWidget()
    qtbot.addWidget(page)
    AllShapes(page).setFixedSize(len(SHAPES) * CELL, len(ROWS) * CELL)
    page.show()
    marked = Marked(page)
    assert marked.kinds() == set(SHAPES)
    assert marked.faint() == []


@THEME
def test_so_does_every_control_in_every_state_and_the_ring_round_that_with_the_keyboard(
    qapp: QApplication, qtbot: QtBot, theme: str
) -> None:
    apply_theme(qapp, theme)
    speak("zh")
    page = gallery()
    qtbot.addWidget(page)
    for swatches in page.findChildren(Swatches):
        swatches.hide()  # the tokens themselves
    page.show()
    page.activateWindow()
    field = page.findChild(QLineEdit)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    marked = Marked(page)
    assert {"QFocusFrame", "Switch", "LimitBar", "Chip", "CountTabs", "QMenu", "Toast"} <= {
        type(mark.widget).__name__ for mark, _ in marked.seen
    }
    assert marked.faint() == []

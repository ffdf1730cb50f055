"""State without colour: each glyph of a family is told from the others in grey, at the size of a row."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import MEASURES, apply_theme, current, font, icon, icons, mark, paint
from ui.theme.fonts import family
from ui.theme.glyphs import SHAPES

pytestmark = pytest.mark.usefixtures("qapp")
FAMILIES = sorted({name.split(".")[0] for name in SHAPES})


def _drawn(name: str, size: int = 12) -> bytes:
    image = QImage(size + 4, size + 4, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint.glyph(painter, QPointF(size / 2 + 2, size / 2 + 2), name, size=size, shade=QColor("black"))
    painter.end()
    return bytes(image.constBits())


@pytest.mark.parametrize("kind", FAMILIES)
def test_glyphs_differ_without_colour(kind: str) -> None:
    names = [name for name in SHAPES if name.startswith(f"{kind}.")]
    for one, other in combinations(names, 2):
        ink = sum(abs(a - b) for a, b in zip(_drawn(one), _drawn(other), strict=True)) / 255
        assert ink >= 8, f"{one} looks like {other}"  # eight whole pixels of the 144


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_each_glyph_is_visible_and_inside_its_box(name: str) -> None:
    drawn = _drawn(name)
    side = 16
    edge = drawn[:side] + drawn[-side:] + drawn[::side] + drawn[side - 1 :: side]
    assert min(drawn) < 128
    assert set(edge) == {255}


def test_digits_share_one_width_and_chinese_is_in_the_face() -> None:
    assert family() == "Noto Sans SC"
    for size in (MEASURES.note, MEASURES.body, MEASURES.figure):
        assert len({paint.text_width(digit, size) for digit in "0123456789"}) == 1
        assert font(size).pixelSize() == size
    assert paint.text_width("堃", MEASURES.body) == paint.text_width("派", MEASURES.body)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_icons_follow_the_theme(qapp: QApplication, theme: str) -> None:
    search = icon("search", "ac")
    apply_theme(qapp, theme)
    image = search.pixmap(16, 16).toImage()
    strongest = max((image.pixelColor(x, y) for x in range(16) for y in range(16)), key=lambda c: c.alpha())
    accent = QColor(current().ac)
    assert abs(strongest.red() - accent.red()) + abs(strongest.blue() - accent.blue()) < 24


def test_an_unknown_icon_is_our_error() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")
    assert "search" in icons.names()


def test_the_ring_follows_the_keyboard_and_lies_outside_the_control(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, "dark")
    window = mark(QWidget(), surface="bg0")
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    edit, button = QLineEdit(), QPushButton("派遣")
    column.addWidget(edit)
    column.addWidget(button)
    window.resize(200, 120)
    window.show()
    window.activateWindow()  # other windows of the run may have the keyboard
    for control in (edit, button):
        control.setFocus()
        qtbot.waitUntil(lambda control=control: control.hasFocus())
        qapp.processEvents()
        image = window.grab().toImage()
        beside = control.geometry().left() - 2
        assert image.pixelColor(beside, control.geometry().center().y()) == QColor(current().ac)
    beside = edit.geometry().left() - 2
    assert window.grab().toImage().pixelColor(beside, edit.geometry().center().y()) == QColor(current().bg0)

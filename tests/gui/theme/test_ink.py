"""Regular text is regular: a word carries the ink of its outlines, on a dark ground as on a light one."""

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication, QWidget

from ui.kit.labels.label import Label
from ui.theme import apply_theme, fonts, paint
from ui.theme.tokens import THEMES

WORD = "处置中"
SIZE = QRect(0, 0, 120, 40)
LARGE = 16  # times the size at which outlines are measured


def outline(size: int, *, bold: bool) -> float:
    """Returns the area of the word's outlines in pixels, counted on a large drawing of them."""
    face, path = fonts.font(size * LARGE, bold=bold), QPainterPath()
    path.addText(0, size * LARGE, face, WORD)
    image = QImage(size * LARGE * 4, size * LARGE * 2, QImage.Format.Format_Grayscale8)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.fillPath(path, QColor("white"))
    painter.end()
    return float(values(image, 1).sum() / 255 / LARGE**2)


def values(image: QImage, planes: int) -> np.ndarray:
    """Returns the image's bytes as float64[height, width, planes]."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * planes].reshape(image.height(), image.width(), planes).astype(float)


def ink(image: QImage, text: str, ground: str) -> float:
    """Returns by how many pixels of the colour `text` the image differs from the colour `ground`."""
    plain = values(image.convertToFormat(QImage.Format.Format_RGB888), 3)
    fore, back = (np.array(QColor(name).getRgb()[:3], float) for name in (text, ground))
    return float(((plain - back) * (fore - back)).sum() / ((fore - back) ** 2).sum())


def painted(token: str, size: int, *, bold: bool) -> QImage:
    image = QImage(SIZE.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(ground_colour()))
    painter = QPainter(image)
    paint.words(painter, SIZE, WORD, token=token, size=size, bold=bold)
    painter.end()
    return image


def ground_colour() -> str:
    return QApplication.palette().window().color().name()


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize(("size", "bold"), [(12, False), (13, False), (15, False), (13, True)])
def test_painted_words_carry_the_ink_of_their_outlines(qapp: QApplication, theme: str, size: int, bold: bool) -> None:
    apply_theme(qapp, theme)
    area = outline(size, bold=bold)
    for token in ("tx1", "tx2", "tx3", "bad"):
        drawn = ink(painted(token, size, bold=bold), THEMES[theme].colours()[token], ground_colour())
        assert drawn == pytest.approx(area, rel=0.05), token


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_so_does_a_label(qapp: QApplication, theme: str) -> None:
    apply_theme(qapp, theme)
    panel, label = QWidget(), Label(WORD)
    panel.resize(SIZE.size())
    label.setParent(panel)
    label.setGeometry(SIZE)
    shot = panel.grab().toImage()
    ground = shot.pixelColor(SIZE.width() - 2, SIZE.height() - 2).name()
    text = label.palette().windowText().color().name()
    assert ink(shot, text, ground) == pytest.approx(outline(13, bold=False), rel=0.05)

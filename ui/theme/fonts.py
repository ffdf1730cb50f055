"""The bundled font in two weights, with tabular digits, sized in pixels."""

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from resources import path
from ui.theme.tokens import MEASURES

FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
SYSTEM = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")


@lru_cache(maxsize=1)
def family() -> str:
    """Returns the family name of the bundled font, loaded on first use; a system font if the files are missing."""
    loaded = [QFontDatabase.addApplicationFont(str(path("fonts", name))) for name in FILES]
    names = [name for number in loaded if number >= 0 for name in QFontDatabase.applicationFontFamilies(number)]
    known = set(QFontDatabase.families())
    return next((name for name in (*names, *SYSTEM) if name in known), QFont().family())


def font(size: int = MEASURES.body, *, bold: bool = False) -> QFont:
    """Returns the font at ``size`` pixels, regular or bold, with tabular digits."""
    return QFont(_face(size, bold))


@lru_cache(maxsize=64)
def _face(size: int, bold: bool) -> QFont:
    face = QFont(family())
    face.setPixelSize(size)
    face.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    face.setFeature(QFont.Tag("tnum"), 1)
    return face


def set_application_font(app: QApplication) -> None:
    """Makes the font at body size the application's font."""
    app.setFont(font())

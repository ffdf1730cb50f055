"""Palette and style sheet from the tokens, set on the application at the start and whenever the theme changes."""

from functools import lru_cache
from pathlib import Path
from string import Template
from typing import TypeVar

from PySide6.QtCore import Qt, QTemporaryDir
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from resources import path
from ui.theme import current_theme, fonts, icons
from ui.theme.style import DeskStyle, FocusRing
from ui.theme.tokens import THEMES, ColourTokens

W = TypeVar("W", bound=QWidget)
DISABLED_SHARE = 0.55  # opacity of tx3; a tooltip always gives the reason
_ROLES = {
    QPalette.ColorRole.Window: "bg0",
    QPalette.ColorRole.WindowText: "tx1",
    QPalette.ColorRole.Base: "bg1",
    QPalette.ColorRole.AlternateBase: "bg1",
    QPalette.ColorRole.Text: "tx1",
    QPalette.ColorRole.Button: "bg3",
    QPalette.ColorRole.ButtonText: "tx1",
    QPalette.ColorRole.BrightText: "onac",
    QPalette.ColorRole.PlaceholderText: "tx3",
    QPalette.ColorRole.ToolTipBase: "bg3",
    QPalette.ColorRole.ToolTipText: "tx1",
    QPalette.ColorRole.Highlight: "acf",
    QPalette.ColorRole.HighlightedText: "onac",
    QPalette.ColorRole.Accent: "ac",
    QPalette.ColorRole.Link: "ac",
    QPalette.ColorRole.LinkVisited: "ac",
    QPalette.ColorRole.Light: "ln1",
    QPalette.ColorRole.Midlight: "ln1",
    QPalette.ColorRole.Mid: "ln2",
    QPalette.ColorRole.Dark: "ln2",
    QPalette.ColorRole.Shadow: "bg0",
}
_FADED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def apply_theme(app: QApplication, theme: str) -> None:
    """Applies theme "dark" or "light" to the application and emits ``current_theme.changed``, unless it has it on.

    The first call also sets style and font. Raises KeyError for another name.
    """
    if app.styleSheet() == sheet(theme):
        return  # every widget would be styled again
    if app.property("dressed") is None:
        app.setProperty("dressed", True)
        fonts.set_application_font(app)
        app.setStyle(DeskStyle())
        FocusRing(app)
    tokens = current_theme.set_current(theme)
    app.setPalette(palette(tokens))
    app.setStyleSheet(sheet(theme))
    current_theme.changed.emit(theme)


@lru_cache(maxsize=2)
def sheet(theme: str) -> str:
    """Returns the style sheet of a theme, with every token filled in."""
    tokens = THEMES[theme]
    faded = QColor(tokens.tx3)
    values = tokens.colours() | {
        "faded": f"rgba({faded.red()}, {faded.green()}, {faded.blue()}, {round(DISABLED_SHARE * 255)})"
    }
    return Template(path("theme", "desk.qss").read_text(encoding="utf-8")).substitute(values | _arrows(tokens))


def _arrows(tokens: ColourTokens) -> dict[str, str]:
    """Writes recoloured chevrons and ticks to files, since a style sheet reads images from files only.

    Returns their paths by the style sheet's variable; the files last as long as the process.
    """
    places = {}
    for name, plain in (("chevron-down", tokens.tx2), ("chevron-up", tokens.tx2), ("check", tokens.ac)):
        for suffix, shade, strength in (("", plain, 1.0), ("_faded", tokens.tx3, DISABLED_SHARE)):
            file = Path(_files().filePath(f"{tokens.name}-{name}{suffix}.svg"))
            file.write_text(icons.svg_text(name, shade, size=12, strength=strength), encoding="utf-8")
            places[name.replace("-", "_") + suffix] = file.as_posix()
    return places


@lru_cache(maxsize=1)
def _files() -> QTemporaryDir:
    return QTemporaryDir()


def palette(tokens: ColourTokens) -> QPalette:
    """Returns a Qt palette in the theme's colours, for everything that the style sheet does not draw."""
    shades = QPalette()
    for role, token in _ROLES.items():
        shades.setColor(role, QColor(getattr(tokens, token)))
    faded = QColor(tokens.tx3)
    faded.setAlphaF(DISABLED_SHARE)
    for role in _FADED:
        shades.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return shades


def mark(widget: W, **properties: object) -> W:
    """Sets dynamic properties (role, level, tone, surface …), applies the style sheet again and returns the widget."""
    fresh = {name: value for name, value in properties.items() if widget.property(name) != value}
    for name, value in fresh.items():
        widget.setProperty(name, value)
    if fresh and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
        widget.update()
    return widget


def filled(widget: W, **properties: object) -> W:
    """Marks a widget as `mark` does and lets the style sheet paint all of its background; returns the widget."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return mark(widget, **properties)

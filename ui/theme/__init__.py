"""The look of the UI: tokens, style sheet, style, fonts, icons and paint helpers."""

from ui.theme.fonts import font
from ui.theme.icons import icon
from ui.theme.sheet import mark, wear
from ui.theme.tokens import DARK, LIGHT, MEASURES, ColourTokens
from ui.theme.worn import changed, colour, current

__all__ = ["DARK", "LIGHT", "MEASURES", "ColourTokens", "changed", "colour", "current", "font", "icon", "mark", "wear"]

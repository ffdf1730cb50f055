"""The look of the UI: tokens, style sheet, style, fonts, icons and paint helpers."""

from ui.theme.current_theme import changed, colour, current
from ui.theme.fonts import font
from ui.theme.icons import icon
from ui.theme.sheet import apply_theme, filled, mark
from ui.theme.tokens import MEASURES

__all__ = ["MEASURES", "apply_theme", "changed", "colour", "current", "filled", "font", "icon", "mark"]

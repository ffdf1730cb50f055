"""What hardly stands out from its ground in a widget, as it is measured in pixels in both themes."""

from PySide6.QtWidgets import QApplication, QWidget

from tests.kit.marks import Marked
from ui.theme import apply_theme, current
from ui.theme.tokens import THEMES

Faint = list[tuple[object, ...]]


def faint_in(widget: QWidget, *, showing: frozenset[str] = frozenset()) -> dict[str, Faint]:
    """Returns by theme the texts and marks of a widget that stand out too little, and which of `showing` has no mark.

    A theme without any is left out. The theme of before is in force afterwards.
    """
    before = current().name
    found = {theme: _faint(widget, theme, showing) for theme in sorted(THEMES)}
    _dress(before)
    return {theme: faint for theme, faint in found.items() if faint}


def _faint(widget: QWidget, theme: str, showing: frozenset[str]) -> Faint:
    _dress(theme)
    marked = Marked(widget)
    return [*marked.faint(), *((kind, "is not seen") for kind in sorted(showing - marked.kinds()))]


def _dress(theme: str) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, theme)
    QApplication.processEvents()

"""Prepares text for tooltips and other places where Qt would interpret markup."""

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as QtText

from commandcenter.domain.text import visible

TIP_MOST = 600  # characters; a longer tip covers the screen and is not read


def plain_tip(text: str) -> str:
    """Returns `text` for a tooltip: invisible characters as signs, cut at TIP_MOST, markup escaped and so shown."""
    shown = visible(text)
    shown = shown if len(shown) <= TIP_MOST else f"{shown[: TIP_MOST - 1]}…"
    if "<" not in shown and "&" not in shown:
        return shown
    return f"<qt>{QtText.convertFromPlainText(shown, Qt.WhiteSpaceMode.WhiteSpaceNormal)}</qt>"

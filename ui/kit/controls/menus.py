"""Menus that open below what was pressed."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget


def drop(menu: QMenu, under: QWidget) -> None:
    """Opens `menu` below the widget `under`; it is deleted when it closes."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(under.mapToGlobal(QPoint(0, under.height() + 3)))

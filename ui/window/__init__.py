"""The main window: bars, docks and their layout, without application logic."""

from ui.window.frame import Window

__all__ = ["Window"]

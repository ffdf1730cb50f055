"""The main window: bars, docks and where they stand; it decides nothing."""

from ui.window.frame import Window

__all__ = ["Window"]

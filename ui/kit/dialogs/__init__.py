"""Dialogs that are awaited."""

from ui.kit.dialogs.questions import ask_text, confirm
from ui.kit.dialogs.sheet import Sheet, run_dialog

__all__ = ["Sheet", "ask_text", "confirm", "run_dialog"]

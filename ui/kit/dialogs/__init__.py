"""Dialogs that are awaited."""

from ui.kit.dialogs.kept_input import KeptInput
from ui.kit.dialogs.questions import ask_text, confirm
from ui.kit.dialogs.sheet import Sheet, run_dialog

__all__ = ["KeptInput", "Sheet", "ask_text", "confirm", "run_dialog"]

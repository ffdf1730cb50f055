"""Dialogs that are awaited."""

from ui.kit.dialogs.questions import Option, ask_text, choose, confirm, show_message
from ui.kit.dialogs.sheet import Sheet, run_dialog

__all__ = ["Option", "Sheet", "ask_text", "choose", "confirm", "run_dialog", "show_message"]

"""Dialogs that are awaited."""

from ui.kit.dialogs.questions import Option, Sheet, ask_text, choose, confirm, run_dialog, show_message

__all__ = ["Option", "Sheet", "ask_text", "choose", "confirm", "run_dialog", "show_message"]

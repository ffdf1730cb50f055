"""Every user action once: its words, keys, verbs and what it does; command line, search and key sheet over them."""

from ui.actions.context import UiContext
from ui.actions.registry import Action, Actions, conflicts

__all__ = ["Action", "Actions", "UiContext", "conflicts"]

"""The registry of user actions (text, keys, verbs, handler), with command line, search and key sheet on top of it."""

from ui.actions.context import UiContext
from ui.actions.registry import Action, Actions, conflicts

__all__ = ["Action", "Actions", "UiContext", "conflicts"]

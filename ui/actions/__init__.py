"""Every user action once: its words, keys, verbs and what it does; command line, search and key sheet over them."""

from ui.actions.registry import Action, Actions, conflicts
from ui.actions.seat import Seat

__all__ = ["Action", "Actions", "Seat", "conflicts"]

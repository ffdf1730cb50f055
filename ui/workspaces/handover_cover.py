"""The room 交接班 as a room of a workspace, and who has it."""

from functools import partial
from typing import TYPE_CHECKING

from commandcenter.domain.people import Person, Role
from ui.actions.context import UiContext
from ui.kit.panels.cover import Cover
from ui.kit.texts.words import phrase
from ui.window import Window
from ui.window.rail import RailRoom
from ui.workspaces.rooms import CoverRoom

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings

HANDOVER = RailRoom("handover", phrase("交接班"), "clipboard-list")
ROLES = frozenset({Role.DISPATCHER, Role.SHIFT_LEADER, Role.COORDINATOR, Role.STREET_DISPATCHER})


def has_handover(person: Person | None) -> bool:
    """Returns whether a seat hands over a shift of the hall."""
    return person is not None and person.role in ROLES


def handover_cover(window: Window, seat: UiContext, settings: "Settings") -> CoverRoom:
    """Returns the room, which loads what prints when it is first opened."""
    return CoverRoom(HANDOVER, partial(_handover, window, seat, settings))


def _handover(window: Window, seat: UiContext, settings: "Settings") -> Cover:
    from ui.handover.room import HandoverRoom

    return HandoverRoom(seat, str(settings["shifts"]), parent=window)

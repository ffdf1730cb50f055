"""The room 主协办 as a room of a workspace, and who has it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from commandcenter.domain.people import Person, Role
from ui.actions.context import UiContext
from ui.cases.acts import act, give_by_hand
from ui.kit.texts.words import phrase
from ui.window import Window
from ui.window.rail import RailRoom
from ui.workspaces.rooms import CoverRoom

if TYPE_CHECKING:
    from ui.leads.room import LeadsRoom

LEADS = RailRoom("leads", phrase("主协办"), "git-fork")
ROLES = frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.SHIFT_LEADER, Role.STREET_DISPATCHER})


def has_leads(person: Person | None) -> bool:
    """Returns whether a seat has the room: who coordinates, dispatches or leads; and one of which nothing is known."""
    return person is None or person.role in ROLES


def begins_at_leads(person: Person | None) -> bool:
    """Returns whether the room is in front when the seat is taken."""
    return person is not None and person.role is Role.COORDINATOR


def leads_cover(
    window: Window,
    seat: UiContext,
    open_case: Callable[[], object],
    ask_window: Callable[[str], object],
) -> CoverRoom:
    """Returns the room; `open_case` leaves it for the chosen case, `ask_window` hears its `window_asked`."""
    return CoverRoom(LEADS, partial(_leads, window, seat, open_case, ask_window))


def _leads(
    window: Window, seat: UiContext, open_case: Callable[[], object], ask_window: Callable[[str], object]
) -> "LeadsRoom":
    from ui.leads.room import LeadsRoom  # late: the desk opens without it

    room = LeadsRoom(seat, give=give_by_hand, ask=act, parent=window)
    room.opened.connect(lambda _case: open_case())
    room.window_asked.connect(ask_window)
    return room

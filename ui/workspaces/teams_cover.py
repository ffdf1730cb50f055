"""The room 队伍 as a room of a workspace, and who has it."""

from collections.abc import Callable
from functools import partial

from commandcenter.domain.people import Person, Role
from ui.actions.context import UiContext
from ui.cases.acts import act, give_by_hand
from ui.kit.texts.words import phrase
from ui.teams.room import TeamsRoom
from ui.window import Window
from ui.window.rail import RailRoom
from ui.workspaces.rooms import CoverRoom

TEAMS = RailRoom("teams", phrase("队伍"), "users")
ROLES = frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER, Role.SHIFT_LEADER})


def has_teams(person: Person | None) -> bool:
    """Returns whether a seat has the room: who dispatches or leads the shift, and one of which nothing is known."""
    return person is None or person.role in ROLES


def teams_cover(window: Window, seat: UiContext, open_case: Callable[[], object]) -> CoverRoom:
    """Returns the room; `open_case` leaves it for the chosen case."""
    return CoverRoom(TEAMS, partial(_teams, window, seat, open_case))


def _teams(window: Window, seat: UiContext, open_case: Callable[[], object]) -> TeamsRoom:
    room = TeamsRoom(seat, give=partial(give_by_hand, seat), ask=partial(act, seat), parent=window)
    room.opened.connect(lambda _case: open_case())
    return room

"""The room 队伍 as a room of a workspace, a single lane of it, and who has them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from commandcenter.domain.people import Person, Role
from commandcenter.store.board import Board
from ui.actions.context import UiContext
from ui.cases.acts import act, give_by_hand
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase
from ui.window import Window
from ui.window.rail import RailRoom
from ui.workspaces.rooms import CoverRoom

if TYPE_CHECKING:
    from ui.teams.room import TeamsRoom

TEAMS = RailRoom("teams", phrase("队伍"), "users")
ROLES = frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER, Role.SHIFT_LEADER})


def has_teams(person: Person | None) -> bool:
    """Returns whether a seat has the room: who dispatches or leads the shift, and one of which nothing is known."""
    return person is None or person.role in ROLES


def teams_cover(
    window: Window, seat: UiContext, open_case: Callable[[], object], ask_window: Callable[[str], object]
) -> CoverRoom:
    """Returns the room; `open_case` leaves it for the chosen case, `ask_window` hears its `window_asked`."""
    return CoverRoom(TEAMS, partial(_teams, seat, open_case, ask_window, parent=window))


def lane_room(
    seat: UiContext, open_case: Callable[[], object], ask_window: Callable[[str], object], street: str
) -> "tuple[TeamsRoom, Words] | None":
    """Returns the room with one street's lane alone, and its title; None where the seat does not see that street."""
    person = seat.desk.person
    if not has_teams(person) or (person is not None and person.scope.street not in (None, street)):
        return None
    room = _teams(seat, open_case, ask_window, street=street)
    return room, phrase("队伍 · {street}", street=_StreetName(seat.desk.board, street))


@dataclass(frozen=True, slots=True)
class _StreetName:
    """The name of a street as the board has it when it is read."""

    board: Board
    street: str

    def __str__(self) -> str:
        return names.name(self.board, "street", self.street)


def _teams(
    seat: UiContext,
    open_case: Callable[[], object],
    ask_window: Callable[[str], object],
    *,
    parent: Window | None = None,
    street: str | None = None,
) -> "TeamsRoom":
    from ui.teams.room import TeamsRoom  # late: the desk opens without it

    room = TeamsRoom(seat, give=give_by_hand, ask=act, parent=parent, street=street)
    room.opened.connect(lambda _case: open_case())
    room.window_asked.connect(ask_window)
    return room

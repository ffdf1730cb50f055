"""What several scenes of the tour do: signing in, looking at the board, speaking to the command line."""

from collections.abc import Awaitable, Callable

from commandcenter.demonstration.other_seats import DemoAccount
from commandcenter.demonstration.tour_player import TourPlayer
from commandcenter.domain.cases import Case, Stage
from commandcenter.store.overlay import Delivery
from commandcenter.sync.desk import Desk


class Shift:
    """What one scene leaves for the next."""

    def __init__(self) -> None:
        self.case = ""
        self.unit = ""
        self.taken = self.disputed = ""  # cases of the outage


Scene = Callable[[TourPlayer, Shift], Awaitable[None]]


async def sign_in(play: TourPlayer, who: DemoAccount) -> None:
    """Fill in the sign-in that stands there, as `who`."""
    await play.fill("signin.user", who.user)
    await play.fill("signin.password", who.password)
    await play.press("Return")
    await play.until(f"{who.user} is signed in", lambda: play.desk.person and play.desk.person.user == who.user)


async def change_seats(play: TourPlayer, who: DemoAccount) -> None:
    """Whoever sits there goes, and `who` signs in."""
    await play.press("Ctrl+Shift+U")
    await play.until("the sign-in asks who is there", lambda: play.said("signin"))
    await sign_in(play, who)


async def connected(play: TourPlayer) -> None:
    """The window has its platform."""
    await play.until("connected", lambda: play.words("已连接") in play.said("status"))


async def hall_is_there(play: TourPlayer) -> None:
    """The window has what is going on in the hall."""
    await play.until("the queue holds the hall's cases", lambda: len(play.desk.board.cases) > 100)


def cases(desk: Desk) -> list[Case]:
    """The cases of a desk's board."""
    return [case for case in desk.board.all("case") if isinstance(case, Case)]


def new_case(desk: Desk, before: set[str]) -> str:
    """The case that this seat took: it has a person's hand on it and was not there before."""
    own = {act.ref[1] for act in desk.acts.recent if act.name == "take"}
    return next((case.id for case in cases(desk) if case.id in own and case.id not in before), "")


def case_of(play: TourPlayer, key: str) -> Case:
    """The case, as the window's board has it."""
    found = play.desk.board.find("case", key)
    assert isinstance(found, Case), "the case left the board"
    return found


def dispatched(play: TourPlayer, shift: Shift) -> bool:
    """Whether the shift's case is with somebody."""
    return case_of(play, shift.case).stage is Stage.DISPATCHED


def delivered(play: TourPlayer, shift: Shift) -> bool:
    """Whether its last act came into force."""
    return play.desk.board.delivery("case", shift.case) is Delivery.DONE


async def order(play: TourPlayer, line: str) -> None:
    """Say a line to the command line."""
    await play.press("Ctrl+K")
    await play.type(line)
    await play.press("Return")

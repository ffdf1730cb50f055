"""Steps shared by several scenes of the tour: signing in, reading the board, using the command line."""

from collections.abc import Awaitable, Callable

from commandcenter.demonstration.tour_player import TourPlayer
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.kinds import Kind
from commandcenter.store.overlay import Delivery
from commandcenter.sync.demo_accounts import DemoAccount
from commandcenter.sync.desk import Desk


class TourState:
    """What one scene leaves for the next: ids of cases and of the unit."""

    def __init__(self) -> None:
        self.case = ""
        self.unit = ""
        self.taken = self.disputed = ""  # cases of the outage


Scene = Callable[[TourPlayer, TourState], Awaitable[None]]


async def sign_in(play: TourPlayer, who: DemoAccount) -> None:
    """Signs in as `who` in the open sign-in form."""
    await play.fill("signin.user", who.user)
    await play.fill("signin.password", who.password)
    await play.press("Return")
    await play.until(f"{who.user} is signed in", lambda: play.desk.person and play.desk.person.user == who.user)


async def change_user(play: TourPlayer, who: DemoAccount) -> None:
    """Signs the current user out and `who` in."""
    await play.press("Ctrl+Shift+U")
    await play.until("the sign-in asks who is there", lambda: play.said("signin"))
    await sign_in(play, who)


async def connected(play: TourPlayer) -> None:
    """Waits until the window is connected to the platform."""
    await play.until("connected", lambda: play.words("已连接") in play.said("status"))


async def wait_for_cases(play: TourPlayer) -> None:
    """Waits until the board holds more than 100 cases: the hall's."""
    await play.until("the queue holds the hall's cases", lambda: len(play.desk.board.cases) > 100)


def cases(desk: Desk) -> list[Case]:
    """Returns the cases on a desk's board."""
    return [case for case in desk.board.all("case") if isinstance(case, Case)]


def kinds_of(desk: Desk, power: str) -> set[str]:
    """Returns the ids of the kinds of case that suit `power` best."""
    kinds = (kind for kind in desk.board.all("kind") if isinstance(kind, Kind))
    return {kind.id for kind in kinds if kind.powers[:1] == (power,)}


def new_case(desk: Desk, before: set[str]) -> str:
    """Returns the id of the case that this seat took and that is not in `before`; "" without one."""
    own = {act.ref[1] for act in desk.acts.recent if act.name == "take"}
    return next((case.id for case in cases(desk) if case.id in own and case.id not in before), "")


def case_of(play: TourPlayer, key: str) -> Case:
    """Returns the case from the window's board; AssertionError when it is not there."""
    found = play.desk.board.find("case", key)
    assert isinstance(found, Case), "the case left the board"
    return found


def dispatched(play: TourPlayer, shift: TourState) -> bool:
    """Whether the tour's case is dispatched."""
    return case_of(play, shift.case).stage is Stage.DISPATCHED


def delivered(play: TourPlayer, shift: TourState) -> bool:
    """Whether the last act on the tour's case is done."""
    return play.desk.board.delivery("case", shift.case) is Delivery.DONE


async def order(play: TourPlayer, line: str) -> None:
    """Types `line` into the command line and submits it."""
    await play.press("Ctrl+K")
    await play.type(line)
    await play.press("Return")

"""Every text and mark of the desk stands out from what it lies on, in each room and panel and in both themes."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication

from commandcenter.domain.cases import Tier
from commandcenter.domain.commands import Dispatch
from commandcenter.domain.commands.leading import LeadSet
from commandcenter.domain.commands.task_changes import TaskAsked
from commandcenter.domain.commands.tiers import Escalated
from commandcenter.domain.facts import Fact
from commandcenter.domain.places import Spot
from commandcenter.domain.responsibility import Carried, CarriedTime
from commandcenter.domain.tasks import TaskKind
from commandcenter.protocol.messages import Summary
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.connection import State
from commandcenter.sync.queries import HistoryQuery
from tests.gui.inbox.conftest import Waiting, filed
from tests.kit import coordinated, hall, street_crews
from tests.kit.case_panel import the_sheet
from tests.kit.marks import Marked
from tests.kit.signed_desk import PEOPLE, SignedDesk, become
from tests.kit.turns import settled, turns
from ui.app.console import Console
from ui.theme import apply_theme
from ui.window import Window

ROOMS = ("teams", "leads", "inbox", "handover")
LIGHTS = {"on_time": 424, "soon": 425, "overdue": 426, "needs_you": 421}
SEEN = {"fill", "edge", "line", "icon", "icon of a button", "edge of a field", "bar of a plot"} | {
    f"{family}.{name}"
    for family, names in {
        "light": "on_time soon overdue needs_you none",
        "crew": "off_duty available dispatched en_route on_scene handling returning",
        "task": "waiting working reported overdue refused",
        "delivery": "kept sent done needs_you",
        "field": "clash same",
        "hour": "received settled",
        "carried": "led helped",
        "mark": "step",
    }.items()
    for name in names.split()
}
SEATS = {"u03": "to_queue", "k01": "intake"}  # a unit's, and an intake clerk's with the form
OVER = ("command_line", "keys")  # what lies over all that
PANELS = ("own_acts", "trend", "carried", "going", "why", "attention")


class FullDesk(SignedDesk):
    """A desk at which something of every kind is to be seen."""

    def _historyquery(self, query: HistoryQuery) -> tuple[Fact, ...]:
        """Waited at the hall, then at the coordinator, then led and helped."""
        key, asked = query.case_id, f"{query.case_id}.s04-urban"
        return (
            *super()._historyquery(query)[:2],
            Escalated(key, "s03", ago(50), Tier.DISTRICT, "街镇协调不了"),
            LeadSet(key, "coordinator", ago(30), "s03-urban"),
            TaskAsked(key, "coordinator", ago(10), asked, TaskKind.CO_HANDLING, "s04-urban"),
        )

    def _carriedquery(self, _query: object) -> CarriedTime:
        return CarriedTime((Carried("s03-urban", 7_500.0, 4_200.0, 4), Carried("s04-urban", 3_600.0, 0.0, 2)))


def ago(minutes: float) -> datetime:
    return hall.NOW - timedelta(minutes=minutes)


@pytest.fixture
def desk() -> SignedDesk:
    desk = FullDesk()
    spots = (Spot(117.26, 31.72), None)
    coordination = [*coordinated.departments(), *coordinated.everywhere(40)]
    crews = street_crews.everywhere(120, spots=spots)
    desk.board.apply([*hall.reference(), *coordination, *hall.cases(60, first=1_000), *crews])
    desk.board.apply([filed(number) for number in (421, 422, 423, 424)])
    past, ahead = hall.NOW - timedelta(hours=1), hall.NOW + timedelta(hours=1)
    desk.board.apply([hall.case(425, green_until=past, due=ahead), hall.case(426, green_until=past, due=past)])
    desk.figures = Summary(7, {"grid": 3, "street": 3, "district": 1}, {"reported": 4}, (), (), (), ())
    desk.board.pend(Waiting(desk).clash())
    return desk


@pytest.fixture
async def console(opened: Callable[..., Console], desk: SignedDesk) -> Console:
    console = opened(sits=PEOPLE["d07"])
    for number, delivery in ((422, Delivery.KEPT), (423, Delivery.SENT), (424, Delivery.DONE)):
        act = await desk.do(Dispatch(filed(number).id, "s03-urban"))
        assert isinstance(act, Act)
        desk.board.pend(replace(act, delivery=delivery))
    console.seat.focus.choose(hall.case(421).id, by="test")
    return console


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_every_text_and_mark_stands_out(
    console: Console, desk: SignedDesk, window: Window, qapp: QApplication, theme: str
) -> None:
    apply_theme(qapp, theme)
    window.resize(1920, 1080)
    kinds: set[str] = set()
    for name, look in looks(console, desk):
        await look()
        await settled()
        await turns()
        marked = Marked(window)
        kinds |= marked.kinds()
        assert marked.faint() == [], name
    assert kinds >= SEEN
    console.registry.trigger("about")
    await turns()
    assert Marked(the_sheet()).faint() == []


def looks(console: Console, desk: SignedDesk) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
    """Yields each view by its name, and how to get there: a case of each light, panels, rooms, the seats of others."""

    async def chosen(number: int) -> None:
        console.seat.focus.choose(hall.case(number).id, by="test")

    async def opened(action: str) -> None:
        console.registry.trigger(action)

    async def seated(user: str, action: str) -> None:
        await become(console, desk, user)
        console.registry.trigger(action)

    async def offline() -> None:
        desk.connection.to(State.WAITING)

    for light, number in LIGHTS.items():
        yield light, partial(chosen, number)
    for action in (*PANELS, *ROOMS):
        yield action, partial(opened, action)
    yield "offline", offline
    for user, action in SEATS.items():
        yield user, partial(seated, user, action)
    for action in OVER:
        yield action, partial(opened, action)

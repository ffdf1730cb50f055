"""Before anything is known of the hall no room counts it: a 0 would be a number that nobody counted."""

import re
from collections.abc import Callable

import pytest

from commandcenter.sync.connection import Connection, State
from tests.kit import hall
from tests.kit.legible import Drawing
from tests.kit.signed_desk import PEOPLE, SignedDesk
from tests.kit.turns import turns
from ui.app.console import Console
from ui.window import Window

A_ZERO = re.compile(r"(?<![\d:.-])0(?![\d:.-])")
ROOMS = ("", "teams", "leads", "inbox", "handover")


@pytest.fixture
def desk() -> SignedDesk:
    desk = SignedDesk()
    desk.board.replace([])
    desk.connection, desk.offline = Connection(desk.now), True
    return desk


async def zeros(window: Window) -> list[str]:
    await turns(3)
    return [text.words for text in Drawing(window, 1).texts if A_ZERO.search(text.words)]


@pytest.mark.parametrize(("user", "rooms"), [("d07", ROOMS), ("u03", ("",))])
async def test_what_nobody_has_counted_is_no_zero_until_the_platform_has_told_it(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, user: str, rooms: tuple[str, ...]
) -> None:
    console = opened(sits=PEOPLE[user])
    for room in rooms:
        if room:
            console.workspace.rooms.open(room)
        assert await zeros(window) == [], room
    if len(rooms) > 1:
        console.workspace.rooms.to_ground()
        console.registry.trigger("intake")
        assert await zeros(window) == []
    desk.connection.to(State.CONNECTING)
    desk.connection.to(State.SNAPSHOT)
    assert await zeros(window) == []
    desk.board.replace([*hall.reference(), hall.case(421)])
    console.seat.follow.second.emit()
    assert await zeros(window)
    await turns()  # what follows a frame later has its loop

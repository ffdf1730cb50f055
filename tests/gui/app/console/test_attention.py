"""From the bell to the case: what needs attention is opened at the desk, and the keyboard comes back when it is not."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from commandcenter.domain.cases import Tier
from commandcenter.domain.teams import CrewStatus
from tests.kit import hall
from tests.kit.room_windows import activate, out, press
from tests.kit.signed_desk import PEOPLE, SignedDesk
from tests.kit.street_crews import crew
from tests.kit.turns import seen
from ui.app.console import Console
from ui.teams.room import TeamsRoom
from ui.window import Window


async def test_the_chosen_thing_is_opened_at_the_desk_and_esc_goes_back(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, qtbot: Any
) -> None:
    console = opened(sits=PEOPLE["d07"])
    attention = console.actions.attention
    await seen(lambda: attention.watch.standing)
    before = attention.bell.count
    desk.board.apply([hall.case(777, tier=Tier.STREET, waits_since=desk.now())])
    await seen(lambda: attention.bell.count == before + 1)
    console.registry.trigger("teams")
    console.registry.trigger("attention")
    assert attention.list.geometry().right() < window.width()
    qtbot.keyClick(attention.list.view, Qt.Key.Key_Escape)
    assert attention.list.isHidden()
    assert console.workspace.rooms.front == "teams"
    console.registry.trigger("attention")
    rows = attention.list.model.rows
    mine = next(at for at, row in enumerate(rows) if hall.case(777).id in str(row))
    attention.list.view.setCurrentIndex(attention.list.model.index(mine))
    qtbot.keyClick(attention.list.view, Qt.Key.Key_Return)
    assert console.seat.focus.case == hall.case(777).id
    assert console.workspace.rooms.front == ""
    assert attention.bell.count == before


async def test_a_crew_that_stays_too_long_is_opened_among_the_crews(
    opened: Callable[..., Console], desk: SignedDesk, qtbot: Any
) -> None:
    console = opened(sits=PEOPLE["d07"])
    attention, late = console.actions.attention, crew(1, status=CrewStatus.HANDLING, minutes=121)
    desk.board.apply([late, crew(2)])
    console.seat.focus.choose(hall.case(421).id, by="queue")
    await seen(lambda: any(one.ref == ("crew", late.id) for one in attention.watch.standing))
    console.registry.trigger("attention")
    rows = attention.list.model.rows
    mine = next(at for at, row in enumerate(rows) if late.id in str(row))
    attention.list.view.setCurrentIndex(attention.list.model.index(mine))
    qtbot.keyClick(attention.list.view, Qt.Key.Key_Return)
    assert console.workspace.rooms.front == "teams"
    room = console.workspace.rooms.made("teams")
    assert isinstance(room, TeamsRoom)
    assert room.view.current is not None
    assert room.view.current.key == late.id


async def test_from_a_rooms_own_window_the_list_opens_in_the_main_one_with_the_keyboard(
    opened: Callable[..., Console], window: Window, qtbot: Any
) -> None:
    console = opened(sits=PEOPLE["d07"])
    attention = console.actions.attention
    await seen(lambda: attention.watch.standing)
    await activate(window)
    console.registry.trigger("teams")
    console.registry.trigger("room_window")
    await press(out("teams"), Qt.Key.Key_F12)
    await seen(window.isActiveWindow)
    await seen(attention.list.view.hasFocus)
    assert attention.list.isVisible()
    qtbot.keyClick(attention.list.view, Qt.Key.Key_Escape)
    assert attention.list.isHidden()

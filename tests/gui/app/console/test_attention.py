"""From the bell to the case: what needs attention is opened at the desk, and the keyboard comes back when it is not."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.people import Role
from commandcenter.domain.teams import Assignment, AssignmentState, CrewStatus, Loan
from tests.kit import hall
from tests.kit.fake_desk import person
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


async def _open_crew(console: Console, key: str, cause: str, qtbot: Any) -> None:
    """Opens from the list what there is about a crew."""
    attention = console.actions.attention
    await seen(lambda: any((one.cause, one.ref[1]) == (cause, key) for one in attention.watch.standing))
    console.registry.trigger("attention")
    mine = next(at for at, row in enumerate(attention.list.model.rows) if key in str(row) and f"'{cause}'" in str(row))
    attention.list.view.setCurrentIndex(attention.list.model.index(mine))
    qtbot.keyClick(attention.list.view, Qt.Key.Key_Return)


AT_WORK = Assignment(hall.case(421).id, "s03-urban", "s03", AssignmentState.CURRENT)


@pytest.mark.parametrize("assignments", [(), (AT_WORK,)])
async def test_a_crew_that_stays_too_long_is_opened_among_the_crews(
    opened: Callable[..., Console], desk: SignedDesk, qtbot: Any, assignments: tuple[Assignment, ...]
) -> None:
    console = opened(sits=PEOPLE["d07"])
    late = crew(1, status=CrewStatus.HANDLING, minutes=121, assignments=assignments)
    desk.board.apply([late, crew(2)])
    console.seat.focus.choose(hall.case(421).id, by="queue")
    await _open_crew(console, late.id, "stays_too_long", qtbot)
    assert console.workspace.rooms.front == "teams"
    room = console.workspace.rooms.made("teams")
    assert isinstance(room, TeamsRoom)
    assert room.view.current is not None
    assert room.view.current.key == late.id


async def test_a_crew_that_is_asked_for_is_opened_among_the_crews_whatever_it_works_at(
    opened: Callable[..., Console], desk: SignedDesk, qtbot: Any
) -> None:
    console = opened(sits=person(Role.STREET_DISPATCHER, street="s03"))
    asked = crew(1, assignments=(AT_WORK,), loan=Loan("s04", ("s04",), asked_at=desk.now()))
    desk.board.apply([asked, crew(2)])
    await _open_crew(console, asked.id, "loan_asked", qtbot)
    assert console.workspace.rooms.front == "teams"
    room = console.workspace.rooms.made("teams")
    assert isinstance(room, TeamsRoom)
    assert room.view.current is not None
    assert room.view.current.key == asked.id


async def test_an_order_opens_its_case_and_not_the_one_at_which_the_crew_works(
    opened: Callable[..., Console], desk: SignedDesk, qtbot: Any
) -> None:
    console = opened(sits=PEOPLE["u03"])
    order = Assignment(hall.case(500).id, "s03-urban", "s03", AssignmentState.ORDERED, sent_at=desk.now())
    held = [hall.case(n, stage=Stage.HANDLING, responsible="s03-urban") for n in (421, 500)]
    desk.board.apply([*held, crew(1, assignments=(AT_WORK, order))])
    await _open_crew(console, crew(1).id, "ordered", qtbot)
    assert console.seat.focus.case == hall.case(500).id


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

"""The coordinator's seat: the board 主协办 is in front, the desk is a key away, and keys act on the chosen case."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.people import Role
from tests.kit import coordinated
from tests.kit.coordinated import led, waiting
from tests.kit.fake_desk import person
from tests.kit.signed_desk import SignedDesk
from tests.kit.turns import seen
from ui.app.console import Console
from ui.leads.room import LeadsRoom
from ui.window import Window

Opened = Callable[..., Console]


@pytest.fixture
async def coordinating(opened: Opened, desk: SignedDesk, window: Window) -> Console:
    """The console of a coordinator with a few cases of the district."""
    desk.board.apply((*coordinated.departments(), waiting(901), waiting(902), led(903)))
    console = opened(sits=person(Role.COORDINATOR))
    window.show()
    return console


def room(console: Console) -> LeadsRoom:
    return console.workspace.rooms._made["leads"]


async def test_a_coordinator_begins_at_the_board_and_the_desk_is_a_key_away(
    coordinating: Console, window: Window
) -> None:
    rooms = coordinating.workspace.rooms
    assert (rooms.front, window.topbar.room.text()) == ("leads", "主协办")
    assert window.focusWidget() is room(coordinating).view
    coordinating.registry.trigger("to_queue")
    assert rooms.front == ""
    assert window.focusWidget() is coordinating.workspace.list_view
    coordinating.registry.trigger("leads")
    assert rooms.front == "leads"


async def test_the_first_paint_of_the_board_makes_the_seat_usable(coordinating: Console) -> None:
    await seen(lambda: coordinating._first_paint.came)


async def test_enter_opens_the_case_at_the_desk(coordinating: Console) -> None:
    view = room(coordinating).view
    view.go_to(waiting(902).id)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert coordinating.workspace.rooms.front == ""
    assert coordinating.seat.focus.case == waiting(902).id


async def test_the_keys_of_steps_act_on_the_card(coordinating: Console) -> None:
    room(coordinating).view.go_to(waiting(901).id)
    assert coordinating.registry["set_lead"].fits()
    assert not coordinating.registry["change_lead"].fits()
    room(coordinating).view.go_to(led(903).id)
    assert not coordinating.registry["set_lead"].fits()
    assert coordinating.registry["change_lead"].fits()


@pytest.mark.parametrize(
    ("role", "has_it"),
    [(Role.DISPATCHER, True), (Role.SHIFT_LEADER, True), (Role.STREET_DISPATCHER, True), (Role.INTAKE_CLERK, False)],
)
async def test_who_dispatches_or_leads_has_the_board_behind_the_desk(
    opened: Opened, window: Window, role: Role, has_it: bool
) -> None:
    console = opened(sits=person(role, **({"street": "s03"} if role is Role.STREET_DISPATCHER else {})))
    window.show()
    assert console.workspace.rooms.front == ""
    assert ("leads" in console.registry) is has_it

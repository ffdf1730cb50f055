"""Whoever sits at a window becomes somebody else: other rooms, a word about it; without a role a strip that says so."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.domain.people import Role
from commandcenter.sync.connection import State
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import turns
from ui.actions.context import UiContext
from ui.app.role_change import RoleChange
from ui.kit.dialogs import Sheet, ask_text
from ui.kit.labels.label import Label
from ui.kit.texts.words import speak
from ui.status.banner import ConnectionBanner
from ui.status.bar import StatusBar


@pytest.fixture
def furnished() -> list[Role]:
    return []


@pytest.fixture
def turning(seat: UiContext, desk: FakeDesk, furnished: list[Role]) -> Iterator[RoleChange]:
    whose = [desk.person]

    def furnish() -> None:
        furnished.append(desk.person.role)  # type: ignore[union-attr]
        whose[:] = [desk.person]

    made = RoleChange(seat, furnish, lambda: whose[0])
    yield made
    made.close()


def _told(seat: UiContext) -> str:
    return " ".join(label.text() for label in seat.toasts.findChildren(Label))


def test_another_role_brings_its_rooms_and_is_said_once_the_board_is_there(
    turning: RoleChange, seat: UiContext, desk: FakeDesk, furnished: list[Role], qtbot: Any
) -> None:
    desk.connection.to(State.CONNECTING)
    desk.person, desk.user.since = person(Role.SHIFT_LEADER), desk.now() - timedelta(minutes=3)
    desk.user.became.emit(None)
    assert furnished == []
    qtbot.waitUntil(lambda: furnished == [Role.SHIFT_LEADER])
    assert "你现在是" not in _told(seat)
    desk.connection.to(State.LIVE)
    qtbot.waitUntil(lambda: "你现在是值班长，范围 全区，自 " in _told(seat))
    speak("en")
    seat.window.show()
    qtbot.waitUntil(lambda: "You are shift leader now" in _told(seat).replace("Shift", "shift"))


def test_without_a_role_the_rooms_stay_and_the_strip_says_it_steadily_until_one_begins(
    turning: RoleChange, seat: UiContext, desk: FakeDesk, furnished: list[Role], qtbot: Any
) -> None:
    banner = ConnectionBanner(desk, seat.follow, seat.watch)  # type: ignore[arg-type]
    bar = StatusBar(desk, seat.follow, seat.watch, seat.hint)  # type: ignore[arg-type]
    for made in (banner, bar):
        qtbot.addWidget(made)
    desk.connection.age(stale=False)
    desk.has_role = False
    desk.user.became.emit(None)
    for state in (State.REFUSED, State.CONNECTING, State.REFUSED):
        desk.connection.to(state, code="no_role" if state is State.REFUSED else None)
        banner.refresh()
        assert not banner.isHidden()
        assert "现在没有角色" in " ".join(label.text() for label in banner.findChildren(Label))
    bar.refresh()
    assert "现在没有角色" in bar.connection.text()
    assert furnished == []
    desk.has_role = True
    desk.connection.to(State.CONNECTING)
    desk.user.became.emit(None)
    qtbot.wait(10)
    desk.connection.to(State.LIVE)
    qtbot.waitUntil(lambda: "你现在是派遣员" in _told(seat))
    assert furnished == []  # what was being typed in them is there
    banner.refresh()
    assert banner.isHidden()


async def test_a_question_about_a_case_of_the_former_scope_goes_with_it(
    turning: RoleChange, seat: UiContext, desk: FakeDesk, furnished: list[Role]
) -> None:
    seat.window.show()
    asked = asyncio.ensure_future(ask_text(seat.window, title="反馈 00421", label="查到什么"))
    await turns()
    assert [sheet.isVisible() for sheet in seat.window.findChildren(Sheet)] == [True]
    desk.person = person(Role.SHIFT_LEADER)
    desk.user.became.emit(None)
    await turns()
    assert asked.done()
    assert asked.result() is None
    assert furnished == [Role.SHIFT_LEADER]
    assert not [sheet for sheet in seat.window.findChildren(Sheet) if sheet.isVisible()]


def test_another_role_after_none_brings_its_rooms(
    turning: RoleChange, desk: FakeDesk, furnished: list[Role], qtbot: Any
) -> None:
    desk.has_role = False
    desk.user.became.emit(None)
    desk.has_role, desk.person = True, person(Role.SHIFT_LEADER)
    desk.user.became.emit(None)
    qtbot.waitUntil(lambda: furnished == [Role.SHIFT_LEADER])

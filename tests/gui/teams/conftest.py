"""The room 队伍 over a desk that sends nothing, in a hall with a few cases and crews of one street."""

from collections.abc import AsyncIterator, Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.people import Role
from commandcenter.domain.records import Record
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from ui.cases.acts import act, give_by_hand
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow
from ui.kit.texts import glossary
from ui.kit.texts.words import speak
from ui.teams.layout import Item, Part
from ui.teams.room import TeamsRoom
from ui.teams.view import LaneView
from ui.theme import apply_theme

URBAN, POLICE = "s03-urban", "s03-police"


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Any:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


@pytest.fixture
def translated() -> Iterator[None]:
    """Names of the demonstration are told in English while that is spoken."""
    glossary.use(True)
    yield
    glossary.use(False)


def held(number: int, unit: str = URBAN, **changes: object) -> Case:
    """Returns a case that a unit handles."""
    return hall.case(number, **{"stage": Stage.HANDLING, "responsible": unit} | changes)


def item(view: LaneView, part: Part, key: str) -> Item:
    """Returns the item that shows a case, a crew or a lane."""
    found = view.layout_now.find((part, key))
    assert found is not None
    return found


class Opened(SimpleNamespace):
    """The room with its desk, seat and following."""

    room: TeamsRoom
    desk: FakeDesk
    seat: FakeHall
    follow: Follow


@pytest.fixture
async def opened(qtbot: QtBot) -> AsyncIterator[Callable[..., Opened]]:
    """Opens the room over `records`, as wide as a large screen."""
    made: list[Opened] = []

    def opening(
        *records: Record, role: Role = Role.DISPATCHER, size: tuple[int, int] = (1860, 1000), **scope: str
    ) -> Opened:
        board = hall.board(0)
        board.apply(records)
        desk = FakeDesk(board, by=person(role, **scope))
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(*size)
        seat: Any = FakeHall(desk, window)
        seat.follow, seat.clock = Follow(board), SecondClock(board, desk.now)
        room = TeamsRoom(seat, give=give_by_hand, ask=act, parent=window)
        room.resize(*size)
        window.show()
        room.open()
        made.append(Opened(room=room, desk=desk, seat=seat, follow=seat.follow))
        return made[-1]

    yield opening
    await tasks.close()
    for one in made:
        one.room.close_following()
        one.follow.close()

"""The room 主协办 over a desk that sends nothing, in a hall with a few cases of the district."""

from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain.people import Role
from commandcenter.domain.records import Record
from tests.kit import coordinated, hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from tests.kit.turns import turns
from ui.cases.acts import act, give_by_hand
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.leads.room import LeadsRoom
from ui.theme import apply_theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Any:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


class Opened(SimpleNamespace):
    """The room with its desk, seat and following."""

    room: LeadsRoom
    desk: FakeDesk
    seat: FakeHall
    follow: Follow

    def pass_time(self, seconds: float) -> None:
        """Lets so many seconds pass."""
        self.desk.pass_time(seconds)
        self.seat.clock.turn()
        self.follow.second.emit()


@pytest.fixture
async def opened(qtbot: QtBot) -> AsyncIterator[Callable[..., Awaitable[Opened]]]:
    """Opens the room over `records`, as wide as a large screen; the platform has said who could lead."""
    made: list[Opened] = []

    async def opening(
        *records: Record, role: Role = Role.COORDINATOR, size: tuple[int, int] = (1860, 1000), **scope: str
    ) -> Opened:
        board = hall.board(0)
        board.apply((*coordinated.departments(), *records))
        desk = FakeDesk(board, by=person(role, **scope))
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(*size)
        seat: Any = FakeHall(desk, window)
        seat.follow, seat.clock = Follow(board), SecondClock(board, desk.now)
        room = LeadsRoom(seat, give=give_by_hand, ask=act, parent=window)
        room.resize(*size)
        window.show()
        room.open()
        await turns()
        made.append(Opened(room=room, desk=desk, seat=seat, follow=seat.follow))
        return made[-1]

    yield opening
    await tasks.close()
    for one in made:
        one.room.close_following()
        one.follow.close()

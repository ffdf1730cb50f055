"""The room 交接班 over a desk that sends nothing, in a hall with something of everything to hand over."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Application, Stage, Tier
from commandcenter.domain.people import Role
from commandcenter.domain.records import Record
from commandcenter.domain.tasks import TaskKind, TaskState
from commandcenter.domain.teams import Assignment, AssignmentState, CrewStatus, Loan
from commandcenter.store.board import Board
from tests.kit import coordinated, hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from tests.kit.street_crews import crew
from ui.handover.room import HandoverRoom
from ui.kit.seat import tasks
from ui.kit.texts.words import speak
from ui.theme import apply_theme

NOW = hall.NOW
MINUTE = timedelta(minutes=1)
AT_WORK = {"tier": Tier.STREET, "stage": Stage.HANDLING, "responsible": "s03-urban"}


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Any:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


def things() -> list[Record]:
    """Returns a case overdue, one due soon and one due tomorrow, a return, a whistle, a booked and a lent crew."""
    late = hall.case(1, **AT_WORK, due=NOW - 12 * MINUTE, green_until=NOW - 30 * MINUTE)
    soon = hall.case(2, **AT_WORK, due=NOW + 90 * MINUTE, green_until=NOW + 60 * MINUTE)
    calm = hall.case(3, **AT_WORK, due=NOW + 1_300 * MINUTE, green_until=NOW + 900 * MINUTE)
    applied = hall.case(4, **AT_WORK, due=calm.due, application=Application("u12", "没有泵", NOW - MINUTE))
    led = coordinated.led(5, coordinated.HOUSING)
    call = coordinated.part(led, coordinated.DATA, TaskState.WAITING, kind=TaskKind.WHISTLE, minutes=40)
    booking = Assignment(soon.id, "s03-urban", "s03", AssignmentState.BOOKED, NOW + 20 * MINUTE, NOW)
    booked = crew(1, assignments=(booking,))
    lent = crew(2, "s04-police", CrewStatus.HANDLING, loan=Loan("s03", ("s03", "s04"), NOW + 50 * MINUTE))
    off = crew(3, status=CrewStatus.OFF_DUTY)
    return [late, soon, calm, applied, *coordinated.helped(led, call), booked, lent, off]


class Opened(SimpleNamespace):
    """The room with its desk and seat."""

    room: HandoverRoom
    desk: FakeDesk
    seat: FakeHall


@pytest.fixture
async def opened(qtbot: QtBot) -> AsyncIterator[Callable[..., Opened]]:
    """Opens the room over `records` beside the reference records."""
    made: list[Opened] = []

    def opening(*records: Record, size: tuple[int, int] = (1306, 700), **desk_has: Any) -> Opened:
        board = Board()
        board.replace((*hall.reference(), *records))
        desk = FakeDesk(board, by=person(Role.SHIFT_LEADER))
        for name, value in desk_has.items():
            setattr(desk, name, value)
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(*size)
        seat: Any = FakeHall(desk, window)
        room = HandoverRoom(seat, "08:00 16:00 00:00", parent=window)
        room.resize(*size)
        window.show()
        room.open()
        made.append(Opened(room=room, desk=desk, seat=seat))
        return made[-1]

    yield opening
    await tasks.close()
    for one in made:
        one.room.close_following()

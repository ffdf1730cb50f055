"""The desk, the focus and the following of the tests of queue and case."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Role
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from ui.cases.case import CasePanel
from ui.kit.seat import tasks
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.theme import apply_theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(hall.board(120))


@pytest.fixture
def focus() -> Focus:
    return Focus()


@pytest.fixture
def follow(desk: FakeDesk) -> Iterator[Follow]:
    made = Follow(desk.board)
    yield made
    made.close()


@pytest.fixture
async def open_case(qtbot: QtBot) -> AsyncIterator[Callable[..., tuple[CasePanel, FakeHall]]]:
    made: list[tuple[CasePanel, Follow]] = []

    def open_(case: Case, role: Role = Role.DISPATCHER, **scope: str) -> tuple[CasePanel, FakeHall]:
        board = hall.board(30)
        board.apply([case])
        desk = FakeDesk(board, by=person(role, **scope))
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(900, 700)
        window.show()
        seat = FakeHall(desk, window)
        follow = Follow(board)
        panel = CasePanel(seat, follow=follow)
        qtbot.addWidget(panel)
        panel.resize(440, 900)
        panel.show()
        seat.focus.choose(case.id, by="test")
        made.append((panel, follow))
        return panel, seat

    yield open_
    await tasks.close()
    for panel, follow in made:
        panel.close_following()
        follow.close()

"""A seat on a desk that sends nothing, in a window of its own."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.actions.registry import Actions
from ui.actions.seat import Seat
from ui.actions.vocabulary import case_actions
from ui.kit.words import speak
from ui.theme import wear
from ui.window import Window


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    wear(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


@pytest.fixture
def desk() -> FakeDesk:
    board = hall.board(60)
    board.apply([hall.case(421), hall.case(422)])
    return FakeDesk(board)


@pytest.fixture
def window(qtbot: object) -> Iterator[Window]:
    made = Window()
    made.resize(1600, 900)
    yield made
    made.end()
    made.deleteLater()


@pytest.fixture
def seat(desk: FakeDesk, window: Window) -> Iterator[Seat]:
    made = Seat(desk=desk, window=window, toasts=window.toasts)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def actions(seat: Seat, window: Window) -> Actions:
    return Actions(window, case_actions(seat))

"""What the status room reads: a desk that sends nothing, followed and watched."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.status.watch import StatusWatch
from ui.theme import apply_theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


@pytest.fixture
def desk() -> FakeDesk:
    board = hall.board(20)
    board.apply([hall.case(421)])
    return FakeDesk(board)


@pytest.fixture
def follow(desk: FakeDesk) -> Iterator[Follow]:
    made = Follow(desk.board)
    yield made
    made.close()


@pytest.fixture
def watch(desk: FakeDesk) -> Iterator[StatusWatch]:
    made = StatusWatch(desk)  # type: ignore[arg-type]
    yield made
    made.close()

"""The desk, the focus and the following of the tests of queue and case."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
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

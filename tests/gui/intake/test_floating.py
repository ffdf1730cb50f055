"""The form over the queue: the map places its pin while it is open, and what was typed outlives closing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from tests.kit import hall
from tests.kit.seat import FakeHall
from tests.kit.turns import turns
from ui.intake.floating import FloatingIntake
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow


class FakeMap(QObject):
    """Remembers the pin and whether it places."""

    placed = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.is_placing = False
        self.pinned: tuple[float, float | None] | None = None

    def place(self, on: bool) -> None:
        self.is_placing = on

    def pin(self, lon: float, lat: float | None) -> None:
        self.pinned = None if lat is None else (lon, lat)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made


@pytest.fixture
def followed(seat: FakeHall) -> Iterator[FakeHall]:
    seat.follow = Follow(seat.desk.board)
    yield seat
    seat.follow.close()


async def test_the_map_places_the_pin_while_the_form_is_open(
    window: QMainWindow, followed: FakeHall, qtbot: QtBot
) -> None:
    ground = FakeMap()
    form = FloatingIntake(window, followed, ground)
    form.open()
    await turns()
    assert ground.is_placing
    assert form.geometry().right() < window.width()
    spot = hall.case().spot
    ground.placed.emit(spot.lon, spot.lat)
    assert ground.pinned == (spot.lon, spot.lat)
    assert form.form.where.chosen_street() == "s03"
    form.form.text.setPlainText("积水")
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert (ground.is_placing, ground.pinned) == (False, None)
    form.open()
    await turns()
    assert form.form.said() == "积水"
    assert ground.pinned == (spot.lon, spot.lat)
    await tasks.close()
    form.end()

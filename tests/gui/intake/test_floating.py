"""The form over the queue: the map places its pin while it is open, and what was typed outlives closing."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.intake.conftest import looked, write
from tests.kit import hall
from tests.kit.seat import FakeHall
from tests.kit.turns import turns
from ui.intake.floating import FloatingIntake
from ui.kit.controls.buttons import KeyButton
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak


class FakeMap(QObject):
    """Remembers the pin and whether it places."""

    placed = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.is_placing = False
        self.pinned: tuple[float, float | None] | None = None
        self.covered = 0
        self.likely: tuple[tuple[str, str], ...] = ()
        self.area = QRect(556, 76, 440, 632)  # as on a screen of 1366 × 768

    def place(self, on: bool) -> None:
        self.is_placing = on

    def pin(self, lon: float, lat: float | None, *, covered: int = 0) -> None:
        self.pinned = None if lat is None else (lon, lat)
        self.covered = covered

    def liken(self, cases: Sequence[tuple[str, str]]) -> None:
        self.likely = tuple(cases)

    def area_in(self, window: QWidget) -> QRect:
        return self.area


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


async def test_the_form_leaves_room_for_the_pin_and_scrolls_as_one(window: QMainWindow, followed: FakeHall) -> None:
    ground = FakeMap()
    form = FloatingIntake(window, followed, ground)
    form.open()
    write(form, pin=False)
    spot = hall.case().spot
    ground.placed.emit(spot.lon, spot.lat)
    await looked(form)
    assert ground.likely[0] == (hall.case().id, "00421")  # the map names it at its own mark
    for language in ("en", "zh"):
        speak(language)
        await turns(5)
        (scroll,) = (area for area in form.findChildren(QScrollArea) if area.isVisible())
        see = form.findings.findChild(KeyButton)
        assert see.mapTo(scroll, QPoint(0, see.height())).y() <= scroll.height()  # a duplicate with its buttons
    form.resize(form.width(), 300)
    await turns()
    scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
    form.form.where.search.set_text("")
    form.form.where.street.setCurrentIndex(0)
    form.file()
    await turns()
    assert form.form.where.street.mapTo(scroll, QPoint()).y() >= 0  # where a field is missing, it is in sight
    form.fit()
    small, free = form.geometry(), ground.area.right() - form.geometry().right()
    assert free >= 240
    assert ground.covered == small.right() - ground.area.left()
    assert form.findings.y() > form.form.geometry().bottom()
    assert form.findings.isVisible()
    ground.area = QRect(547, 76, 378, 560)  # as on a screen of 1280 × 720
    form.fit()
    assert form.geometry().left() == 236  # light, time and number of the rows are beside it
    window.resize(1920, 1080)
    ground.area = QRect(880, 76, 600, 900)
    form.fit()
    await turns()
    assert form.width() > small.width()
    assert form.findings.x() > form.form.geometry().right()
    assert ground.covered == form.geometry().right() - 880
    ground.area = QRect()  # in a window of its own
    form.fit()
    assert ground.covered == 0
    await tasks.close()
    form.end()

"""The intake form at a clerk's seat, over a board with some cases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from commandcenter.domain.people import Role
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from tests.kit.turns import turns
from ui.intake.panel import IntakePanel
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow
from ui.theme import apply_theme

WATER = "路口积水有十来米，水没过脚踝，希望赶紧抽掉。"


async def looked(form: IntakePanel) -> None:
    """Let the form look at what was typed."""
    form.lookup.look()
    await turns(2)


def write(form: IntakePanel, *, place: str = "望江东路与宁国路口", text: str = WATER, pin: bool = True) -> None:
    form.form.where.search.set_text(place)
    form.form.text.setPlainText(text)
    if pin:
        spot = hall.case().spot
        form.place_at(spot.lon, spot.lat)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")


@pytest.fixture
def seat() -> FakeHall:
    board = hall.board(40)
    board.apply([hall.case(421)])
    return FakeHall(FakeDesk(board, by=person(Role.INTAKE_CLERK)))


@asynccontextmanager
async def opened(seat: FakeHall, qtbot: QtBot) -> AsyncIterator[IntakePanel]:
    """A new form, ready to type."""
    follow = Follow(seat.desk.board)
    panel = IntakePanel(seat, follow=follow)
    qtbot.addWidget(panel)
    panel.lookup._resting.setInterval(10**6)  # a test asks for itself
    panel.resize(812, 764)
    panel.show()
    panel.start()
    await turns()
    try:
        yield panel
    finally:
        await tasks.close()
        panel.close_following()
        follow.close()


@pytest.fixture
async def form(seat: FakeHall, qtbot: QtBot) -> AsyncIterator[IntakePanel]:
    async with opened(seat, qtbot) as panel:
        yield panel

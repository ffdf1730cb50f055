"""A unit's seat with cases of every heading, and its desk."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.cases import Application, Stage, Tier
from commandcenter.domain.people import Role
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from ui.cases.words import fact_words
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat import tasks
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.theme import apply_theme
from ui.unit.seat import UnitSeat

GIVEN = {"responsible": "s03-urban", "tier": Tier.STREET, "dispatched_at": hall.NOW - timedelta(minutes=5)}
WORKED = GIVEN | {"accepted_at": hall.NOW - timedelta(minutes=4)}
acted: list[str] = []


@pytest.fixture
def desk() -> FakeDesk:
    board = hall.board(0)
    applied = Application("u12", "本队无抽排泵", hall.NOW)
    board.apply(
        [
            hall.case(1, stage=Stage.DISPATCHED, **GIVEN),
            hall.case(2, stage=Stage.HANDLING, **WORKED),
            hall.case(3, stage=Stage.HANDLING, application=applied, **WORKED),
            hall.case(4, stage=Stage.REPORTED, reported_at=hall.NOW, finding="已抽排", **WORKED),
            hall.case(5, stage=Stage.REPORTED, reported_at=hall.NOW - timedelta(days=2), finding="早", **WORKED),
        ]
    )
    return FakeDesk(board, by=person(Role.UNIT, unit="s03-urban", street="s03"))


@pytest.fixture
async def opened(desk: FakeDesk, qapp: QApplication, qtbot: Any) -> AsyncIterator[Callable[[], UnitSeat]]:
    """Opens the seat."""
    apply_theme(qapp, "dark")
    speak("zh")
    acted.clear()
    follow, focus = Follow(desk.board), Focus()
    clock = SecondClock(desk.board, desk.now)

    def opening() -> UnitSeat:
        made = UnitSeat(
            desk, follow=follow, focus=focus, clock=clock, act=acted.append, tell=fact_words, spot=QWidget()
        )  # type: ignore[arg-type]
        qtbot.addWidget(made)
        made.resize(1600, 900)
        made.show()
        return made

    yield opening
    await tasks.close()
    follow.close()


@pytest.fixture
async def seat(opened: Callable[[], UnitSeat]) -> UnitSeat:
    return opened()


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    yield
    speak("zh")

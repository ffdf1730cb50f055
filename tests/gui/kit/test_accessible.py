"""Everything that can be reached by keyboard says what it is, to those who hear the screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.people import Role
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from ui.cases.case import CasePanel
from ui.cases.panel import QueuePanel
from ui.cases.words import fact_words
from ui.intake.panel import IntakePanel
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat import tasks
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.signin.panel import SignInCard
from ui.theme import apply_theme
from ui.unit.seat import UnitSeat
from ui.window.topbar import TopBar


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(hall.board(30), by=person(Role.UNIT, unit="s03-urban", street="s03"))


@pytest.fixture
def follow(desk: FakeDesk) -> Iterator[Follow]:
    made = Follow(desk.board)
    yield made
    made.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("room", ["queue", "case", "intake", "unit", "bar", "sign-in"])
async def test_every_control_has_a_name(
    room: str, language: str, desk: FakeDesk, follow: Follow, qtbot: Any, qapp: QApplication
) -> None:
    apply_theme(qapp, "dark")
    speak(language)
    made = _room(room, desk, follow)
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show()
    assert _nameless(made) == []
    await tasks.close()
    speak("zh")


def _room(room: str, desk: Any, follow: Follow) -> QWidget:
    if room == "bar":
        return TopBar()
    if room == "sign-in":
        return SignInCard(None)  # type: ignore[arg-type]
    if room == "queue":
        return QueuePanel(desk, follow=follow, focus=Focus())
    seat = FakeHall(desk)
    seat.focus.choose(hall.case(1).id, by="test")
    if room == "unit":
        clock = SecondClock(desk.board, desk.now)
        return UnitSeat(desk, follow=follow, focus=seat.focus, clock=clock, act=str, tell=fact_words, spot=QWidget())
    return (CasePanel if room == "case" else IntakePanel)(seat, follow=follow)  # type: ignore[arg-type]


def _nameless(room: QWidget) -> list[str]:
    found = []
    for control in room.findChildren(QWidget):
        if control.focusPolicy() != Qt.FocusPolicy.NoFocus and control.isVisibleTo(room):
            face = QAccessible.queryAccessibleInterface(control)
            if face is None or not face.text(QAccessible.Text.Name).strip():
                found.append(type(control).__name__)
    return found

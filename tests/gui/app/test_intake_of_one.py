"""The intake form is one person's: who takes the seat next finds neither their form nor their words."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.people import Role
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import turns
from ui.actions.context import UiContext
from ui.app.intake_action import IntakeAction
from ui.intake.floating import FloatingIntake
from ui.kit.seat import tasks
from ui.window import Window


class Map(QObject):
    """A map that takes no click."""

    placed = Signal(float, float)

    def place(self, on: bool) -> None: ...

    def pin(self, lon: float, lat: float | None, *, covered: int = 0) -> None: ...
    def liken(self, cases: Sequence[tuple[str, str]]) -> None: ...

    def area_in(self, window: QWidget) -> QRect:
        return QRect()


@pytest.fixture
def intake(window: Window, seat: UiContext, desk: FakeDesk) -> Iterator[IntakeAction]:
    desk.person = person(Role.INTAKE_CLERK)
    made = IntakeAction(window, seat, Map(), lambda: None)  # type: ignore[arg-type]
    yield made
    made.end()


async def test_the_form_is_put_away_and_back_with_what_was_typed(intake: IntakeAction, window: Window) -> None:
    window.show()
    intake.open()
    (form,) = window.findChildren(FloatingIntake)
    form.form.text.setPlainText("积水")
    form.put_away()
    intake.open()
    await turns()
    assert form.isVisible()
    assert form.form.said() == "积水"
    intake.end()  # before the loop ends: the form's timers start tasks
    await tasks.close()


async def test_the_next_person_finds_no_form_and_may_open_their_own(intake: IntakeAction, window: Window) -> None:
    window.show()
    intake.open()
    (first,) = window.findChildren(FloatingIntake)
    first.form.text.setPlainText("积水")
    intake.end()
    assert not first.isVisible()
    intake.open()
    await turns()
    second = next(one for one in window.findChildren(FloatingIntake) if one is not first)
    assert second.form.said() == ""
    intake.end()  # before the loop ends: the form's timers start tasks
    await tasks.close()

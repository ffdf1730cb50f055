"""The intake form is one person's: who takes the seat next finds neither their form nor their words."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from commandcenter.domain.people import Role
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import turns
from ui.actions.seat import Seat
from ui.app.doings import Desk
from ui.intake.floating import FloatingIntake
from ui.kit import tasks
from ui.window import Window


class Map(QObject):
    """A map that takes no click."""

    placed = Signal(float, float)

    def place(self, on: bool) -> None: ...

    def pin(self, lon: float, lat: float | None) -> None: ...


def rooms() -> SimpleNamespace:
    return SimpleNamespace(map=Map(), queue=None)


@pytest.fixture
def doings(window: Window, seat: Seat, desk: FakeDesk) -> Iterator[Desk]:
    desk.person = person(Role.INTAKE_CLERK)
    made = Desk(window, seat, None, sign_in=lambda: None, leave=lambda: None)  # type: ignore[arg-type]
    made.furnish(rooms())  # type: ignore[arg-type]
    yield made
    made.furnish(rooms())  # type: ignore[arg-type]


async def test_the_form_is_put_away_and_back_with_what_was_typed(doings: Desk, window: Window) -> None:
    window.show()
    doings.intake()
    (form,) = window.findChildren(FloatingIntake)
    form.form.text.setPlainText("积水")
    form.put_away()
    doings.intake()
    await turns()
    assert form.isVisible()
    assert form.form.said() == "积水"
    await tasks.close()


async def test_the_next_person_finds_no_form_and_may_open_their_own(doings: Desk, window: Window) -> None:
    window.show()
    doings.intake()
    (first,) = window.findChildren(FloatingIntake)
    first.form.text.setPlainText("积水")
    doings.furnish(rooms())  # type: ignore[arg-type]
    assert not first.isVisible()
    doings.intake()
    await turns()
    second = next(one for one in window.findChildren(FloatingIntake) if one is not first)
    assert second.form.said() == ""
    await tasks.close()

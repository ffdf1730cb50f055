"""The intake form is one person's: who takes the seat next finds neither their form nor their words."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from commandcenter.domain.people import Role
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import turns
from ui.actions.context import UiContext
from ui.app.window_actions import WindowActions
from ui.intake.floating import FloatingIntake
from ui.kit import tasks
from ui.window import Window


class Map(QObject):
    """A map that takes no click."""

    placed = Signal(float, float)

    def place(self, on: bool) -> None: ...

    def pin(self, lon: float, lat: float | None) -> None: ...


def rooms() -> SimpleNamespace:
    return SimpleNamespace(map=Map(), set_row_height=lambda _pixels: None)


@pytest.fixture
def window_actions(window: Window, seat: UiContext, desk: FakeDesk) -> Iterator[WindowActions]:
    desk.person = person(Role.INTAKE_CLERK)
    settings, nothing = {"density": "compact"}, lambda: None
    made = WindowActions(window, seat, settings, connection_panel=nothing, sign_in=nothing, leave=nothing)  # type: ignore[arg-type]
    made.furnish(rooms())  # type: ignore[arg-type]
    yield made
    made.furnish(rooms())  # type: ignore[arg-type]


async def test_the_form_is_put_away_and_back_with_what_was_typed(window_actions: WindowActions, window: Window) -> None:
    window.show()
    window_actions.intake()
    (form,) = window.findChildren(FloatingIntake)
    form.form.text.setPlainText("积水")
    form.put_away()
    window_actions.intake()
    await turns()
    assert form.isVisible()
    assert form.form.said() == "积水"
    await tasks.close()


async def test_the_next_person_finds_no_form_and_may_open_their_own(
    window_actions: WindowActions, window: Window
) -> None:
    window.show()
    window_actions.intake()
    (first,) = window.findChildren(FloatingIntake)
    first.form.text.setPlainText("积水")
    window_actions.furnish(rooms())  # type: ignore[arg-type]
    assert not first.isVisible()
    window_actions.intake()
    await turns()
    second = next(one for one in window.findChildren(FloatingIntake) if one is not first)
    assert second.form.said() == ""
    await tasks.close()

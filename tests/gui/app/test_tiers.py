"""上报 and 下派 in the window: by line, key and button for whoever may, with what they do said before."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands.tiers import Escalate
from commandcenter.domain.people import Role
from tests.gui.app.conftest import new_overlay
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import seen
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.seat import tasks
from ui.kit.texts.words import speak, word
from ui.unit.case import UnitCase
from ui.window import Window

WORKED = {"stage": Stage.HANDLING, "dispatched_at": hall.NOW, "accepted_at": hall.NOW}


@pytest.fixture
def overlay(seat: UiContext, actions: Actions, window: Window, desk: FakeDesk) -> CommandOverlay:
    desk.person = person(Role.STREET_DISPATCHER, street="s03")
    window.show()
    return new_overlay(seat, actions, window)


async def test_the_line_says_to_which_tier_the_case_goes_before_enter_sends_it_there(
    overlay: CommandOverlay, desk: FakeDesk, seat: UiContext
) -> None:
    overlay.open("sb 0421 要动用吊车")
    told = overlay.sentence.text()
    assert "层级由 网格自治 转为 街镇联动" in told
    assert "要动用吊车" in told
    speak("en")
    overlay.open("sb 0421 要动用吊车")
    assert "tier from Grid to Street" in overlay.sentence.text()
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    await seen(seat.hint.text)
    assert desk.heard == [Escalate(hall.case(421).id, "要动用吊车")]
    await tasks.close()


def test_where_there_is_no_tier_below_the_line_says_so(overlay: CommandOverlay, desk: FakeDesk) -> None:
    overlay.open("xp 0421 网格可清")
    assert word("refusal", "lowest_tier") in f"{overlay.sentence.text()} {overlay.notes.accessibleName()}"


@pytest.mark.parametrize(
    ("role", "scope", "keys"),
    [
        (Role.STREET_DISPATCHER, {"street": "s03"}, {"escalate": "U", "send_down": "X"}),
        (Role.DISPATCHER, {}, {"send_down": "X"}),
        (Role.GRID_LEADER, {"street": "s03", "grid": "s03-g07"}, {"escalate": "U"}),
        (Role.UNIT, {"street": "s03", "unit": "s03-urban"}, {}),
    ],
)
def test_menu_and_key_sheet_offer_them_to_who_may_give_them(
    seat: UiContext, actions: Actions, desk: FakeDesk, role: Role, scope: dict[str, str], keys: dict[str, str]
) -> None:
    desk.person = person(role, **scope)
    found = {action.id: action.key for action in actions.offered()}
    assert {name: found.get(name) for name in ("escalate", "send_down") if name in found} == keys


def _at_the_seat_of(desk: FakeDesk, seat: UiContext, qtbot: Any, role: Role, **scope: str) -> UnitCase:
    desk.person = person(role, street="s03", **scope)
    made = UnitCase(desk, clock=seat.clock, act=lambda name: None)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show_case(hall.case(421, responsible=desk.person.scope.holder, **WORKED))
    return made


def test_a_grid_leaders_seat_has_the_button_and_a_units_has_not(seat: UiContext, desk: FakeDesk, qtbot: Any) -> None:
    made = _at_the_seat_of(desk, seat, qtbot, Role.GRID_LEADER, grid="s03-g07")
    button = made.buttons["escalate"]
    assert (button.isHidden(), button.isEnabled()) == (False, True)
    assert "send_down" not in made.buttons  # no holder may ever
    made = _at_the_seat_of(desk, seat, qtbot, Role.UNIT, unit="s03-urban")
    assert made.buttons["escalate"].isHidden()

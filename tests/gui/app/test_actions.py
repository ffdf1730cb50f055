"""The registry: one action a key, a verb, an id; everything in it can be said in both languages."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Dispatch, Take
from commandcenter.domain.people import Role
from commandcenter.domain.rules import Offline
from commandcenter.sync.connection import State
from tests.faults.rules import POWERS
from tests.kit.fake_desk import FakeDesk, person
from ui.actions.action_table import DESK_ACTIONS, case_actions, desk_actions, suits
from ui.actions.context import UiContext
from ui.actions.registry import GROUPS, Action, Actions, conflicts
from ui.kit.controls.buttons import KeyButton
from ui.kit.texts.words import english
from ui.window import Window


def nothing() -> None:
    """What every action of the table does here."""


@pytest.fixture
def table(seat: UiContext) -> tuple[Action, ...]:
    return (*case_actions(seat), *desk_actions(dict.fromkeys(DESK_ACTIONS, nothing)))


def test_no_key_and_no_verb_is_claimed_twice(table: tuple[Action, ...]) -> None:
    assert conflicts(table) == []


def test_a_conflict_is_found() -> None:
    one, other = (Action(id=name, zh=name, run=lambda: None, group="desk", keys=("F2",)) for name in ("a", "b"))
    assert conflicts((one, other)) == [("F2", "a", "b")]


def _at(name: str, *stages: Stage, verb: str = "", **more: Any) -> Action:
    verbs = (verb,) if verb else ()
    return Action(id=name, zh=name, group="case", keys=("G",), verbs=verbs, stages=frozenset(stages), **more)


def test_steps_share_a_key_where_no_case_could_take_both() -> None:
    here, there = _at("a", Stage.FILED, run=nothing), _at("b", Stage.CLOSED, run=nothing)
    assert conflicts((here, there)) == []
    assert conflicts((here, _at("c", Stage.CLOSED, Stage.FILED, run=nothing))) == [("G", "a", "c")]
    assert conflicts((here, _at("d", run=nothing))) == [("G", "a", "d")]
    spoken = (_at("e", Stage.FILED, verb="gb", run=nothing), _at("f", Stage.CLOSED, verb="gb", run=nothing))
    assert conflicts(spoken) == [("gb", "e", "f")]  # the command line names the case after the verb


def test_verbs_of_different_kinds_of_record_share_a_key() -> None:
    case, crew = _at("a", Stage.FILED, about="case", run=nothing), _at("b", about="crew", run=nothing)
    assert conflicts((case, crew)) == []
    assert conflicts((crew, _at("c", about="crew", run=nothing))) == [("G", "b", "c")]
    assert conflicts((crew, _at("d", Stage.FILED, run=nothing))) == [("G", "b", "d")]  # of any record


def test_the_intake_has_the_key_and_the_verb_of_its_command(table: tuple[Action, ...], seat: UiContext) -> None:
    (intake,) = (action for action in table if action.command == "take")
    assert (intake.keys, intake.verbs) == ((Take.entry.key,), (Take.entry.verb,)) == (("F2",), ("sl",))
    assert {action.about for action in case_actions(seat)} == {"case"}


def test_what_waits_for_no_connection_stays_in_the_menu_while_there_is_none(
    table: tuple[Action, ...], seat: UiContext, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch = next(action for action in table if action.id == "dispatch")
    monkeypatch.setattr(Dispatch, "rule", replace(Dispatch.rule, offline=Offline.REFUSED))
    desk.connection.to(State.WAITING)
    assert suits(dispatch, seat)


def test_a_shared_key_does_what_the_chosen_case_is_at(window: Window, qtbot: Any) -> None:
    stage, done = [Stage.CLOSED], []
    Actions(
        window,
        [
            _at(str(one), one, run=partial(done.append, one), fits=lambda one=one: stage[0] is one)
            for one in (Stage.FILED, Stage.CLOSED)
        ],
    )
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for stage[0] in (Stage.CLOSED, Stage.FILED, Stage.RECEIVED):  # at the last neither: the first says why not
        QTest.keyClick(window, Qt.Key.Key_G)
    assert done == [Stage.CLOSED, Stage.FILED, Stage.FILED]


def test_the_key_of_a_step_is_meant_for_the_stages_that_its_rule_names(seat: UiContext, desk: FakeDesk) -> None:
    open_case = next(case for case in desk.board.all("case") if isinstance(case, Case) and case.stage is Stage.FILED)
    steps = {action.id: action for action in case_actions(seat)}
    assert not steps["dispatch"].fits()  # no case is chosen
    seat.focus.choose(open_case.id, by="queue")
    assert (steps["dispatch"].fits(), steps["reopen"].fits()) == (True, False)
    assert steps["reopen"].stages == {Stage.CLOSED}


def test_a_handler_or_a_key_of_no_action_is_an_error() -> None:
    with pytest.raises(KeyError, match="serch"):
        desk_actions({"serch": nothing})
    with pytest.raises(KeyError, match="rooom"):
        desk_actions({"search": nothing}, {"rooom": "Ctrl+3"})


def test_every_action_has_a_group_and_an_english_name(table: tuple[Action, ...]) -> None:
    assert {action.group for action in table} <= set(GROUPS)
    assert [action.zh for action in table if not action.en and action.zh not in english()] == []


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.SHIFT_LEADER, Role.INTAKE_CLERK, Role.UNIT, Role.LEADER])
def test_menu_and_key_sheet_list_only_what_the_role_can_ever_do(
    table: tuple[Action, ...], seat: UiContext, window: Window, desk: FakeDesk, role: Role
) -> None:
    steps = {name for name, power in POWERS.items() if power.stages and role in power.roles} - {"reorder"}
    steps |= {"intake"} if role is Role.INTAKE_CLERK else set()
    desk.person = person(role, unit="s03-urban", street="s03") if role is Role.UNIT else person(role)
    actions = Actions(window, table, suits=partial(suits, seat=seat))
    assert {action.id for action in actions.offered() if action.command} == steps
    shown = [action.text().split("\t")[0] for action in actions.menu().actions() if not action.isSeparator()]
    assert ("立案" in shown) == ("file" in steps)
    assert "退出" in shown


def test_a_window_whose_actions_are_exchanged_hears_the_former_keys_no_more(
    window: Window, pressed: list[str], qtbot: Any
) -> None:
    (registry,) = window.findChildren(Actions)
    registry.offer([Action(id="file", zh="立案", group="case", keys=("L",), run=lambda: pressed.append("l"))])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for key in (Qt.Key.Key_P, Qt.Key.Key_L):
        QTest.keyClick(window, key)
    assert pressed == ["l"]
    assert [action.id for action in registry] == ["file"]


@pytest.fixture
def pressed(window: Window) -> list[str]:
    heard: list[str] = []
    Actions(window, [Action(id="dispatch", zh="派遣", group="case", keys=("P",), run=lambda: heard.append("p"))])
    window.show()
    return heard


def test_a_key_that_a_button_on_the_screen_holds_too_still_acts(window: Window, pressed: list[str], qtbot: Any) -> None:
    button = KeyButton("派遣", key="P", live=True, parent=window)
    button.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_P)
    assert pressed == ["p"]


def test_a_letter_acts_on_the_desk_and_is_a_letter_in_a_field(window: Window, pressed: list[str], qtbot: Any) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_P)
    assert pressed == ["p"]
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_P)
    assert field.text() == "p"
    assert pressed == ["p"]

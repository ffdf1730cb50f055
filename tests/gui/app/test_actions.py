"""The registry: one action a key, a verb, an id; everything in it can be said in both languages."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from ui.actions.registry import GROUPS, Action, Actions, conflicts
from ui.actions.seat import Seat
from ui.actions.vocabulary import case_actions, desk_actions
from ui.cases.case_steps import KEYS, VERBS
from ui.kit.buttons import KeyButton
from ui.kit.words import english
from ui.window import Window


class Anything:
    """Does nothing, under any name."""

    def __getattr__(self, name: str) -> Any:
        return lambda: None


@pytest.fixture
def table(seat: Seat) -> tuple[Action, ...]:
    return (*case_actions(seat), *desk_actions(Anything()))  # type: ignore[arg-type]


def test_no_key_and_no_verb_is_claimed_twice(table: tuple[Action, ...]) -> None:
    assert conflicts(table) == []


def test_a_conflict_is_found() -> None:
    one, other = (Action(id=name, zh=name, run=lambda: None, group="desk", keys=("F2",)) for name in ("a", "b"))
    assert conflicts((one, other)) == [("F2", "a", "b")]


def test_every_action_has_a_group_and_an_english_name(table: tuple[Action, ...]) -> None:
    assert {action.group for action in table} <= set(GROUPS)
    assert [action.zh for action in table if action.zh not in english()] == []


def test_the_case_s_buttons_show_the_keys_and_verbs_that_work(table: tuple[Action, ...]) -> None:
    by_id = {action.id: action for action in table}
    assert {name: by_id[name].key for name in KEYS} == KEYS
    assert {name: by_id[name].verbs[0] for name in VERBS} == VERBS


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

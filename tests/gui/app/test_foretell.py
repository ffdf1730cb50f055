"""Ctrl+K says in words what Enter will do, and why not; Enter gives exactly that command."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain import commands as wish
from commandcenter.domain.cases import WITH_HOLDER, Application, Case
from commandcenter.domain.decisions import Refused, decide, evolve
from commandcenter.store.board import Board
from commandcenter.sync.connection import State
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference, seats
from tests.kit.fake_desk import FakeDesk
from tests.kit.scripted import a_case
from tests.kit.turns import seen
from ui.actions.command_preview import STAGE_AFTER, CommandPreview
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.kit import tasks
from ui.kit.command_overlay import CommandOverlay
from ui.kit.words import speak
from ui.window import Window


@pytest.fixture
def overlay(seat: UiContext, actions: Actions, window: Window) -> CommandOverlay:
    window.show()
    return CommandOverlay(CommandPreview(seat, actions, lambda case: "soon"), window)


def said(overlay: CommandOverlay, typed: str) -> str:
    overlay.open(typed)
    return f"{overlay.sentence.text()} {overlay.notes.accessibleName()}"


def test_the_sentence_names_case_holder_and_both_stages(overlay: CommandOverlay) -> None:
    told = said(overlay, "pd 0421 望湖城管")
    assert "包河-20261124-00421 道路积水" in told
    assert "望湖街道城管" in told
    assert "已立案" in told
    assert "已派遣" in told


def test_it_is_said_in_english_when_the_screen_is(overlay: CommandOverlay) -> None:
    speak("en")
    assert "Dispatch 包河-20261124-00421" in said(overlay, "pd 0421 cg")


def test_a_refusal_is_said_and_enter_does_nothing(overlay: CommandOverlay, desk: FakeDesk) -> None:
    assert "你的角色不做这一步" in said(overlay, "la 0421")
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    assert overlay.isVisible()
    assert desk.heard == []


def test_offline_is_said_before_enter(overlay: CommandOverlay, desk: FakeDesk) -> None:
    desk.connection.to(State.WAITING)
    assert "先存本机" in said(overlay, "pd 0421 cg")


async def test_enter_gives_the_command_and_tells_that_it_is_kept(
    overlay: CommandOverlay, desk: FakeDesk, seat: UiContext, window: Window
) -> None:
    said(overlay, "pd 0421 cg")
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    await seen(window.toasts.shown)
    [command] = desk.heard
    assert isinstance(command, wish.Dispatch)
    assert command.to == "s03-urban"
    assert seat.focus.case == command.case
    assert any("00421" in toast.accessibleName() for toast in window.toasts.shown())
    await tasks.close()


def test_arrows_choose_another_holder_and_tab_writes_it(overlay: CommandOverlay, qtbot: Any) -> None:
    said(overlay, "pd 0421 cg")
    first = overlay.line.target
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Down)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Tab)
    assert overlay.line.is_complete
    assert overlay.line.target != first


def test_escape_closes_it(overlay: CommandOverlay, qtbot: Any) -> None:
    said(overlay, "")
    with qtbot.waitSignal(overlay.closed):
        QTest.keyClick(overlay.field.edit, Qt.Key.Key_Escape)
    assert not overlay.isVisible()


@pytest.mark.parametrize("name", STAGE_AFTER)
def test_the_stage_that_is_announced_is_the_one_that_comes(name: str) -> None:
    (before, *_) = sorted(wish.NAMES[name].rule.stages)
    applied = Application("east-urban", "not ours", NOON) if name == "approve_return" else None
    holder = "east-urban" if before in WITH_HOLDER else None
    case = replace(a_case("c1"), stage=before, responsible=holder, application=applied)
    more = {"dispatch": ("east-urban",), "report": ("done",)}
    command = wish.NAMES[name]("c1", *more.get(name, ()))
    board = Board()
    board.replace([DISTRICT, CALENDAR, *reference(), case])
    made = [decide(board, command, seat.person, NOON) for seat in seats().values()]
    (fact,) = next(facts for facts in made if not isinstance(facts, Refused))
    after = evolve(case, fact)
    assert isinstance(after, Case)
    assert after.stage == STAGE_AFTER[name]

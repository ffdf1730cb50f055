"""Ctrl+K says in words what Enter will do, and why not; Enter gives exactly that command."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Stage
from commandcenter.domain.kinds import Check
from commandcenter.domain.people import Role
from commandcenter.sync.connection import State
from tests.gui.app.test_command_line import target_of
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import seen
from ui.actions.context import UiContext
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.seat import tasks
from ui.kit.texts.words import speak, word
from ui.window import Window


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
    await seen(seat.hint.text)
    [command] = desk.heard
    assert isinstance(command, wish.Dispatch)
    assert command.to == "s03-urban"
    assert seat.focus.case == command.case
    assert (seat.hint.text(), window.toasts.shown()) == ("00421 派遣，已存待发", [])
    await tasks.close()


def test_arrows_choose_another_holder_and_tab_writes_it(overlay: CommandOverlay, qtbot: Any) -> None:
    said(overlay, "pd 0421 cg")
    first = target_of(overlay.line)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Down)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Tab)
    assert overlay.line.is_complete
    assert target_of(overlay.line) != first


def test_escape_closes_it_and_loses_no_line(overlay: CommandOverlay, qtbot: Any) -> None:
    said(overlay, "pd 0421 望湖·城管 带泵")
    with qtbot.waitSignal(overlay.closed):
        QTest.keyClick(overlay.field.edit, Qt.Key.Key_Escape)
    assert not overlay.isVisible()
    overlay.open()
    assert (overlay.field.text(), overlay.field.edit.selectedText()) == ("pd 0421 望湖·城管 带泵",) * 2
    overlay._history._user = lambda: "d08"  # somebody else sits here now
    overlay.open()
    assert overlay.field.text() == ""


def test_what_only_the_whole_line_shows_is_refused_before_enter(overlay: CommandOverlay, desk: FakeDesk) -> None:
    desk.person = person(Role.SHIFT_LEADER)
    checked = next(kind for kind in desk.board.all("kind") if kind.check is not Check.NONE)
    desk.board.apply([replace(hall.case(421), rev=9, stage=Stage.REPORTED, kind=checked.id)])
    assert word("refusal", "needs_check") in said(overlay, "ja 0421")
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    assert desk.heard == []


def test_enter_on_an_offer_writes_it_and_says_what_it_does_before_it_is_given(
    overlay: CommandOverlay, desk: FakeDesk
) -> None:
    for keys in ([], [Qt.Key.Key_Down]):
        said(overlay, "pd 0421")
        for key in (*keys, Qt.Key.Key_Return):
            QTest.keyClick(overlay.field.edit, key)
        name = overlay.line.clauses[-1].targets[0].names[1]
        assert (overlay.isVisible(), desk.heard, name in overlay.sentence.text()) == (True, [], True)
    said(overlay, "pd 0421 cg")
    view = overlay.list
    place = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (overlay.isVisible(), desk.heard, overlay.line.is_complete) == (True, [], True)


async def test_the_next_enter_gives_what_was_picked_though_another_is_called_the_same(
    overlay: CommandOverlay, desk: FakeDesk
) -> None:
    namesake = replace(next(one for one in hall.holders() if one.id == "s05-urban"), id="s05-second")
    desk.board.apply([namesake])
    said(overlay, f"pd 0421 {namesake.short}")
    first = target_of(overlay.line)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Down)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    assert (overlay.isVisible(), desk.heard) == (True, [])
    picked = target_of(overlay.line)
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    await seen(lambda: desk.heard)
    assert picked != first
    assert [command.to for command in desk.heard] == [picked]
    await tasks.close()


def test_two_cases_of_one_number_are_offered_with_the_day_that_tells_them_apart(
    overlay: CommandOverlay, desk: FakeDesk
) -> None:
    desk.board.apply([replace(hall.case(500), number="包河-20261123-00421")])
    said(overlay, "pd 0421")
    assert {row.text for row in overlay.list.model().rows} == {"1124-00421", "1123-00421"}

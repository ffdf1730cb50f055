"""A case that ended last month, at the desk: typed, found, opened with its history and clock, and reopened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands.reopening import Reopen
from commandcenter.domain.people import Role
from commandcenter.sync.connection import State
from commandcenter.sync.queries import CaseQuery
from tests.gui.app.conftest import new_overlay
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.shown import head
from tests.kit.turns import seen, settled
from ui.actions.action_table import suits
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.app.popup_actions import PopupActions
from ui.cases.case import CasePanel
from ui.kit.seat import tasks
from ui.kit.texts.words import speak
from ui.window import Window

MONTH = timedelta(days=30)
PLACE = "葛大店路 40 号后巷"


def ended(number: int = 77, **other: object) -> Case:
    """A case of last month, settled by the urban unit of its street and closed."""
    told = {"stage": Stage.CLOSED, "tier": Tier.STREET, "responsible": "s03-urban", "finding": "已抽排", "place": PLACE}
    at = hall.NOW - MONTH
    told |= {"dispatched_at": at, "accepted_at": at, "reported_at": at, "ended_at": at}
    made = replace(hall.case(number, now=at), number=f"包河-20261025-{number:05d}", rev=6)
    return replace(made, **told | other)


@pytest.fixture
def panel(seat: UiContext, desk: FakeDesk, window: Window) -> Iterator[CasePanel]:
    desk.person = person(Role.SHIFT_LEADER)
    desk.board.set_reader(desk.person)
    desk.archive = {ended().id: ended()}
    window.show()
    made = CasePanel(seat, follow=seat.follow)
    window.docks["case"].hold(made, made.head)
    yield made
    made.close_following()


@pytest.fixture
def popups(seat: UiContext, actions: Actions, window: Window, panel: CasePanel) -> PopupActions:
    made = PopupActions(window, seat, actions, lambda: None)
    made.finder._pause.setInterval(0)
    return made


def typed(popups: PopupActions, text: str) -> None:
    """Types `text` into the search field that Ctrl+F opens."""
    popups.finder.open()
    QTest.keyClicks(popups.finder.list.edit, text) if text.isascii() else popups.finder.list.edit.setText(text)
    popups.finder._typed(popups.finder.list.text())


async def test_part_of_an_address_finds_it_and_enter_opens_it_with_history_clock_and_its_button(
    popups: PopupActions, panel: CasePanel, desk: FakeDesk
) -> None:
    counted = len(desk.board.cases)
    typed(popups, PLACE)
    await seen(lambda: popups.finder.list.current())
    QTest.keyClick(popups.finder.list.edit, Qt.Key.Key_Return)
    await seen(lambda: panel._stack.currentIndex() == 1)
    await settled()
    assert "包河-20261025-00077" in head(panel._top)
    assert ("地点", PLACE) in panel._facts.texts()
    assert any("已抽排" in str(line.words) for line in panel.course.model.rows)
    assert panel._clock.standing(ended()).is_stopped
    assert panel._steps.offered() == ("reopen",)
    assert panel.line.text().startswith("已办完，只供查看，10-25 ")
    assert len(desk.board.cases) == counted  # the queue, its tabs and the map have no more than before
    await tasks.close()


async def test_the_box_has_room_for_what_the_platform_adds(popups: PopupActions, desk: FakeDesk) -> None:
    desk.board.apply([ended(88, ended_at=hall.NOW)])
    typed(popups, PLACE)
    assert "本机共 1 件，显示 1 件" in popups.finder._note.text()
    await seen(lambda: popups.finder._note.text() == "共 2 件，显示 2 件")
    assert popups.finder.list._frame.geometry().bottom() < popups.finder.list.height()
    popups.finder.leave()
    await tasks.close()


async def test_what_neither_here_nor_there_is_found_is_said(popups: PopupActions, desk: FakeDesk) -> None:
    typed(popups, "没有这条路")
    await seen(lambda: "都没有找到" in popups.finder._note.text())
    desk.offline = True
    typed(popups, PLACE)
    await seen(lambda: "连不上平台" in popups.finder._note.text())
    popups.finder.leave()
    await tasks.close()


async def test_hits_that_this_program_cannot_read_are_counted_and_not_told_as_none(
    popups: PopupActions, desk: FakeDesk
) -> None:
    desk.archive = {case.id: case for case in (ended(), ended(88))}
    desk.unread = {ended().id}
    typed(popups, PLACE)
    await seen(lambda: "共 2 件，显示 1 件；1 件这个程序读不出，请更新程序" in popups.finder._note.text())
    assert popups.finder.list.current()
    desk.unread = set(desk.archive)
    typed(popups, PLACE)
    await seen(lambda: "；2 件这个程序读不出" in popups.finder._note.text())
    assert popups.finder.list.current() is None
    popups.finder.leave()
    await tasks.close()


async def test_a_case_that_this_program_cannot_read_asks_for_an_update_and_is_fetched_once(
    panel: CasePanel, seat: UiContext, desk: FakeDesk
) -> None:
    desk.position.at = object()
    desk.unread = {ended().id}
    seat.focus.choose(ended().id, by="search")
    await seen(lambda: "这个程序读不出这件案件" in panel._vacant.accessibleName())
    assert "请更新程序" in panel._vacant.accessibleName()
    assert "连上平台" not in panel._vacant.accessibleName()
    desk.board.apply([hall.case(99)])
    await settled()
    assert desk.asked == [CaseQuery(ended().id)]
    await tasks.close()


async def test_offline_the_panel_says_why_the_case_is_not_there_and_shows_it_as_soon_as_it_is(
    panel: CasePanel, seat: UiContext, desk: FakeDesk
) -> None:
    desk.position.at = object()
    desk.connection.to(State.WAITING, code="unreachable")
    seat.focus.choose(ended().id, by="search")
    assert "现在取不到这件案件" in panel._vacant.accessibleName()
    assert "没有应答" in panel._vacant.accessibleName()
    speak("en")
    await seen(lambda: "cannot be fetched now" in panel._vacant._title.text())
    speak("zh")
    desk.connection.to(State.CONNECTING)
    desk.connection.to(State.LIVE)
    await seen(lambda: panel._stack.currentIndex() == 1)
    desk.archive.clear()
    seat.focus.choose("another", by="search")
    await seen(lambda: "看不到这件案件" in panel._vacant.accessibleName())
    await tasks.close()


async def test_a_shift_leader_reopens_it_by_the_line_and_it_is_in_the_queue_as_kept(
    seat: UiContext, actions: Actions, window: Window, panel: CasePanel, desk: FakeDesk
) -> None:
    counted = len(desk.board.cases)
    overlay = new_overlay(seat, actions, window, light="on_time")
    overlay.open("chb 00077 又积水了")
    assert "先用 Ctrl F" in overlay.sentence.text()
    seat.focus.choose(ended().id, by="search")
    await seen(lambda: panel._stack.currentIndex() == 1)
    for line in ("chb 00077 又积水了", "chb 又积水了"):
        overlay.open(line)
        assert "环节由 已结案 转为 处置中" in overlay.sentence.text()
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_Return)
    await seen(lambda: desk.heard)
    assert desk.heard == [Reopen(ended().id, "又积水了")]
    await seen(lambda: len(desk.board.cases) == counted + 1)
    await seen(lambda: "处置中" in head(panel._top))
    assert any("重办" in str(line.words) and "又积水了" in str(line.words) for line in panel.course.model.rows)
    await tasks.close()


def test_the_line_offers_open_cases_to_other_verbs_and_ended_ones_to_this(
    seat: UiContext, actions: Actions, window: Window, desk: FakeDesk, panel: CasePanel
) -> None:
    desk.board.apply([ended(88, ended_at=hall.NOW)])
    overlay = new_overlay(seat, actions, window, light="on_time")
    overlay.open("pd 00088")
    assert "没有以 00088 结尾的在办案件" in overlay.sentence.text()
    overlay.open("chb 00421")
    assert "结尾的已结案件" in overlay.sentence.text()
    overlay.open("chb 00088 又来了")
    assert "包河-20261025-00088" in overlay.sentence.text()


def test_key_and_menu_are_a_shift_leaders(seat: UiContext, actions: Actions, desk: FakeDesk) -> None:
    actions.suits = lambda action: suits(action, seat)
    for role, offers in ((Role.SHIFT_LEADER, True), (Role.INTAKE_CLERK, False), (Role.DISPATCHER, False)):
        desk.person = person(role)
        assert any((action.id, action.key) == ("reopen", "R") for action in actions.offered()) is offers

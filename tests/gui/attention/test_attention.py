"""A dispatcher at work: the bell counts, the list is answered by key, each thing is heard once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from commandcenter.attention.causes import Level
from commandcenter.domain.cases import Stage
from commandcenter.store.overlay import Act, Delivery
from tests.gui.attention.conftest import Seat
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.attention import watch
from ui.kit.texts.words import speak

Sit = Callable[[FakeDesk], Seat]
MINUTE = timedelta(minutes=1)


def _come(seat: Seat, qtbot: QtBot, number: int, **changes: object) -> None:
    before, now = seat.bell.count, seat.desk.now()
    seat.desk.board.apply([hall.case(number, **{"filed_at": now, "waits_since": now} | changes)])
    qtbot.waitUntil(lambda: seat.bell.count == before + 1)


def test_what_comes_is_counted_heard_and_answered_by_key(sit: Sit, desk: FakeDesk, qtbot: QtBot) -> None:
    seat = sit(desk)
    assert seat.bell.count == 0
    assert seat.texts() == []
    _come(seat, qtbot, 500)
    assert seat.heard == [Level.NOTICE]
    assert "1" in seat.bell.accessibleName()
    seat.list.open()
    assert seat.texts()[0] == "新的 1"
    assert seat.texts()[1].startswith("一般 新到，等派遣 00500 道路积水 望湖街道")
    assert seat.texts()[2] == "你来之前就有 1"
    qtbot.keyClick(seat.list.view, Qt.Key.Key_Space)
    assert seat.bell.count == 0
    assert "看过，还没了结 1" in seat.texts()
    seat.list.view.setCurrentIndex(seat.list.model.index(1))
    qtbot.keyClick(seat.list.view, Qt.Key.Key_Return)
    assert [one.ref for one in seat.opened] == [("case", hall.case(500).id)]
    assert seat.list.isHidden()


def test_opened_while_a_desk_is_still_read_the_list_stands_on_its_first_row(
    sit: Sit, desk: FakeDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "AT_ONCE", 1)
    for number, hours in ((501, 4), (502, 0.5), (503, 3)):  # an older one is read before the newest
        since = desk.now() - timedelta(hours=hours)
        desk.board.apply([hall.case(number, filed_at=since, waits_since=since)])
    seat = sit(desk)
    seat.list.open()
    qtbot.waitUntil(lambda: seat.texts()[:1] == ["你来之前就有 4"])
    assert seat.list.chosen.ref == ("case", hall.case(502).id)
    assert seat.list.view.currentIndex().row() == 1
    _come(seat, qtbot, 504)
    assert seat.list.chosen.ref == ("case", hall.case(502).id)  # what is read does not change under the hand


def test_what_is_put_off_comes_back_and_what_is_settled_does_not(sit: Sit, desk: FakeDesk, qtbot: QtBot) -> None:
    seat = sit(desk)
    _come(seat, qtbot, 500)
    seat.list.open()
    qtbot.keyClick(seat.list.view, Qt.Key.Key_Z)
    assert seat.bell.count == 0
    assert "稍后提醒 1" in seat.texts()
    seat.pass_time(9.9)
    assert seat.bell.count == 0
    seat.pass_time(0.2)
    assert seat.bell.count == 1
    given = {"stage": Stage.DISPATCHED, "responsible": "s03-urban", "dispatched_at": desk.now()}
    desk.board.apply([hall.case(500, rev=2, **given)])
    qtbot.waitUntil(lambda: seat.bell.count == 0)
    assert not any("00500" in text for text in seat.texts())


def test_all_is_answered_but_what_was_put_off_and_no_key_acts_with_another_held(
    sit: Sit, desk: FakeDesk, qtbot: QtBot
) -> None:
    seat = sit(desk)
    _come(seat, qtbot, 500)
    seat.list.open()
    qtbot.keyClick(seat.list.view, Qt.Key.Key_Z)
    _come(seat, qtbot, 501)
    before = seat.settings["attention.sound"]
    for held in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier):
        for key in (Qt.Key.Key_A, Qt.Key.Key_Z, Qt.Key.Key_M, Qt.Key.Key_Space):
            qtbot.keyClick(seat.list.view, key, held)
    qtbot.keyClick(seat.list.view, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert seat.bell.count == 1
    assert seat.settings["attention.sound"] == before
    qtbot.keyClick(seat.list.view, Qt.Key.Key_A)
    assert {"看过，还没了结 2", "稍后提醒 1"} <= set(seat.texts())
    assert seat.bell.count == 0


def test_seen_and_put_off_outlast_a_restart_until_the_next_shift(sit: Sit, desk: FakeDesk, qtbot: QtBot) -> None:
    seat = sit(desk)
    _come(seat, qtbot, 500)
    _come(seat, qtbot, 501)
    seat.list.open()
    qtbot.keyClick(seat.list.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(seat.list.view, Qt.Key.Key_Space)
    seat.watch.see(())  # keeps the moment at which the person was here
    again = sit(desk)
    qtbot.waitUntil(lambda: len(again.watch.standing) == 3)
    again.list.refresh()
    heads = [text for text in again.texts() if text[-1].isdigit() and text.count(" ") == 1]
    assert heads == ["看过，还没了结 1", "你来之前就有 1", "稍后提醒 1"]
    again.pass_time(19)  # the next shift begins at 16:00
    assert again.bell.count == 1


def test_a_breach_is_heard_above_what_is_new_and_mute_is_mute(sit: Sit, desk: FakeDesk, qtbot: QtBot) -> None:
    seat = sit(desk)
    seat.list.volume.choose("urgent")
    _come(seat, qtbot, 500, green_until=desk.now() + MINUTE, due=desk.now() + 2 * MINUTE)
    seat.pass_time(1.5)
    assert seat.heard == []
    assert seat.bell.count == 1
    seat.pass_time(1)
    assert seat.heard == [Level.URGENT]
    assert seat.bell.count == 1
    assert "超期" in seat.tray.mark.toolTip()
    assert hall.case(500).text not in seat.tray.mark.toolTip()
    seat.list.volume.turn()
    assert seat.settings["attention.sound"] == "none"


def test_what_a_toast_tells_is_in_the_list_and_told_no_second_time(sit: Sit, desk: FakeDesk, qtbot: QtBot) -> None:
    seat = sit(desk)
    about = ("case", hall.case(421).id)
    act = Act("a-1", 1, desk.person.user, "dispatch", about, (), Delivery.NEEDS_YOU, moved_at=desk.now())
    desk.acts.put(replace(act, state="conflict", code="changed"))
    seat.list.open()
    qtbot.waitUntil(lambda: any("操作需处理 派遣" in text for text in seat.texts()))
    assert (seat.bell.count, seat.heard) == (0, [])


def test_what_is_given_to_this_seat_is_new_to_it_however_late_but_not_what_is_caught_up_with(
    sit: Sit, desk: FakeDesk, qtbot: QtBot
) -> None:
    seat = sit(desk)
    ago = [desk.now() - minutes * MINUTE for minutes in (90, 60, 30)]
    old = dict(zip(("filed_at", "green_until", "due"), ago, strict=True))
    desk.board.apply([hall.case(500, **old)])
    qtbot.waitUntil(lambda: any("00500" in text for text in _refreshed(seat)))
    assert seat.bell.count == 0
    seat.pass_time(1)
    desk.board.apply([hall.case(501, **old)])
    qtbot.waitUntil(lambda: seat.bell.count == 1)
    assert seat.heard == [Level.URGENT]


def test_nothing_that_a_petitioner_wrote_is_told_of_a_case_without_a_kind(
    sit: Sit, desk: FakeDesk, qtbot: QtBot
) -> None:
    seat = sit(desk)
    _come(seat, qtbot, 500, kind=None, text="王女士 13855512345 投诉楼上")
    seat.list.refresh()
    assert "新到，等派遣 00500 未分类 望湖街道" in seat.texts()[1]
    told = (*seat.texts(), seat.tray.mark.toolTip())
    assert not any("王女士" in said for said in told)


def _refreshed(seat: Seat) -> list[str]:
    seat.list.refresh()
    return seat.texts()


def test_an_empty_list_says_what_would_come_and_speaks_both_languages(sit: Sit, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.board.apply([], [("case", hall.case(421).id)])
    seat = sit(desk)
    seat.list.open()
    assert not seat.list.empty.isHidden()
    assert seat.list.view.isHidden()
    speak("en")
    qtbot.waitUntil(lambda: "Nothing to look at" in seat.list.empty.text())
    assert not seat.list.open_it.isEnabled()


def test_an_empty_list_has_the_keyboard_and_keeps_it_when_something_comes_or_goes(
    sit: Sit, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.board.apply([], [("case", hall.case(421).id)])
    seat = sit(desk)
    window = seat.list.window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    seat.list.open()
    _come(seat, qtbot, 500)
    qtbot.waitUntil(seat.list.view.hasFocus)
    desk.board.apply([], [("case", hall.case(500).id)])
    qtbot.waitUntil(seat.list.view.isHidden)
    assert seat.list.isVisible()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert seat.list.isHidden()
    seat.list.open()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert seat.list.isHidden()

"""The unit's seat: what is to be done first, under headings; one case with its large buttons and what they wait for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept
from commandcenter.domain.people import Role
from commandcenter.domain.rules import Offline
from commandcenter.domain.teams import Assignment, AssignmentState, Crew, CrewStatus
from commandcenter.sync.connection import State
from tests.gui.unit.conftest import GIVEN, WORKED, acted
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import seen, settled, turns
from ui.cases.words import fact_words
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.theme import paint
from ui.unit.day import TITLES
from ui.unit.seat import LIST, UnitSeat


async def test_a_button_of_what_waits_for_no_connection_says_so_and_the_others_go_on(
    desk: FakeDesk, seat: UnitSeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Accept, "rule", replace(Accept.rule, offline=Offline.REFUSED))
    seat._focus.choose(hall.case(1).id, by="test")
    await turns()
    accept, back = (seat.case.buttons[name] for name in ("accept", "apply_return"))
    assert (accept.isEnabled(), accept.property("role")) == (True, "seat-primary")
    desk.connection.to(State.WAITING)
    seat._turn()
    assert (accept.isEnabled(), accept.isHidden(), back.isEnabled()) == (False, False, True)
    assert accept.accessibleDescription() == "现在离线，这一步连上平台才能做，没有存"


async def test_the_holder_reads_the_words_of_a_case_that_is_secret(desk: FakeDesk, seat: UnitSeat) -> None:
    asked = {"secret": True, "petitioner": "p1", "text": "我是楼上的租客"}
    desk.board.apply([hall.case(1, stage=Stage.DISPATCHED, **GIVEN, **asked)])
    seat._focus.choose(hall.case(1).id, by="test")
    await seen(lambda: ("诉求", "我是楼上的租客") in seat.case.facts.texts())
    desk.board.set_reader(person(Role.DISPATCHER))
    await seen(lambda: ("诉求", "保密，内容不显示") in seat.case.facts.texts())


def rows(seat: UnitSeat) -> list[str]:
    model = seat.inbox.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


async def test_two_rows_with_one_short_number_are_told_apart_by_their_day(
    desk: FakeDesk, seat: UnitSeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    desk.board.apply([replace(hall.case(9, stage=Stage.DISPATCHED, **GIVEN), number="包河-20261120-00001")])
    await seen(lambda: any("00001" in row for row in rows(seat)[2:]))
    monkeypatch.setattr(paint, "words", lambda _pen, _box, text, **_how: said.append(text))
    seat.inbox.view.viewport().grab()
    assert {"1120-00001", "1124-00001"} <= set(said)
    assert "00001" not in said


async def test_the_list_tells_what_is_to_be_done_first(seat: UnitSeat) -> None:
    headings = [row for row in rows(seat) if not row[0].isdigit()]
    assert headings == ["待签收 1", "在办 1", "退回待答 1", "今日办结 1"]
    assert rows(seat)[1].startswith("00001")


async def test_tabs_count_and_filter(seat: UnitSeat) -> None:
    assert seat.inbox.tabs.tabText(0).endswith("3")
    seat.inbox.tabs.choose("returns")
    assert [row for row in rows(seat) if row[0].isdigit()] == [rows(seat)[1]]
    assert rows(seat)[1].startswith("00003")


async def test_a_grid_leader_finds_what_others_settle_in_the_grid_apart_from_the_own_work(
    desk: FakeDesk, opened: Callable[[], UnitSeat]
) -> None:
    desk.person = person(Role.GRID_LEADER, grid="t-s03-g01", street="s03")
    desk.board.apply([hall.case(1, stage=Stage.DISPATCHED, **GIVEN | {"responsible": "t-s03-g01"})])
    await turns()
    seat = opened()
    assert [row for row in rows(seat) if not row[0].isdigit()] == ["待签收 1"]
    assert (seat.inbox.counts["all"], seat.inbox.tabs.tabText(4)) == (1, "知悉 4")
    seat.inbox.tabs.choose("known")
    assert sorted(row[:5] for row in rows(seat) if row[0].isdigit()) == ["00002", "00003", "00004", "00005"]
    seat._focus.choose(hall.case(2).id, by="test")
    assert (seat.case.number.text()[-5:], seat.case._when_title.text()) == ("00002", "由别处办理")
    assert seat.case._left_word.text() in ("签收、处置余", "处置余")
    await settled()
    for language, returns in (("zh", ("退回待答", "今日退回")), ("en", ("Return waiting", "Returned today"))):
        speak(language)
        await turns()
        tabs = seat.inbox.tabs
        assert (tabs.tabText(2).rpartition(" ")[0], str(TITLES["returned"])) == returns
        assert sum(tabs.tabSizeHint(at).width() for at in range(tabs.count())) <= LIST


async def test_the_most_urgent_case_is_shown_at_once(seat: UnitSeat) -> None:
    assert seat.case.number.text() == "包河-20261124-00001"
    assert seat.case.buttons["accept"].isEnabled()
    assert not seat.case.buttons["report"].isEnabled()
    assert seat.case.buttons["report"].toolTip()  # says why


async def test_the_case_bears_the_name_that_its_kind_has_got(desk: FakeDesk, seat: UnitSeat) -> None:
    kind = desk.board.find("kind", hall.case(1).kind)
    assert seat.case.title.text() == kind.name
    desk.board.apply([replace(kind, rev=2, name="改名的小类")])
    await seen(lambda: seat.case.title.text() == "改名的小类")


async def test_a_button_asks_for_the_action_of_the_registry(seat: UnitSeat) -> None:
    seat.case.buttons["accept"].click()
    assert acted == ["accept"]


async def test_the_next_case_can_be_reported(seat: UnitSeat) -> None:
    seat.inbox.view.step(1)
    assert seat.case.number.text().endswith("00002")
    assert seat.case.buttons["report"].isEnabled()
    assert not seat.case.buttons["accept"].isEnabled()


async def test_a_return_that_waits_says_so(seat: UnitSeat) -> None:
    seat.inbox.view.step(1)
    seat.inbox.view.step(1)
    assert ("申请退回", "本队无抽排泵") in seat.case.facts.texts()
    assert not seat.case.buttons["report"].isEnabled()


async def test_it_changes_under_the_eyes_when_somebody_else_acts(seat: UnitSeat, desk: FakeDesk, qtbot: Any) -> None:
    case = desk.board.find("case", hall.case(1).id)
    desk.board.apply([replace(case, stage=Stage.HANDLING, accepted_at=hall.NOW, rev=2)])
    qtbot.waitUntil(lambda: seat.case.buttons["report"].isEnabled())
    assert "待签收 1" not in rows(seat)


async def test_an_empty_inbox_says_so(seat: UnitSeat, desk: FakeDesk, qtbot: Any) -> None:
    desk.board.apply([], [("case", key) for key in list(desk.board.cases.ids) if key])
    qtbot.waitUntil(lambda: seat.inbox.model.rowCount() == 0)
    assert "没有待办" in seat.inbox._empty.accessibleName()


async def test_a_seat_without_cases_does_not_ask_to_choose_one(qtbot: Any, qapp: QApplication) -> None:
    desk = FakeDesk(hall.board(0), by=person(Role.UNIT, unit="s03-urban", street="s03"))
    follow = Follow(desk.board)
    clock = SecondClock(desk.board, desk.now)
    made = UnitSeat(desk, follow=follow, focus=Focus(), clock=clock, act=acted.append, tell=fact_words, spot=QWidget())  # type: ignore[arg-type]
    qtbot.addWidget(made)
    assert made._nothing.isVisibleTo(made)
    assert "现在没有要办的" in [label.text() for label in made._nothing.findChildren(QLabel)]
    follow.close()


async def test_what_is_dispatched_to_a_seat_at_work_stands_in_its_list(
    seat: UnitSeat, desk: FakeDesk, qtbot: Any
) -> None:
    seat.inbox.view.setFocus()
    desk.board.apply([hall.case(6, stage=Stage.DISPATCHED, **GIVEN)])
    qtbot.waitUntil(lambda: "待签收 2" in rows(seat))
    assert seat.inbox.tabs.tabText(0).endswith("4")


async def test_a_case_that_was_open_before_it_came_is_marked_when_it_stands_in_the_list(
    seat: UnitSeat, desk: FakeDesk, qtbot: Any
) -> None:
    coming = hall.case(6, stage=Stage.DISPATCHED, **GIVEN)
    seat._focus.choose(coming.id, by="search")
    assert not seat.inbox.view.selectionModel().hasSelection()
    desk.board.apply([coming])
    qtbot.waitUntil(lambda: "待签收 2" in rows(seat))
    chosen = seat.inbox.view.selectionModel().selectedRows()
    assert [seat.inbox.model.key_at(index.row()) for index in chosen] == [coming.id]


async def test_what_the_seat_reported_leaves_what_is_in_hand(seat: UnitSeat, desk: FakeDesk, qtbot: Any) -> None:
    seat.inbox.view.step(1)
    seat.inbox.view.setFocus()
    seat.inbox.view._hover(0)  # the pointer rests on the list
    done = replace(desk.board.find("case", hall.case(2).id), stage=Stage.REPORTED, reported_at=hall.NOW, rev=3)
    desk.board.apply([done])
    qtbot.waitUntil(lambda: "今日办结 2" in rows(seat))
    assert not any(row.startswith("在办") for row in rows(seat))


async def test_under_the_pointer_nothing_moves_and_what_came_is_told(
    seat: UnitSeat, desk: FakeDesk, qtbot: Any
) -> None:
    seat.inbox.view._hover(3)
    desk.board.apply([hall.case(6, stage=Stage.DISPATCHED, **GIVEN)])
    qtbot.waitUntil(lambda: seat.inbox.arrived.isVisible())
    assert "待签收 1" in rows(seat)
    seat.inbox.arrived.click()
    assert "待签收 2" in rows(seat)
    assert seat.inbox.arrived.isHidden()


async def test_the_units_own_crews_stand_under_the_list_with_what_they_do(seat: UnitSeat, desk: FakeDesk) -> None:
    since, case = hall.NOW - timedelta(minutes=5), hall.case(2)
    at_it = (Assignment(case.id, "s03-urban", "s03", AssignmentState.CURRENT),)
    working = Crew("c1", 1, "城管一队", "s03-urban", "s03", CrewStatus.HANDLING, since, assignments=at_it)
    assert seat.crews.isHidden()
    desk.board.apply([working, replace(working, id="c2", unit="s04-urban")])
    await seen(lambda: seat.crews.told() == ["城管一队 处置 00002 0:05:00"])  # no second has passed
    assert not seat.crews.isHidden()
    desk.board.apply([replace(working, status=CrewStatus.OFF_DUTY, assignments=())])
    seat._turn()
    assert seat.crews.told() == ["城管一队 离岗"]


async def test_the_case_is_said_anew_in_another_language(seat: UnitSeat, qtbot: Any) -> None:
    speak("en")
    QApplication.processEvents()
    assert seat.case.number.text() == "包河-20261124-00001"
    assert seat.case.title.text()
    assert "Place" in [label for label, _ in seat.case.facts.texts()]


async def test_what_the_unit_settled_last_month_is_opened_at_its_seat_and_stands_in_no_heading(
    seat: UnitSeat, desk: FakeDesk
) -> None:
    at = hall.NOW - timedelta(days=30)
    told = {"stage": Stage.CLOSED, "reported_at": at, "ended_at": at, "finding": "上月已抽排"}
    desk.archive = {hall.case(70).id: hall.case(70, **WORKED | told)}
    counted = rows(seat)
    seat._focus.choose(hall.case(70).id, by="search")
    await seen(lambda: ("反馈", "上月已抽排") in seat.case.facts.texts())
    assert seat.case._when_title.text() == "已经办结"
    offered = [name for name, button in seat.case.buttons.items() if not button.isHidden()]
    assert offered == ["accept", "report", "apply_return", "send_crew"]  # an order ended with the work
    assert rows(seat) == counted
    seat._focus.choose("elsewhere", by="search")
    await seen(lambda: seat._focus.case == hall.case(1).id)  # it is not to be seen: back to the most urgent one


async def test_who_was_reminded_sees_it_in_the_list_and_at_the_case(desk: FakeDesk, seat: UnitSeat) -> None:
    seat._focus.choose(hall.case(2).id, by="test")
    desk.board.apply([hall.case(2, rev=9, stage=Stage.HANDLING, urged_at=hall.NOW, **WORKED)])
    await seen(lambda: "催办" in dict(seat.case.facts.texts()))
    assert next(row for row in rows(seat) if row.startswith("00002")).split()[2] == "催办"
    desk.board.apply([hall.case(2, rev=10, stage=Stage.REPORTED, reported_at=hall.NOW, urged_at=hall.NOW, **WORKED)])
    await seen(lambda: "催办" not in " ".join(rows(seat)))
    await turns()  # the history of the case is read again

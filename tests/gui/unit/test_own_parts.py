"""The seat of a body that only helps: its own sub-task comes first, with its own time, in the list and at the case."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.people import Role
from commandcenter.domain.records import Record
from commandcenter.domain.tasks import Task, TaskKind, TaskState
from tests.kit import coordinated, hall
from tests.kit.coordinated import HOUSING, URBAN, helped, led, part
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import seen
from ui.cases.words import fact_words
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat import tasks
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.theme import apply_theme
from ui.unit.seat import UnitSeat

Open = Callable[..., UnitSeat]


@pytest.fixture
async def opened(qapp: QApplication, qtbot: Any) -> AsyncIterator[Open]:
    """Opens the seat of the department of housing over `records`."""
    apply_theme(qapp, "dark")
    speak("zh")
    made: list[Follow] = []

    def opening(*records: Record) -> UnitSeat:
        board = hall.board(0)
        board.apply((*coordinated.departments(), *records))
        desk = FakeDesk(board, by=person(Role.DEPARTMENT, department=HOUSING))
        made.append(Follow(board))
        clock, focus = SecondClock(board, desk.now), Focus()
        seat = UnitSeat(
            desk, follow=made[-1], focus=focus, clock=clock, act=lambda name: None, tell=fact_words, spot=QWidget()
        )  # type: ignore[arg-type]
        qtbot.addWidget(seat)
        seat.resize(1600, 900)
        seat.show()
        return seat

    yield opening
    await tasks.close()
    for one in made:
        one.close()


def asked(number: int = 1, state: TaskState = TaskState.WAITING, **more: Any) -> list[Case | Task]:
    """A case that the urban department leads, and the sub-task of housing."""
    case = led(number, URBAN)
    return helped(case, part(case, HOUSING, state, **more))


def rows(seat: UnitSeat) -> list[str]:
    model = seat.inbox.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def shown(seat: UnitSeat) -> list[str]:
    return [name for name, button in seat.case.buttons.items() if button.isVisible()]


async def test_a_case_to_help_with_waits_to_be_accepted_and_says_what_was_asked(opened: Open) -> None:
    seat = opened(*asked(note="查泵房权属", minutes=70))
    assert rows(seat)[0] == "待签收 1"
    assert seat.case.facts.texts()[:2] == [("协办", "待接，限 今日 16:52"), ("附言", "查泵房权属")]
    assert ("主办", "包河区城市管理局") in seat.case.facts.texts()
    assert (seat.case._left_word.text(), seat.case.left.text()) == ("协办余", "1:10:00")
    assert seat.case._due.text() == "限 今日 16:52"
    assert [label for label, _ in seat.case.facts.texts()].count("协办") == 1
    assert shown(seat) == ["accept_task", "refuse_task", "report_task"]
    assert seat.case.buttons["accept_task"].property("role") == "seat-primary"
    assert seat.inbox.counts["all"] == 1


async def test_its_light_and_place_in_the_list_are_those_of_the_sub_task(opened: Open) -> None:
    lead = {"due": hall.NOW + timedelta(minutes=30), "green_until": hall.NOW + timedelta(minutes=20)}
    own = led(2, HOUSING, **lead)
    seat = opened(*asked(1, TaskState.WORKING, minutes=10), own, *asked(3, TaskState.WORKING, minutes=-5))
    assert [row.split()[0] for row in rows(seat)] == ["在办", "00003", "00001", "00002"]
    assert seat.inbox.counts["due"] == 2
    seat.inbox.tabs.choose("due")
    assert [row.split()[0] for row in rows(seat)] == ["在办", "00003", "00001"]
    assert not seat.grab().isNull()
    assert seat.case.light._name == "light.overdue"


async def test_a_part_that_is_done_stands_among_what_was_done_today(opened: Open) -> None:
    done = {"done_at": hall.NOW - timedelta(minutes=3), "finding": "权属在小区"}
    old = done | {"done_at": hall.NOW - timedelta(days=2)}
    seat = opened(*asked(1, TaskState.REPORTED, **done), *asked(2, TaskState.REPORTED, **old))
    assert [row.split()[0] for row in rows(seat)] == ["今日办结", "00001"]
    assert ("反馈", "权属在小区") in seat.case.facts.texts()
    assert seat.case._left_word.text() == "余时停在"


async def test_a_whistle_says_when_to_be_there_and_is_answered_by_one_button(opened: Open) -> None:
    seat = opened(*asked(kind=TaskKind.WHISTLE, minutes=18, note="现场商量"))
    assert seat.case.facts.texts()[:2] == [("吹哨", "待接，限 今日 16:00"), ("附言", "现场商量")]
    assert (seat.case._left_word.text(), seat.case.left.text()) == ("吹哨余", "0:18:00")
    assert shown(seat) == ["arrive"]
    assert seat.case._when_title.text() == "吹哨报到"


async def test_the_lead_has_the_steps_of_the_case_and_sees_each_part(opened: Open) -> None:
    case = led(1, HOUSING)
    seat = opened(*helped(case, part(case, URBAN, TaskState.WORKING, minutes=70)))
    assert ("协办", "区城管局 在办 · 限 今日 16:52") in seat.case.facts.texts()
    assert not {"accept_task", "report_task", "refuse_task", "arrive"} & set(shown(seat))
    assert "refuse_lead" in shown(seat)
    assert seat.case._when_title.text() == "反馈何时可用"
    assert seat.case.buttons["report"].accessibleDescription() == "还有协办没有办完"
    assert seat.case._left_word.text() == "处置余"


async def test_a_body_that_became_the_lead_has_the_case_itself(opened: Open) -> None:
    case, task = asked(1, TaskState.WORKING)
    seat = opened(case, task)
    assert "report_task" in shown(seat)
    assert isinstance(case, Case)
    seat._desk.board.apply([replace(case, rev=2, responsible=HOUSING, stage=Stage.DISPATCHED, tasks=())])
    await seen(lambda: "accept" in shown(seat))
    assert rows(seat)[0] == "待签收 1"
    assert "report_task" not in shown(seat)

"""The day of the seat, as the log has it, with what is not sent yet."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from shiboken6 import delete

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept
from commandcenter.domain.people import Role
from commandcenter.protocol.messages import SeatDay
from commandcenter.store.overlay import Act, Delivery
from tests.gui.unit.conftest import GIVEN
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.shown import day
from tests.kit.turns import seen, settled, turns
from ui.kit.seat import tasks
from ui.kit.texts import times
from ui.unit.seat import UnitSeat

UNKNOWN_DAY = " ".join([times.UNKNOWN] * 5)


async def test_the_day_is_the_logs_and_counts_what_left_the_board_and_what_is_not_sent_yet(
    seat: UnitSeat, desk: FakeDesk, qtbot: Any
) -> None:
    desk.day = SeatDay(accepted=7, wait=90.0, reported=2, on_time=1, worked=5400.0, returned=3)
    desk.board.apply([], [("case", hall.case(3).id)])  # given back: it is not this seat's any more
    await seen(lambda: day(seat.day) == "7 0:01:30 2 1:30:00 3 按时 1")
    assert isinstance(await desk.do(Accept(hall.case(1).id)), Act)
    await seen(lambda: day(seat.day) == "8 0:01:30 2 1:30:00 3 按时 1")
    desk.offline = True
    desk.board.apply([], [("case", hall.case(2).id)])
    await settled()
    assert day(seat.day) == "8 0:01:30 2 1:30:00 3 按时 1"  # what was known stays


@pytest.mark.parametrize("delivery", [Delivery.SENT, Delivery.NEEDS_YOU])
async def test_the_day_counts_an_act_once_and_none_that_the_log_will_not_have(
    delivery: Delivery, seat: UnitSeat, desk: FakeDesk
) -> None:
    desk.day = SeatDay(accepted=7, wait=90.0, reported=2, on_time=1, worked=5400.0, returned=3)
    act = await desk.do(Accept(hall.case(1).id))
    assert isinstance(act, Act)
    await seen(lambda: day(seat.day) == "8 0:01:30 2 1:30:00 3 按时 1 待答 1")
    come = replace(act, delivery=delivery)  # refused, or in the log before its frame is here
    desk.acts.put(come)
    desk.board.pend(come)
    await seen(lambda: day(seat.day) == "7 0:01:30 2 1:30:00 3 按时 1 待答 1")


@pytest.mark.parametrize("when", ["told", "asked"])
async def test_the_day_of_one_person_is_not_shown_to_the_next(
    when: str, desk: FakeDesk, opened: Callable[[], UnitSeat], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, ask = asyncio.Event(), desk.ask

    async def slow(query: Any) -> Any:
        day = await ask(query)
        await answers.wait()
        return day

    monkeypatch.setattr(desk, "ask", slow)
    desk.day = SeatDay(accepted=7, wait=90.0, reported=2, on_time=1, worked=5400.0, returned=3)
    seat = opened()
    if when == "told":
        answers.set()
        await seen(lambda: day(seat.day) == "7 0:01:30 2 1:30:00 3 按时 1 待答 1")
    else:
        await seen(lambda: desk.asked)
    desk.offline, desk.person = True, replace(person(Role.UNIT, unit="s04-urban", street="s04"), user="u2")
    desk.board.replace([hall.case(9, stage=Stage.DISPATCHED, **GIVEN)])
    await seen(lambda: day(seat.day) == UNKNOWN_DAY)
    answers.set()
    await settled()
    assert day(seat.day) == UNKNOWN_DAY
    desk.offline, desk.day = False, SeatDay(accepted=3, wait=30.0, reported=0, on_time=0)
    desk.board.apply([hall.case(9, stage=Stage.DISPATCHED, **GIVEN)])
    await seen(lambda: day(seat.day) == "3 0:00:30 0 — 0")


async def test_the_day_is_not_guessed_from_the_board_when_the_platform_cannot_be_asked(
    desk: FakeDesk, opened: Callable[[], UnitSeat]
) -> None:
    desk.offline = True
    seat = opened()
    await settled()
    assert day(seat.day) == f"{UNKNOWN_DAY} 待答 1"


@pytest.mark.parametrize("when", ["asked", "resting"])
async def test_a_seat_that_is_left_while_its_day_is_asked_for_hears_nothing_more(
    when: str, desk: FakeDesk, opened: Callable[[], UnitSeat], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, ask = asyncio.Event(), desk.ask

    async def slow(query: Any) -> Any:
        await answers.wait()
        return await ask(query)

    monkeypatch.setattr(desk, "ask", slow)
    seat = opened()
    await turns(2)
    if when == "resting":
        answers.set()
        await settled()
        desk.board.apply([], [("case", hall.case(3).id)])
        await seen(tasks.running)
    asked = len(desk.asked)
    delete(seat)
    answers.set()
    await settled()
    assert len(desk.asked) <= asked + (when == "asked")

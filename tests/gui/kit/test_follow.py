"""The crossing from core to Qt, and what runs beside the loop's turn."""

import asyncio
from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.store.board import Board
from tests.kit import hall
from tests.kit.console import until
from ui.kit.seat import tasks
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import FRAME, Follow


def test_a_burst_of_changes_is_told_once(qtbot: QtBot) -> None:
    board, told = Board(), []
    follow = Follow(board)
    follow.touched.connect(told.append)
    for case in hall.cases(40):
        board.apply([case])
    board.apply([hall.streets()[0]])
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1
    assert sum(kind == "case" for kind, _ in told[0].refs) == 40
    assert told[0].concerns("street")
    follow.close()
    board.apply(hall.cases(1, first=90))
    qtbot.wait(40)
    assert len(told) == 1
    follow.close()  # twice is as once


def _crew(number: int) -> Crew:
    return Crew(f"crew-{number}", 1, "一组", "unit", "street", CrewStatus.EN_ROUTE, hall.NOW)


def test_crews_that_move_are_told_once_a_second_together_with_the_clocks(qtbot: QtBot) -> None:
    board, told = Board(), []
    follow = Follow(board)
    follow.touched.connect(lambda touched: told.append(len(touched.refs)))
    follow.second.connect(lambda: told.append("second"))
    with qtbot.waitSignal(follow.second, timeout=60_000):
        pass
    told.clear()
    for number in range(3):
        board.apply([_crew(number)])
        qtbot.wait(2 * FRAME)
    board.apply([_crew(9)])
    with qtbot.waitSignal(follow.second, timeout=60_000):
        pass
    assert [what for what in told if what != "second"] in ([4], [1, 3], [2, 2], [3, 1])  # a second may begin between
    assert all(before == "second" or after == "second" for before, after in pairwise(told)), told
    assert told[-1] == "second"
    follow.close()


def test_a_new_case_waits_for_no_second_and_takes_the_crews_along(qtbot: QtBot) -> None:
    board, told = Board(), []
    follow = Follow(board)
    follow._second.stop()
    follow.touched.connect(told.append)
    board.apply([_crew(1)])
    qtbot.wait(4 * FRAME)
    assert told == []
    board.apply(hall.cases(1))
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert {kind for kind, _ in told[0].refs} == {"crew", "case"}
    assert len(told) == 1
    board.apply(hall.cases(1, first=2))
    follow._turn()
    qtbot.wait(4 * FRAME)
    assert len(told) == 2  # the second took the case along, and nothing was left over
    follow.close()


def test_the_focus_says_who_chose_and_is_silent_when_nothing_changes(qtbot: QtBot) -> None:
    focus, told = Focus(), []
    focus.changed.connect(lambda case, by: told.append((case, by)))
    focus.choose("c1", by="map")
    focus.choose("c1", by="queue")
    focus.choose(None, by="queue")
    assert told == [("c1", "map"), ("", "queue")]
    assert focus.case is None


@pytest.mark.expects_log("a failing errand failed")
async def test_a_failure_in_the_background_is_heard(quiet_log: list) -> None:
    async def fail() -> None:
        raise LookupError("nothing there")

    tasks.spawn(fail(), name="a failing errand")
    await until(lambda: quiet_log)
    assert [record.exc_info[0] for record in quiet_log] == [LookupError]


async def test_what_still_runs_is_ended_at_closing() -> None:
    ended = []

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    tasks.spawn(wait(), name="a long errand")
    await asyncio.sleep(0)
    assert tasks.running() == ("a long errand",)
    await tasks.close()
    assert ended == [True]
    assert tasks.running() == ()

"""The crossing from core to Qt, and what runs beside the loop's turn."""

import asyncio

import pytest
from pytestqt.qtbot import QtBot

from commandcenter.store.board import Board
from tests.kit import hall
from tests.kit.console import until
from ui.kit.seat import tasks
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow


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

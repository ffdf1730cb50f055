"""What is asked about before it is sent or decided on: in which turn, under whose name, and what is said meanwhile."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commandcenter.cache.journal_row import RowState
from commandcenter.client.errors import Declined, PlatformBroken, Unreachable
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Dispatch, File
from commandcenter.protocol.messages import CommandBatch, Result
from tests.kit.books import SHIFT
from tests.kit.console import until
from tests.kit.district import NOON, seats
from tests.kit.scripted import a_case
from tests.kit.sending import again, applied, cases, fails_on, sending, withdrawn

DISPATCHER = seats()["dispatcher"].person


def filed(key: str) -> Case:
    return Case(key, 2, Stage.FILED, a_case().tier, "hotline", NOON, kind="water", street="east", filed_at=NOON)


async def test_an_old_dispatch_that_never_left_is_held_without_a_word_to_the_platform(tmp_path: Path) -> None:
    async with sending(tmp_path, filed("c1"), filed("c2"), a_case("c3")) as desk:
        await desk.give(Dispatch("c1", "housing"), DISPATCHER)
        old_file = await desk.give(File("c3"))
        desk.mono += 4 * 3600.0 + 1.0
        await desk.give(Dispatch("c2", "housing"), DISPATCHER)
        desk.opens(DISPATCHER)
        await until(lambda: desk.codes["c2"] == ("sent", None, None))
        assert desk.codes["c1"] == ("held", "old", "")
        assert desk.codes["c3"] == ("kept", "other_user", "shift")
        assert desk.sent == [[("c2", False)]]
        assert desk.commands.is_settled(desk.row(old_file))


async def test_what_may_be_forgotten_is_asked_about_first_and_whoever_waits_behind_says_so(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(3)) as desk:
        await desk.send(File("c1"))
        behind = await desk.give(Dispatch("c1", "housing"), DISPATCHER)
        await desk.give(File("c2"))
        desk.time += timedelta(days=40)
        goes_on = asyncio.Event()

        async def late(batch: CommandBatch) -> list[Result]:
            await goes_on.wait()
            return applied(batch)

        desk.answer = late
        desk.opens(memory=timedelta(days=30))
        assert await desk.asks(1) == [("c1", True)]
        told = {act.cmd_id: (act.state, act.code) for act in desk.acts.open}
        assert list(told.values()) == [("kept", "asked_first"), ("kept", "behind_stuck"), ("kept", "queue")]
        goes_on.set()
        await until(lambda: [act.state for act in desk.acts.open] == ["held", "held", "sent"])
        assert desk.sent == [[("c1", True)], [("c2", False)]]
        assert desk.acts.find(behind.cmd_id).code == "held"


async def test_after_a_question_in_vain_something_else_has_its_turn(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await desk.send(File("c1"))
        await desk.give(File("c2"))
        desk.time += timedelta(days=40)
        desk.answer = fails_on("c1", fault=PlatformBroken("internal"))
        desk.opens(memory=timedelta(days=30))
        await desk.hour.waits(1)
        desk.hour.ends()
        await until(lambda: len(desk.sent) >= 3)
        assert desk.sent[:3] == [[("c1", True)], [("c2", False)], [("c1", True)]]
        desk.answer = lambda batch: [withdrawn(wish.cmd_id) for wish in batch.commands]
        desk.hour.runs = True
        desk.opens(memory=timedelta(days=30))
        desk.hour.ends()
        await until(lambda: desk.codes["c1"] == ("held", "old", ""))


async def test_a_question_that_nobody_hears_is_no_question_in_vain(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await desk.send(File("c1"))
        await desk.give(File("c2"))
        desk.time += timedelta(days=40)
        desk.answer = lambda batch: Unreachable("no route")
        desk.opens(memory=timedelta(days=30))
        await desk.hour.waits(1)
        desk.hour.ends()
        await desk.hour.waits(2)
        assert desk.sent == [[("c1", True)]] * 2


async def test_a_question_that_is_put_off_lets_something_else_have_its_turn(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await desk.send(File("c1"))
        await desk.give(File("c2"))
        desk.time += timedelta(days=40)
        desk.answer = lambda batch: again(batch) if batch.commands[0].withdraw else applied(batch)
        desk.opens(memory=timedelta(days=30))
        await desk.hour.waits(1)
        desk.hour.ends()
        await until(lambda: desk.codes["c2"] == ("sent", None, None))
        assert desk.sent[:2] == [[("c1", True)], [("c2", False)]]


async def test_what_was_dropped_and_may_have_had_an_effect_is_asked_about_before_all_else(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(3)) as desk:
        gone = await desk.send(File("c1"))
        theirs = await desk.send(File("c2"))
        await desk.moves(gone, RowState.DROPPED)
        await desk.moves(theirs, RowState.REFUSED, code="stage")
        await desk.give(File("c3"))
        desk.opens()
        await until(lambda: desk.codes.get("c3") == ("sent", None, None))
        assert [sorted(batch) for batch in desk.sent] == [[("c1", True), ("c2", True)], [("c3", False)]]
        assert desk.commands.unsettled("shift", "d1") == []
        desk.outbound.wake()
        assert len(desk.sent) == 2


async def test_nothing_is_asked_about_for_another_person_or_district(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await desk.send(File("c1"))
        waits = await desk.send(File("c2"))
        await desk.moves(waits, RowState.REFUSED, code="stage")
        desk.time += timedelta(days=40)
        desk.opens(DISPATCHER, memory=timedelta(days=30))
        desk.opens(seats("d2")["shift"].person, memory=timedelta(days=30))
        for _ in range(20):
            await asyncio.sleep(0)
        assert desk.sent == []
        desk.opens(memory=timedelta(days=30))
        await until(lambda: desk.codes["c1"] == ("held", "old", ""))
        assert sorted(desk.sent[0]) == [("c1", True), ("c2", True)]


async def test_a_new_way_lets_each_try_at_once_and_says_nothing_of_former_trouble(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(1)) as desk:
        desk.answer = lambda batch: Declined(code="bad_id", status=422)
        desk.opens()
        await desk.give(File("c1"))
        desk.outbound.wake()
        await until(lambda: desk.codes == {"c1": ("kept", "parked", "bad_id")})
        assert await desk.hour.waits(1) == 1.5
        desk.opens()  # as after a platform was mended: whatever stepped aside is tried
        await desk.asks(2)
        assert await desk.hour.waits(2) == 3.0
    async with sending(tmp_path, *cases(2)) as desk:
        desk.answer = lambda batch: Unreachable("no route")
        desk.opens()
        await desk.give(File("c2"))
        desk.outbound.wake()
        await desk.hour.waits(1)
        desk.outbound.wait_for("shift", "connecting")
        assert desk.codes == {"c2": ("kept", "connecting", "")}
        desk.opens()
        assert desk.codes == {"c2": ("kept", None, None)}  # it leaves


async def test_what_stands_behind_a_parked_act_leaves_as_soon_as_that_is_dropped(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(1)) as desk:
        desk.answer = lambda batch: Declined(code="bad_id", status=422)
        first = await desk.give(File("c1"))
        row = desk.store.new(File("c1"), SHIFT, desk.display.current_view_for(File("c1")))
        async with desk.store.lock:
            second = await desk.store.enter(row, ())
        desk.opens()
        await until(lambda: desk.acts.find(first.cmd_id).code == "parked")
        await until(lambda: desk.acts.find(second.cmd_id).code == "behind_stuck")
        desk.answer = applied
        await desk.moves(first, RowState.DROPPED)
        await until(lambda: desk.open == {second.cmd_id: "sent"})


async def test_what_the_line_says_while_an_act_is_being_held_is_not_said_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        first = await desk.send(File("c1"))
        behind = await desk.give(Dispatch("c1", "housing"), DISPATCHER)
        await desk.give(File("c2"))
        await desk.moves(first, RowState.REFUSED, epoch=1)
        begun, goes_on, move = asyncio.Event(), asyncio.Event(), desk.journal.move

        async def slow(*given: Any, **other: Any) -> None:
            begun.set()
            await goes_on.wait()
            await move(*given, **other)

        monkeypatch.setattr(desk.journal, "move", slow)
        desk.opens()
        await begun.wait()
        desk.outbound.wait_for("shift", "busy", "5")
        assert desk.codes["c2"] == ("kept", "busy", "5")
        goes_on.set()
        await until(lambda: desk.open[behind.cmd_id] == "held")
        for _ in range(20):
            await asyncio.sleep(0)
        assert (desk.codes["c2"], desk.sent) == (("kept", "busy", "5"), [])


async def test_one_that_is_known_to_be_failed_on_alone_makes_nobody_wait(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(3)) as desk:
        desk.answer = fails_on("c1", fault=PlatformBroken("internal"))
        desk.opens()
        await desk.give(File("c1"))
        desk.outbound.wake()
        assert await desk.hour.waits(1) == 0.5
        await desk.give(File("c2"))
        desk.hour.ends()
        await until(lambda: desk.codes["c1"] == ("kept", "parked", "platform_error"))
        await desk.give(File("c3"))
        desk.outbound.wake()
        await until(lambda: desk.codes["c3"] == ("sent", None, None))
        assert desk.hour.asked == [0.5, 3.0]
        assert desk.sent == [[("c1", False)], [("c2", False)], [("c1", False)], [("c3", False)]]

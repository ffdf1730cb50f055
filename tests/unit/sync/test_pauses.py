"""How long the seat pauses after a fault, whom that binds, and what is said of it when the way changes meanwhile."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from commandcenter.cache.journal_row import RowState
from commandcenter.client.errors import PlatformBusy, PlatformFault
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch, File
from commandcenter.domain.people import Person
from commandcenter.protocol.messages import CommandBatch, Result
from commandcenter.sync import outbound
from tests.kit.books import SHIFT
from tests.kit.console import until
from tests.kit.district import seats
from tests.kit.scripted import a_case
from tests.kit.sending import Sending, applied, cases, fails_on, sending

DISPATCHER = seats()["dispatcher"].person
SPENT = PlatformBusy("takes", code="over_quota", retry_after=300.0)
BUSY = PlatformBusy("5", retry_after=300.0)


async def pauses(desk: Sending, fault: PlatformFault) -> None:
    """The shift leader's act is answered with `fault`, and the seat pauses."""
    desk.answer = lambda batch: fault
    desk.opens()
    await desk.give(File("c1"))
    desk.outbound.wake()
    assert await desk.hour.waits(1) == 300.5


async def sent(desk: Sending, *keys: str) -> None:
    """These are answered while no wait has ended by its time."""
    await until(lambda: all(desk.codes.get(key) == ("sent", None, None) for key in keys))


async def test_a_line_that_begins_anew_ends_the_pause(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await pauses(desk, BUSY)
        desk.outbound.shut()
        assert desk.codes == {"c1": ("kept", "connecting", "")}
        desk.answer = applied
        desk.opens()
        assert desk.codes == {"c1": ("kept", None, None)}
        await sent(desk, "c1")
        assert (desk.hour.asked, desk.hour.lasting) == ([300.5], [])


async def test_a_platform_that_is_busy_still_is_asked_once_by_each_line(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await pauses(desk, BUSY)
        desk.opens()
        await asyncio.sleep(0)  # the pause is about to end
        desk.opens()
        assert await desk.hour.waits(2) == 301.0
        assert desk.codes == {"c1": ("kept", "busy", "5")}
        assert len(desk.batches) == 2


async def test_a_spent_quota_outlasts_a_line_that_begins_anew_and_says_so(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await pauses(desk, SPENT)
        desk.outbound.shut()
        assert desk.codes == {"c1": ("kept", "connecting", "")}
        desk.opens()
        assert desk.codes == {"c1": ("kept", "over_quota", "takes")}
        await desk.give(File("c2"))
        desk.outbound.wake()
        assert desk.codes["c2"] == ("kept", "over_quota", "takes")
        assert len(desk.batches) == 1
        desk.answer = applied
        desk.hour.ends()
        await sent(desk, "c1", "c2")
        assert desk.hour.asked == [300.5]


@pytest.mark.parametrize("fault", [SPENT, BUSY])
async def test_whoever_signs_in_next_does_not_wait_for_what_the_former_was_told(
    tmp_path: Path, fault: PlatformFault
) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        await pauses(desk, fault)
        desk.answer = applied
        await of_the_next(desk, DISPATCHER)
        desk.opens(DISPATCHER)
        await sent(desk, "c3")
        assert desk.codes["c1"] == ("kept", "other_user", "shift")
        desk.opens(SHIFT)
        await sent(desk, "c1")


async def of_the_next(desk: Sending, person: Person) -> None:
    """`person` has dispatched c3 at this seat."""
    desk.shows(*cases(2), replace(a_case("c3"), stage=Stage.FILED))
    desk.board.set_reader(person)
    await desk.give(Dispatch("c3", "housing"), person)


@pytest.mark.parametrize("fault", [SPENT, BUSY])
async def test_a_fault_of_the_former_way_that_comes_late_holds_nobody_up(tmp_path: Path, fault: PlatformFault) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        goes_on = asyncio.Event()

        async def late() -> PlatformFault:
            await goes_on.wait()
            desk.answer = applied
            return fault

        desk.answer = lambda batch: late()
        desk.opens()
        await desk.give(File("c1"))
        desk.outbound.wake()
        await desk.asks(1)
        await of_the_next(desk, DISPATCHER)
        desk.opens(DISPATCHER)
        goes_on.set()
        await sent(desk, "c3")
        assert (desk.hour.asked, desk.log) == ([], [])


async def test_a_quota_of_which_the_former_way_told_late_is_kept_by_its_own_account(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(1)) as desk:
        goes_on = asyncio.Event()

        async def late() -> PlatformFault:
            await goes_on.wait()
            return SPENT

        desk.answer = lambda batch: late()
        desk.opens()
        await desk.give(File("c1"))
        desk.outbound.wake()
        await desk.asks(1)
        desk.opens()
        goes_on.set()
        assert await desk.hour.waits(1) == 300.5
        assert desk.codes == {"c1": ("kept", "over_quota", "takes")}


async def test_an_answer_that_is_slow_is_said_by_the_next_way_too_for_as_long_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SLOW", 0.02)
    async with sending(tmp_path, *cases(2)) as desk:
        goes_on = asyncio.Event()

        async def slow(batch: CommandBatch) -> list[Result]:
            await goes_on.wait()
            return applied(batch)

        desk.answer = slow
        desk.opens()
        await desk.give(File("c1"))
        desk.outbound.wake()
        await until(lambda: desk.codes == {"c1": ("kept", "unanswered", "")})
        desk.outbound.shut()
        assert desk.codes == {"c1": ("kept", "connecting", "")}
        await desk.give(File("c2"))
        desk.opens()
        assert desk.codes == dict.fromkeys(("c1", "c2"), ("kept", "unanswered", ""))
        goes_on.set()
        await sent(desk, "c1", "c2")


async def test_what_is_given_while_another_is_on_its_way_says_that_it_is_next(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        goes_on = asyncio.Event()

        async def held_up(batch: CommandBatch) -> list[Result]:
            await goes_on.wait()
            return applied(batch)

        desk.answer = held_up
        desk.opens()
        await desk.give(File("c1"))
        desk.outbound.wake()
        await desk.asks(1)
        await desk.give(File("c2"))
        desk.opens()
        assert desk.codes == {"c1": ("kept", None, None), "c2": ("kept", "queue", "")}
        goes_on.set()
        await sent(desk, "c1", "c2")


@pytest.mark.parametrize("is_question", [False, True])
async def test_one_that_the_platform_puts_off_for_minutes_puts_off_nobody_else(
    tmp_path: Path, is_question: bool
) -> None:
    async with sending(tmp_path, *cases(3)) as desk:
        first = await desk.send(File("c1"))
        await desk.moves(first, RowState.DROPPED if is_question else RowState.KEPT)
        desk.answer = fails_on("c1", fault=BUSY)
        desk.opens()
        assert await desk.hour.waits(1) == 300.5  # nobody has fared better yet
        await desk.give(File("c2"))
        desk.hour.ends()
        await until(lambda: desk.codes["c2"] == ("sent", None, None))
        assert await desk.hour.waits(2) == 303.0  # of its own
        await desk.give(File("c3"))
        desk.outbound.wake()
        await until(lambda: desk.codes["c3"] == ("sent", None, None))
        assert desk.hour.lasting == [303.0]
        assert {batch[0] for batch in desk.sent if batch[0][0] == "c1"} == {("c1", is_question)}
        assert is_question or desk.codes["c1"] == ("kept", "parked", "busy")
        desk.answer = applied
        desk.hour.ends()
        await until(lambda: [("c1", is_question)] == desk.sent[-1])


async def test_one_that_is_asked_about_first_and_put_off_for_minutes_puts_off_nobody_else(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(3)) as desk:
        await desk.send(File("c1"))
        desk.time += timedelta(days=40)
        await desk.give(File("c2"))
        desk.answer = fails_on("c1", fault=BUSY)
        desk.opens(memory=timedelta(days=30))
        await desk.hour.waits(1)
        desk.hour.ends()
        await until(lambda: desk.codes["c2"] == ("sent", None, None))
        assert await desk.hour.waits(2) == 303.0
        await desk.give(File("c3"))
        desk.outbound.wake()
        await until(lambda: desk.codes["c3"] == ("sent", None, None))
        assert desk.codes["c1"] == ("kept", "parked", "busy")
        assert {batch[0] for batch in desk.sent if batch[0][0] == "c1"} == {("c1", True)}

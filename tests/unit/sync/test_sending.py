"""What leaves with what, in which turn, after which wait; and what is said of all that stays."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from commandcenter.cache.faults import DiskFault
from commandcenter.client.errors import Declined, NoRole, PlatformBroken, PlatformBusy, SignedOut, TooLarge, Unreachable
from commandcenter.domain.commands import File
from commandcenter.protocol.messages import CommandBatch, Result
from commandcenter.sync import outbound
from tests.kit.console import until
from tests.kit.district import seats
from tests.kit.sending import Sending, again, applied, cases, fails_on, sending

DISPATCHER = seats()["dispatcher"].person


async def gives(desk: Sending, *keys: str) -> None:
    """The shift leader files these cases, and whoever sends hears of it once."""
    for key in keys:
        await desk.give(File(key))
    desk.outbound.wake()


async def test_without_a_way_each_act_says_what_its_people_wait_for(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(3)) as desk:
        await gives(desk, "c1")
        assert desk.codes == {"c1": ("kept", "other_user", "shift")}
        desk.outbound.wait_for("shift", "busy", "5")
        assert desk.codes == {"c1": ("kept", "busy", "5")}
        desk.outbound.shut()  # it was shut: what it waits for is still the same
        await gives(desk, "c2")
        assert desk.codes == dict.fromkeys(("c1", "c2"), ("kept", "busy", "5"))
        desk.opens()
        assert await desk.asks(1) == [("c1", False), ("c2", False)]
        await until(lambda: desk.codes == dict.fromkeys(("c1", "c2"), ("sent", None, None)))
        assert (desk.batches[0].epoch, desk.batches[0].console_id) == (1, "console-1")
        desk.outbound.shut()
        await gives(desk, "c3")
        assert desk.codes["c3"] == ("kept", "connecting", "")


async def test_each_request_shows_the_newest_that_the_platform_gave_of_its_log(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        desk.opens()
        await gives(desk, "c1")
        await desk.asks(1)
        desk.store.tokens.learn("d1", 1, 30, "thirty")
        desk.store.tokens.learn("d2", 1, 90, "of another district")
        await gives(desk, "c2")
        await desk.asks(2)
        assert desk.shown == [None, "thirty"]


async def test_while_the_platform_fails_all_say_why_and_each_wait_is_longer_until_one_is_answered(
    tmp_path: Path,
) -> None:
    async with sending(tmp_path, *cases(4)) as desk:
        desk.answer = lambda batch: Unreachable("no route")
        desk.opens()
        await gives(desk, "c1")
        assert await desk.hour.waits(1) == 0.5
        assert desk.codes == {"c1": ("kept", "unreachable", "no route")}
        await gives(desk, "c2")
        assert desk.codes == dict.fromkeys(("c1", "c2"), ("kept", "unreachable", "no route"))
        assert len(desk.batches) == 1
        for count, wait in ((2, 1.0), (3, 2.0)):
            desk.hour.ends()
            assert await desk.hour.waits(count) == wait
        assert desk.log == [("unreachable", "no route")]
        desk.answer = lambda batch: PlatformBusy("2", retry_after=120.0)
        desk.hour.ends()
        assert await desk.hour.waits(4) == 124.0
        assert desk.log[1:] == [("busy", "2")]
        desk.answer = applied
        desk.hour.ends()
        await until(lambda: desk.codes == dict.fromkeys(("c1", "c2"), ("sent", None, None)))
        desk.answer = lambda batch: Unreachable("no route")
        await gives(desk, "c3")
        assert await desk.hour.waits(5) == 0.5
        assert desk.log[2:] == [("unreachable", "no route")]


async def test_a_disk_that_does_not_take_an_answer_is_named_and_the_act_is_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sending(tmp_path, *cases(1)) as desk:

        async def full(*given: object, **other: object) -> None:
            raise DiskFault("journal.db")

        with monkeypatch.context() as patch:
            patch.setattr(desk.journal, "move", full)
            desk.opens()
            await gives(desk, "c1")
            assert await desk.hour.waits(1) == 0.5
        assert desk.codes == {"c1": ("kept", "disk", "journal.db")}
        desk.hour.ends()
        await until(lambda: desk.codes == {"c1": ("sent", None, None)})


@pytest.mark.expects_log("sending what is kept failed")
async def test_an_error_of_the_program_is_said_and_what_is_kept_is_sent_again(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(1)) as desk:
        errors: list[BaseException] = []
        desk.tasks.failed.connect(errors.append)
        desk.answer = lambda batch: ZeroDivisionError()
        desk.opens()
        await gives(desk, "c1")
        assert await desk.hour.waits(1) == 0.5
        assert [type(error) for error in errors] == [ZeroDivisionError]
        assert desk.codes == {"c1": ("kept", "internal", "ZeroDivisionError")}
        desk.answer = applied
        desk.hour.ends()
        await until(lambda: desk.codes == {"c1": ("sent", None, None)})


@pytest.mark.parametrize("fault", [SignedOut(code="signed_out"), NoRole(), "wrong_epoch"])
async def test_an_end_of_the_way_is_told_to_the_line_and_nothing_is_tried_any_more(tmp_path: Path, fault: Any) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        wrong = lambda batch: [Result(cmd_id=wish.cmd_id, status="wrong_epoch") for wish in batch.commands]  # noqa: E731
        desk.answer = wrong if isinstance(fault, str) else lambda batch: fault
        desk.opens()
        await gives(desk, "c1")
        await until(lambda: desk.lost)
        assert desk.lost == [fault if isinstance(fault, str) else fault.code]
        assert (desk.codes, desk.hour.asked) == ({"c1": ("kept", "connecting", "")}, [])
        await gives(desk, "c2")
        assert len(desk.batches) == 1


async def test_an_end_of_a_former_way_ends_nothing_of_the_present_one(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(1)) as desk:
        goes_on = asyncio.Event()

        async def late() -> Exception:
            await goes_on.wait()
            desk.answer = applied
            return SignedOut(code="signed_out")

        desk.answer = lambda batch: late()
        desk.opens()
        await gives(desk, "c1")
        await desk.asks(1)
        desk.opens(epoch=2)
        goes_on.set()
        await until(lambda: desk.codes == {"c1": ("sent", None, None)})
        assert (desk.lost, [batch.epoch for batch in desk.batches]) == ([], [1, 2])


@pytest.mark.parametrize(("epoch", "asked"), [(1, 1), (2, 2)])
async def test_an_answer_of_an_epoch_that_may_be_past_is_no_answer(tmp_path: Path, epoch: int, asked: int) -> None:
    async with sending(tmp_path, *cases(1)) as desk:
        goes_on = asyncio.Event()

        async def late(batch: CommandBatch) -> list[Result]:
            await goes_on.wait()
            return applied(batch)

        desk.answer = late
        desk.opens()
        await gives(desk, "c1")
        await desk.asks(1)
        desk.opens(epoch=epoch)
        goes_on.set()
        await until(lambda: desk.codes == {"c1": ("sent", None, None)})
        assert len(desk.batches) == asked
        assert desk.commands.rows[0].epoch == epoch


async def test_what_is_too_large_is_halved_for_as_long_as_there_is_this_way(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(11)) as desk:
        desk.answer = lambda batch: TooLarge(status=413) if len(batch.commands) > 2 else applied(batch)
        for number in range(1, 9):
            await desk.give(File(f"c{number}"))
        desk.opens()
        await until(lambda: {state for state, *_ in desk.codes.values()} == {"sent"})
        assert [len(batch) for batch in desk.sent] == [8, 4, 2, 2, 2, 2]
        assert desk.hour.asked == []
        desk.outbound.shut()
        for number in range(9, 12):
            await desk.give(File(f"c{number}"))
        desk.answer = applied
        desk.opens()
        await until(lambda: {state for state, *_ in desk.codes.values()} == {"sent"})
        assert [len(batch) for batch in desk.sent[6:]] == [3]


async def test_one_that_the_platform_fails_on_is_found_in_halves_and_the_others_leave_in_growing_batches(
    tmp_path: Path,
) -> None:
    async with sending(tmp_path, *cases(8)) as desk:
        desk.answer = fails_on("c3", fault=Declined(code="bad_id", status=422))
        for number in range(1, 9):
            await desk.give(File(f"c{number}"))
        desk.opens()
        await until(lambda: list(desk.codes.values()).count(("sent", None, None)) == 7)
        assert desk.codes["c3"] == ("kept", "parked", "bad_id")
        assert desk.sent[:4] == [
            [(f"c{number}", False) for number in range(1, 9)],
            [(f"c{number}", False) for number in range(1, 5)],
            [("c1", False), ("c2", False)],
            [("c3", False), ("c4", False)],
        ]
        assert desk.hour.asked == [1.5]
        name = next(act.cmd_id for act in desk.acts.open if act.code == "parked")
        assert desk.log == [("parked", "file case:c3: bad_id")]
        desk.answer = applied
        desk.hour.ends()
        await until(lambda: desk.codes["c3"] == ("sent", None, None))
        assert [wish.cmd_id for wish in desk.batches[-1].commands] == [name]


async def test_what_fails_is_halved_and_after_the_first_success_the_batches_grow_again(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(16)) as desk:
        desk.answer = lambda batch: PlatformBroken("internal")
        for number in range(1, 17):
            await desk.give(File(f"c{number}"))
        desk.opens()
        for count in range(1, 4):
            await desk.hour.waits(count)
            desk.hour.ends()
        await desk.hour.waits(4)
        assert [len(batch) for batch in desk.sent] == [16, 8, 4, 2]
        desk.answer = applied
        desk.hour.ends()
        await until(lambda: {state for state, *_ in desk.codes.values()} == {"sent"})
        assert [len(batch) for batch in desk.sent[4:]] == [1, 2, 4, 8, 1]
        assert desk.hour.asked == [0.5, 1.0, 2.0, 4.0]


async def test_where_one_alone_is_asked_for_again_the_others_leave_and_it_is_tried_at_a_pause(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        desk.answer = again
        desk.opens()
        await gives(desk, "c1")
        assert await desk.hour.waits(1) == 0.5
        assert desk.codes == {"c1": ("kept", "retry", "internal")}
        desk.hour.ends()
        assert await desk.hour.waits(2) == 3.0  # aside
        assert desk.codes == {"c1": ("kept", "parked", "internal")}
        desk.answer = applied
        await gives(desk, "c2")
        await until(lambda: desk.codes["c2"] == ("sent", None, None))
        assert desk.codes["c1"] == ("kept", "parked", "internal")
        assert [batch for batch in desk.sent if ("c2", False) in batch] == [[("c2", False)]]
        desk.hour.ends()
        await until(lambda: desk.codes["c1"] == ("sent", None, None))


async def test_an_empty_answer_is_a_fault_of_its_own(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(1)) as desk:
        desk.answer = lambda batch: []
        desk.opens()
        await gives(desk, "c1")
        assert await desk.hour.waits(1) == 0.5
        assert desk.codes == {"c1": ("kept", "empty_answer", "")}


async def test_a_slow_answer_is_said_once_it_is_slow_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SLOW", 0.02)
    async with sending(tmp_path, *cases(3)) as desk:
        desk.opens()
        await gives(desk, "c1")
        await until(lambda: desk.codes == {"c1": ("sent", None, None)})
        later = asyncio.Event()
        asyncio.get_running_loop().call_later(3 * outbound.SLOW, later.set)
        await later.wait()
        seen: list[str | None] = []
        desk.acts.changed.connect(lambda _: seen.append(desk.codes["c2"][1] if "c2" in desk.codes else None))
        await gives(desk, "c2")
        await until(lambda: desk.codes["c2"] == ("sent", None, None))
        assert set(seen) == {None}

        async def slow(batch: CommandBatch) -> list[Result]:
            await until(lambda: desk.codes["c3"] == ("kept", "unanswered", ""))
            return applied(batch)

        desk.answer = slow
        await gives(desk, "c3")
        await until(lambda: desk.codes["c3"] == ("sent", None, None))


async def test_of_several_that_are_asked_for_again_the_last_one_says_why(tmp_path: Path) -> None:
    async with sending(tmp_path, *cases(2)) as desk:
        reasons = iter(("busy", "internal"))
        desk.answer = lambda batch: [
            Result(cmd_id=wish.cmd_id, status="retry", code=next(reasons)) for wish in batch.commands
        ]
        await desk.give(File("c1"))
        await desk.give(File("c2"))
        desk.opens()
        assert await desk.hour.waits(1) == 0.5
        assert desk.log == [("retry", "internal")]

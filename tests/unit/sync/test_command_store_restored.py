"""What a restore, a full disk, or a way back makes of acts that had already gone further."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from commandcenter.cache.faults import DiskFault
from commandcenter.cache.journal_row import OnBehalfOf, RowState
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import File
from commandcenter.domain.commands.queueing import Reorder
from commandcenter.protocol.messages import Result
from commandcenter.store.overlay import Delivery
from commandcenter.sync.send_order import GIVEN_BACK
from tests.kit.books import SHIFT, Books, books, ids, position
from tests.kit.district import NOON, seats
from tests.kit.scripted import a_case
from tests.kit.swapping import Swap, swapping

DISPATCHER = seats()["dispatcher"].person
UNIT = seats()["east-urban"].person


async def full(*given: object, **other: object) -> None:
    raise DiskFault("journal.db")


async def test_whoever_looks_when_an_act_comes_back_finds_it_among_what_waits_here(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        lost, kept = await desk.send(File("c1")), await desk.give(File("c2"))
        await desk.hears(lost, "applied", seq=12, cursor=12)
        seen: list[dict[str, int]] = []
        desk.acts.changed.connect(lambda _: seen.append(dict(desk.commands.unsent)))
        await desk.answers.offer_again("d1", 2, {"1": 0, "2": 10})
        assert seen == [{"shift": 2}]
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        seen.clear()
        desk.acts.changed.connect(lambda _: seen.append(dict(desk.commands.unsent)))
        await desk.store.open()
        assert seen == [{"shift": 1}, {"shift": 2}]
        assert ids(desk.commands.rows) == [lost.cmd_id, kept.cmd_id]


async def test_whoever_looks_when_an_act_is_sent_or_ends_finds_it_no_longer_among_what_waits_here(
    tmp_path: Path,
) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        sent, dropped = await desk.send(File("c1")), await desk.give(File("c2"))
        seen: list[dict[str, int]] = []
        desk.acts.changed.connect(lambda _: seen.append(dict(desk.commands.unsent)))
        await desk.hears(sent, "applied", seq=12)
        await desk.moves(dropped, RowState.DROPPED)
        assert seen == [{"shift": 1}, {}]


async def test_what_is_offered_again_is_marked_as_kept_at_once_whatever_had_been_said_of_it(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        act = await desk.send(File("c1"))
        await desk.hears(act, "applied", seq=12, code="late")
        assert desk.acts.open[0].code == "late"
        desk.board.apply([a_case("c1", rev=2)], done=desk.display.own([act.cmd_id]))
        assert desk.board.delivery("case", "c1") is Delivery.DONE
        desk.commands.platform_epoch = 2
        assert await desk.answers.offer_again("d1", 2, {"1": 0, "2": 10}) == 1
        assert (desk.acts.open[0].state, desk.acts.open[0].code) == ("kept", None)
        assert desk.board.delivery("case", "c1") is Delivery.KEPT


async def test_after_a_start_too_what_was_dropped_is_asked_about_if_the_log_was_undone(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        unsure, sure = [await desk.send(File(key)) for key in ("c1", "c2")]
        await desk.moves(unsure, RowState.DROPPED)
        await desk.moves(sure, RowState.DROPPED, epoch=2)
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        await desk.store.open()
        assert desk.commands.unsettled("shift", "d1") == []
        await desk.answers.offer_again("d1", 2, {"1": 0, "2": 10})
        assert ids(desk.commands.unsettled("shift", "d1")) == [unsure.cmd_id]


async def test_what_ends_nothing_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        act = await desk.send(File("c1"))
        monkeypatch.setattr(desk.journal, "move", full)
        await desk.answers.reached(position(1, 10))
        await desk.answers.end_invisible()
        await desk.answers.seen({"another's": 10}, 1)
        await desk.store.hold({})
        await desk.hears(act, "retry")
        assert desk.open == {act.cmd_id: "kept"}


async def test_a_disk_that_is_full_for_a_moment_forgets_neither_what_is_level_nor_how_far_the_log_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        first, second = [await desk.send(File(key)) for key in ("c1", "c2")]
        await desk.hears(first, "applied", seq=40)
        await desk.answers.end_invisible()
        await desk.hears(second, "applied", seq=41)
        desk.store.tokens.learn("d1", 1, 41, "1.41.token")
        with monkeypatch.context() as patch:
            patch.setattr(desk.journal, "move", full)
            with pytest.raises(DiskFault):
                await desk.answers.end_invisible()
        assert desk.open == {first.cmd_id: "sent", second.cmd_id: "sent"}
        assert [place.token for place in desk.store.tokens.unwritten()] == ["1.41.token"]
        await desk.answers.end_invisible()
        assert desk.open == {}


async def test_what_stands_behind_one_that_waits_depends_on_nothing_that_may_leave_before_it(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        await desk.give(File("c1"))
        seen = desk.display.current_view_for(File("c1"))
        async with desk.store.lock:
            refused = await desk.store.enter(desk.store.new(File("c1"), SHIFT, seen), ())
        await desk.moves(refused, RowState.REFUSED)
        held = await desk.store.keep(File("c1"), SHIFT, (), seen)
        row = desk.row(held)
        assert (row.state, row.about, row.dep) == (RowState.HELD, refused.cmd_id, None)


async def replaced(desk: Books, *, left: bool) -> tuple[str, str]:
    """An act of the dispatcher, which has `left` or not, and the shift leader's in its place."""
    seen = desk.display.current_view_for(File("c1"))
    theirs, mine = (desk.store.new(File("c1"), who, seen) for who in (DISPATCHER, SHIFT))
    async with desk.store.lock:
        await desk.store.enter(theirs, ())
        desk.commands.mark_sending(desk.commands.rows if left else [])
        await desk.store.enter(replace(mine, replaces=theirs.cmd_id, behalf=OnBehalfOf(DISPATCHER, theirs.cmd_id)), ())
        desk.commands.mark_sending(desk.commands.rows)
    return theirs.cmd_id, mine.cmd_id


async def test_of_an_act_that_never_left_the_answer_to_the_one_in_its_place_says_in_which_log(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await replaced(desk, left=False)
        assert desk.commands.unsettled("dispatcher", "d1") == []
        await desk.answers.answered(1, [Result(cmd_id=mine, status="applied", seq=11)], 10)
        kept = await desk.journal.find(former)
        assert kept is not None
        assert (kept.state, kept.epoch) == (RowState.DROPPED, 1)


async def test_an_act_that_has_turned_out_to_be_done_is_not_dropped_by_what_came_in_its_place(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await replaced(desk, left=True)
        await desk.answers.settled(1, [Result(cmd_id=former, status="applied", seq=11)], 10)
        assert desk.open[former] == "sent"
        await desk.answers.answered(1, [Result(cmd_id=mine, status="conflict", code="rev")], 10)
        assert desk.open == {former: "sent", mine: "conflict"}


async def test_an_act_that_came_back_to_its_person_is_asked_about(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, _ = await replaced(desk, left=False)
        async with desk.store.lock:
            row = await desk.journal.find(former)
            assert row is not None
            await desk.store.move([replace(row, state=RowState.HELD, code=GIVEN_BACK)])
        assert ids(desk.commands.unsettled("dispatcher", "d1")) == [former]


async def test_an_act_sent_again_after_a_restore_is_not_laid_over_a_board_that_may_have_it(tmp_path: Path) -> None:
    def both(rev: int, *holders: str) -> list[Case]:
        return [
            replace(a_case(key, rev=rev), stage=Stage.DISPATCHED, responsible=holder)
            for key, holder in zip(("c1", "c2"), holders, strict=True)
        ]

    with swapping():
        async with books(tmp_path, *both(9, "east-urban", "east-police")) as desk:
            act = await desk.give(Swap("c1", "c2"), DISPATCHER)
            desk.commands.mark_sending(desk.commands.rows)
            await desk.hears(act, "applied", seq=12, cursor=12)
            assert await desk.answers.offer_again("d1", 2, {"1": 0, "2": 8}) == 1
            desk.display.epoch = 2
            desk.shows(*both(6, "east-urban", "east-police"))
            desk.display.predict_again()
            assert desk.case("c1").responsible == "east-police"  # lost, so it is still to come
            desk.commands.mark_sending(desk.commands.rows)
            desk.shows(*both(7, "east-police", "east-urban"))  # the answer was lost
            desk.display.predict_again()
            assert desk.case("c1").responsible == "east-police"


@pytest.mark.parametrize("is_answered", [True, False])
async def test_an_act_applied_in_another_log_than_it_was_given_on_is_not_laid_over_a_third_that_has_it(
    tmp_path: Path, is_answered: bool
) -> None:
    def placed(rev: int, as_due: datetime | None = None) -> Case:
        here = {"stage": Stage.DISPATCHED, "responsible": UNIT.user, "queued_as": as_due}
        return replace(a_case(rev=rev), **here)  # type: ignore[arg-type]

    async with books(tmp_path, placed(9)) as desk:
        act = await desk.give(Reorder("c1", NOON), UNIT)
        await desk.answers.offer_again("d1", 2, {"1": 0, "2": 7})  # the platform was restored before it was sent
        desk.display.epoch = 2
        desk.commands.mark_sending(desk.commands.rows)
        if is_answered:
            await desk.hears(act, "applied", epoch=2, seq=9, cursor=8, revs={"case:c1": 8})
        desk.board.apply([placed(8, NOON)], done=desk.display.own([act.cmd_id]))
        await desk.answers.seen({act.cmd_id: 9}, 2)
        assert await desk.answers.offer_again("d1", 4, {"1": 0, "2": 7, "3": 7, "4": 7}) == 1  # as far as is known
        desk.shows(placed(8, NOON))
        desk.display.epoch = 4
        desk.display.predict_again()
        assert [one.facts for one in desk.acts.open] == [()]
        desk.shows(placed(7))  # restored once more
        desk.display.predict_again()
        assert (desk.case().queued_as == NOON) is is_answered

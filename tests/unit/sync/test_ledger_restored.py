"""What a restore, a full disk, or a way back makes of acts that had already gone further."""

from dataclasses import replace
from pathlib import Path

import pytest

from commandcenter.cache.faults import DiskFault
from commandcenter.cache.row import Behalf, RowState
from commandcenter.domain.commands import File
from commandcenter.protocol.frames import Result
from commandcenter.store.overlay import Delivery
from commandcenter.sync.order import GIVEN_BACK
from tests.kit.books import SHIFT, Books, books, ids, standing
from tests.kit.district import seats
from tests.kit.scripted import a_case

DISPATCHER = seats()["dispatcher"].person


async def full(*given: object, **other: object) -> None:
    raise DiskFault("journal.db")


async def test_whoever_looks_when_an_act_comes_back_finds_it_among_what_waits_here(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        lost, kept = await desk.send(File("c1")), await desk.give(File("c2"))
        await desk.hears(lost, "applied", seq=12, cursor=12)
        seen: list[dict[str, int]] = []
        desk.acts.changed.connect(lambda _: seen.append(dict(desk.ledger.unsent)))
        await desk.ledger.offer_again("d1", 2, {"1": 0, "2": 10})
        assert seen == [{"shift": 2}]
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        seen.clear()
        desk.acts.changed.connect(lambda _: seen.append(dict(desk.ledger.unsent)))
        await desk.ledger.open()
        assert seen == [{"shift": 1}, {"shift": 2}]
        assert ids(desk.ledger.rows) == [lost.cmd_id, kept.cmd_id]


async def test_what_is_offered_again_is_marked_as_kept_at_once_whatever_had_been_said_of_it(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        act = await desk.send(File("c1"))
        await desk.hears(act, "applied", seq=12, code="late")
        assert desk.acts.open[0].code == "late"
        desk.board.apply([a_case("c1", rev=2)], done=desk.ledger.own([act.cmd_id]))
        assert desk.board.delivery("case", "c1") is Delivery.DONE
        desk.ledger.heard_of = 2
        assert await desk.ledger.offer_again("d1", 2, {"1": 0, "2": 10}) == 1
        assert (desk.acts.open[0].state, desk.acts.open[0].code) == ("kept", None)
        assert desk.board.delivery("case", "c1") is Delivery.KEPT


async def test_after_a_start_too_what_was_dropped_is_asked_about_if_the_log_was_undone(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        unsure, sure = [await desk.send(File(key)) for key in ("c1", "c2")]
        await desk.moves(unsure, RowState.DROPPED)
        await desk.moves(sure, RowState.DROPPED, epoch=2)
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        await desk.ledger.open()
        assert desk.ledger.unsettled("shift", "d1") == []
        await desk.ledger.offer_again("d1", 2, {"1": 0, "2": 10})
        assert ids(desk.ledger.unsettled("shift", "d1")) == [unsure.cmd_id]


async def test_what_ends_nothing_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        act = await desk.send(File("c1"))
        monkeypatch.setattr(desk.journal, "move", full)
        await desk.ledger.reached(standing(1, 10))
        await desk.ledger.caught_up()
        await desk.ledger.seen({"another's": 10}, 1)
        await desk.ledger.hold({})
        await desk.hears(act, "retry")
        assert desk.open == {act.cmd_id: "kept"}


async def test_a_disk_that_is_full_for_a_moment_forgets_neither_what_is_level_nor_how_far_the_log_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        first, second = [await desk.send(File(key)) for key in ("c1", "c2")]
        await desk.hears(first, "applied", seq=40)
        await desk.ledger.caught_up()
        await desk.hears(second, "applied", seq=41)
        desk.ledger.tokens.learn("d1", 1, 41, "1.41.token")
        with monkeypatch.context() as patch:
            patch.setattr(desk.journal, "move", full)
            with pytest.raises(DiskFault):
                await desk.ledger.caught_up()
        assert desk.open == {first.cmd_id: "sent", second.cmd_id: "sent"}
        assert [place.token for place in desk.ledger.tokens.unwritten()] == ["1.41.token"]
        await desk.ledger.caught_up()
        assert desk.open == {}


async def test_what_stands_behind_one_that_waits_depends_on_nothing_that_may_leave_before_it(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        await desk.give(File("c1"))
        seen = desk.ledger.before_eyes(File("c1"))
        async with desk.ledger.lock:
            refused = await desk.ledger.enter(desk.ledger.new(File("c1"), SHIFT, seen), ())
        await desk.moves(refused, RowState.REFUSED)
        held = await desk.ledger.keep(File("c1"), SHIFT, (), seen)
        row = desk.row(held)
        assert (row.state, row.about, row.dep) == (RowState.HELD, refused.cmd_id, None)


async def replaced(desk: Books, *, left: bool) -> tuple[str, str]:
    """An act of the dispatcher, which has `left` or not, and the shift leader's in its place."""
    seen = desk.ledger.before_eyes(File("c1"))
    theirs, mine = (desk.ledger.new(File("c1"), who, seen) for who in (DISPATCHER, SHIFT))
    async with desk.ledger.lock:
        await desk.ledger.enter(theirs, ())
        desk.ledger.leaving(desk.ledger.rows if left else [])
        await desk.ledger.enter(replace(mine, replaces=theirs.cmd_id, behalf=Behalf(DISPATCHER, theirs.cmd_id)), ())
        desk.ledger.leaving(desk.ledger.rows)
    return theirs.cmd_id, mine.cmd_id


async def test_of_an_act_that_never_left_the_answer_to_the_one_in_its_place_says_in_which_log(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await replaced(desk, left=False)
        assert desk.ledger.unsettled("dispatcher", "d1") == []
        await desk.ledger.answered(1, [Result(cmd_id=mine, status="applied", seq=11)], 10)
        kept = await desk.journal.find(former)
        assert kept is not None
        assert (kept.state, kept.epoch) == (RowState.DROPPED, 1)


async def test_an_act_that_has_turned_out_to_be_done_is_not_dropped_by_what_came_in_its_place(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await replaced(desk, left=True)
        await desk.ledger.settled(1, [Result(cmd_id=former, status="applied", seq=11)], 10)
        assert desk.open[former] == "sent"
        await desk.ledger.answered(1, [Result(cmd_id=mine, status="conflict", code="rev")], 10)
        assert desk.open == {former: "sent", mine: "conflict"}


async def test_an_act_that_came_back_to_its_person_is_asked_about(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, _ = await replaced(desk, left=False)
        async with desk.ledger.lock:
            row = await desk.journal.find(former)
            assert row is not None
            await desk.ledger.move([replace(row, state=RowState.HELD, code=GIVEN_BACK)])
        assert ids(desk.ledger.unsettled("dispatcher", "d1")) == [former]

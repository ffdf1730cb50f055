"""What the journal brings back at a start and after a restore, and what is written when an act moves."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from commandcenter.cache.journal_row import OnBehalfOf, RowState
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch, File
from commandcenter.domain.facts import Dispatched, Filed
from commandcenter.protocol.messages import Result
from commandcenter.store.overlay import Delivery
from tests.kit.books import SHIFT, Books, books, ids
from tests.kit.district import seats
from tests.kit.scripted import a_case

DISPATCHER = seats()["dispatcher"].person


async def test_a_start_brings_back_what_is_open_on_to_the_board_and_what_has_ended_into_the_list(
    tmp_path: Path,
) -> None:
    cases = [a_case(key) for key in ("c1", "c2", "c3", "c4")]
    async with books(tmp_path, *cases) as desk:
        done, dropped, refused, kept = [await desk.send(File(one.id)) for one in cases]
        await desk.hears(done, "applied", seq=10)
        await desk.hears(refused, "refused", code="stage", about="closed")
        await desk.moves(dropped, RowState.DROPPED)
        next_one = await desk.give(Dispatch("c4", "housing"), DISPATCHER)
    async with books(tmp_path, *cases) as desk:
        await desk.store.open()
        assert desk.open == {refused.cmd_id: "refused", kept.cmd_id: "kept", next_one.cmd_id: "kept"}
        assert desk.ended == {done.cmd_id: "done", dropped.cmd_id: "dropped"}
        assert ids(desk.commands.rows) == [refused.cmd_id, kept.cmd_id, next_one.cmd_id]
        assert [type(fact) for act in desk.acts.open for fact in act.facts] == [Filed, Filed, Dispatched]
        assert (desk.case("c4").stage, desk.case("c4").responsible) == (Stage.DISPATCHED, "housing")
        assert [desk.case(key).stage for key in ("c1", "c2", "c3")] == [Stage.RECEIVED] * 3
        assert desk.display.own([done.cmd_id, dropped.cmd_id, kept.cmd_id]) == (dropped.cmd_id, kept.cmd_id)
        assert desk.board.adopters(("case", "c1")) == frozenset()
        assert not desk.commands.is_settled(desk.row(kept))  # whether it left before that start nobody knows


async def test_what_a_power_cut_took_from_the_mirror_is_sent_and_nothing_else_of_what_was_done(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        early, late = [await desk.send(File(key)) for key in ("c1", "c2")]
        desk.stands(13)
        await desk.hears(early, "applied", seq=11, cursor=13)
        await desk.hears(late, "applied", seq=13, cursor=13)
        assert desk.open == {}
    async with books(tmp_path, replace(a_case("c1", rev=2), stage=Stage.FILED), a_case("c2")) as desk:
        desk.stands(11)
        await desk.store.open()
        assert (desk.open, desk.ended) == ({late.cmd_id: "sent"}, {early.cmd_id: "done"})
        assert desk.case("c2").stage is Stage.FILED
    async with books(tmp_path) as desk:  # an empty board has to be asked for as a whole
        await desk.store.open()
        assert (desk.open, len(desk.ended)) == ({}, 2)


async def test_what_an_earlier_program_kept_without_what_was_seen_is_not_laid_over_a_record_that_is_there(
    tmp_path: Path,
) -> None:
    async with books(tmp_path, a_case("c1", rev=1), a_case("c2", rev=4), a_case("c3", rev=4)) as desk:
        for key, bases in (("c1", {}), ("c2", {"case:c2": 4}), ("c3", {"case:c3": 3})):
            seen = desk.display.current_view_for(File(key))
            await desk.journal.keep(replace(desk.store.new(File(key), SHIFT, seen), bases=bases))
        await desk.store.open()
        assert [len(act.facts) for act in desk.acts.open] == [0, 1, 0]
        assert [desk.case(key).stage.name for key in ("c1", "c2", "c3")] == ["RECEIVED", "FILED", "RECEIVED"]


async def test_what_never_left_is_shown_on_whatever_the_board_is_now(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        new, sent = await desk.give(File("c1")), await desk.send(File("c2"))
        desk.shows(a_case("c1", rev=2), a_case("c2", rev=2))
        desk.display.predict_again()
        assert [desk.case(key).stage for key in ("c1", "c2")] == [Stage.FILED, Stage.RECEIVED]
        assert [len(desk.acts.find(act.cmd_id).facts) for act in (new, sent)] == [1, 0]


async def test_after_a_restore_what_was_lost_is_kept_and_shown_once_more(tmp_path: Path) -> None:
    cases = [a_case(key) for key in ("c1", "c2", "c3", "c4")]
    async with books(tmp_path, *cases) as desk:
        stays, lost, dropped, settled = [await desk.send(File(one.id)) for one in cases]
        desk.display.own([lost.cmd_id])
        await desk.hears(stays, "applied", seq=10, cursor=12)
        await desk.hears(lost, "applied", seq=12, cursor=12)
        await desk.moves(dropped, RowState.DROPPED)
        await desk.moves(settled, RowState.DROPPED, epoch=2)
        given_at = desk.acts.recent[0].moved_at
        assert await desk.answers.offer_again("d1", 2, {"1": 0, "2": 10}) == 1
        assert (desk.open, desk.commands.platform_epoch) == ({lost.cmd_id: "kept"}, 2)
        row = desk.row(lost)
        assert (row.epoch, row.seq, row.code) == (None, None, None)
        assert row.moved_at == desk.now() - timedelta(seconds=1) > given_at
        assert desk.case("c2").stage is Stage.FILED
        assert await desk.journal.open_rows() == [row]
        assert ids(desk.commands.unsettled("shift", "d1")) == [dropped.cmd_id]
        assert not desk.commands.is_settled(row)
        assert await desk.answers.offer_again("d1", 2, {"1": 0, "2": 10}) == 0


async def test_what_was_replaced_has_ended_and_names_what_came_in_its_place(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        first, never_left = await desk.send(File("c1")), await desk.give(File("c2"))
        for former in (first, never_left):
            row = desk.row(former)
            new = desk.store.new(
                row.command(), SHIFT, desk.display.current_view_for(row.command()), without=[row.cmd_id]
            )
            assert new.dep is None
            async with desk.store.lock:
                act = await desk.store.enter(replace(new, replaces=row.cmd_id), ())
            assert list(desk.open)[-1] == act.cmd_id
            told = next(one for one in desk.acts.recent if one.cmd_id == former.cmd_id)
            assert (told.state, told.code, told.about, told.moved_at) == (
                "dropped",
                "replaced",
                act.cmd_id,
                new.made_at,
            )
            assert desk.commands.is_settled(desk.row(act))
            assert desk.display.own([former.cmd_id, act.cmd_id]) == (former.cmd_id, act.cmd_id)
        assert ids(desk.commands.unsettled("shift", "d1")) == [first.cmd_id]  # the other never left
        assert [desk.case(key).stage for key in ("c1", "c2")] == [Stage.RECEIVED] * 2


async def test_a_second_one_depends_on_the_first_unless_that_is_put_aside(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        first = await desk.give(File("c1"))
        seen = desk.display.current_view_for(Dispatch("c1", "housing"))
        assert desk.store.new(Dispatch("c1", "housing"), SHIFT, seen).dep == first.cmd_id
        assert desk.store.new(Dispatch("c1", "housing"), DISPATCHER, seen).dep is None
        aside = desk.display.current_view_for(File("c1"), without=[first.cmd_id])
        assert aside.records != seen.records
        assert desk.store.new(File("c1"), SHIFT, aside, without=[first.cmd_id]).dep is None


async def test_since_when_an_act_is_where_it_is(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        act = await desk.send(File("c1"))
        await desk.moves(act, RowState.CONFLICT)
        since = desk.row(act).moved_at
        await desk.moves(act, RowState.CONFLICT, about="more")
        assert desk.row(act).moved_at == since
        await desk.moves(act, RowState.REFUSED)
        assert desk.row(act).moved_at == since + timedelta(seconds=1)
        dropped = replace(desk.row(act), state=RowState.DROPPED)
        async with desk.store.lock:
            await desk.store.move([dropped])
            at = desk.acts.recent[-1].moved_at
            await desk.store.move([replace(dropped, moved_at=at, about="more")])
        assert (await desk.journal.ended_rows())[-1].moved_at == at == since + timedelta(seconds=2)


async def test_only_of_what_never_left_holding_it_says_that_it_had_no_effect(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2"), a_case("c3")) as desk:
        new, sent = await desk.give(File("c1")), await desk.send(File("c2"))
        other = await desk.give(File("c3"))
        await desk.store.hold({act.cmd_id: ("old", "") for act in (new, sent)})
        await desk.moves(other, RowState.KEPT, code="queue")
        assert desk.open == {new.cmd_id: "held", sent.cmd_id: "held", other.cmd_id: "kept"}
        assert [row.epoch for row in await desk.journal.open_rows()] == [1, None, None]
        assert [row.moved_at is not None for row in desk.commands.rows] == [True, True, False]


async def test_holding_touches_what_is_kept_and_named_alone(tmp_path: Path) -> None:
    cases = [a_case(key) for key in ("c1", "c2", "c3")]
    async with books(tmp_path, *cases) as desk:
        sent, named, other = [await desk.send(File(one.id)) for one in cases]
        await desk.hears(sent, "applied", seq=11)
        await desk.store.hold({sent.cmd_id: ("old", "x"), named.cmd_id: ("old", "x"), "another's": ("old", "x")})
        assert desk.open == {sent.cmd_id: "sent", named.cmd_id: "held", other.cmd_id: "kept"}
        assert (desk.row(named).code, desk.row(named).about) == ("old", "x")


async def test_whoever_waits_behind_something_hears_when_something_has_ended(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2"), a_case("c3")) as desk:
        desk.listens()
        first, second, third = [await desk.send(File(key)) for key in ("c1", "c2", "c3")]
        await desk.hears(first, "applied", seq=10)
        assert desk.freed == []  # nobody waits
        desk.display.explain({third.cmd_id: ("behind_stuck", second.cmd_id)})
        await desk.hears(second, "refused")
        assert desk.freed == []  # nothing has ended
        await desk.moves(second, RowState.DROPPED)
        assert desk.freed == [1]
        await desk.moves(third, RowState.HELD, code="old")
        await desk.moves(third, RowState.DROPPED)
        assert desk.freed == [1]


async def test_of_what_was_dropped_the_last_two_hundred_are_known(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        row = desk.store.new(File("c1"), SHIFT, desk.display.current_view_for(File("c1")))
        dropped = [replace(row, cmd_id=f"n{number}", state=RowState.DROPPED, epoch=1) for number in range(201)]
        async with desk.store.lock:
            await desk.store.move(dropped)
            assert desk.display.own(["n0", "n1", "n2", "n200"]) == ("n1", "n2", "n200")
            await desk.store.move(dropped[1:2])
            await desk.store.move([replace(row, cmd_id="n201", state=RowState.DROPPED)])
        assert desk.display.own(["n1", "n2", "n3", "n201"]) == ("n1", "n3", "n201")
        assert desk.acts.recent == ()


async def test_the_journal_keeps_how_far_the_logs_are_known_to_go_once(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        first, second = [await desk.send(File(key)) for key in ("c1", "c2")]
        desk.store.tokens.learn("d1", 1, 12, "1.12.token")
        assert len(desk.store.tokens.unwritten()) == 1
        await desk.hears(first, "applied", seq=12)
        assert desk.store.tokens.unwritten() == ()
        await desk.hears(second, "applied", seq=13)
    async with books(tmp_path) as desk:
        assert desk.store.tokens.newest("d1") == "1.12.token"


async def taken_over(desk: Books) -> tuple[str, str]:
    """An act of the dispatcher that was dropped, and the one that the shift leader gave in its place."""
    seen = desk.display.current_view_for(File("c1"))
    theirs, mine = (desk.store.new(File("c1"), who, seen) for who in (DISPATCHER, SHIFT))
    async with desk.store.lock:
        await desk.store.enter(theirs, ())
        desk.commands.mark_sending(desk.commands.rows)
        mine = replace(mine, replaces=theirs.cmd_id, behalf=OnBehalfOf(DISPATCHER, theirs.cmd_id))
        await desk.store.enter(mine, ())
        desk.commands.mark_sending(desk.commands.rows)
    return theirs.cmd_id, mine.cmd_id


@pytest.mark.parametrize(
    ("said", "theirs", "settled"),
    [
        ({"status": "applied", "seq": 12}, "dropped", True),
        ({"status": "conflict", "code": "rev"}, "dropped", True),
        ({"status": "refused", "code": "stage"}, "dropped", False),
        ({"status": "refused", "code": "already_done", "seq": 10}, "done", True),
        ({"status": "refused", "code": "already_done", "seq": 11}, "sent", True),
    ],
)
async def test_what_the_answer_to_an_act_taken_over_says_of_the_one_in_whose_place_it_was_given(
    tmp_path: Path, said: dict[str, str], theirs: str, settled: bool
) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await taken_over(desk)
        about = {"about": former} if said.get("code") == "already_done" else {}
        assert ids(desk.commands.unsettled("dispatcher", "d1")) == [former]
        await desk.answers.answered(1, [Result(cmd_id=mine, **said, **about)], 10)
        assert {act.cmd_id: act.state for act in desk.acts.recent}[former] == theirs
        assert (desk.commands.unsettled("dispatcher", "d1") == []) is settled
        assert next(act for act in desk.acts.recent if act.cmd_id == mine).delivery is not Delivery.KEPT


async def test_the_act_in_whose_place_another_was_given_is_found_as_long_as_it_has_no_effect(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await taken_over(desk)
        (row,) = desk.commands.rows
        assert (row.cmd_id, (await desk.store.taken_over(row)).cmd_id) == (mine, former)
        assert await desk.store.taken_over(replace(row, behalf=None)) is None
    async with books(tmp_path, a_case("c1")) as desk:
        assert (await desk.store.taken_over(row)).cmd_id == former  # as the journal has it
        await desk.store.open()
        await desk.hears(desk.acts.open[0], "applied", seq=9)
        assert desk.ended == {mine: "done", former: "dropped"}
    async with books(tmp_path, a_case("c1")) as desk:
        await desk.store.open()
        assert desk.board.adopters(("case", "c1")) == {SHIFT.user}
        former_row = await desk.journal.find(former)
        await desk.journal.move([replace(former_row, state=RowState.DONE)])
    async with books(tmp_path, a_case("c1")) as desk:
        assert await desk.store.taken_over(row) is None


@pytest.mark.parametrize(
    ("said", "theirs", "epoch"),
    [
        ({"status": "applied", "seq": 12}, RowState.DROPPED, 1),
        ({"status": "refused", "code": "already_done", "seq": 10}, RowState.DONE, 1),
        ({"status": "refused", "code": "stage"}, RowState.DROPPED, None),
    ],
)
async def test_the_act_in_whose_place_another_was_given_is_found_after_a_start_behind_any_number_of_later_ones(
    tmp_path: Path, said: dict[str, str], theirs: RowState, epoch: int | None
) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await taken_over(desk)
        dropped_at = (await desk.journal.find(former)).moved_at
        later = desk.store.new(File("c1"), SHIFT, desk.display.current_view_for(File("c1")))
        for number in range(200):
            kept = await desk.journal.keep(replace(later, cmd_id=f"n{number}", dep=None))
            await desk.journal.move([replace(kept, state=RowState.DROPPED)])
    async with books(tmp_path, a_case("c1")) as desk:
        await desk.store.open()
        desk.time += timedelta(days=1)
        assert former not in desk.ended
        about = {"about": former} if said.get("code") == "already_done" else {}
        await desk.answers.answered(1, [Result(cmd_id=mine, **said, **about)], 10)
        row = await desk.journal.find(former)
        assert (row.state, row.epoch) == (theirs, epoch)
        assert (row.moved_at == dropped_at) is (theirs is RowState.DROPPED)


async def test_what_had_its_effect_already_is_not_moved_by_the_answer_to_what_was_given_in_its_place(
    tmp_path: Path,
) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        former, mine = await taken_over(desk)
        await desk.answers.seen({former: 7}, 1)
        await desk.answers.answered(1, [Result(cmd_id=mine, status="conflict", code="rev")], 10)
        row = await desk.journal.find(former)
        assert (row.state, row.epoch, row.seq) == (RowState.DONE, 1, 7)

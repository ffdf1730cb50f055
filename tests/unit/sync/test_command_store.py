"""How far each open command has come: in the journal, in the list of acts, and on the board, without a line."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import File
from commandcenter.protocol.codec import record_bytes
from commandcenter.protocol.messages import Result
from commandcenter.store.overlay import Delivery
from tests.kit.books import books, ids, position
from tests.kit.district import NOON, seats
from tests.kit.scripted import a_case


async def test_an_act_is_kept_with_all_that_it_was_given_from_and_shown_at_once(tmp_path: Path) -> None:
    seen = a_case("c1", rev=3)
    async with books(tmp_path, seen) as desk:
        act = await desk.give(File("c1"))
        (row,) = await desk.journal.open_rows()
        assert desk.commands.rows == [row]
        assert (row.cmd_id, row.user, row.type, row.refs) == (act.cmd_id, "shift", "file", (("case", "c1"),))
        assert (row.bases, row.seen, row.dep) == ({"case:c1": 3, "epoch": 1}, {"case:c1": record_bytes(seen)}, None)
        assert (row.acted_at, row.boot, row.made_at) == (100.0, "monday", NOON + timedelta(seconds=1))
        assert row.command() == File("c1")
        assert desk.case().stage is Stage.FILED
        assert desk.acts.open == (act,)
        assert (act.delivery, act.state, act.facts != ()) == (Delivery.KEPT, "kept", True)


async def test_what_an_answer_makes_of_an_act(tmp_path: Path) -> None:
    cases = [a_case(key) for key in ("c1", "c2", "c3", "c4", "c5")]
    async with books(tmp_path, *cases) as desk:
        here, beyond, nowhere, no, clash = [await desk.send(File(one.id)) for one in cases]
        await desk.hears(here, "applied", seq=10)
        await desk.hears(beyond, "applied", seq=11)
        await desk.hears(nowhere, "applied")
        await desk.hears(no, "refused", code="stage", about="closed")
        await desk.hears(clash, "conflict", code="rev")
        await desk.answers.answered(1, [Result(cmd_id="another's", status="applied", seq=3)], 10)
        assert desk.ended == {here.cmd_id: "done", nowhere.cmd_id: "done"}
        assert desk.open == {beyond.cmd_id: "sent", no.cmd_id: "refused", clash.cmd_id: "conflict"}
        assert [desk.acts.find(act.cmd_id).code for act in (no, clash)] == ["stage", "rev"]
        assert [desk.case(key).stage.name for key in ("c1", "c2", "c3", "c4", "c5")] == [
            *("RECEIVED", "FILED", "RECEIVED"),  # what is done is shown as the board has it
            *("RECEIVED", "RECEIVED"),
        ]
        assert ids(desk.acts.needing) == [no.cmd_id, clash.cmd_id]
        assert {row.cmd_id: row.state.value for row in await desk.journal.open_rows()} == desk.open
        assert [row.state.value for row in await desk.journal.ended_rows()] == ["done", "done"]


async def test_behind_an_act_that_waits_for_a_person_the_next_one_waits_too_and_has_no_effect(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        first = await desk.send(File("c1"))
        await desk.hears(first, "refused", code="stage")
        second = await desk.give(File("c1", "stall"))
        free = await desk.give(File("c2"))
        third = await desk.give(File("c1"))
        told = {row.cmd_id: (row.state.value, row.code, row.about, row.dep) for row in desk.commands.rows}
        held = ("held", "held", first.cmd_id, None)
        assert [told[act.cmd_id] for act in (second, third)] == [held, held]
        assert told[free.cmd_id] == ("kept", None, None, None)
        assert desk.commands.unsent == {"shift": 3}
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        await desk.store.open()
        assert desk.commands.is_settled(desk.row(second))  # it never left: that is known after this start as well
        assert not desk.commands.is_settled(desk.row(free))


async def test_behind_an_act_that_waited_and_had_its_effect_after_all_the_next_one_is_free(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        first = await desk.send(File("c1"))
        await desk.moves(first, RowState.HELD, code="old")
        second = await desk.give(File("c1", "stall"))
        assert (desk.row(second).state, desk.row(second).about) == (RowState.HELD, first.cmd_id)
        freed: list[str] = []
        desk.store.freed.connect(lambda _: freed.append("now"))
        await desk.answers.settled(1, [Result(cmd_id=first.cmd_id, status="applied", seq=11)], 10)
        now = desk.row(second)
        assert (now.state, now.code, now.about, now.epoch) == (RowState.KEPT, None, None, None)
        assert freed == ["now"]
        assert desk.open == {first.cmd_id: "sent", second.cmd_id: "kept"}


async def test_whose_acts_wait_at_this_console_alone(tmp_path: Path) -> None:
    other = seats()["dispatcher"].person
    cases = [a_case(key) for key in ("c1", "c2", "c3", "c4")]
    async with books(tmp_path, *cases) as desk:
        sent = await desk.send(File("c1"))
        await desk.hears(sent, "applied", seq=11)
        refused = await desk.send(File("c2"))
        await desk.hears(refused, "refused")
        await desk.give(File("c3"))
        held = await desk.give(File("c4"))
        await desk.store.hold({held.cmd_id: ("old", "")})
        theirs = desk.store.new(File("c4"), other, desk.display.current_view_for(File("c4")))
        async with desk.store.lock:
            await desk.store.enter(theirs, ())
        assert desk.commands.unsent == {"shift": 2, "dispatcher": 1}


async def test_whether_an_act_may_have_had_an_effect_is_known_as_long_as_it_has_not_left_or_the_platform_said(
    tmp_path: Path,
) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2"), epoch=None) as desk:
        act = await desk.give(File("c1"))
        assert desk.commands.is_settled(desk.row(act))
        desk.commands.mark_sending([desk.row(act)])
        assert not desk.commands.is_settled(desk.row(act))  # of no epoch, and none was heard of
        desk.commands.platform_epoch = 2
        await desk.hears(act, "refused", epoch=2)
        assert desk.commands.is_settled(desk.row(act))
        desk.commands.platform_epoch = 3
        assert not desk.commands.is_settled(desk.row(act))
        assert ids(desk.commands.unsettled("shift", "d1")) == [act.cmd_id]
        assert desk.commands.unsettled("shift", "d2") == desk.commands.unsettled("clerk", "d1") == []
        kept = await desk.send(File("c2"))
        assert kept.cmd_id not in ids(desk.commands.unsettled("shift", "d1"))  # it is tried, and waits for nobody
        await desk.moves(act, RowState.DROPPED)
        assert ids(desk.commands.unsettled("shift", "d1")) == [act.cmd_id]
        await desk.answers.settled(3, [Result(cmd_id=act.cmd_id, status="refused", code="withdrawn")], 10)
        assert desk.commands.unsettled("shift", "d1") == []


async def test_before_any_platform_was_heard_of_an_old_act_is_held_all_the_same(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), epoch=None) as desk:
        act = await desk.give(File("c1"))
        await desk.store.hold({act.cmd_id: ("old", "")})
        row = desk.row(act)
        assert (row.state, row.epoch, row.bases, desk.commands.is_settled(row)) == (
            *(RowState.HELD, None, {"case:c1": 1}),
            True,
        )


async def test_an_act_that_was_dropped_and_had_its_effect_all_the_same_is_open_until_it_is_seen(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        act = await desk.send(File("c1"))
        await desk.moves(act, RowState.DROPPED)
        assert desk.ended == {act.cmd_id: "dropped"}
        await desk.answers.settled(1, [Result(cmd_id=act.cmd_id, status="applied", seq=11)], 10)
        assert (desk.open, desk.ended) == ({act.cmd_id: "sent"}, {})
        assert [one.cmd_id for one in desk.commands.unsettled("shift", "d1")] == []
        assert desk.display.own([act.cmd_id]) == (act.cmd_id,)
        await desk.answers.seen({act.cmd_id: 11}, 1)
        assert (desk.open, desk.ended) == ({}, {act.cmd_id: "done"})
        assert desk.display.own([act.cmd_id]) == ()


async def test_what_the_board_has_is_shown_once_and_done_when_its_answer_comes(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        act, other = [await desk.send(File(key)) for key in ("c1", "c2")]
        told = [desk.row(act), desk.row(other)]
        assert desk.display.own(["another's", act.cmd_id]) == (act.cmd_id,)
        filed = replace(a_case("c1", rev=2), stage=Stage.FILED, text="as the platform has it")
        desk.board.apply([filed], done=[act.cmd_id])
        desk.display.predict_again()
        async with desk.store.lock:
            await desk.store.move(told)
        assert (act.cmd_id in ids(desk.board.overlay.acts), desk.case().text) == (False, "as the platform has it")
        assert ids(desk.board.overlay.acts) == [other.cmd_id]
        await desk.hears(act, "applied", seq=11, cursor=10)
        await desk.hears(other, "applied", seq=12, cursor=10)
        assert (desk.ended, desk.open) == ({act.cmd_id: "done"}, {other.cmd_id: "sent"})


async def test_an_effect_of_a_former_epoch_is_not_taken_for_one_of_the_present(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2")) as desk:
        early, late = [await desk.send(File(key)) for key in ("c1", "c2")]
        assert desk.display.own([early.cmd_id, late.cmd_id]) == (early.cmd_id, late.cmd_id)
        filed = [replace(a_case(key, rev=2), stage=Stage.FILED) for key in ("c1", "c2")]
        desk.board.apply(filed, done=[early.cmd_id, late.cmd_id])
        desk.commands.platform_epoch = 2  # a restore took both away, and the board is still that of before
        await desk.hears(early, "applied", epoch=2, seq=12, cursor=-1)
        assert desk.open[early.cmd_id] == "sent"
        desk.display.epoch = 2
        desk.shows(a_case("c1"), a_case("c2"))
        desk.display.predict_again()
        assert [desk.case(key).stage for key in ("c1", "c2")] == [Stage.FILED, Stage.FILED]  # by what is foreseen
        await desk.hears(late, "applied", epoch=2, seq=13, cursor=11)
        assert desk.open == {early.cmd_id: "sent", late.cmd_id: "sent"}
        assert desk.ended == {}
        await desk.answers.seen({early.cmd_id: 12, late.cmd_id: 13}, 2)
        assert desk.ended == {early.cmd_id: "done", late.cmd_id: "done"}


async def test_an_act_behind_one_that_was_dropped_just_before_the_end_waits_for_its_person(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        first = await desk.send(File("c1"))
        await desk.hears(first, "refused", code="stage")
        second = await desk.give(File("c1", "stall"))
        await desk.moves(first, RowState.DROPPED)  # and the console ends before what stands behind it has its turn
        await desk.store.open()
        act = desk.acts.find(second.cmd_id)
        assert (act.state, act.code, act.about) == ("refused", "dep_refused", first.cmd_id)


async def test_what_was_acknowledged_is_done_as_soon_as_the_board_has_passed_it(tmp_path: Path) -> None:
    cases = [a_case(key) for key in ("c1", "c2", "c3", "c4")]
    async with books(tmp_path, *cases) as desk:
        at, beyond, before, kept = [await desk.send(File(one.id)) for one in cases]
        await desk.hears(at, "applied", seq=12, cursor=10)
        await desk.hears(beyond, "applied", seq=13, cursor=10)
        await desk.moves(before, RowState.SENT)  # an earlier program did not keep where
        await desk.answers.reached(position(3, 40, "d2"))
        assert desk.ended == {}  # another district's board says nothing of this one's
        await desk.answers.reached(position(1, 12))
        assert desk.ended == {at.cmd_id: "done", before.cmd_id: "done"}
        assert desk.open == {beyond.cmd_id: "sent", kept.cmd_id: "kept"}
        done = {row.cmd_id: (row.epoch, row.seq) for row in await desk.journal.ended_rows()}
        assert done == {at.cmd_id: (1, 12), before.cmd_id: (1, None)}
        await desk.answers.reached(position(2, 1))
        assert desk.open == {kept.cmd_id: "kept"}


async def test_what_has_its_effect_out_of_sight_is_done_when_twice_everything_visible_has_come(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2"), a_case("c3")) as desk:
        first, second, kept = [await desk.send(File(key)) for key in ("c1", "c2", "c3")]
        await desk.hears(first, "applied", seq=40)
        await desk.answers.end_invisible()
        await desk.hears(second, "applied", seq=41)
        assert desk.ended == {}
        await desk.answers.end_invisible()
        assert desk.ended == {first.cmd_id: "done"}
        await desk.answers.end_invisible()
        assert desk.open == {kept.cmd_id: "kept"}
        done = {row.cmd_id: (row.epoch, row.seq) for row in await desk.journal.ended_rows()}
        assert done == {first.cmd_id: (1, 40), second.cmd_id: (1, 41)}


async def test_after_a_restore_what_was_level_before_counts_for_nothing(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1")) as desk:
        act = await desk.send(File("c1"))
        await desk.hears(act, "applied", seq=40)
        await desk.answers.end_invisible()
        await desk.answers.offer_again("d1", 2, {"1": 0, "2": 40})
        await desk.answers.end_invisible()
        assert desk.open == {act.cmd_id: "sent"}


async def test_why_an_act_stays_is_said_on_the_screen_alone_and_once(tmp_path: Path) -> None:
    async with books(tmp_path, a_case("c1"), a_case("c2"), a_case("c3")) as desk:
        first, second, sent = [await desk.give(File(key)) for key in ("c1", "c2", "c3")]
        await desk.hears(sent, "applied", seq=11)
        told: list[None] = []
        desk.acts.changed.connect(told.append)
        why = {first.cmd_id: ("busy", "5"), sent.cmd_id: ("busy", "5"), "another's": ("busy", "")}
        desk.display.explain(why)
        desk.display.explain(why)
        codes = [(act.code, act.about) for act in desk.acts.open]
        assert codes == [("busy", "5"), (None, None), (None, None)]
        assert [(row.code, row.about) for row in desk.commands.rows] == codes
        assert [row.code for row in await desk.journal.open_rows()] == [None] * 3
        desk.display.explain({second.cmd_id: ("queue", "")})
        assert [(act.code, act.about) for act in desk.acts.open] == [(None, None), ("queue", ""), (None, None)]
        assert told == [None] * 2
        await desk.hears(first, "applied", seq=9)  # nobody listens for what is free now
        assert list(desk.open) == [second.cmd_id, sent.cmd_id]

"""The same case worked on both sides of a cut: before, mine and theirs, who and when, and what a choice would do."""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import Accept, ApplyReturn, ApproveReturn, Dispatch, File, Report
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Dispatched, ReturnApproved
from commandcenter.domain.records import shown_fields
from commandcenter.protocol.codec import command_args, record_bytes
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.act_list import in_order
from commandcenter.sync.comparison import facts_after
from commandcenter.sync.queries import HistoryQuery
from commandcenter.sync.versions import FieldState, FieldVersions, Reason, Versions
from tests.kit import hall as screens
from tests.kit.console import Wire, case, console, done, hall, live, seated, take, until
from tests.kit.district import NOON, PASSWORD
from tests.kit.fake_desk import looking, person


class Sides:
    """Two dispatchers, one of them behind a wire that can be cut, and who brings a case to them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.network = folder, Wire()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Sides":
        enter = self._stack.enter_async_context
        self.url = await enter(hall(self.folder / "platform"))
        self.clerk = await enter(seated(self.folder / "a", self.url, "clerk"))
        self.shift = await enter(seated(self.folder / "b", self.url, "shift"))
        self.theirs = await enter(seated(self.folder / "d", self.url, "east-desk"))
        self.unit = await enter(seated(self.folder / "e", self.url, "east-police"))
        self._mine = AsyncExitStack()
        self.mine = await self._mine.enter_async_context(
            seated(self.folder / "c", self.url, "dispatcher", self.network)
        )
        return self

    async def __aexit__(self, *wrong: object) -> None:
        await self._mine.aclose()
        await self._stack.aclose()

    async def filed(self) -> str:
        """A case that both dispatchers see as filed."""
        wish = take()
        await done(self.clerk, wish)
        await until(lambda: self.shift.board.find("case", wish.case))
        await done(self.shift, File(wish.case))
        for desk in (self.mine, self.theirs):
            await until(lambda desk=desk: case(desk, wish.case).stage is Stage.FILED)
        return wish.case

    async def clash(self, key: str) -> Act:
        """Both dispatch `key`, one of them behind the cut; the act that came too late."""
        self.network.cut()
        act = await self.mine.do(Dispatch(key, "east-urban"))
        assert isinstance(act, Act)
        await done(self.theirs, Dispatch(key, "east-police", note="就近"))
        self.network.mend()
        await until(lambda: self.mine.acts.needing)
        await live(self.mine)
        return act

    async def restart_mine(self) -> None:
        """The same seat, begun again."""
        await self._mine.aclose()
        self._mine = AsyncExitStack()
        self.mine = await self._mine.enter_async_context(console(self.folder / "c", self.network))


async def test_each_field_says_what_it_was_what_i_wanted_what_there_is_and_who_made_it_so(tmp_path):
    async with Sides(tmp_path) as hall:
        key = await hall.filed()
        act = await hall.clash(key)
        seen = hall.mine.decisions.look(act.cmd_id)
        assert seen.reason is Reason.CONFLICT
        told = {field.name: (field.before, field.mine, field.theirs, field.mark) for field in seen.fields}
        assert told["responsible"] == (None, "east-urban", "east-police", FieldState.CLASH)
        assert told["stage"] == (Stage.FILED, Stage.DISPATCHED, Stage.DISPATCHED, FieldState.SAME)
        assert [field.name for field in seen.clashing] == ["responsible"]
        assert isinstance(seen.decisive, Dispatched)
        assert (seen.decisive.by, seen.decisive.to, seen.decisive.note) == ("east-desk", "east-police", "就近")
        assert [type(fact) for fact in seen.since] == [Dispatched]
        assert seen.again == Refused("stage", "dispatched")
        assert seen.drop is None
        assert seen.act.moved_at >= seen.act.made_at


async def test_the_versions_are_the_same_after_a_restart_and_without_the_network(tmp_path):
    async with Sides(tmp_path) as hall:
        key = await hall.filed()
        act = await hall.clash(key)
        before = hall.mine.decisions.look(act.cmd_id)
        hall.network.cut()
        await hall.restart_mine()
        now = hall.mine._parts.needs_you.look(act.cmd_id, replace(person(), user="dispatcher"), ())
        assert (now.before, now.mine, now.theirs) == (before.before, before.mine, before.theirs)
        assert (now.fields, now.since, now.act.moved_at) == (before.fields, before.since, before.act.moved_at)


async def test_again_is_offered_as_soon_as_the_rules_allow_it_and_does_what_it_said(tmp_path):
    async with Sides(tmp_path) as hall:
        key = await hall.filed()
        act = await hall.clash(key)
        await until(lambda: hall.unit.board.find("case", key))
        await done(hall.unit, ApplyReturn(key, "不属本队"))
        await until(lambda: case(hall.mine, key).application)
        await hall.restart_mine()
        await hall.mine.user.sign_in(hall.url, "dispatcher", PASSWORD)
        await live(hall.mine)
        assert isinstance(await hall.mine.do(ApproveReturn(key)), Act)  # held behind what waits
        (waits,) = hall.mine.decisions.look(act.cmd_id).behind
        assert waits.name == "approve_return"
        assert await hall.mine.decisions.drop(waits.cmd_id) is None
        async with seated(tmp_path / "f", hall.url, "dispatcher") as colleague:
            await done(colleague, ApproveReturn(key))
        await until(lambda: case(hall.mine, key).stage is Stage.FILED)
        facts = await hall.mine.ask(HistoryQuery(key))
        seen = hall.mine.decisions.look(act.cmd_id, facts)
        assert [type(fact) for fact in seen.since][-1] is ReturnApproved
        assert len(seen.since) == 3
        (would,) = seen.again
        assert (would.to, would.by) == ("east-urban", "dispatcher")
        again = await hall.mine.decisions.again(act.cmd_id)
        assert isinstance(again, Act)
        await until(lambda: not hall.mine.acts.open)
        assert case(hall.mine, key).responsible == "east-urban"
        former = next(one for one in hall.mine.acts.recent if one.cmd_id == act.cmd_id)
        assert (former.is_dropped, former.code, former.about) == (True, "replaced", again.cmd_id)
        assert hall.mine.decisions.look(act.cmd_id) is None


async def test_what_is_left_after_a_restart_says_what_became_of_what_was_decided(tmp_path):
    async with Sides(tmp_path) as hall:
        act = await hall.clash(await hall.filed())
        assert await hall.mine.decisions.drop(act.cmd_id) is None
        await hall.restart_mine()
        (left,) = [one for one in hall.mine.acts.recent if one.cmd_id == act.cmd_id]
        assert left.is_dropped
        assert left.made_at is not None
        assert left.moved_at >= left.made_at


async def test_an_act_held_behind_another_names_it_and_cannot_be_decided_first(tmp_path):
    async with Sides(tmp_path) as hall:
        key = await hall.filed()
        act = await hall.clash(key)
        hall.network.cut()
        await until(lambda: hall.mine.connection.state == "waiting")
        follows = await hall.mine.do(Dispatch(key, "east-urban"))
        assert follows == Refused("stage", "dispatched")
        store, wish = hall.mine._parts.store, ApproveReturn(key)
        new = store.new(wish, hall.mine.person, store.display.current_view_for(wish))
        held = replace(new, cseq=99, state=RowState.HELD, code="held", about=act.cmd_id)
        seen = looking([*store.commands.rows, held], hall.mine.board, lambda: NOON).look(
            held.cmd_id, hall.mine.person, ()
        )
        assert seen.reason is Reason.HELD
        assert seen.blocker.cmd_id == act.cmd_id
        assert seen.again == Refused("held", act.cmd_id)


def row(command, *, seen, user="d07", state=RowState.REFUSED, **given) -> JournalRow:
    """A row that waits, as the journal would have it."""
    by = replace(person(), user=user)
    name, refs = {Dispatch: "dispatch", Accept: "accept", Report: "report"}[type(command)], (("case", command.case),)
    kept = {"bases": {}, "dep": None, "made_at": screens.NOW, "acted_at": 0.0, "boot": "b", "state": state}
    shown = {} if seen is None else {f"case:{command.case}": record_bytes(seen)}
    return JournalRow("cmd1", 1, by, name, command_args(command), refs, seen=shown, **(kept | given))


def looked(kept: JournalRow, board: Board) -> Versions:
    """As the one who gave it sees it."""
    return looking([kept], board, lambda: screens.NOW).look(kept.cmd_id, kept.person, ())


def test_an_older_program_kept_no_version_and_that_is_said_as_nothing_not_as_a_guess():
    board = screens.board(3)
    known = screens.case(421)
    board.apply([known])
    seen = looked(row(Dispatch(known.id, "s03-urban"), seen=None), board)
    assert (seen.before, seen.mine) == (None, None)
    assert seen.theirs == known
    assert {field.name for field in seen.fields} >= {"stage", "responsible"}


def test_a_case_out_of_sight_has_no_present_and_cannot_be_done_again():
    board = screens.board(3)
    known = screens.case(421)
    seen = looked(row(Dispatch(known.id, "s03-urban"), seen=known), board)
    assert seen.theirs is None
    assert seen.mine.responsible == "s03-urban"
    assert seen.again == Refused("unknown_case", known.id)


def test_what_is_not_the_same_for_a_new_journal_does_not_bring_the_console_down():
    board = screens.board(3)
    known = screens.case(421)
    board.apply([known])
    kept = replace(
        row(Dispatch(known.id, "s03-urban"), seen=known),
        seen={f"case:{known.id}": b"{"},
        result=b"[]",
        type="unheard_of",
    )
    seen = looked(kept, board)
    assert (seen.act.command, seen.before, seen.since, seen.again) == (
        None,
        None,
        (),
        Refused("unreadable", "unheard_of"),
    )


def test_a_version_that_is_not_in_the_history_gives_no_false_since():
    known = screens.case(421)
    assert facts_after(known, ()) is None
    assert facts_after(None, ()) is None


def test_the_newest_consequence_stands_first_what_it_holds_behind_it_and_others_at_the_end():
    def act(key: str, number: int, minute: int, code: str = "changed", about: str | None = None, user: str = "me"):
        moved = NOON.replace(minute=minute)
        needs = Delivery.NEEDS_YOU if user == "me" else Delivery.KEPT
        return Act(key, number, user, "file", ("case", "c"), (), needs, code, about, moved_at=moved)

    acts = (
        act("theirs", 1, 9, user="li"),
        act("old", 2, 1),
        act("new", 3, 5),
        act("behind old", 4, 7, "held", "old"),
        replace(act("sent", 5, 8), delivery=Delivery.SENT),
    )
    assert [one.cmd_id for one in in_order(acts, "me")] == ["new", "old", "behind old", "theirs"]


def between(*fields: tuple[FieldState, str, int]) -> Versions:
    """The versions of an act of `me`: of each field how they stand, who did theirs and in which minute ("": nobody)."""
    act = Act("cmd1", 1, "me", "dispatch", ("case", "c"), (), Delivery.NEEDS_YOU)
    facts = [Dispatched("c", by, NOON + timedelta(minutes=minute), "u", Tier.GRID) if by else None
             for _, by, minute in fields]  # fmt: skip
    named = tuple(
        FieldVersions(str(at), 1, 2, 3, one[0], fact) for at, (one, fact) in enumerate(zip(fields, facts, strict=True))
    )
    no = Refused("stage")
    return Versions(act, Reason.CONFLICT, None, None, None, named, (), no, None, no)


def decisive(*fields: tuple[FieldState, str, int]) -> tuple[str, int] | None:
    fact = between(*fields).decisive
    return None if fact is None else (fact.by, (fact.at - NOON) // timedelta(minutes=1))


def test_what_stands_against_an_act_is_the_first_clash_else_the_last_of_others_else_the_last():
    clash, theirs = FieldState.CLASH, FieldState.THEIRS
    assert decisive((theirs, "li", 1), (clash, "li", 7), (clash, "me", 5), (clash, "", 0)) == ("me", 5)
    assert decisive((theirs, "li", 1), (theirs, "wu", 4), (theirs, "me", 9), (clash, "", 0)) == ("wu", 4)
    assert decisive((theirs, "me", 3), (theirs, "me", 2), (theirs, "", 0)) == ("me", 3)
    assert decisive((theirs, "", 0)) is None
    assert decisive() is None


def test_what_is_there_already_is_no_more_than_what_was_wanted():
    def done_already(*marks: FieldState) -> bool:
        return between(*((mark, "", 0) for mark in marks)).is_done_already

    assert done_already(FieldState.SAME)
    assert done_already(FieldState.SAME, FieldState.THEIRS, FieldState.UNTOUCHED)
    assert not done_already(FieldState.SAME, FieldState.CLASH)
    assert not done_already(FieldState.SAME, FieldState.MINE)
    assert not done_already(FieldState.THEIRS)
    assert between((FieldState.SAME, "", 0), (FieldState.CLASH, "", 0)).alike == len(shown_fields("case")) - 2

"""Secrecy at the console: what is withheld is not on the board, is never written back, and stays with its reader."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import Accept, Dispatch, File, Report
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.secrecy import withheld
from commandcenter.store.board import Board
from commandcenter.sync.comparison import _mark
from commandcenter.sync.desk import Desk
from commandcenter.sync.queries import HistoryQuery, SearchQuery
from commandcenter.sync.versions import WITHHELD, FieldState
from tests.kit.console import case, done, idle, seated, take, until
from tests.kit.district import DISTRICT, NOON
from tests.kit.shared_seat import Shared, held_up

TEXT, NUMBER = "隔壁夜里打人，我是楼上的租客", "WX-880099"
SECRET = {"text": TEXT, "external": NUMBER, "secret": True}
DISPATCHER = Person("dispatcher", Role.DISPATCHER, Scope(DISTRICT.id))
LEADER = Person("shift", Role.SHIFT_LEADER, Scope(DISTRICT.id))
UNIT = Person("east-urban", Role.UNIT, Scope(DISTRICT.id, street="east", unit="east-urban"))


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    async with Shared(tmp_path) as made:
        yield made


async def come(desk: Desk, key: str) -> Case:
    """The case, once it is on the board."""
    await until(lambda: desk.board.find("case", key))
    return case(desk, key)


async def test_a_board_shows_the_words_to_who_may_read_them(shared: Shared) -> None:
    key = await shared.filed(**SECRET)
    assert (case(shared.clerk, key).text, case(shared.shift, key).text) == (TEXT, TEXT)
    desk = await shared.sits("dispatcher")
    there = await come(desk, key)
    assert (there.is_withheld, there.text, there.external, there.place) == (True, "", None, "宁国路口")
    kept = [fact for fact in await desk.ask(HistoryQuery(key)) if TEXT in str(fact) or NUMBER in str(fact)]
    assert kept == []
    assert (await desk.ask(SearchQuery("租客", limit=10))).items == ()
    found = (await desk.ask(SearchQuery("宁国路", limit=10))).items
    assert [(one.id, one.is_withheld) for one in found] == [(key, True)]


async def test_who_does_not_read_it_dispatches_it_and_nothing_is_lost(shared: Shared) -> None:
    key = await shared.filed(**SECRET)
    desk = await shared.sits("dispatcher")
    await come(desk, key)
    await done(desk, Dispatch(key, "east-urban"))
    assert case(desk, key).is_withheld
    assert not any(TEXT.encode() in body for body in shared.network.bodies)
    async with seated(shared.folder / "d", shared.url, "east-urban") as unit:
        assert (await come(unit, key)).text == TEXT
        await done(unit, Accept(key))
        await done(unit, Report(key, "已到现场处置"))
    await until(lambda: case(shared.clerk, key).finding)
    assert case(shared.clerk, key).text == TEXT


async def test_a_case_that_goes_to_another_holder_is_read_by_the_new_one(shared: Shared) -> None:
    key = await shared.filed(**SECRET)
    desk = await shared.sits("dispatcher")
    await come(desk, key)
    async with seated(shared.folder / "d", shared.url, "east-police") as police:
        await done(desk, Dispatch(key, "east-police"))
        there = await come(police, key)
        assert (there.text, there.external) == (TEXT, NUMBER)
    assert case(desk, key).is_withheld


async def test_a_comparison_says_that_the_words_are_withheld(shared: Shared) -> None:
    key = await shared.filed(**SECRET)
    desk = await shared.sits("dispatcher")
    await come(desk, key)
    shared.network.instead = held_up
    act = await desk.do(Dispatch(key, "east-urban"))
    async with seated(shared.folder / "d", shared.url, "dispatcher") as other:
        await come(other, key)
        await done(other, Dispatch(key, "east-police"))
    shared.network.mend()
    await until(lambda: desk.acts.needing)
    seen = desk.decisions.look(act.cmd_id)
    assert seen is not None
    assert {field.name: field.mark for field in seen.fields}.get("text") is None
    versions = [version for version in (seen.before, seen.mine, seen.theirs) if version is not None]
    assert [version.is_withheld for version in versions] == [True] * 3
    assert all(TEXT not in str(one) for one in (seen.since, versions))


async def test_a_take_that_another_left_here_shows_its_words_to_its_author_and_the_leader_alone(shared: Shared) -> None:
    await shared.sits("clerk")
    shared.network.instead = held_up
    wish = take(**SECRET)
    act = await shared.seat.do(wish)
    assert case(shared.seat, wish.case).text == TEXT
    desk = await shared.sits("dispatcher")
    assert case(desk, wish.case).is_withheld
    seen = desk.decisions.look(act.cmd_id)
    assert seen is not None
    assert seen.mine is not None
    assert seen.mine.is_withheld
    assert [(field.mine, field.mark) for field in seen.fields if field.name == "text"] == [(WITHHELD, FieldState.MINE)]
    leader = await shared.sits("shift")
    assert case(leader, wish.case).text == TEXT
    again = await shared.sits("clerk")
    assert case(again, wish.case).text == TEXT
    shared.network.mend()
    await idle(again)
    await until(lambda: shared.shift.board.find("case", wish.case))
    assert case(shared.shift, wish.case).text == TEXT


async def test_what_a_leader_saw_who_left_an_act_here_is_read_by_nobody_who_may_not(shared: Shared) -> None:
    wish = take(**SECRET)
    await done(shared.clerk, wish)
    leader = await shared.sits("shift")
    assert (await come(leader, wish.case)).text == TEXT
    shared.network.instead = held_up
    act = await leader.do(File(wish.case))
    desk = await shared.sits("dispatcher")
    seen = desk.decisions.look(act.cmd_id)
    assert seen is not None
    assert seen.before is not None
    assert (seen.before.is_withheld, seen.before.external) == (True, None)
    assert TEXT not in str(seen)


async def test_a_program_that_starts_shows_no_secret_words_before_somebody_sits_down(shared: Shared) -> None:
    await shared.sits("clerk")
    shared.network.instead = held_up
    wish = take(**SECRET)
    await shared.seat.do(wish)
    desk = await shared.begins_again()
    assert desk.person is None
    assert case(desk, wish.case).is_withheld
    await shared.sits("clerk")
    assert case(desk, wish.case).text == TEXT


async def test_who_leads_no_more_reads_it_no_more(shared: Shared) -> None:
    key = await shared.filed(**SECRET)
    assert case(shared.shift, key).text == TEXT
    shared.becomes(Person("shift", Role.DISPATCHER, Scope(DISTRICT.id)))
    await until(lambda: shared.shift.person is not None and shared.shift.person.role is Role.DISPATCHER)
    await until(lambda: shared.shift.board.find("case", key) and case(shared.shift, key).is_withheld)


async def test_who_begins_to_lead_reads_it_from_then_on(shared: Shared) -> None:
    key = await shared.filed(**SECRET)
    desk = await shared.sits("dispatcher")
    assert (await come(desk, key)).is_withheld
    shared.becomes(Person("dispatcher", Role.SHIFT_LEADER, Scope(DISTRICT.id)))
    await until(lambda: desk.board.find("case", key) and case(desk, key).text == TEXT)


@pytest.mark.parametrize("is_read", [(True, False, False), (False, False, True), (False, True, True)])
def test_who_reads_a_version_and_not_the_other_is_not_told_that_somebody_changed_the_words(
    is_read: tuple[bool, bool, bool],
) -> None:
    full = Case("c1", 3, Stage.FILED, Tier.GRID, "hotline", NOON, kind="water", street="east", **SECRET)
    before, mine, theirs = (full if shown else withheld(full) for shown in is_read)
    assert _mark("text", before, mine, theirs) is FieldState.UNTOUCHED
    assert _mark("stage", before, replace(mine, stage=Stage.DISPATCHED), theirs) is FieldState.MINE


def test_a_board_that_an_earlier_version_kept_shows_no_words_to_who_may_not_read_them() -> None:
    board = Board()
    new = Case("c1", 3, Stage.DISPATCHED, Tier.STREET, "hotline", NOON, kind="water", street="east", **SECRET)
    earlier = replace(new, responsible="east-urban", place="宁国路口", petitioner="p1")
    board.replace([earlier])
    for person, shown in ((None, ""), (DISPATCHER, ""), (LEADER, TEXT), (UNIT, TEXT), (DISPATCHER, "")):
        board.set_reader(person)
        there = board.find("case", earlier.id)
        assert isinstance(there, Case)
        assert there.text == shown
    assert board.find("case", earlier.id) == withheld(earlier) == board.without(()).find("case", earlier.id)

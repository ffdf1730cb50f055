"""What a shift leader does in the place of somebody else, act by act, and what goes back to whose it was."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from commandcenter.cache.journal_row import JournalRow, OnBehalfOf, RowState
from commandcenter.domain.cases import Application, Stage
from commandcenter.domain.commands import Accept, ApplyReturn, ApproveReturn, Report
from commandcenter.domain.decisions import Refused
from commandcenter.protocol.codec import read_record
from commandcenter.store.overlay import Act
from commandcenter.sync.send_order import GIVEN_BACK
from tests.kit.district import NOON
from tests.kit.journaled import CLERK, DISPATCHER, KEY, SHIFT, UNIT, Journaled, dispatched, journaled

KEPT, HELD, CONFLICT, REFUSED = RowState.KEPT, RowState.HELD, RowState.CONFLICT, RowState.REFUSED
RELIEF = replace(SHIFT, user="relief")


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[Journaled]:
    async with journaled(tmp_path, dispatched(), dispatched("c2")) as made:
        yield made


def stage_seen(row: JournalRow) -> Stage:
    """Of the case before the eyes of whoever gave it."""
    (kept,) = row.seen.values()
    return read_record("case", kept).stage  # type: ignore[attr-defined]


async def taken_over(seat: Journaled) -> tuple[str, str]:
    """(the unit's act, that of the leader in its place)."""
    left = await seat.given(UNIT, Accept("c1"))
    act = await seat.decisions.adopt(left, SHIFT)
    assert isinstance(act, Act)
    return left, act.cmd_id


async def test_what_is_taken_over_is_the_leaders_act_in_the_name_of_whose_it_was(seat: Journaled) -> None:
    seat.attestor.hold("east-urban", KEY)
    left = await seat.given(UNIT, Accept("c1"))
    word = seat.row(left).attested
    assert word is not None
    seat.attestor.hold("shift", KEY)
    seat.has(dispatched(rev=7))
    seen = seat.decisions.look(left, SHIFT, ())
    act = await seat.decisions.adopt(left, SHIFT)
    assert isinstance(act, Act)
    (row,) = seat.rows
    assert (row.cmd_id, row.person, row.replaces, row.command()) == (act.cmd_id, SHIFT, left, Accept("c1"))
    assert row.behalf == OnBehalfOf(UNIT, left, word)
    assert row.bases["case:c1"] == 7
    assert [(fact.by, fact.hand) for fact in act.facts] == [("east-urban", "shift")]
    assert seen is not None
    assert seen.adopt == act.facts
    once_more = await seat.decisions.adopt(act.cmd_id, RELIEF)
    assert isinstance(once_more, Act)
    (row,) = seat.rows
    assert (row.person, row.behalf, row.replaces) == (RELIEF, OnBehalfOf(UNIT, left, word), act.cmd_id)


@pytest.mark.parametrize("is_tried", [False, True])
async def test_what_they_did_next_goes_with_it_and_that_of_others_stays_theirs(seat: Journaled, is_tried: bool) -> None:
    """Whether it was tried matters for nothing that goes under another name: the platform lets one of the two count."""
    accept, apply = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, ApplyReturn("c1", "不归我们"))
    approve = await seat.given(DISPATCHER, ApproveReturn("c1"))
    if is_tried:
        seat.is_tried(accept, apply)
    former = seat.row(approve)
    seat.has(dispatched(rev=7))
    assert isinstance(await seat.decisions.adopt(accept, SHIFT), Act)
    first, second, third = seat.rows
    assert [(row.user, row.replaces) for row in (first, second, third)] == [
        ("shift", accept),
        ("shift", apply),
        ("dispatcher", approve),
    ]
    assert (second.behalf, second.dep, third.behalf) == (OnBehalfOf(UNIT, apply), first.cmd_id, None)
    assert [row.bases["case:c1"] for row in (first, second, third)] == [7, 7, 3]
    assert [stage_seen(row) for row in (first, second, third)] == [Stage.DISPATCHED, Stage.HANDLING, Stage.HANDLING]
    assert third.seen == former.seen


@pytest.mark.parametrize(("is_tried", "state", "why"), [(True, KEPT, None), (False, HELD, "application_open")])
async def test_what_does_not_follow_stays_with_whose_it_is_and_is_kept_if_it_may_have_had_its_effect(
    seat: Journaled, is_tried: bool, state: RowState, why: str | None
) -> None:
    accept, apply = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, ApplyReturn("c1", "不归我们"))
    if is_tried:
        seat.is_tried(apply)
    seat.display.explain({apply: ("behind_unanswered", accept)})
    seat.has(dispatched(rev=7, application=Application("east-urban", "重复", NOON)))
    act = await seat.decisions.adopt(accept, SHIFT)
    assert isinstance(act, Act)
    left, mine = seat.rows
    assert (left.cmd_id, left.user, left.state, left.code) == (apply, "east-urban", state, why)
    assert mine.cmd_id == act.cmd_id


async def test_what_a_leader_cannot_do_either_stays_as_it_was(seat: Journaled) -> None:
    accept, _ = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, ApplyReturn("c1", "不归我们"))
    await seat.comes(accept, CONFLICT, "changed")
    seat.has(replace(dispatched(rev=7), stage=Stage.CLOSED))
    before = seat.rows
    assert await seat.decisions.adopt(accept, SHIFT) == Refused("stage", "closed")
    assert await seat.decisions.again(accept, UNIT) == Refused("stage", "closed")
    assert seat.rows == before


@pytest.mark.parametrize(
    ("state", "why", "person", "refused"),
    [
        (KEPT, None, SHIFT, None),
        (CONFLICT, "changed", SHIFT, None),
        (REFUSED, "role", SHIFT, None),  # of the unit itself: the leader's own try may fare better
        (RowState.SENT, None, SHIFT, ("not_waiting", "")),
        (KEPT, None, UNIT, ("own_act", "")),
        (CONFLICT, "changed", CLERK, ("may_not_adopt", "east-urban")),
        (KEPT, None, replace(SHIFT, scope=replace(SHIFT.scope, street="west")), ("may_not_adopt", "east-urban")),
        (REFUSED, "already_done", SHIFT, ("already_done", "act0")),
    ],
)
async def test_which_acts_a_leader_may_take_over(
    seat: Journaled, state: RowState, why: str | None, person: object, refused: tuple[str, str] | None
) -> None:
    key = await seat.given(UNIT, Accept("c1"))
    await seat.comes(key, state, why, about="act0")
    before = seat.row(key)
    wanted = None if refused is None else Refused(refused[0], refused[1] or key)
    seen = seat.decisions.look(key, person, ())  # type: ignore[arg-type]
    answer = await seat.decisions.adopt(key, person)  # type: ignore[arg-type]
    assert (answer if isinstance(answer, Refused) else None) == wanted
    assert isinstance(answer, Act) is (wanted is None)
    if seen is not None:
        assert (seen.adopt if isinstance(seen.adopt, Refused) else None) == wanted
    if wanted is not None:
        assert seat.rows == [before]
    assert await seat.decisions.adopt("none", SHIFT) == Refused("not_waiting", "none")


async def test_what_stands_behind_another_that_waits_is_not_taken_over_first(seat: Journaled) -> None:
    accept, report = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, Report("c1", "已抽排"))
    await seat.comes(accept, CONFLICT, "changed")
    await seat.comes(report, HELD, "held", about=accept)
    assert await seat.decisions.adopt(report, SHIFT) == Refused("held", accept)


async def test_where_the_platform_asks_for_a_word_only_what_has_one_is_taken_over(seat: Journaled) -> None:
    left = await seat.given(UNIT, Accept("c1"))
    seat.attestor.hold("shift", KEY)
    assert await seat.decisions.adopt(left, SHIFT) == Refused("unattested", left)
    seat.attestor.hold("shift", None)
    assert isinstance(await seat.decisions.adopt(left, SHIFT), Act)


@pytest.mark.parametrize("why", ["role", "unknown_user", "may_not_adopt"])
async def test_what_its_author_may_not_do_is_not_tried_again_by_the_leader(seat: Journaled, why: str) -> None:
    _, mine = await taken_over(seat)
    await seat.comes(mine, REFUSED, why, about="on_behalf_of")
    assert await seat.decisions.again(mine, SHIFT) == Refused(why, "on_behalf_of")
    await seat.comes(mine, REFUSED, why)
    assert await seat.decisions.again(mine, SHIFT) == Refused(why)
    await seat.comes(mine, REFUSED, "stage")
    assert isinstance(await seat.decisions.again(mine, SHIFT), Act)


@pytest.mark.parametrize(("why", "comes_back"), [("role", True), ("stage", True), ("already_done", False)])
async def test_what_a_leader_drops_goes_back_to_whose_it_was_unless_it_was_done(
    seat: Journaled, why: str, comes_back: bool
) -> None:
    left, mine = await taken_over(seat)
    await seat.comes(mine, REFUSED, why)
    assert await seat.decisions.drop(mine, SHIFT) is None
    assert [(row.cmd_id, row.user, row.state, row.code, row.about) for row in seat.rows] == (
        [(left, "east-urban", HELD, GIVEN_BACK, mine)] if comes_back else []
    )


async def test_what_comes_back_says_which_act_of_a_leader_was_dropped_last(seat: Journaled) -> None:
    left, mine = await taken_over(seat)
    once_more = await seat.decisions.adopt(mine, RELIEF)
    assert isinstance(once_more, Act)
    await seat.comes(once_more.cmd_id, REFUSED, "stage")
    assert await seat.decisions.drop(once_more.cmd_id, RELIEF) is None
    assert [(row.cmd_id, row.code, row.about) for row in seat.rows] == [(left, GIVEN_BACK, once_more.cmd_id)]


async def test_what_came_back_behind_another_is_not_let_go_by_itself(seat: Journaled) -> None:
    accept, apply = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, ApplyReturn("c1", "不归我们"))
    await seat.comes(accept, HELD, GIVEN_BACK)
    await seat.comes(apply, HELD, GIVEN_BACK)
    before = seat.row(apply)
    assert await seat.decisions.drop(accept, UNIT) is None
    assert seat.rows == [before]

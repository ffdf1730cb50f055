"""What a person decides on an act that waits: for it, for what stands behind it, and for whose it was."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import Accept, ApplyReturn, ApproveReturn, Close, Report
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Dispatched, Fact, Filed, Reported, Taken
from commandcenter.domain.people import Role
from commandcenter.store.overlay import Act
from commandcenter.sync.send_order import PARKED
from tests.kit.district import NOON
from tests.kit.journaled import DISPATCHER, KEY, SHIFT, UNIT, Journaled, dispatched, journaled

KEPT, HELD, CONFLICT, REFUSED = RowState.KEPT, RowState.HELD, RowState.CONFLICT, RowState.REFUSED
OTHER = Refused("other_user", "east-urban")


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[Journaled]:
    async with journaled(tmp_path, dispatched(), dispatched("c2")) as made:
        yield made


async def chain(seat: Journaled) -> tuple[str, str]:
    """The unit's two acts in a row, the second held behind the first, which waits."""
    accept, report = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, Report("c1", "已抽排"))
    seat.is_tried(accept, report)
    await seat.comes(accept, CONFLICT, "changed")
    await seat.comes(report, HELD, "held", about=accept)
    return accept, report


def code(answer: Any) -> str | None:
    """Why not; None when it was done."""
    return answer.code if isinstance(answer, Refused) else None


async def test_what_was_held_behind_a_held_act_that_is_dropped_names_the_one_that_still_waits(seat: Journaled) -> None:
    accept, report = await chain(seat)
    apply = await seat.given(UNIT, ApplyReturn("c1", "不归我们"))
    seat.is_tried(apply)
    await seat.comes(apply, HELD, "held", about=report)
    assert code(await seat.decisions.drop(report, UNIT)) is None
    assert [(act.cmd_id, act.code, act.about) for act in seat.acts.open] == [
        (accept, "changed", None),
        (apply, "held", accept),
    ]


async def test_only_what_waits_is_looked_at_or_what_somebody_else_left(seat: Journaled) -> None:
    key = await seat.given(UNIT, Accept("c1"))
    happened: tuple[Fact, ...] = (
        Taken("c1", "clerk", NOON, "N1", "hotline", "water", "", "", "east"),
        Filed("c1", "shift", NOON, "water", NOON, NOON),
        Dispatched("c1", "dispatcher", NOON, "east-urban", Tier.GRID),
        Reported("c1", "east-urban", NOON, "已抽排"),
    )
    seen = seat.decisions.look(key, SHIFT, happened)
    assert seen is not None
    assert seen.since == happened[3:]
    assert seat.decisions.look("none", UNIT, ()) is None
    assert seat.decisions.look(key, UNIT, ()) is None
    assert seat.decisions.look(key, SHIFT, ()) is not None
    for state, why in ((KEPT, PARKED), (CONFLICT, "changed")):
        await seat.comes(key, state, why)
        assert seat.decisions.look(key, UNIT, ()) is not None


@pytest.mark.parametrize(
    ("state", "why", "epoch", "again", "drop"),
    [
        (CONFLICT, "changed", 1, None, None),
        (REFUSED, "stage", 1, None, None),
        (HELD, "old", 1, None, None),
        (CONFLICT, "changed", None, "unsettled", "unsettled"),
        (HELD, "parked", None, "unsettled", None),
        (KEPT, PARKED, None, "unsettled", None),
        (KEPT, PARKED, 1, None, None),
        (REFUSED, "already_done", 1, "already_done", None),
        (KEPT, None, 1, "not_waiting", "not_waiting"),
        (RowState.SENT, None, 1, "not_waiting", "not_waiting"),
    ],
)
@pytest.mark.parametrize("what", ["again", "drop"])
async def test_what_its_person_and_nobody_else_may_decide(
    seat: Journaled, state: RowState, why: str | None, epoch: int | None, again: str | None, drop: str | None, what: str
) -> None:
    key = await seat.given(UNIT, Accept("c1"))
    seat.is_tried(key)
    await seat.comes(key, state, why, epoch=epoch)
    before, decide = seat.row(key), getattr(seat.decisions, what)
    seen = seat.decisions.look(key, UNIT, ())
    assert (seen is None) is (again == "not_waiting")
    if seen is not None:  # what is parked is offered: wanted again, it is settled first
        assert code(seen.again) == (None if state is KEPT else again)
        assert code(seen.drop) == drop
    assert await decide("none", UNIT) == Refused("not_waiting", "none")
    assert await decide(key, SHIFT) == (Refused("not_waiting", key) if again == "not_waiting" else OTHER)
    assert seat.row(key) == before
    answer = await decide(key, UNIT)
    assert code(answer) == (again if what == "again" else drop)
    assert isinstance(answer, Refused) is (code(answer) is not None)
    assert [act.about for act in seat.acts.recent if act.is_dropped] == (
        [] if code(answer) else [answer.cmd_id] if what == "again" else [before.about]
    )


@pytest.mark.parametrize(("state", "why", "becomes"), [(KEPT, PARKED, HELD), (CONFLICT, "changed", CONFLICT)])
async def test_what_is_parked_is_tried_no_more_once_it_is_wanted_again(
    seat: Journaled, state: RowState, why: str, becomes: RowState
) -> None:
    key = await seat.given(UNIT, Accept("c1"))
    seat.is_tried(key)
    await seat.comes(key, state, why, epoch=None)
    assert await seat.decisions.again(key, SHIFT) == OTHER
    assert seat.row(key).state is state
    assert await seat.decisions.again(key, UNIT) == Refused("unsettled", key)
    assert (seat.row(key).state, seat.row(key).code) == (becomes, why)
    await seat.comes(key, seat.row(key).state, why)
    assert isinstance(await seat.decisions.again(key, UNIT), Act)


async def test_an_act_given_again_is_the_same_for_what_is_seen_now_and_so_is_what_follows(seat: Journaled) -> None:
    accept, report = await chain(seat)
    other = await seat.given(UNIT, ApplyReturn("c2", "不归我们"))
    seat.has(dispatched(rev=7))
    act = await seat.decisions.again(accept, UNIT)
    assert isinstance(act, Act)
    between, first, second = seat.rows
    assert (between.cmd_id, first.cmd_id, act.facts) == (other, act.cmd_id, seat.acts.open[-2].facts)
    assert [row.command() for row in (first, second)] == [Accept("c1"), Report("c1", "已抽排")]
    assert [(row.state, row.code, row.replaces) for row in (first, second)] == [
        (KEPT, None, accept),
        (KEPT, None, report),
    ]
    assert (first.dep, second.dep) == (None, first.cmd_id)
    assert [row.bases["case:c1"] for row in (first, second)] == [7, 7]
    assert seat.board.find("case", "c1").stage is Stage.REPORTED  # type: ignore[union-attr]
    ended = {one.cmd_id: (one.code, one.about) for one in seat.acts.recent if one.is_dropped}
    assert ended == {accept: ("replaced", first.cmd_id), report: ("replaced", second.cmd_id)}


async def test_an_act_is_given_again_word_for_word_as_its_author_wrote_it(seat: Journaled) -> None:
    """An earlier program may have written it otherwise, and its author has vouched for these bytes."""
    key = await seat.given(UNIT, Accept("c1"))
    written = b'{ "case": "c1" }'
    seat.commands._rows[key] = replace(seat.row(key), args=written)
    await seat.comes(key, CONFLICT, "changed")
    assert isinstance(await seat.decisions.again(key, UNIT), Act)
    assert [row.args for row in seat.rows] == [written]


async def test_who_has_become_somebody_else_gives_an_act_again_as_who_they_are(seat: Journaled) -> None:
    accept, report = await chain(seat)
    now = replace(UNIT, role=Role.GRID_LEADER)
    assert isinstance(await seat.decisions.again(accept, now), Act)
    assert [row.person for row in seat.rows] == [now, now]
    assert report not in [row.cmd_id for row in seat.rows]


async def test_what_somebody_else_gave_behind_it_is_held_to_what_they_saw(seat: Journaled) -> None:
    apply = await seat.given(UNIT, ApplyReturn("c1", "不归我们"))
    seat.attestor.hold("dispatcher", KEY)
    approve = await seat.given(DISPATCHER, ApproveReturn("c1"))
    seat.attestor.hold("east-urban", KEY)
    seat.is_tried(apply)
    await seat.comes(apply, CONFLICT, "changed")
    await seat.comes(approve, HELD, "held", about=apply)
    seat.has(dispatched(rev=7))
    former = seat.row(approve)
    assert isinstance(await seat.decisions.again(apply, UNIT), Act)
    first, second = seat.rows
    assert (first.bases["case:c1"], second.bases, second.seen) == (7, former.bases, former.seen)
    assert (second.person, second.state, second.replaces, second.dep) == (DISPATCHER, KEPT, approve, None)
    assert second.attested == former.attested is not None


async def test_what_does_not_follow_any_more_waits_for_its_person_and_says_why(seat: Journaled) -> None:
    accept, report = await chain(seat)
    await seat.given(UNIT, ApplyReturn("c2", "不归我们"))
    assert await seat.decisions.drop(accept, UNIT) is None
    assert seat.told() == [("report", "east-urban", "held", "stage"), ("apply_return", "east-urban", "kept", None)]
    assert seat.row(report).about == "dispatched"


async def test_what_was_held_and_still_makes_sense_is_free_when_the_one_before_it_is_dropped(seat: Journaled) -> None:
    accept = await seat.given(UNIT, Accept("c1"))
    seat.is_tried(accept)
    await seat.comes(accept, REFUSED, "stage")
    apply = await seat.given(UNIT, ApplyReturn("c1", "不归我们"))
    seat.has(dispatched(rev=7))
    former = seat.row(apply)
    assert (former.state, former.about) == (HELD, accept)
    assert await seat.decisions.drop(accept, UNIT) is None
    (free,) = seat.rows
    assert (free.state, free.replaces, free.bases, free.seen) == (KEPT, apply, former.bases, former.seen)


async def test_what_stands_behind_a_parked_act_that_is_dropped_is_decided_on_without_it(seat: Journaled) -> None:
    accept, report = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, Report("c1", "已抽排"))
    seat.is_tried(accept)
    await seat.comes(accept, KEPT, PARKED, epoch=None)
    assert await seat.decisions.drop(accept, UNIT) is None
    assert [(row.cmd_id, row.state, row.code) for row in seat.rows] == [(report, HELD, "stage")]


async def test_what_is_dropped_from_the_middle_frees_nothing_that_waits_for_the_first(seat: Journaled) -> None:
    accept, report = await seat.given(UNIT, Accept("c1")), await seat.given(UNIT, Report("c1", "已抽排"))
    close = await seat.given(SHIFT, Close("c1"))
    seat.is_tried(accept)
    await seat.comes(accept, CONFLICT, "changed")
    for key in (report, close):
        await seat.comes(key, HELD, "held", about=accept)
    assert await seat.decisions.again(report, UNIT) == Refused("held", accept)
    former = seat.row(close)
    assert await seat.decisions.drop(report, UNIT) is None
    assert seat.row(close) == former
    assert [row.cmd_id for row in seat.rows] == [accept, close]


@pytest.mark.parametrize("is_held", [False, True])
async def test_what_may_have_had_its_effect_keeps_its_place_and_what_stands_behind_it_follows(
    seat: Journaled, is_held: bool
) -> None:
    accept = await seat.given(UNIT, Accept("c1"))
    apply, approve = (
        await seat.given(UNIT, ApplyReturn("c1", "不归我们")),
        await seat.given(DISPATCHER, ApproveReturn("c1")),
    )
    seat.is_tried(accept, apply)
    seat.display.explain({apply: ("behind_unanswered", accept)})
    await seat.comes(accept, CONFLICT, "changed")
    if is_held:  # by the log of before a restore
        await seat.comes(apply, HELD, "held", about=accept, epoch=0)
    again = await seat.decisions.again(accept, UNIT)
    assert isinstance(again, Act)
    asked, first, last = seat.rows
    assert (asked.cmd_id, asked.state, asked.code, asked.about, asked.epoch) == (apply, KEPT, None, None, None)
    assert first.dep is None  # of what stands behind it
    assert (first.cmd_id, last.user, last.state, last.replaces) == (again.cmd_id, "dispatcher", KEPT, approve)

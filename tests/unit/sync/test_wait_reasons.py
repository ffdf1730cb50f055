"""Why each kept command has not left yet, and what of it stands in the log of the connection."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.commands import Accept
from commandcenter.sync.connection import Connection
from commandcenter.sync.parking import Reason
from commandcenter.sync.send_order import Blocker
from commandcenter.sync.wait_reasons import NoRoute, SendPlan, WaitReasons
from tests.kit.district import NOON
from tests.kit.journaled import UNIT, Journaled, dispatched, journaled

TROUBLE: Reason = ("busy", "1")
PARKED: Reason = ("parked", "internal")


@dataclass
class Aside:
    """Parking as a test says it is: whose trouble is their own."""

    own: dict[str, Reason] = field(default_factory=dict)

    def news(self, key: str) -> Reason | None:
        return self.own.pop(key, None)


class Desk:
    """Two cases, an act on each, and the reasons of what is kept."""

    def __init__(self, seat: Journaled) -> None:
        self.seat, self.parking, self.connection = seat, Aside(), Connection(lambda: NOON)
        self.reasons = WaitReasons(seat.store, self.parking, self.connection)  # type: ignore[arg-type]

    def plan(self, free: int = 2, **hindered: Blocker) -> SendPlan:
        return SendPlan(tuple(self.seat.rows[:free]), hindered)

    def told(self) -> list[tuple[str | None, str | None]]:
        return [(act.code, act.about) for act in self.seat.acts.open]

    def log(self) -> list[tuple[str | None, str]]:
        return [(entry.code, entry.about) for entry in self.connection.log]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with journaled(tmp_path, dispatched("c1"), dispatched("c2")) as seat:
        for key in ("c1", "c2"):
            await seat.given(UNIT, Accept(key))
        yield Desk(seat)


async def test_what_may_leave_waits_in_the_queue_until_it_is_on_its_way(desk: Desk) -> None:
    first, second = desk.seat.rows
    desk.reasons.say(desk.plan())
    assert desk.told() == [("queue", "")] * 2
    desk.reasons.say(desk.plan(), [first])
    assert desk.told() == [(None, None), ("queue", "")]
    desk.reasons.trouble = TROUBLE
    desk.reasons.say(desk.plan(), [first])
    assert desk.told() == [TROUBLE] * 2
    desk.parking.own[second.cmd_id] = PARKED
    desk.reasons.say(desk.plan(), [first])
    assert desk.told() == [TROUBLE, PARKED]


async def test_what_is_hindered_says_by_what_and_what_is_stuck_why(desk: Desk) -> None:
    first, second = (row.cmd_id for row in desk.seat.rows)
    desk.reasons.say(desk.plan(0, **{first: Blocker("stuck", first), second: Blocker("behind_stuck", first)}))
    assert desk.told() == [("asked_first", ""), ("behind_stuck", first)]
    desk.reasons.trouble = TROUBLE
    desk.reasons.say(desk.plan(0, **{first: Blocker("stuck", first)}))
    assert desk.told() == [TROUBLE, (None, None)]
    desk.parking.own[first] = PARKED
    desk.reasons.say(desk.plan(0, **{first: Blocker("stuck", first)}))
    assert desk.told() == [PARKED, (None, None)]


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        (None, [("other_user", "east-urban")] * 2),
        (NoRoute("east-urban", "unreachable", "no route"), [("unreachable", "no route")] * 2),
        (NoRoute("east-urban", "busy"), [("busy", "")] * 2),
        (NoRoute("shift", "busy"), [("other_user", "east-urban")] * 2),
    ],
)
async def test_where_nothing_leaves_each_says_what_it_waits_for(
    desk: Desk, closed: NoRoute | None, told: list[Reason]
) -> None:
    if closed is not None:
        desk.reasons.closed = closed
    desk.reasons.show_closed()
    assert desk.told() == told
    desk.parking.own[desk.seat.rows[0].cmd_id] = PARKED
    desk.reasons.show_closed()
    assert desk.told() == [PARKED, told[1]]


async def test_a_trouble_is_logged_once_for_as_long_as_it_lasts(desk: Desk) -> None:
    assert desk.reasons.trouble is None
    for code, about in (("busy", "1"), ("busy", "2"), ("bad_gateway", "3"), ("busy", "4")):
        desk.reasons.fails(code, about)
        assert desk.reasons.trouble == (code, about)
    assert desk.log() == [("busy", "1"), ("bad_gateway", "3"), ("busy", "4")]


async def test_a_slow_answer_is_told_unless_there_is_a_trouble_already(desk: Desk) -> None:
    plan = desk.plan()
    desk.reasons.is_slow = True
    desk.reasons.say(plan, plan.free)
    assert desk.told() == [("unanswered", "")] * 2
    desk.reasons.trouble = TROUBLE
    desk.reasons.say(plan, plan.free)
    assert desk.told() == [TROUBLE] * 2
    assert desk.log() == []


async def test_a_parked_command_is_logged_by_what_it_is_and_once(desk: Desk) -> None:
    first, second = desk.seat.rows
    desk.parking.own |= {second.cmd_id: PARKED, "gone": PARKED}
    for key in (second.cmd_id, second.cmd_id, first.cmd_id, "gone"):
        desk.reasons.report(key, desk.seat.rows)
    assert desk.log() == [("parked", "accept case:c2: internal"), ("parked", "gone: internal")]
    assert first.state is RowState.KEPT

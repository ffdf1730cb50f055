"""What happened is counted by the steps: what becomes of a case later takes nothing away."""

from datetime import timedelta
from typing import Any

from tests.kit.district import NOON
from tests.kit.platform import Clock, Desk

HOUR = timedelta(hours=1)


async def _counted(desk: Desk, hour: int) -> dict[str, Any]:
    """The counts of the hour that begins so many hours after noon."""
    period = {"since": (NOON + hour * HOUR).isoformat(), "until": (NOON + (hour + 1) * HOUR).isoformat()}
    answer = await desk.get("/v1/figures/summary", **period)
    assert answer.status_code == 200
    counts = answer.json()
    return counts | {"stage": {name: n for name, n in counts["stage"].items() if n}}


async def _reported(sit: Any, clock: Clock) -> str:
    """A case taken in the hour of noon, dispatched in the next one and reported in the third."""
    case = await (await sit("clerk")).take()
    await (await sit("shift")).do("file", case=case)
    clock.forward(hours=1)
    await (await sit("dispatcher")).do("dispatch", case=case, to="east-urban")
    await (await sit("east-urban")).do("accept", case=case)
    clock.forward(hours=1)
    unit = await sit("east-urban")
    assert (await unit.do("report", case=case, finding="已抽排"))["status"] == "applied"
    return str(case)


async def test_a_step_counts_in_the_hour_in_which_it_was_done(sit: Any, clock: Clock) -> None:
    await _reported(sit, clock)
    shift = await sit("shift")
    assert [(await _counted(shift, hour))["stage"] for hour in range(3)] == [
        {"received": 1, "filed": 1},
        {"dispatched": 1, "handling": 1},
        {"reported": 1},
    ]
    assert [(await _counted(shift, hour))["total"] for hour in range(3)] == [1, 0, 0]


async def test_a_case_that_was_reported_and_reopened_still_counts_as_reported_then(sit: Any, clock: Clock) -> None:
    case = await _reported(sit, clock)
    clerk, shift = await sit("clerk"), await sit("shift")
    assert (await clerk.do("close", case=case))["status"] == "applied"
    clock.forward(hours=1)
    shift, unit = await sit("shift"), await sit("east-urban")
    assert (await shift.do("reopen", case=case, reason="又积水了"))["status"] == "applied"
    assert (await _counted(shift, 2))["stage"] == {"reported": 1, "closed": 1}
    assert (await unit.do("report", case=case, finding="换了泵"))["status"] == "applied"
    assert (await _counted(shift, 2))["stage"] == {"reported": 1, "closed": 1}
    assert (await _counted(shift, 3))["stage"] == {"reported": 1}


async def test_a_case_that_was_given_back_was_dispatched_each_time(sit: Any) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take()
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    await unit.do("apply_return", case=case, reason="不归本队")
    await dispatcher.do("approve_return", case=case)
    assert (await dispatcher.do("dispatch", case=case, to="east-police"))["status"] == "applied"
    assert (await _counted(dispatcher, 0))["stage"]["dispatched"] == 2


async def test_a_lead_is_a_dispatch_too_and_what_was_refused_counts_by_itself(sit: Any) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take()
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    await unit.do("apply_return", case=case, reason="不归本队")
    await dispatcher.do("approve_return", case=case)
    await (await sit("east-desk")).do("escalate", case=case, reason="要几家一起")
    coordinator, housing = await sit("coordinator"), await sit("housing")
    assert (await coordinator.do("set_lead", case=case, to="housing"))["status"] == "applied"
    assert (await housing.do("refuse_lead", case=case, objection="no_power"))["status"] == "applied"
    counted = await _counted(dispatcher, 0)
    assert (counted["stage"]["dispatched"], counted["refused"]) == (2, 2)


async def test_what_was_done_to_a_case_of_another_street_is_not_counted(sit: Any) -> None:
    clerk, shift, west, east = [await sit(who) for who in ("clerk", "shift", "west-desk", "east-urban")]
    case = await clerk.take("east")
    await shift.do("file", case=case)
    dispatcher = await sit("dispatcher")
    assert (await dispatcher.do("dispatch", case=case, to="east-urban"))["status"] == "applied"
    assert (await _counted(west, 0))["stage"] == {}
    assert (await _counted(east, 0))["stage"] == {"received": 1, "filed": 1, "dispatched": 1}

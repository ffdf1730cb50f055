"""The day of a unit by the log: what it accepted and gave back counts, and what others did does not."""

from typing import Any

from tests.kit.platform import Clock, Desk

_DAY = {"since": "2026-11-24", "until": "2026-11-25"}


async def _given(clerk: Desk, shift: Desk, dispatcher: Desk, to: str) -> str:
    case = await clerk.take()
    await shift.do("file", case=case)
    assert (await dispatcher.do("dispatch", case=case, to=to))["status"] == "applied"
    return case


async def _day(desk: Desk) -> dict[str, Any]:
    answer = await desk.get("/v1/figures/day", **_DAY)
    assert answer.status_code == 200
    return answer.json()


async def test_a_case_accepted_and_given_back_was_accepted(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher = [await sit(who) for who in ("clerk", "shift", "dispatcher")]
    unit, other = await sit("east-urban"), await sit("east-police")
    back = await _given(clerk, shift, dispatcher, "east-urban")
    clock.forward(seconds=60)
    await unit.do("accept", case=back)
    await unit.do("apply_return", case=back, reason="不归本队")
    assert (await dispatcher.do("approve_return", case=back))["status"] == "applied"
    assert await _day(unit) == {"accepted": 1, "wait": 60.0, "reported": 0, "on_time": 0}
    await dispatcher.do("dispatch", case=back, to="east-police")
    clock.forward(seconds=30)
    await other.do("accept", case=back)
    assert await _day(unit) == {"accepted": 1, "wait": 60.0, "reported": 0, "on_time": 0}
    assert await _day(other) == {"accepted": 1, "wait": 30.0, "reported": 0, "on_time": 0}


async def test_reports_count_as_on_time_by_the_moment_they_were_made(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    for hours in (0.0, 5.0):
        case = await _given(clerk, shift, dispatcher, "east-urban")
        await unit.do("accept", case=case)
        clock.forward(hours=hours)
        unit = await sit("east-urban")  # the former sign-in has ended by then
        assert (await unit.do("report", case=case, finding="已抽排"))["status"] == "applied"
    assert await _day(unit) == {"accepted": 2, "wait": 0.0, "reported": 2, "on_time": 1}


async def test_another_day_and_a_seat_that_holds_nothing_have_none(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    await unit.do("accept", case=await _given(clerk, shift, dispatcher, "east-urban"))
    nothing = {"accepted": 0, "wait": None, "reported": 0, "on_time": 0}
    assert await _day(dispatcher) == nothing
    tomorrow = await unit.get("/v1/figures/day", since="2026-11-25", until="2026-11-26")
    assert tomorrow.json() == nothing

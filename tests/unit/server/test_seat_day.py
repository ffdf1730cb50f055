"""The day of a unit by the log: what it accepted and gave back counts, and what others did does not."""

from typing import Any

import pytest

from commandcenter.server import schedule
from commandcenter.server.platform import Platform
from tests.kit.imported import ROW
from tests.kit.platform import Clock, Desk, wish

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


def _told(
    accepted: int, wait: float | None, reported: int, on_time: int, worked: float, *, returned: int = 0
) -> dict[str, Any]:
    said = {"accepted": accepted, "wait": wait, "reported": reported, "on_time": on_time}
    return said | {"worked": worked, "returned": returned}


async def test_a_case_accepted_and_given_back_was_accepted(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher = [await sit(who) for who in ("clerk", "shift", "dispatcher")]
    unit, other = await sit("east-urban"), await sit("east-police")
    back = await _given(clerk, shift, dispatcher, "east-urban")
    clock.forward(seconds=60)
    await unit.do("accept", case=back)
    await unit.do("apply_return", case=back, reason="不归本队")
    assert (await dispatcher.do("approve_return", case=back))["status"] == "applied"
    assert await _day(unit) == _told(1, 60.0, 0, 0, 60.0, returned=1)
    await dispatcher.do("dispatch", case=back, to="east-police")
    clock.forward(seconds=30)
    await other.do("accept", case=back)
    assert await _day(unit) == _told(1, 60.0, 0, 0, 60.0, returned=1)
    assert await _day(other) == _told(1, 30.0, 0, 0, 30.0)


async def test_reports_count_as_on_time_by_the_moment_they_were_made(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    for hours in (0.0, 5.0):
        case = await _given(clerk, shift, dispatcher, "east-urban")
        await unit.do("accept", case=case)
        clock.forward(hours=hours)
        unit = await sit("east-urban")  # the former sign-in has ended by then
        assert (await unit.do("report", case=case, finding="已抽排"))["status"] == "applied"
    assert await _day(unit) == _told(2, 0.0, 2, 1, 18000.0)


async def test_what_was_done_offline_counts_when_it_was_done(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher = [await sit(who) for who in ("clerk", "shift", "dispatcher")]
    case = await _given(clerk, shift, dispatcher, "east-urban")
    base = {f"case:{case}": 3}
    clock.forward(hours=14)  # by then it is due, and it is another day
    late = await sit("east-urban")
    accept = wish("accept", case=case, bases=base) | {"made_at": "2026-11-24T04:10:00Z"}
    report = wish("report", case=case, finding="已抽排", dep=accept["cmd_id"], bases=base)
    late.headers |= {"Outages": "2026-11-24T04:05:00+00:00/2026-11-24T18:00:00+00:00"}
    answers = await late.send(accept, report | {"made_at": "2026-11-24T07:00:00Z"})
    assert [answer["status"] for answer in answers] == ["applied", "applied"]
    assert await _day(late) == _told(1, 600.0, 1, 1, 10800.0)


@pytest.mark.parametrize(
    "outages",
    ["", "2026-11-24T04:05:00Z/2026-11-24T04:20:00Z, 2026-11-24T09:00:00Z/2026-11-24T17:00:00Z"],
    ids=["none", "others"],
)
async def test_what_was_not_given_in_an_outage_counts_when_it_arrives(sit: Any, clock: Clock, outages: str) -> None:
    clerk, shift, dispatcher = [await sit(who) for who in ("clerk", "shift", "dispatcher")]
    case = await _given(clerk, shift, dispatcher, "east-urban")
    clock.forward(minutes=50)
    unit = await sit("east-urban")
    unit.headers |= {"Outages": outages}
    await unit.send(wish("accept", case=case, bases={f"case:{case}": 3}) | {"made_at": "2026-11-24T04:30:00Z"})
    assert await _day(unit) == _told(1, 3000.0, 0, 0, 3000.0)


async def test_nothing_is_done_before_what_its_author_had_seen_nor_after_it_arrives(sit: Any, clock: Clock) -> None:
    clock.forward(minutes=30)
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await _given(clerk, shift, dispatcher, "east-urban")
    unit.headers |= {"Outages": "2026-11-24T04:00:00Z/2026-11-24T06:00:00Z"}
    await unit.send(wish("accept", case=case, bases={f"case:{case}": 3}) | {"made_at": "2026-11-24T04:10:00Z"})
    assert await _day(unit) == _told(1, 0.0, 0, 0, 0.0)
    other = await _given(clerk, shift, dispatcher, "east-urban")
    clock.forward(minutes=1)
    await unit.send(wish("accept", case=other, bases={f"case:{other}": 3}) | {"made_at": "2026-11-24T05:59:00Z"})
    assert (await _day(unit))["wait"] == 30.0  # the median of none and one minute


@pytest.mark.parametrize("outages", ["yesterday", "2026-11-24T04:05:00/2026-11-24T06:00:00", "2026-11-24T04:05:00Z"])
async def test_an_outage_that_cannot_be_read_is_refused(sit: Any, outages: str) -> None:
    clerk = await sit("clerk")
    clerk.headers |= {"Outages": outages}
    batch = {"epoch": 1, "console_id": "c", "commands": [wish("accept", case="c")]}
    assert (await clerk.post("/v1/commands", batch)).status_code == 422


async def test_an_imported_case_that_the_unit_accepts_was_accepted(sit: Any, clock: Clock) -> None:
    system, unit = await sit("system"), await sit("east-urban")
    row = ROW | {"stage": "dispatched", "responsible": "east-urban"}
    answer = await system.post("/v1/imports", {"district": "d1", "commands": [row]})
    assert answer.json()["results"][0]["status"] == "new"
    clock.forward(seconds=90)
    assert (await unit.do("accept", case=answer.json()["results"][0]["case"]))["status"] == "applied"
    assert await _day(unit) == _told(1, 90.0, 0, 0, 90.0)


async def test_the_day_is_counted_long_after_its_frames_are_gone(sit: Any, clock: Clock, platform: Platform) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await _given(clerk, shift, dispatcher, "east-urban")
    await unit.do("accept", case=case)
    await unit.do("report", case=case, finding="已抽排")
    clock.forward(days=40)
    platform.writer.submit(lambda connection: schedule.trim(connection, clock())).result()
    assert await _day(await sit("east-urban")) == _told(1, 0.0, 1, 1, 0.0)


async def test_another_day_and_a_seat_that_holds_nothing_have_none(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    await unit.do("accept", case=await _given(clerk, shift, dispatcher, "east-urban"))
    nothing = _told(0, None, 0, 0, 0.0)
    assert await _day(dispatcher) == nothing
    tomorrow = await unit.get("/v1/figures/day", since="2026-11-25", until="2026-11-26")
    assert tomorrow.json() == nothing


async def test_a_case_reopened_the_same_day_was_reported_twice_and_accepted_once(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await _given(clerk, shift, dispatcher, "east-urban")
    await unit.do("accept", case=case)
    await unit.do("report", case=case, finding="已抽排")
    await clerk.do("close", case=case)
    assert (await shift.do("reopen", case=case, reason="又积水了"))["status"] == "applied"
    assert (await unit.do("report", case=case, finding="换了泵"))["status"] == "applied"
    assert await _day(unit) == _told(1, 0.0, 2, 2, 0.0)
    day = (await unit.get("/v1/figures/summary", **_DAY)).json()
    assert (day["total"], day["stage"]["closed"], day["stage"]["reported"]) == (1, 1, 2)

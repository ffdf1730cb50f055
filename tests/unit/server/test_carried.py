"""The working time that each body carried in a period: of its own cases and of those with which it helped."""

from typing import Any

from tests.kit.platform import Clock, Desk

DAY = {"since": "2026-11-24", "until": "2026-11-25"}


async def carried(desk: Desk, **period: str) -> dict[str, tuple[float, float, int]]:
    answer = await desk.get("/v1/figures/carried", **(period or DAY))
    assert answer.status_code == 200, answer.text
    return {one["body"]: (one["led"], one["helped"], one["cases"]) for one in answer.json()["bodies"]}


async def test_each_carries_what_it_had_until_the_next_step(sit: Any, clock: Clock) -> None:
    clerk, shift, coordinator = [await sit(who) for who in ("clerk", "shift", "coordinator")]
    street, housing, unit = [await sit(who) for who in ("east-desk", "housing", "east-urban")]
    case = await clerk.take()
    clock.forward(seconds=2)
    await shift.do("file", case=case)
    clock.forward(seconds=3)
    for _ in range(2):
        await street.do("escalate", case=case, reason="多部门")
    clock.forward(seconds=10)
    await coordinator.do("set_lead", case=case, to="housing")
    await coordinator.do("add_co_handler", case=case, to="east-urban")
    clock.forward(seconds=30)
    await unit.do("accept_task", case=case)
    clock.forward(seconds=5)
    await unit.do("report_task", case=case, finding="已清理")
    clock.forward(seconds=20)
    await housing.do("accept", case=case)
    found = await carried(coordinator)
    assert found["shift_leader"] == (2.0, 0.0, 1)
    assert found["dispatcher"] == (3.0, 0.0, 1)
    assert found["coordinator"] == (10.0, 0.0, 1)
    assert found["housing"] == (55.0, 0.0, 1)
    assert found["east-urban"] == (0.0, 35.0, 0)
    assert next(iter(found)) == "housing"  # who carried most comes first
    assert await carried(coordinator, since="2026-11-25", until="2026-11-26") == {}


async def test_a_street_adds_up_what_it_sees(sit: Any, clock: Clock) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    west = await clerk.take(street="west")
    clock.forward(seconds=4)
    await shift.do("file", case=west)
    assert await carried(await sit("west-desk")) == {"shift_leader": (4.0, 0.0, 1)}
    assert await carried(await sit("east-desk")) == {}

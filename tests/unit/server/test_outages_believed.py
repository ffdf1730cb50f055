"""A console's word about its outages goes as far as the platform knows: nobody whom it heard was away then."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commandcenter.server.auth.last_heard import LastHeard
from commandcenter.server.platform import open_platform
from tests.kit.district import NOON
from tests.kit.platform import Clock, Desk, calling, sit_down, small_platform, wish
from tests.unit.server.test_seat_day import _day, _given

AGES = f"{NOON.isoformat()}/{(NOON + timedelta(hours=30)).isoformat()}"  # an outage that was never


def _said(moment: datetime) -> dict[str, str]:
    return {"made_at": moment.isoformat()}


async def _held(sit: Any) -> str:
    clerk, shift, dispatcher = [await sit(who) for who in ("clerk", "shift", "dispatcher")]
    return await _given(clerk, shift, dispatcher, "east-urban")


async def _accept(unit: Desk, case: str, at: datetime) -> None:
    unit.headers |= {"Outages": AGES}
    (answer,) = await unit.send(wish("accept", case=case, bases={f"case:{case}": 3}) | _said(at))
    assert answer["status"] == "applied"


async def _follows(sit: Any, clock: Clock, *, hours: float) -> Desk:
    """The unit's console follows the board: it is heard once in each life of its access token."""
    for _ in range(int(hours * 4)):
        unit = await sit("east-urban")
        assert (await unit.get("/v1/hello")).status_code == 200
        clock.forward(minutes=15)
    return await sit("east-urban")


async def test_who_followed_the_board_all_the_time_did_nothing_in_an_outage_of_hours_ago(
    sit: Any, clock: Clock
) -> None:
    case = await _held(sit)
    unit = await _follows(sit, clock, hours=5)
    report = wish("report", case=case, finding="已抽排", bases={f"case:{case}": 4}) | _said(
        clock() - timedelta(hours=4)
    )
    await _accept(unit, case, NOON + timedelta(minutes=10))
    assert (await unit.send(report))[0]["status"] == "applied"
    day = await _day(unit)
    assert (day["reported"], day["on_time"]) == (1, 0)
    assert day["wait"] == timedelta(hours=5, minutes=-15).total_seconds()  # since it was heard last, at the most


async def test_what_was_given_while_nobody_was_heard_counts_when_it_was_given(sit: Any, clock: Clock) -> None:
    case = await _held(sit)
    assert (await (await sit("east-urban")).get("/v1/hello")).status_code == 200
    clock.forward(hours=5)
    back = await sit("east-urban")
    for _ in range(4):  # what a console asks for first, and what waits a minute at the platform
        assert (await back.get("/v1/hello")).status_code == 200
        clock.forward(minutes=1)
    await _accept(back, case, NOON + timedelta(minutes=10))
    assert (await _day(back))["wait"] == 600.0


async def test_a_second_console_of_the_same_user_is_heard_too(sit: Any, clock: Clock) -> None:
    case = await _held(sit)
    silent = await sit("east-urban")
    await silent.get("/v1/hello")
    await _follows(sit, clock, hours=1)
    clock.forward(minutes=1)
    silent = await sit("east-urban")
    await _accept(silent, case, NOON + timedelta(minutes=10))
    assert (await _day(silent))["wait"] == timedelta(minutes=45).total_seconds()


async def test_another_users_console_is_not(sit: Any, clock: Clock) -> None:
    case = await _held(sit)
    for _ in range(8):
        await (await sit("east-police")).get("/v1/hello")
        clock.forward(minutes=15)
    unit = await sit("east-urban")
    await _accept(unit, case, NOON + timedelta(minutes=10))
    assert (await _day(unit))["wait"] == 600.0


async def test_a_platform_that_was_down_believes_what_lies_behind_its_last_entry(tmp_path: Path, clock: Clock) -> None:
    def sits(http: Any) -> Any:
        return lambda user: sit_down(http, user)

    with small_platform(tmp_path, clock=clock) as platform:
        async with calling(platform) as http:
            case = await _held(sits(http))
            clock.forward(hours=1)
            other = await _held(sits(http))
    clock.forward(hours=3)
    with open_platform(tmp_path, now=clock) as platform:
        async with calling(platform) as http:
            unit = await sit_down(http, "east-urban")
            await _accept(unit, case, NOON + timedelta(minutes=10))
            await _accept(unit, other, NOON + timedelta(hours=2))
            day = await _day(unit)
    assert day["wait"] == timedelta(hours=1).total_seconds()  # both


@pytest.mark.parametrize("step", [1, 29, 31, 299, 301, 900])
def test_what_is_remembered_of_a_user_is_little_and_true_to_half_a_minute(step: int) -> None:
    heard, at = LastHeard(NOON), NOON
    for _ in range(2_000):
        at += timedelta(seconds=step)
        heard.note("u", at)
    bound = heard.before_return("u", at)
    newest = max(
        moment
        for moment in (at - timedelta(seconds=step) * n for n in range(400))
        if at - moment >= timedelta(minutes=5)
    )
    assert newest - timedelta(seconds=30) <= bound <= newest
    assert len(heard._times["u"]) <= 13
    assert heard.before_return("v", at) == NOON


def test_a_clock_that_was_ahead_leaves_nothing_behind() -> None:
    heard, hour = LastHeard(NOON), timedelta(hours=1)
    for hours in (0.0, 500.0, 1.0):
        heard.note("u", NOON + hours * hour)
    assert heard._times["u"] == (NOON, NOON + hour)
    heard.note("u", NOON + 2 * hour)
    assert heard.before_return("u", NOON + 2 * hour) == NOON + hour
    assert heard.before_return("u", datetime(2020, 1, 1, tzinfo=UTC)) == NOON

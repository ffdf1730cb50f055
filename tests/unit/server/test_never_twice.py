"""What became of a command is known for ever: whatever comes again, however late, has no second effect."""

from collections.abc import Iterator

import pytest

from commandcenter.server import schedule
from commandcenter.server.platform import Platform
from tests.kit.platform import Clock, new_id, wish
from tests.unit.server.test_adoption import _SITES, adopting, dispatch, sent, stage


@pytest.fixture(autouse=True)
def _site_of_adoptions(platform: Platform) -> Iterator[None]:
    _SITES.append(platform.site_key)
    yield
    _SITES.clear()


def a_month_later(platform: Platform, clock: Clock) -> None:
    """The platform trims what it trims each hour."""
    clock.forward(days=31)
    platform.writer.submit(lambda connection: schedule.trim(connection, platform.now())).result()


async def test_a_command_that_comes_again_after_a_month_gets_the_answer_that_it_had(sit, filed, platform, clock):
    act = dispatch(filed)
    done = await sent(await sit("dispatcher"), act)
    assert done["status"] == "applied"
    a_month_later(platform, clock)
    assert await sent(await sit("dispatcher"), act) == done
    other = dispatch(filed, to="housing", cmd_id=act["cmd_id"])
    assert (await sent(await sit("dispatcher"), other))["code"] == "id_reused"


async def test_a_command_that_was_withdrawn_has_no_effect_when_a_copy_of_it_comes_after_a_month(
    sit, filed, platform, clock
):
    act = dispatch(filed)
    assert (await sent(await sit("dispatcher"), act | {"withdraw": True}))["code"] == "withdrawn"
    a_month_later(platform, clock)
    assert (await sent(await sit("dispatcher"), act))["code"] == "withdrawn"
    assert await stage(await sit("shift"), filed) == "filed"


async def test_what_a_leader_took_over_has_no_effect_of_its_own_after_a_month_nor_a_second_by_another_leader(
    sit, filed, platform, clock
):
    act = dispatch(filed)
    first = adopting(act, "dispatcher")
    assert (await sent(await sit("shift"), first))["status"] == "applied"
    a_month_later(platform, clock)
    assert (await sent(await sit("dispatcher"), act))["code"] == "withdrawn"
    late = await sent(await sit("shift"), adopting(act, "dispatcher"))
    assert (late["code"], late["about"]) == ("already_done", first["cmd_id"])


async def test_what_depends_on_a_command_of_a_month_ago_is_answered(sit, platform, clock):
    clerk = await sit("clerk")
    case = new_id()
    taken = wish("take", case=case, channel="hotline", kind="water", text="积水", place="路口", street="east")
    assert (await sent(clerk, taken))["status"] == "applied"
    a_month_later(platform, clock)
    follows = wish("file", case=case, dep=taken["cmd_id"], bases={f"case:{case}": 1})
    assert (await sent(await sit("clerk"), follows))["code"] != "dep_unknown"


async def test_a_conflict_of_a_month_ago_stays_one_and_shows_the_record_of_then_no_more(sit, filed, platform, clock):
    assert (await sent(await sit("dispatcher"), dispatch(filed)))["status"] == "applied"
    late = wish("file", case=filed, bases={f"case:{filed}": 1})
    shift = await sit("shift")
    answer = await sent(shift, late)
    assert answer["status"] == "conflict", answer
    assert answer["current"]
    a_month_later(platform, clock)
    assert await sent(await sit("shift"), late) == {"cmd_id": late["cmd_id"], "status": "conflict", "code": "changed"}


@pytest.mark.parametrize("days", [40, -40])
async def test_a_platform_whose_clock_was_wrong_for_an_hour_forgets_no_answer(sit, filed, platform, clock, days):
    act = dispatch(filed)
    done = await sent(await sit("dispatcher"), act)
    clock.forward(days=days)
    platform.writer.submit(lambda connection: schedule.trim(connection, platform.now())).result()
    clock.forward(days=-days)
    assert await sent(await sit("dispatcher"), act) == done

"""Stories of crews: sent by two halls at once, off duty, refused, called away, booked, lost from sight, released."""

from datetime import timedelta

import pytest

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Dispatch, Report
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.commands.orders import AcceptOrder, RefuseOrder, ReleaseCrew, SendCrew
from commandcenter.domain.commands.queueing import Reorder
from commandcenter.domain.commands.settling import Close
from commandcenter.domain.rosters import Roster
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.recommendation.crews import proposals
from tests.kit.story import Story
from ui.kit.case_parts.proposing import crew_state, need_of, units_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_police_crew_is_off_duty_until_its_shift_begins(hall: Story) -> None:
    case, crew = await hall.dispatched("east-police"), hall.crew("east-police")
    await hall.crew_is(crew, CrewStatus.OFF_DUTY)
    await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.status is CrewStatus.OFF_DUTY)
    assert await hall.refused("dispatcher", SendCrew(case, crew)) == ("crew_off_duty", crew)
    await hall.crew_is(crew, CrewStatus.AVAILABLE)
    await hall.does("dispatcher", SendCrew(case, crew))
    await hall.does("east-police", AcceptOrder(case, crew))
    sent = await hall.sees("east-desk", Crew, crew, when=lambda crew: crew.job)
    assert (sent.job, sent.status) == (case, CrewStatus.EN_ROUTE)


async def test_two_halls_send_the_same_crew_and_the_one_that_lost_learns_who_was_faster_and_when(hall: Story) -> None:
    mine, theirs, crew = await hall.dispatched(), await hall.dispatched(), hall.crew()
    await hall.can("dispatcher", SendCrew(mine, crew))
    hall.wires["dispatcher"].cut()  # its order is on the way when the street's arrives
    lost = await hall.keeps("dispatcher", SendCrew(mine, crew))
    await hall.does("east-desk", SendCrew(theirs, crew))
    hall.wires["dispatcher"].mend()
    act = await hall.waiting("dispatcher")
    assert act.cmd_id == lost.cmd_id
    decisive = (await hall.versions("dispatcher", act)).decisive
    assert decisive is not None
    sent = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.order == theirs)
    assert (decisive.by, decisive.at) == ("east-desk", sent.status_since)
    await hall.drops("dispatcher", act)
    assert (await hall.sees("dispatcher", Crew, crew)).order == theirs
    assert (await hall.sees("dispatcher", Case, mine)).crews == ()


async def test_an_order_given_offline_to_a_crew_that_went_off_duty_is_not_carried_out_and_not_lost(hall: Story) -> None:
    case, crew = await hall.dispatched(), hall.crew()
    await hall.can("dispatcher", SendCrew(case, crew))
    hall.wires["dispatcher"].cut()
    given = await hall.keeps("dispatcher", SendCrew(case, crew))
    await hall.crew_is(crew, CrewStatus.OFF_DUTY)
    hall.wires["dispatcher"].mend()
    act = await hall.waiting("dispatcher")
    assert (act.cmd_id, act.code) == (given.cmd_id, "crew_off_duty")
    assert (await hall.sees("east-urban", Crew, crew)).order is None
    await hall.drops("dispatcher", act)


async def test_an_order_given_offline_that_arrives_after_the_shift_ended_comes_back_and_goes_with_a_reason(
    hall: Story,
) -> None:
    case, crew, ends = await hall.dispatched(), hall.crew(), hall.clock() + timedelta(minutes=5)
    await hall.rostered(crew, "east-urban", ends)
    await hall.sees("dispatcher", Roster, crew)
    assert await hall.refused("dispatcher", SendCrew(case, crew, "明早", ends + timedelta(hours=3))) == (
        "crew_not_rostered", crew,
    )  # fmt: skip
    hall.wires["dispatcher"].cut()
    given = await hall.keeps("dispatcher", SendCrew(case, crew))
    hall.passes(minutes=6)
    hall.wires["dispatcher"].mend()
    act = await hall.waiting("dispatcher")
    assert (act.cmd_id, act.code) == (given.cmd_id, "crew_off_shift")
    await hall.drops("dispatcher", act)
    assert await hall.refused("dispatcher", SendCrew(case, crew)) == ("crew_off_shift", crew)
    await hall.does("dispatcher", SendCrew(case, crew, "夜间抢险"))
    assert (await hall.sees("east-urban", Crew, crew, when=lambda crew: crew.order)).order == case


async def test_a_unit_refuses_an_order_and_another_crew_is_sent(hall: Story) -> None:
    case, crew, other = await hall.dispatched(), hall.crew(), hall.crew()
    await hall.does("dispatcher", SendCrew(case, crew))
    await hall.does("east-urban", RefuseOrder(case, crew, "车辆故障"))
    free = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.order is None)
    assert free.status is CrewStatus.AVAILABLE
    assert await _proposed(hall, case, crew, other) == [other, crew]
    await hall.does("dispatcher", SendCrew(case, other))
    await hall.does("east-urban", AcceptOrder(case, other))
    seen = await hall.sees("dispatcher", Case, case, when=lambda case: case.crews)
    assert [sent.crew for sent in seen.crews] == [other]
    refusals = [fact for fact in await hall.history("dispatcher", case) if type(fact).__name__ == "OrderRefused"]
    assert [fact.reason for fact in refusals] == ["车辆故障"]


async def _proposed(hall: Story, case: str, *crews: str) -> list[str | None]:
    """Returns which of these crews the dispatcher's desk proposes for the case, best first."""
    seen = await hall.sees("dispatcher", Case, case)
    desk = await hall.desk("dispatcher")
    states = [crew_state(desk.board, await hall.sees("dispatcher", Crew, crew), desk.now()) for crew in crews]
    return [one.crew for one in proposals(need_of(desk.board, seen), units_of(desk.board), states)]


async def test_a_crew_called_away_pauses_its_job_and_takes_it_up_again(hall: Story) -> None:
    first, urgent, crew = await hall.dispatched(), await hall.dispatched(), hall.crew()
    await hall.does("dispatcher", SendCrew(first, crew))
    await hall.does("east-urban", AcceptOrder(first, crew))
    await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.job == first)
    assert await hall.refused("dispatcher", SendCrew(urgent, crew)) == ("crew_busy", first)
    await hall.does("dispatcher", SendCrew(urgent, crew, reason="路面塌陷，最近"))
    still = await hall.sees("east-urban", Crew, crew, when=lambda crew: crew.order == urgent)
    assert still.job == first  # it goes on until its unit accepts
    await hall.does("east-urban", AcceptOrder(urgent, crew))
    away = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.job == urgent)
    assert away.paused == (first,)
    await hall.does("east-urban", ReleaseCrew(urgent, crew))
    back = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.job == first)
    assert back.paused == ()


async def test_a_crew_booked_for_later_stays_free_until_then(hall: Story) -> None:
    later, now, crew = await hall.dispatched(), await hall.dispatched(), hall.crew()
    await hall.does("dispatcher", SendCrew(later, crew, booked_for=hall.clock() + timedelta(hours=3)))
    booked = await hall.sees("east-urban", Crew, crew, when=lambda crew: crew.booked)
    assert (booked.booked, booked.order, booked.status) == ((later,), None, CrewStatus.AVAILABLE)
    await hall.does("dispatcher", SendCrew(now, crew))
    await hall.does("east-urban", AcceptOrder(now, crew))
    sent = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.job)
    assert (sent.job, sent.booked) == (now, (later,))


async def test_one_act_dispatches_a_case_and_sends_a_crew_and_taking_it_back_frees_both(hall: Story) -> None:
    case, crew = await hall.filed(), hall.crew()
    await hall.does("dispatcher", Dispatch(case, "east-urban", crew=crew))
    seen = await hall.sees("east-urban", Crew, crew, when=lambda crew: crew.order)
    assert (seen.order, seen.status) == (case, CrewStatus.DISPATCHED)
    await hall.does("dispatcher", Recall(case, "地址错误"))
    free = await hall.sees("dispatcher", Crew, crew, when=lambda crew: not crew.assignments)
    assert free.status is CrewStatus.AVAILABLE
    assert (await hall.sees("dispatcher", Case, case, when=lambda case: not case.crews)).stage is Stage.FILED


async def test_the_report_of_a_device_neither_gives_a_crew_a_job_nor_takes_it(hall: Story) -> None:
    case, crew = await hall.dispatched(), hall.crew()
    await hall.does("dispatcher", SendCrew(case, crew))
    await hall.does("east-urban", AcceptOrder(case, crew))
    await hall.crew_is(crew, CrewStatus.ON_SCENE)
    there = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.status is CrewStatus.ON_SCENE)
    assert there.job == case
    seen_at = there.seen_at
    await hall.crew_is(crew, CrewStatus.AVAILABLE)
    there = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.seen_at > seen_at)
    assert (there.job, there.status) == (case, CrewStatus.ON_SCENE)
    await hall.does("east-urban", ReleaseCrew(case, crew))
    free = await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.job is None)
    assert free.assignments == ()


async def test_a_case_that_is_closed_frees_the_crews_that_were_at_it(hall: Story) -> None:
    case, crew, second = await hall.dispatched(), hall.crew(), hall.crew()
    for one in (crew, second):
        await hall.does("dispatcher", SendCrew(case, one))
        await hall.does("east-urban", AcceptOrder(case, one))
    await hall.does("east-urban", Report(case, "已抽排"))
    await hall.does("shift", Close(case))
    for one in (crew, second):
        assert (await hall.sees("east-urban", Crew, one, when=lambda crew: not crew.assignments)).job is None


async def test_a_unit_that_is_offline_accepts_an_order_which_counts_when_it_is_back(hall: Story) -> None:
    case, crew = await hall.dispatched("east-police"), hall.crew("east-police")
    await hall.does("dispatcher", SendCrew(case, crew))
    await hall.can("east-police", AcceptOrder(case, crew))
    hall.wires["east-police"].cut()
    await hall.keeps("east-police", AcceptOrder(case, crew))
    assert (await hall.sees("east-police", Crew, crew)).job == case
    assert (await hall.sees("dispatcher", Crew, crew)).job is None
    hall.wires["east-police"].mend()
    assert (await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.job)).status is CrewStatus.EN_ROUTE


async def test_the_street_puts_a_case_first_in_its_unit_s_queue(hall: Story) -> None:
    first, last = await hall.dispatched(), await hall.dispatched()
    due = (await hall.sees("east-desk", Case, first)).due
    assert due is not None
    await hall.does("east-desk", Reorder(last, as_due=due - timedelta(minutes=1)))
    moved = await hall.sees("east-urban", Case, last, when=lambda case: case.queued_as)
    assert moved.queued_as == due - timedelta(minutes=1)
    assert moved.due is not None
    assert moved.due > due  # its limit is as it was

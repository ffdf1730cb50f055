"""Stories of leads: one refuses, one is changed twice, two coordinators choose, a department is retired, advice."""

import pytest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import Accept, Dispatch, Report
from commandcenter.domain.commands.co_handling import AddCoHandler
from commandcenter.domain.commands.leading import ChangeLead, RefuseLead, SetLead
from commandcenter.domain.commands.own_tasks import AcceptTask, ReportTask
from commandcenter.domain.commands.reopening import Reopen
from commandcenter.domain.commands.settling import Close
from commandcenter.domain.commands.tiers import SendDown
from commandcenter.domain.lead_advice import LeadReason
from commandcenter.domain.people import Holder
from commandcenter.domain.tasks import Objection, Task
from commandcenter.sync.queries import LeadAdviceQuery
from tests.kit.story import Story, task_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_lead_refuses_with_a_reason_code_and_the_coordinator_finds_another(hall: Story) -> None:
    case = await hall.of_district()
    await hall.does("coordinator", SetLead(case, "housing"))
    await hall.does("housing", RefuseLead(case, Objection.DUTY_OF_ANOTHER, "属水务管网"))
    back = await hall.sees("coordinator", Case, case, when=lambda case: case.objection)
    assert (back.stage, back.tier, back.responsible) == (Stage.FILED, Tier.DISTRICT, None)
    assert back.objection is not None
    assert (back.objection.holder, back.objection.code) == ("housing", Objection.DUTY_OF_ANOTHER)
    await hall.loses("housing", "case", case)
    await hall.does("coordinator", SetLead(case, "water"))
    led = await hall.sees("water", Case, case)
    assert (led.responsible, led.hops, led.objection) == ("water", 2, None)


async def test_a_lead_changed_twice_keeps_the_sub_tasks_and_only_the_present_lead_sees_them(hall: Story) -> None:
    case = await hall.led("housing")
    await hall.does("coordinator", AddCoHandler(case, "green", "清理树枝"))
    await hall.does("green", AcceptTask(case))
    part = task_of(case, "green")
    await hall.does("coordinator", ChangeLead(case, "water", "现场是供水管"))
    await hall.loses("housing", "case", case)
    assert (await hall.sees("water", Task, part)).lead == "water"
    await hall.does("coordinator", ChangeLead(case, "housing", "产权在住建"))
    await hall.loses("water", "task", part)
    assert (await hall.sees("housing", Task, part)).lead == "housing"
    await hall.does("green", ReportTask(case, "树枝已清"))
    await hall.does("housing", Accept(case))
    await hall.does("housing", Report(case, "已修复"))
    assert (await hall.sees("coordinator", Case, case, when=lambda case: case.reported_at)).hops == 3


async def test_two_coordinators_choose_at_the_same_time_and_one_choice_counts(hall: Story) -> None:
    case = await hall.of_district()
    await hall.can("coordinator", SetLead(case, "housing"))
    await hall.can("coordinator", SetLead(case, "water"), " 2")
    hall.wires["coordinator"].cut()
    await hall.keeps("coordinator", SetLead(case, "housing"))
    await hall.does("coordinator", SetLead(case, "water"), " 2")
    hall.wires["coordinator"].mend()
    act = await hall.waiting("coordinator")
    assert (act.name, act.compared) == ("set_lead", ("case", case))
    assert (await hall.sees("coordinator", Case, case)).responsible == "water"
    await hall.drops("coordinator", act)


async def test_a_dispatch_to_a_department_makes_it_the_lead_of_a_case_of_the_district(hall: Story) -> None:
    case = await hall.filed()
    await hall.does("dispatcher", Dispatch(case, "water"))
    led = await hall.sees("coordinator", Case, case, when=lambda case: case.responsible)
    assert (led.responsible, led.tier, led.stage) == ("water", Tier.DISTRICT, Stage.DISPATCHED)
    await hall.does("water", RefuseLead(case, Objection.NOT_OUR_DUTY))
    assert (await hall.sees("coordinator", Case, case, when=lambda case: case.objection)).tier is Tier.DISTRICT
    await hall.does("coordinator", SetLead(case, "housing"))


async def test_a_department_that_is_retired_while_it_leads_is_named_until_another_leads(hall: Story) -> None:
    case = await hall.led("old-parks")
    assert (await hall.retire("holder:old-parks"))["status"] == "applied"
    gone = await hall.sees("coordinator", Holder, "old-parks", when=lambda holder: holder.retired)
    assert gone.name == "old-parks 局"
    assert (await hall.sees("coordinator", Case, case)).responsible == "old-parks"
    other = await hall.of_district()
    await hall.sees("coordinator", Case, other, when=lambda case: case.tier is Tier.DISTRICT)
    assert (await hall.refused("coordinator", SetLead(other, "old-parks")))[1] == "old-parks"
    await hall.does("coordinator", ChangeLead(case, "green", "单位撤并"))
    assert (await hall.sees("green", Case, case)).stage is Stage.DISPATCHED


async def test_the_coordinator_sends_down_what_a_street_can_settle(hall: Story) -> None:
    case = await hall.of_district()
    await hall.does("coordinator", SendDown(case, "街道可办"))
    assert (await hall.sees("east-desk", Case, case, when=lambda case: case.tier is Tier.STREET)).responsible is None
    await hall.does("east-desk", Dispatch(case, "east-urban"))
    assert (await hall.sees("east-urban", Case, case)).tier is Tier.STREET


async def test_a_case_that_is_done_again_is_its_lead_s_again(hall: Story) -> None:
    case = await hall.led("green")
    await hall.does("green", Report(case, "已补栽"))
    await hall.does("shift", Close(case))
    await hall.does("shift", Reopen(case, "回访不满意"))
    again = await hall.sees("green", Case, case, when=lambda case: case.stage is Stage.HANDLING)
    assert (again.responsible, again.reported_at) == ("green", None)


async def test_the_platform_proposes_who_led_such_cases_and_the_rank_of_the_choice_is_kept(hall: Story) -> None:
    for _ in range(3):
        done = await hall.led("water", text="供水管爆裂，路面冒水")
        await hall.does("water", Report(done, "已更换管段"))
        await hall.does("shift", Close(done))
    case = await hall.of_district(text="供水管冒水，路面湿滑")
    desk = await hall.desk("coordinator")
    advice = await desk.ask(LeadAdviceQuery(case))
    first = advice.leads[0]
    assert first.holder == "water"
    assert LeadReason.LED_SIMILAR in [reason.code for reason in first.reasons]
    await hall.does("coordinator", SetLead(case, "water", rank=1))
    assert (await hall.history("coordinator", case))[-1].rank == 1

"""Stories of co-handlers and whistles: silent past the limit, refused, overridden, called out, too late."""

from datetime import timedelta

import pytest

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Report
from commandcenter.domain.commands.co_handling import AddCoHandler, OverrideTasks, RemoveCoHandler, Whistle
from commandcenter.domain.commands.leading import ChangeLead, SetLead
from commandcenter.domain.commands.own_tasks import AcceptTask, Arrive, RefuseTask, ReportTask
from commandcenter.domain.commands.settling import Close
from commandcenter.domain.responsibility import spans, totals
from commandcenter.domain.tasks import Objection, Task, TaskKind, TaskState
from tests.kit.district import CALENDAR
from tests.kit.story import Story, task_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_co_handler_silent_past_its_limit_holds_the_lead_until_the_coordinator_overrides(hall: Story) -> None:
    case = await hall.led("housing")
    due = hall.clock() + timedelta(minutes=40)
    await hall.does("coordinator", AddCoHandler(case, "green", "移树", due=due))
    hall.passes(hours=1)
    part = await hall.sees("housing", Task, task_of(case, "green"))
    assert (part.state, part.due) == (TaskState.WAITING, due)
    assert part.due < hall.clock()
    assert (await hall.refused("housing", Report(case, "已修复")))[0] == "tasks_open"
    await hall.does("coordinator", OverrideTasks(case, "协办逾期未接"))
    await hall.does("housing", Report(case, "已修复"))
    facts = [type(fact).__name__ for fact in await hall.history("coordinator", case)]
    assert facts[-3:] == ["TasksOverridden", "TaskCancelled", "Reported"]
    await hall.loses("green", "case", case)


async def test_a_co_handler_refuses_with_its_code_and_another_helps(hall: Story) -> None:
    case = await hall.led("housing")
    await hall.does("coordinator", AddCoHandler(case, "green", "移树"))
    await hall.does("green", RefuseTask(case, Objection.OUTSIDE_OUR_AREA, "在红线外"))
    part = await hall.sees("coordinator", Task, task_of(case, "green"), when=lambda task: task.objection)
    assert (part.state, part.objection, part.reason) == (TaskState.REFUSED, Objection.OUTSIDE_OUR_AREA, "在红线外")
    await hall.does("coordinator", AddCoHandler(case, "water", "移管"))
    await hall.does("water", AcceptTask(case))
    await hall.does("water", ReportTask(case, "已移管"))
    await hall.does("housing", Report(case, "已修复"))


async def test_a_part_reported_after_the_case_was_closed_is_told_back_and_not_counted(hall: Story) -> None:
    case = await hall.led("housing")
    await hall.does("coordinator", AddCoHandler(case, "green", "移树"))
    await hall.does("green", AcceptTask(case))
    await hall.can("green", ReportTask(case, "树已移"))
    hall.wires["green"].cut()
    await hall.keeps("green", ReportTask(case, "树已移"))
    await hall.does("coordinator", OverrideTasks(case, "不等了"))
    await hall.does("housing", Report(case, "已修复"))
    await hall.does("shift", Close(case))
    hall.wires["green"].mend()
    act = await hall.waiting("green")
    assert act.command == ReportTask(case, "树已移")  # what was written is still there
    told = [type(fact).__name__ for fact in await hall.history("coordinator", case)]
    assert "TaskReported" not in told
    await hall.drops("green", act)


async def test_a_street_whistles_and_the_department_appears(hall: Story) -> None:
    case = await hall.dispatched("east-urban")
    must = hall.clock() + timedelta(minutes=30)
    await hall.does("east-desk", Whistle(case, "housing", "违建现场需认定", due=must))
    called = await hall.sees("housing", Task, task_of(case, "housing", TaskKind.WHISTLE))
    assert (called.due, called.state) == (must, TaskState.WAITING)
    hall.passes(minutes=12)
    await hall.does("housing", Arrive(case))
    there = await hall.sees("east-desk", Task, called.id, when=lambda task: task.done_at)
    assert there.done_at < must


async def test_a_whistle_nobody_follows_is_overdue_and_its_moment_must_lie_ahead(hall: Story) -> None:
    case = await hall.dispatched("east-urban")
    await hall.sees("east-desk", Case, case)
    past = hall.clock() - timedelta(minutes=1)
    assert (await hall.refused("east-desk", Whistle(case, "housing", "认定", due=past)))[0] == "time_past"
    await hall.does("east-desk", Whistle(case, "housing", "认定", due=hall.clock() + timedelta(minutes=5)))
    hall.passes(minutes=6)
    waiting = await hall.sees("east-desk", Task, task_of(case, "housing", TaskKind.WHISTLE))
    assert waiting.done_at is None
    assert waiting.due < (await hall.desk("east-desk")).now()


async def test_a_co_handler_that_is_not_needed_any_more_sees_the_case_no_more(hall: Story) -> None:
    case = await hall.led("housing")
    await hall.does("coordinator", AddCoHandler(case, "green", "移树"))
    await hall.sees("green", Case, case)
    await hall.does("coordinator", RemoveCoHandler(case, "green", "树不用动"))
    await hall.loses("green", "case", case)
    assert (await hall.sees("coordinator", Case, case, when=lambda case: not case.tasks)).stage is Stage.HANDLING


async def test_a_co_handler_does_its_part_offline_while_the_lead_changes(hall: Story) -> None:
    case = await hall.led("housing")
    await hall.does("coordinator", AddCoHandler(case, "green", "移树"))
    await hall.does("green", AcceptTask(case))
    await hall.can("green", ReportTask(case, "树已移"))
    hall.wires["green"].cut()
    await hall.keeps("green", ReportTask(case, "树已移"))
    await hall.does("coordinator", ChangeLead(case, "water", "供水管"))
    hall.wires["green"].mend()
    part = await hall.sees("water", Task, task_of(case, "green"), when=lambda task: task.done_at)
    assert (part.finding, part.lead) == ("树已移", "water")


async def test_a_co_handler_cannot_do_another_s_part(hall: Story) -> None:
    case = await hall.led("housing")
    await hall.does("coordinator", AddCoHandler(case, "green", "移树"))
    await hall.sees("green", Case, case)
    await hall.sees("housing", Task, task_of(case, "green"))
    assert (await hall.refused("housing", ReportTask(case, "我们替他移了")))[0] == "no_co_handling"
    assert (await hall.refused("green", Report(case, "办好了")))[0] in {"not_yours", "stage"}


async def test_who_carried_the_time_is_told_to_the_minute(hall: Story) -> None:
    case = await hall.of_district()
    hall.passes(minutes=10)
    await hall.does("coordinator", SetLead(case, "housing"))
    hall.passes(minutes=30)
    await hall.does("coordinator", ChangeLead(case, "water", "供水管"))
    await hall.does("coordinator", AddCoHandler(case, "green", "移树"))
    hall.passes(minutes=20)
    await hall.does("green", AcceptTask(case))
    await hall.does("green", ReportTask(case, "树已移"))
    found = spans(await hall.history("coordinator", case))
    sums = totals(found, CALENDAR, hall.clock())
    minutes = {body: round(seconds / 60) for (body, _), seconds in sums.items()}
    assert {"coordinator": 10, "housing": 30, "water": 20, "green": 20}.items() <= minutes.items()

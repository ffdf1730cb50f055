"""Decides what coordinator, departments and streets of the shift do with leads, sub-tasks and whistles."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from commandcenter.demonstration.shift_pace import ShiftAction, Way, chosen
from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.cases import WITH_HOLDER, Case, Stage, Tier
from commandcenter.domain.commands import Command
from commandcenter.domain.commands.co_handling import AddCoHandler, OverrideTasks, Whistle
from commandcenter.domain.commands.leading import RefuseLead, SetLead
from commandcenter.domain.commands.own_tasks import AcceptTask, Arrive, RefuseTask, ReportTask
from commandcenter.domain.commands.tiers import Escalate
from commandcenter.domain.people import Role
from commandcenter.domain.tasks import Objection, Task, TaskKind, TaskState
from commandcenter.simulation.coordination import Coordination
from commandcenter.sync.demo_accounts import DemoAccount

_PACE = {  # how often per arriving case
    "escalate": 0.05,
    "lead": 0.05,
    "ask": 0.06,
    "accept": 0.08,
    "report": 0.07,
    "object": 0.012,
    "whistle": 0.008,
    "arrive": 0.02,
    "override": 0.004,
}
_WAITED = timedelta(minutes=2)  # at least, before somebody acts on what waits for them
_LATE = timedelta(hours=2)  # for who is asked to help with a case that is overdue
_LEFT = 4  # cases without a lead that are left for a visitor
_REFUSES = 0.15  # of those that object, what was asked of them as a co-handler


class LeadActions:
    """Chooses the next commands from what `watch` sees; `staff` are the accounts that can act."""

    def __init__(
        self, watch: ShiftView, staff: Sequence[DemoAccount], coordination: Coordination, chance: random.Random
    ) -> None:
        self._watch, self._staff, self._coordination, self._chance = watch, staff, coordination, chance
        self._holders: Mapping[str, DemoAccount] = {one.holder: one for one in staff if one.holder}
        self._ways: dict[str, Way] = {
            "escalate": self._escalate,
            "lead": self._lead,
            "ask": self._ask,
            "accept": self._accept,
            "report": self._report,
            "object": self._object,
            "whistle": self._whistle,
            "arrive": self._arrive,
            "override": self._override,
        }

    def next(self, now: datetime, *, share: float) -> Iterator[ShiftAction]:
        """Returns the actions of one turn; `share` is the turn's length as a part of the time between two arrivals."""
        return chosen(self._ways, _PACE, now, share=share, chance=self._chance)

    def _escalate(self, now: datetime) -> ShiftAction | None:
        case = self._one(case for case in self._cases(Stage.FILED) if case.tier is Tier.STREET)
        return self._by(Role.STREET_DISPATCHER, case, lambda one: Escalate(one.id, self._said("escalated")))

    def _lead(self, now: datetime) -> ShiftAction | None:
        waiting = [case for case in self._cases(Stage.FILED) if case.tier is Tier.DISTRICT]
        case = self._one(waiting if len(waiting) > _LEFT else ())
        refused = {case.objection.holder} if case and case.objection else set()
        leads = [lead for lead in self._course(case, now)[0] if lead not in refused]
        return self._by(Role.COORDINATOR, case if leads else None, lambda one: SetLead(one.id, leads[0]))

    def _ask(self, now: datetime) -> ShiftAction | None:
        case = self._one(case for stage in WITH_HOLDER for case in self._cases(stage) if case.tier is Tier.DISTRICT)
        asked = [case.responsible, *(task.holder for task in case.tasks)] if case else []
        helpers = [one for one in self._course(case, now)[1] if one not in asked]
        note, due = self._said("words"), now + _LATE if case and case.due and case.due <= now else None
        return self._by(
            Role.COORDINATOR, case if helpers else None, lambda one: AddCoHandler(one.id, helpers[0], note, due)
        )

    def _accept(self, now: datetime) -> ShiftAction | None:
        task = self._task(now, TaskKind.CO_HANDLING, TaskState.WAITING)
        return self._of_task(task, lambda one: AcceptTask(one.case))

    def _report(self, now: datetime) -> ShiftAction | None:
        task = self._task(now, TaskKind.CO_HANDLING, TaskState.WORKING)
        finding = self._said("done")
        return self._of_task(task, lambda one: ReportTask(one.case, finding))

    def _arrive(self, now: datetime) -> ShiftAction | None:
        task = self._task(now, TaskKind.WHISTLE, TaskState.WAITING)
        return self._of_task(task, lambda one: Arrive(one.case))

    def _object(self, now: datetime) -> ShiftAction | None:
        objection = self._chance.choice((Objection.NOT_OUR_DUTY, Objection.DUTY_OF_ANOTHER, Objection.NO_POWER))
        if self._chance.random() < _REFUSES:
            task = self._task(now, TaskKind.CO_HANDLING, TaskState.WAITING)
            return self._of_task(task, lambda one: RefuseTask(one.case, objection))
        case = self._one(case for case in self._cases(Stage.DISPATCHED) if case.tier is Tier.DISTRICT)
        return self._own(case.responsible, RefuseLead(case.id, objection)) if case else None

    def _whistle(self, now: datetime) -> ShiftAction | None:
        case = self._one(case for case in self._cases(Stage.HANDLING) if case.tier is Tier.STREET)
        called = self._course(case, now)[0][:1]
        there, note = now + timedelta(minutes=self._chance.choice((60, 90, 120))), self._said("words")
        return self._by(
            Role.STREET_DISPATCHER, case if called else None, lambda one: Whistle(one.id, called[0], note, there)
        )

    def _override(self, now: datetime) -> ShiftAction | None:
        late = (task for task in self._watch.tasks.values() if task.due and task.due < now and task.ended_at is None)
        cases = (self._watch.cases.get(task.case) for task in late)
        case = self._one(case for case in cases if case and case.open_tasks and case.stage in WITH_HOLDER)
        return self._by(Role.COORDINATOR, case, lambda one: OverrideTasks(one.id, "逾期未办，主办先行反馈。"))

    def _course(self, case: Case | None, now: datetime) -> tuple[list[str], list[str]]:
        """Returns the bodies that might lead the case, and those that might help; the same ones whenever asked."""
        if case is None or case.kind is None:
            return [], []
        course = self._coordination.course(case.kind, case.grid or "", now, random.Random(case.id))
        return [*reversed(course.leads)], list(course.helpers)

    def _said(self, table: str) -> str:
        return self._coordination.said(table, self._chance)

    def _cases(self, stage: Stage) -> list[Case]:
        """Returns the cases at `stage` that no visitor acted on, and for which no application is open."""
        cases = (one for one in self._watch.cases.values() if one.stage is stage and one.application is None)
        return [one for one in cases if not self._watch.was_changed_by_visitor(one)]

    def _one(self, cases: Iterator[Case] | Sequence[Case]) -> Case | None:
        found = list(cases)
        return self._chance.choice(found) if found else None

    def _task(self, now: datetime, kind: TaskKind, state: TaskState) -> Task | None:
        """Returns one of the sub-tasks that have waited for a while for a body with an account."""
        waiting = (one for one in self._watch.tasks.values() if (one.kind, one.state) == (kind, state))
        ripe = [one for one in waiting if one.ended_at is None and one.asked_at < now - _WAITED]
        seated = [one for one in ripe if one.holder in self._holders and one.case in self._watch.cases]
        return self._chance.choice(seated) if seated else None

    def _of_task(self, task: Task | None, make: Callable[[Task], Command]) -> ShiftAction | None:
        return None if task is None else self._own(task.holder, make(task))

    def _own(self, holder: str | None, command: Command | None) -> ShiftAction | None:
        """Returns the command given by the account of `holder`, unless a visitor sits there."""
        by = self._holders.get(holder or "")
        if by is None or command is None or self._watch.was_used_by_visitor(by.user):
            return None
        return by, self._watch.planned(command)

    def _by(self, role: Role, case: Case | None, make: Callable[[Case], Command]) -> ShiftAction | None:
        fit = [one for one in self._staff if case and one.role == role and one.street in (None, case.street)]
        return (self._chance.choice(fit), self._watch.planned(make(case))) if case and fit else None

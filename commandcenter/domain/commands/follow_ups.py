"""What else follows when a case changes: crews are released, and sub-tasks are kept, cancelled or ended."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from commandcenter.domain.cases import ENDED, WITH_HOLDER, Case, Tier
from commandcenter.domain.commands.releasing import releases
from commandcenter.domain.commands.task_changes import TaskCancelled, TaskEnded, TaskKept
from commandcenter.domain.decisions import Fact, View
from commandcenter.domain.fields import records_of
from commandcenter.domain.people import Person
from commandcenter.domain.records import KIND_OF
from commandcenter.domain.tasks import CaseTask, Task, TaskKind, task_id

_CASE = KIND_OF[Case].name


def completed(view: View, facts: tuple[Fact, ...], by: Person, at: datetime) -> tuple[Fact, ...]:
    """Returns `facts` and those that follow from what becomes of their cases."""
    named = dict.fromkeys(ref for fact in facts for ref in records_of(fact) if ref[0] == _CASE)
    changes = ((view.find(*ref), [fact for fact in facts if ref in records_of(fact)]) for ref in named)
    more = (one for before, own in changes if isinstance(before, Case) for one in _after(view, before, own, by, at))
    return (*facts, *more)


def _after(view: View, before: Case, facts: list[Fact], by: Person, at: datetime) -> Iterator[Fact]:
    after: Any = before
    for fact in facts:
        after = fact.evolve(after)
    if before.crews and _ends_work(before, after):
        yield from releases(view, before, by, at)
    for task in after.tasks:
        found = view.find("task", task_id(after.id, task.holder, task.kind))
        if isinstance(found, Task):
            yield from _of_task(before, after, task, found, by.user, at)


def _ends_work(before: Case, after: Case) -> bool:
    """Whether the work of its holder on the case has ended, and so that of the crews sent to it."""
    return before.stage in WITH_HOLDER and (after.stage not in WITH_HOLDER or after.responsible != before.responsible)


def _of_task(before: Case, after: Case, named: CaseTask, task: Task, user: str, at: datetime) -> Iterator[Fact]:
    if after.stage in ENDED:
        yield TaskEnded(task.id, user, at)
    elif _is_idle(before, after, named):
        yield TaskCancelled(after.id, task.id, user, at)
    elif after.responsible != task.lead:
        yield TaskKept(task.id, user, at, after.responsible)


def _is_idle(before: Case, after: Case, task: CaseTask) -> bool:
    """Whether nobody needs the sub-task: its body leads now, the work is done, or the district gave the case away."""
    if task.kind is TaskKind.WHISTLE:
        return task.is_open and after.stage not in WITH_HOLDER
    has_left = before.tier is Tier.DISTRICT is not after.tier
    return task.holder == after.responsible or (has_left and task.is_open)

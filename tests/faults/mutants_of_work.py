"""Mutants of orders and sub-tasks: a crew, a case and what was asked of others no longer agree."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import follow_ups
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.leading import LeadSet
from commandcenter.domain.commands.orders import OrderAccepted
from commandcenter.domain.commands.releasing import at_work
from commandcenter.domain.commands.settling import Report
from commandcenter.domain.commands.task_changes import TaskCancelled
from commandcenter.server.streaming import snapshots

Patches = tuple[tuple[Any, str, Any], ...]


def _two_jobs() -> Patches:
    def taken(self: OrderAccepted, record: Any) -> Any:
        if isinstance(record, Case):
            return changed(record)
        both = tuple(at_work(one) if one.case == self.case else one for one in record.assignments)
        return replace(record, rev=record.rev + 1, assignments=both)

    return ((OrderAccepted, "evolve", taken),)


def _crews_stay() -> Patches:
    return ((follow_ups, "releases", lambda *given: ()),)


def _cancelled_stays() -> Patches:
    real = TaskCancelled.evolve

    def kept(self: TaskCancelled, record: Any) -> Any:
        return changed(record) if isinstance(record, Case) else real(self, record)

    return ((TaskCancelled, "evolve", kept),)


def _tasks_lost() -> Patches:
    real = LeadSet.evolve
    return ((LeadSet, "evolve", lambda self, case: replace(real(self, case), tasks=())),)


def _open_tasks_allowed() -> Patches:
    others = tuple(one for one in Report.rule.where if one.__name__ != "refuse_if_open_tasks")
    return ((Report, "rule", replace(Report.rule, where=others)),)


def _ended_in_digest() -> Patches:
    return ((snapshots, "_stays", lambda since: iter(())),)


OF_WORK: dict[str, Callable[[], Patches]] = {
    "crew with two jobs": _two_jobs,
    "a case that ends keeps its crews": _crews_stay,
    "cancelled sub-task reported": _cancelled_stays,
    "sub-task lost on change of lead": _tasks_lost,
    "a lead reports over open sub-tasks": _open_tasks_allowed,
    "ended sub-tasks in the digest": _ended_in_digest,
}

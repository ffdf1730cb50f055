"""Texts of facts about leads and sub-tasks in the timeline: each names the body that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from commandcenter.domain.commands.leading import LeadRefused, LeadSet
from commandcenter.domain.commands.task_changes import (
    TaskAccepted,
    TaskAsked,
    TaskCancelled,
    TaskRefused,
    TaskReported,
)
from commandcenter.domain.facts import name_of
from commandcenter.domain.tasks import Task, TaskKind
from ui.kit import records
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.store.board import Board


def _told(board: Board, what: Words, body: str | None, *more: object) -> Words:
    """Returns what was done, the body, and the texts among `more` that are not blank."""
    if body:
        what = phrase("{what} {who}", what=what, who=names.holder_name(board, body, short=True))
    notes = " ".join(filter(None, map(str, more)))
    return phrase("{what}：{note}", what=what, note=notes) if notes else what


def _set(board: Board, fact: LeadSet) -> Words:
    return _told(board, term("fact", name_of(fact)), fact.to, fact.note)


def _refused(board: Board, fact: LeadRefused) -> Words:
    return _told(board, term("fact", name_of(fact)), fact.holder, term("objection", fact.objection), fact.reason)


def _asked(board: Board, fact: TaskAsked) -> Words:
    is_whistle = fact.kind is TaskKind.WHISTLE
    what = term("task_kind", fact.kind, short=True) if is_whistle else term("fact", name_of(fact))
    return _told(board, what, fact.holder, fact.note)


def _of_task(board: Board, fact: TaskAccepted | TaskReported | TaskRefused | TaskCancelled) -> Words:
    """Returns a later fact of a sub-task; one that the board no longer holds is not named."""
    task = records.find(board, Task, fact.task)
    has_come = isinstance(fact, TaskReported) and task is not None and task.kind is TaskKind.WHISTLE
    what = term("command", "arrive") if has_come else term("fact", name_of(fact))
    why = term("objection", fact.objection) if isinstance(fact, TaskRefused) else ""
    said = getattr(fact, "finding", "") or getattr(fact, "reason", "")
    return _told(board, what, task.holder if task is not None else None, why, said)


LEAD_FACTS: Mapping[type, Callable[[Board, Any], Words]] = {
    LeadSet: _set,
    LeadRefused: _refused,
    TaskAsked: _asked,
    **dict.fromkeys((TaskAccepted, TaskReported, TaskRefused, TaskCancelled), _of_task),
}

"""What the shift does with leads and sub-tasks: each step is given by who may, on what waits for it."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commandcenter.demonstration import shift_leads
from commandcenter.demonstration.shift_leads import LeadActions
from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import name_of
from commandcenter.domain.people import Role, Scope
from commandcenter.domain.tasks import CaseTask, Task, TaskKind, TaskState, task_id
from commandcenter.simulation import reference
from commandcenter.simulation.coordination import Coordination
from commandcenter.sync.demo_accounts import DemoAccount
from resources import path

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
DATA = reference.read(path("demo"))
USUAL = {row["id"]: row["department"] for row in DATA.kind_data["kind"]}


def staff() -> list[DemoAccount]:
    people = [
        ("coordinator", Role.COORDINATOR, Scope("baohe")),
        ("street", Role.STREET_DISPATCHER, Scope("baohe", "s")),
    ]
    people += [(one, Role.DEPARTMENT, Scope("baohe", department=one)) for one in sorted(set(USUAL.values()))]
    return [DemoAccount(user, "a password", role.value, scope) for user, role, scope in people]


def a_case(key: str, stage: Stage, tier: Tier, **more: Any) -> Case:
    return replace(
        Case(key, 1, stage, tier, "h12345", NOW - timedelta(hours=2), kind="h0101", street="s", grid="g"), **more
    )


def a_task(case: str, kind: TaskKind, state: TaskState, **more: Any) -> Task:
    key = task_id(case, "d-urban", kind)
    asked = NOW - timedelta(hours=1)
    return replace(Task(key, 1, case, kind, "d-urban", state, "s", "d-police", asked), **more)


def done_with(monkeypatch: pytest.MonkeyPatch, records: list[Any], way: str) -> Callable[[], set[tuple[str, str]]]:
    """Returns what gives (who, command) of all that is done in many turns, when only `way` happens."""
    watch = ShiftView(set())
    for one in records:
        (watch.cases if isinstance(one, Case) else watch.tasks)[one.id] = one
    monkeypatch.setattr(shift_leads, "_PACE", dict.fromkeys(shift_leads._PACE, 0.0) | {way: 1.0})
    actions = LeadActions(watch, staff(), Coordination(DATA.lead_data, USUAL, seed=1), random.Random(5))

    def play() -> set[tuple[str, str]]:
        given = [action for _ in range(40) for action in actions.next(NOW, share=1.0)]
        return {(by.user, name_of(planned.command)) for by, planned in given}

    return play


WAITING = [a_case(f"w{n}", Stage.FILED, Tier.DISTRICT) for n in range(6)]
LED = a_case("led", Stage.HANDLING, Tier.DISTRICT, responsible="d-police")
OPEN = (CaseTask("d-urban", TaskKind.CO_HANDLING, TaskState.WAITING),)


@pytest.mark.parametrize(
    ("way", "records", "done"),
    [
        ("escalate", [a_case("c", Stage.FILED, Tier.STREET)], {("street", "escalate")}),
        ("escalate", [a_case("c", Stage.FILED, Tier.DISTRICT)], set()),
        ("lead", WAITING, {("coordinator", "set_lead")}),
        ("lead", WAITING[:4], set()),  # left for a visitor
        ("accept", [LED, a_task("led", TaskKind.CO_HANDLING, TaskState.WAITING)], {("d-urban", "accept_task")}),
        ("accept", [LED, a_task("led", TaskKind.CO_HANDLING, TaskState.WAITING, asked_at=NOW)], set()),
        ("report", [LED, a_task("led", TaskKind.CO_HANDLING, TaskState.WORKING)], {("d-urban", "report_task")}),
        ("report", [LED, a_task("led", TaskKind.CO_HANDLING, TaskState.WORKING, ended_at=NOW)], set()),
        ("arrive", [LED, a_task("led", TaskKind.WHISTLE, TaskState.WAITING)], {("d-urban", "arrive")}),
        (
            "object",
            [replace(LED, stage=Stage.DISPATCHED), a_task("led", TaskKind.CO_HANDLING, TaskState.WAITING)],
            {("d-police", "refuse_lead"), ("d-urban", "refuse_task")},
        ),
        ("whistle", [a_case("c", Stage.HANDLING, Tier.STREET, responsible="u")], {("street", "whistle")}),
        (
            "override",
            [replace(LED, tasks=OPEN), a_task("led", TaskKind.CO_HANDLING, TaskState.WAITING, due=NOW - timedelta(1))],
            {("coordinator", "override_tasks")},
        ),
        ("override", [LED, a_task("led", TaskKind.CO_HANDLING, TaskState.WAITING, due=NOW - timedelta(1))], set()),
    ],
)
def test_each_step_is_given_by_who_may_when_it_is_due(
    monkeypatch: pytest.MonkeyPatch, way: str, records: list[Any], done: set[tuple[str, str]]
) -> None:
    assert done_with(monkeypatch, records, way)() == done


def test_nobody_is_asked_to_help_twice_nor_to_help_oneself(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [a_case(f"c{n}", Stage.HANDLING, Tier.DISTRICT, responsible="d-police") for n in range(20)]
    assert done_with(monkeypatch, list(cases), "ask")() == {("coordinator", "add_co_handler")}
    every = tuple(CaseTask(one, TaskKind.CO_HANDLING, TaskState.WORKING) for one in set(USUAL.values()))
    assert done_with(monkeypatch, [replace(one, tasks=every) for one in cases], "ask")() == set()

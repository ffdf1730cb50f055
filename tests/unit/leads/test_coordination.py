"""In which column of the board a case stands: one, whatever its stage and whatever its co-handlers do."""

from itertools import product

import pytest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.tasks import CaseTask, Objection, TaskKind, TaskState
from tests.kit import coordinated, hall
from ui.leads.coordination import Coordination, coordination, is_in_conflict, objections, whistles

HELP, WHISTLE = TaskKind.CO_HANDLING, TaskKind.WHISTLE


def case(stage: str, *tasks: tuple[TaskKind, str]) -> Case:
    named = tuple(CaseTask(f"d-{at}", kind, TaskState(state)) for at, (kind, state) in enumerate(tasks))
    return hall.case(1, tier=Tier.DISTRICT, stage=Stage(stage), tasks=named)


@pytest.mark.parametrize(
    ("stage", "tasks", "column"),
    [
        ("received", (), "unled"),
        ("filed", (), "unled"),
        ("filed", ((HELP, "waiting"),), "unled"),  # asked to help before anybody leads
        ("dispatched", (), "offered"),
        ("dispatched", ((HELP, "working"),), "offered"),
        ("handling", (), "working"),
        ("handling", ((HELP, "reported"),), "working"),
        ("handling", ((HELP, "refused"),), "working"),
        ("handling", ((WHISTLE, "waiting"),), "working"),  # a whistle keeps no lead from reporting
        ("handling", ((HELP, "waiting"),), "helpers"),
        ("handling", ((HELP, "reported"), (HELP, "working")), "helpers"),
        ("reported", (), "to_check"),
        ("reported", ((HELP, "reported"),), "to_check"),
        ("closed", (), "ended"),
        ("merged", ((HELP, "working"),), "ended"),
        ("void", (), "ended"),
    ],
)
def test_each_case_stands_in_one_column(stage: str, tasks: tuple[tuple[TaskKind, str], ...], column: str) -> None:
    assert coordination(case(stage, *tasks)) == column


def judged(stage: str, tasks: list[tuple[TaskKind, str]]) -> str:
    """The columns as a coordinator tells them: what keeps the case from going on?"""
    if stage in ("closed", "merged", "void"):
        return "ended"
    if stage == "reported":
        return "to_check"
    if stage in ("received", "filed"):
        return "unled"
    if stage == "dispatched":
        return "offered"
    held_up = [state for kind, state in tasks if kind == "co_handling" and state not in ("reported", "refused")]
    return "helpers" if held_up else "working"


def test_no_combination_of_stage_and_sub_tasks_falls_between_the_columns() -> None:
    one = [(kind, state) for kind in TaskKind for state in ("waiting", "working", "reported", "refused")]
    for stage, first, second in product([stage.value for stage in Stage], one, one):
        told = coordination(case(stage, first, second))
        assert told == judged(stage, [first, second]), (stage, first, second)


def test_the_columns_stand_in_the_order_in_which_a_case_goes_through_them() -> None:
    assert list(Coordination) == ["unled", "offered", "working", "helpers", "to_check", "ended"]


def test_a_conflict_is_an_objection_that_nobody_has_settled() -> None:
    plain, objecting = case("handling", (HELP, "working")), case("handling", (HELP, "refused"), (WHISTLE, "refused"))
    assert (is_in_conflict(plain), objections(plain)) == (False, 0)
    assert (is_in_conflict(objecting), objections(objecting)) == (True, 2)
    refused = coordinated.refused(coordinated.waiting(2), coordinated.HOUSING, Objection.NO_POWER)
    assert (is_in_conflict(refused), objections(refused)) == (True, 1)
    ended = case("closed", (HELP, "refused"))
    assert (is_in_conflict(ended), objections(ended)) == (False, 1)


def test_a_whistle_that_was_refused_calls_nobody() -> None:
    found = whistles(case("handling", (WHISTLE, "waiting"), (HELP, "waiting"), (WHISTLE, "refused")))
    assert [one.holder for one in found] == ["d-0"]

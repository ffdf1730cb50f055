"""How the line says a command is read as the same again, but for its texts: for every verb, and what a mouse does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import STEPS, Command, Dispatch
from commandcenter.domain.commands.co_handling import AddCoHandler
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.commands.leading import SetLead
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.commands.queueing import Reorder
from commandcenter.domain.fields import Chosen, Moment, OneOf, Text, marked
from tests.kit import coordinated, hall
from tests.kit.crews import assigned
from tests.kit.fake_desk import FakeDesk
from tests.kit.street_crews import crew
from ui.actions.command_preview import CommandPreview
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.kit.command_line.saying import line_of

CASE, OTHER_DAY = hall.case(421), "包河-20261123-00421"
ENDED = hall.case(77, stage=Stage.CLOSED, ended_at=hall.NOW)
FREE, SECOND = crew(1), crew(2)
BUSY = crew(3, **assigned("elsewhere", holder="s03-urban", street="s03"))
LATER = (hall.NOW + timedelta(hours=3)).replace(second=0)
CHOSEN = {"holder": ("d-housing", "s05-police", "t-s02-g07"), "crew": (FREE.id, SECOND.id)}


@pytest.fixture(autouse=True)
def hall_of_crews(desk: FakeDesk) -> None:
    same_end = replace(hall.case(500), number=OTHER_DAY)
    desk.board.apply((*coordinated.departments(), same_end, ENDED, FREE, SECOND, BUSY))


def read(seat: UiContext, actions: Actions, line: str) -> list[Command]:
    """Returns the commands that follow from a line, at a seat where no case is chosen."""
    preview = CommandPreview(seat, actions, lambda case: "soon")
    found = preview.grammar().read(line)
    assert found.is_complete, (line, found.missing, found.unknown)
    made = ((actions[clause.verb.id].make, clause) for clause in found.clauses)
    return [command for make, clause in made if make is not None for command in make(clause)]


def filled(name: str, at: int) -> Command:
    """Returns the step with all its fields filled: with choice `at` of those that there are."""
    step: Any = STEPS[name]
    chosen = {field: CHOSEN[mark.kind] for field, mark in marked(step, Chosen) if mark.kind in CHOSEN}
    values: dict[str, Any] = {field: keys[at % len(keys)] for field, keys in chosen.items()}
    values |= {field: list(mark.members)[at] for field, mark in marked(step, OneOf)}
    values |= {field: "现场 已围挡" for field, _ in marked(step, Text)}
    values |= {field: LATER for field, _ in marked(step, Moment)}
    is_on_ended = step.rule.stages <= {Stage.CLOSED, Stage.MERGED, Stage.VOID}
    return step(case=ENDED.id if is_on_ended else CASE.id, **values)


def elided(command: Any) -> Any:
    """Returns a command with "…" for the text that is required, and without any other."""
    return replace(command, **{field: "…" if mark.required else "" for field, mark in marked(command, Text)})


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_read_as_it_was_said(seat: UiContext, actions: Actions, name: str, at: int) -> None:
    command = filled(name, at)
    assert read(seat, actions, line_of(seat.desk.board, [command])) == [elided(command)]


@pytest.mark.parametrize(
    ("commands", "line"),
    [
        ([Dispatch(CASE.id, "s03-urban", crew=FREE.id)], "pd 1124-00421 城管一队"),
        ([Dispatch(CASE.id, "s03-police", crew=FREE.id)], "pd 1124-00421 望湖·派出所 城管一队"),
        (
            [Dispatch(CASE.id, "s03-urban", crew=FREE.id), SendCrew(CASE.id, SECOND.id)],
            "pd 1124-00421 城管一队 城管二队",
        ),
        (
            [Dispatch(CASE.id, "s03-urban"), SendCrew(CASE.id, BUSY.id, "人身危险")],
            "pd 1124-00421 城管三队",
        ),
        (
            [Dispatch(CASE.id, "s03-urban"), SendCrew(CASE.id, FREE.id, booked_for=LATER)],
            "pd 1124-00421 城管一队 11-24 18:42",
        ),
        (
            [SetLead(CASE.id, "d-housing"), AddCoHandler(CASE.id, "d-labour"), AddCoHandler(CASE.id, "d-data")],
            "zb 1124-00421 区住建局 xb 区人社局 区数据资源局",
        ),
        (
            [AddCoHandler(CASE.id, "d-labour", "带仪器"), AddCoHandler(CASE.id, "d-data")],
            "xb 1124-00421 区人社局 区数据资源局",
        ),
        ([Dispatch(CASE.id, "s03-urban", "堵路 15:00 pd")], "pd 1124-00421 望湖·城管"),
        ([SendCrew(CASE.id, FREE.id, "堵路 15:00 pd")], "du 1124-00421 城管一队"),
        ([Recall(CASE.id, "堵路 15:00 pd")], "ch 1124-00421 …"),
        ([Recall(CASE.id, "派错"), Recall(hall.case(422).id, "派错")], None),  # a reason runs to the end of the line
    ],
)
def test_what_is_given_together_is_one_line(
    seat: UiContext, actions: Actions, commands: Sequence[Command], line: str | None
) -> None:
    said = line_of(seat.desk.board, commands)
    if line is None:
        assert read(seat, actions, said) != list(map(elided, commands))
    else:
        assert said == line
        assert read(seat, actions, said) == list(map(elided, commands))


def test_what_has_no_short_form_or_no_number_yet_has_no_line(seat: UiContext, desk: FakeDesk) -> None:
    assert line_of(desk.board, [Reorder(CASE.id)]) == ""
    desk.board.apply([replace(hall.case(600), number=None)])
    assert line_of(desk.board, [Dispatch(hall.case(600).id, "s03-urban")]) == ""
    assert line_of(desk.board, []) == ""

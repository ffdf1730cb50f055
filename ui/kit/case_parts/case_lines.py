"""Facts of a case as labelled lines, as every room that shows a case says them."""

from datetime import datetime

from commandcenter.domain.cases import Case, Tier
from commandcenter.domain.tasks import CaseTask, Task, task_id
from commandcenter.domain.teams import AssignmentState, Crew
from commandcenter.store.board import Board
from commandcenter.store.touched import Touched
from ui.kit import records
from ui.kit.labels.facts import Fact
from ui.kit.texts import names
from ui.kit.texts.crews import crew_name
from ui.kit.texts.district_time import moment
from ui.kit.texts.words import Words, phrase, term


def place_line(case: Case, *, strong: bool = False) -> Fact:
    """Returns where the case is."""
    return Fact(phrase("地点"), names.place(case), strong=strong)


def petition_line(case: Case) -> Fact:
    """Returns what the petitioner wants."""
    return Fact(phrase("诉求"), names.petition(case))


def crew_lines(board: Board, case: Case) -> list[Fact]:
    """Returns the crews that were sent to the case, each with what it does: nothing where none is known."""
    crews = [crew for sent in case.crews if (crew := records.find(board, Crew, sent.crew)) is not None]
    told = " · ".join(f"{crew_name(board, crew)} {_doing(crew, case)}" for crew in crews)
    return [Fact(phrase("队组"), told)] if crews else []


def holder_line(board: Board, case: Case) -> Fact:
    """Returns who is responsible for the case: at the tier of the district its lead."""
    label = phrase("主办") if case.tier is Tier.DISTRICT else phrase("承办")
    said = names.holder_with_phone(board, case.responsible) if case.responsible else phrase("还没有")
    return Fact(label, said)


def objection_lines(board: Board, case: Case) -> list[Fact]:
    """Returns who refused to lead the case last, and why; nothing once somebody leads it."""
    found = case.objection
    if found is None:
        return []
    said = (names.holder_name(board, found.holder, short=True), str(term("objection", found.code)), found.reason)
    return [Fact(phrase("主办异议"), " · ".join(filter(None, said)), tone="vio")]


def task_lines(board: Board, case: Case, now: datetime, *, but: str | None = None) -> list[Fact]:
    """Returns the sub-tasks of the case, each with its state, its moment, and what was reported or objected.

    Those of the body `but` are left out.
    """
    others = (one for one in case.tasks if one.holder != but)
    return [Fact(term("task_kind", one.kind, short=True), _task(board, case, one, now)) for one in others]


def task_texts(task: Task) -> list[tuple[Words, Words]]:
    """Returns what a sub-task was asked for, what was reported, and why it was refused, each with its label."""
    told: list[tuple[Words, Words]] = [(phrase("附言"), task.note)] if task.note else []
    if task.finding:
        told.append((phrase("反馈"), task.finding))
    if task.objection is not None:
        told.append((phrase("异议"), phrase("{why} {text}", why=term("objection", task.objection), text=task.reason)))
    return told


def _task(board: Board, case: Case, named: CaseTask, now: datetime) -> Words:
    body = names.holder_name(board, named.holder, short=True)
    task = records.find(board, Task, task_id(case.id, named.holder, named.kind))
    parts: list[Words] = [phrase("{body} {state}", body=body, state=term("task", named.state))]
    if task is not None and task.due is not None and named.is_open:
        parts.append(phrase("限 {at}", at=moment(board, task.due, now)))
    if task is not None and not named.is_open:
        parts += [text for _, text in task_texts(task)]
    return " · ".join(str(part).strip() for part in parts)


def _doing(crew: Crew, case: Case) -> str:
    state = next((one.state for one in crew.assignments if one.case == case.id), AssignmentState.PAUSED)
    return str(term("status", crew.status) if state is AssignmentState.CURRENT else term("assignment", state))


def shows(touched: Touched, case: Case) -> bool:
    """Returns whether the case, a crew that was sent to it, or a sub-task of it, may look different now."""
    parts = [("crew", sent.crew) for sent in case.crews]
    parts += [("task", task_id(case.id, one.holder, one.kind)) for one in case.tasks]
    return touched.concerns("case", case.id) or any(touched.concerns(*part) for part in parts)


def finding_lines(case: Case) -> list[Fact]:
    """Returns what the holder found, once it reported."""
    return [Fact(phrase("反馈"), case.finding)] if case.finding else []

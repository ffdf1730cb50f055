"""The inbox as a table of one column: grouped by what is to be done, the least time left first."""

from collections.abc import Callable
from datetime import datetime, tzinfo

import numpy as np

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.lights import Light
from commandcenter.domain.tasks import Task, TaskState
from commandcenter.store.board import Board
from commandcenter.store.columns import OVERDUE, SOON, CaseColumns
from ui.kit import records
from ui.kit.tables.columns import Array, Column, Grouping
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.kit.texts.words import say, word
from ui.unit.own_parts import OwnParts

TO_ACCEPT, WORKING, RETURNING, DONE, KNOWN, AWAY = range(6)
TABS = ("all", "due", "returns", "done", "known")


def headings() -> tuple[str, ...]:
    """Returns the texts of the headings, in order."""
    return (say("待签收"), say("在办"), say("退回待答"), say("今日办结"), say("知悉"))


def inbox_column(board: Board, parts: OwnParts) -> Column:
    """Returns the one column; its cells are painted by InboxDelegate."""
    return Column(
        key="case",
        title="待办",
        width=200,
        takes_slack=True,
        text=lambda slot: row_text(board, slot),
        ticking=lambda slot: None if (case := records.case_at(board, slot)) is None else parts.standing(case),
        order=parts.urgency,
    )


def inbox_groups(board: Board, today: Callable[[], float], parts: OwnParts) -> Grouping:
    """Returns the grouping by what the seat has to do; `today` returns midnight as seconds since 1970."""

    def codes(_now: float) -> Array:
        return to_do(board.cases, today(), parts)

    return Grouping(key="to_do", codes=codes, name=lambda place: headings()[place])


def to_do(cases: CaseColumns, midnight: float, parts: OwnParts) -> Array:
    """Returns int64[n]: each slot as TO_ACCEPT, WORKING, RETURNING, DONE (reported since midnight) or else AWAY.

    Open cases that are not with the body of the seat are KNOWN, unless it has a sub-task of its own there.
    """
    codes = np.full(cases.size, AWAY, np.int64)
    codes[cases.at_stage(Stage.DISPATCHED)] = TO_ACCEPT
    codes[cases.at_stage(Stage.HANDLING)] = WORKING
    codes[cases["applied"] & (codes != AWAY)] = RETURNING
    codes[(codes == AWAY) & (cases["reported_at"] >= midnight)] = DONE
    mine = cases.codes["responsible"].known(parts.body or "")
    others = cases["responsible"] != (-1 if mine is None else mine)
    codes[others] = np.where(cases.is_open[others], KNOWN, AWAY)
    for slot, _, task in parts.by_slot():
        codes[slot] = _of_part(task, midnight)
    return codes


def _of_part(task: Task, midnight: float) -> int:
    if task.done_at is not None:
        return DONE if task.done_at.timestamp() >= midnight else AWAY
    return TO_ACCEPT if task.state is TaskState.WAITING else WORKING


def keep(cases: CaseColumns, tab: str, midnight: float, now: float, parts: OwnParts) -> Array:
    """Returns bool[n]: which slots a tab shows to the seat."""
    codes = to_do(cases, midnight, parts)
    if tab == "due":
        return _is_pressing(cases, now, parts) & (codes <= RETURNING)
    return {"returns": codes == RETURNING, "done": codes == DONE, "known": codes == KNOWN}.get(tab, codes <= DONE)


def _is_pressing(cases: CaseColumns, now: float, parts: OwnParts) -> Array:
    """Returns bool[n]: which slots are nearly due or overdue, by the own sub-task where there is one."""
    pressing = np.isin(cases.lights(now), (SOON, OVERDUE))
    for slot, case, _ in parts.by_slot():
        pressing[slot] = parts.standing(case).light in (Light.SOON, Light.OVERDUE)
    return pressing


def counts(cases: CaseColumns, midnight: float, now: float, parts: OwnParts) -> dict[str, int]:
    """Returns how many cases each tab has for the seat; "all" counts only what is still to be done."""
    alive, codes = cases["alive"], to_do(cases, midnight, parts)
    found = {tab: int(np.count_nonzero(alive & keep(cases, tab, midnight, now, parts))) for tab in TABS}
    return found | {"all": int(np.count_nonzero(alive & (codes <= RETURNING)))}


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """Returns the beginning of the day of `now` in `zone`."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def row_text(board: Board, slot: int) -> str:
    """Returns a row as read aloud; "" without a case."""
    case = records.case_at(board, slot)
    return " ".join(filter(None, (names.heading(board, case), reminder(case), called(case.place)))) if case else ""


def reminder(case: Case) -> str:
    """Returns the word for a reminder of a case that is still to be settled; "" without one."""
    return word("command", "urge") if case.urged_at is not None and case.stage in WITH_HOLDER else ""

"""Facts of a case as labelled lines, as every room that shows a case says them."""

from commandcenter.domain.cases import Case
from commandcenter.domain.teams import AssignmentState, Crew
from commandcenter.store.board import Board
from commandcenter.store.touched import Touched
from ui.kit import records
from ui.kit.labels.facts import Fact
from ui.kit.texts import names
from ui.kit.texts.words import phrase, term


def place_line(case: Case, *, strong: bool = False) -> Fact:
    """Returns where the case is."""
    return Fact(phrase("地点"), names.place(case), strong=strong)


def petition_line(case: Case) -> Fact:
    """Returns what the petitioner wants."""
    return Fact(phrase("诉求"), names.petition(case))


def crew_lines(board: Board, case: Case) -> list[Fact]:
    """Returns the crews that were sent to the case, each with what it does: nothing where none is known."""
    crews = [crew for sent in case.crews if (crew := records.find(board, Crew, sent.crew)) is not None]
    told = " · ".join(f"{crew.name} {_doing(crew, case)}" for crew in crews)
    return [Fact(phrase("队组"), told)] if crews else []


def _doing(crew: Crew, case: Case) -> str:
    state = next((one.state for one in crew.assignments if one.case == case.id), AssignmentState.PAUSED)
    return str(term("status", crew.status) if state is AssignmentState.CURRENT else term("assignment", state))


def shows(touched: Touched, case: Case) -> bool:
    """Returns whether the case, or a crew that was sent to it, may look different now."""
    return touched.concerns("case", case.id) or any(touched.concerns("crew", sent.crew) for sent in case.crews)


def finding_lines(case: Case) -> list[Fact]:
    """Returns what the holder found, once it reported."""
    return [Fact(phrase("反馈"), case.finding)] if case.finding else []

"""The commands that follow from one command of a line: one for each target, in the order in which they were typed."""

from datetime import datetime

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, Dispatch
from commandcenter.domain.commands.crew_dispatch import crew_commands
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.rosters import Roster
from commandcenter.domain.teams import Crew
from commandcenter.domain.text import snake_case
from ui.actions.context import UiContext
from ui.cases.answers import Answers, step_command
from ui.kit import records
from ui.kit.command_line.parts import Clause
from ui.kit.texts import names
from ui.kit.texts.moments import read_moment

DISPATCH = snake_case(Dispatch.__name__)
ALSO = {DISPATCH: (snake_case(SendCrew.__name__),)}  # by verb the other commands that its line may become


def commands_of(seat: UiContext, name: str, clause: Clause) -> tuple[Command, ...]:
    """Returns the commands of the verb of the step `name` as it was typed in full."""
    board = seat.desk.board
    moment = read_moment(clause.moment, seat.desk.now(), names.zone(board)) if clause.moment else None
    case = records.find(board, Case, clause.case)
    crews = [crew for one in clause.targets if (crew := records.find(board, Crew, one.id)) is not None]
    if name == DISPATCH and crews and case is not None:
        at = seat.desk.now()
        rosters = (records.find(board, Roster, crew.id) for crew in crews)
        is_off = any(roster is not None and roster.is_off(at) for roster in rosters)
        return _sent(case, crews, clause, moment, for_a_reason=is_off)
    if name == DISPATCH and clause.moment:  # a case is dispatched at once: the moment is part of what is said
        clause_text = f"{clause.moment} {clause.text}".strip()
        return _steps(name, clause, clause_text, None)
    return _steps(name, clause, clause.text, moment)


def _steps(name: str, clause: Clause, text: str, moment: datetime | None) -> tuple[Command, ...]:
    chosen = [target.id for target in clause.targets] or [""]
    return tuple(step_command(name, clause.case or "", Answers(one, text, moment)) for one in chosen)


def _sent(
    case: Case, crews: list[Crew], clause: Clause, moment: datetime | None, *, for_a_reason: bool
) -> tuple[Command, ...]:
    """Returns what sends the crews, with a dispatch to the body that was named, if one was."""
    crew_ids = {crew.id for crew in crews}
    to = next((one.id for one in clause.targets if one.id not in crew_ids), "")
    return crew_commands(case, crews, to=to, text=clause.text, booked_for=moment, for_a_reason=for_a_reason)

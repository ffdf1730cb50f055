"""Lists the commands of a hall by name; each subject's module declares its commands with the facts that follow."""

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import (
    co_handling,
    crews,
    dispatching,
    filing,
    imports,
    leading,
    lending,
    orders,
    own_tasks,
    queueing,
    references,
    reopening,
    returns,
    settling,
    taking,
    tiers,
    urging,
)
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.crews import LocateCrew
from commandcenter.domain.commands.dispatching import Accept, Dispatch
from commandcenter.domain.commands.filing import File
from commandcenter.domain.commands.imports import Import
from commandcenter.domain.commands.returns import ApplyReturn, ApproveReturn, DenyReturn
from commandcenter.domain.commands.settling import Close, Report
from commandcenter.domain.commands.taking import Take
from commandcenter.domain.decisions import Command
from commandcenter.domain.fields import records_of
from commandcenter.domain.people import Person
from commandcenter.domain.text import snake_case

SUBJECTS = (
    *(taking, filing, dispatching, settling, reopening, returns, tiers, orders, queueing, urging),
    *(leading, co_handling, own_tasks),
    *(imports, crews, lending, references),
)
NAMES: dict[str, type[Command]] = {snake_case(one.__name__): one for subject in SUBJECTS for one in subject.COMMANDS}
STEPS = {name: one for name, one in NAMES.items() if issubclass(one, CaseStep)}


def name_of(command: Command) -> str:
    """Returns the command's name, as messages use it: its class in snake case."""
    return snake_case(type(command).__name__)


def refusal_code(name: str, by: Person, case: Case | None) -> str | None:
    """Returns None when `by` may give the command `name` to `case` now; otherwise the code of the reason."""
    return NAMES[name].rule.refusal_code(by, case)


def next_commands(by: Person, case: Case) -> tuple[str, ...]:
    """Returns the names of the commands that `by` may give to `case` now, in the order in which they are declared."""
    steps = (name for name, command in NAMES.items() if command.rule.stages)
    return tuple(name for name in steps if refusal_code(name, by, case) is None)


__all__ = [
    "NAMES",
    "STEPS",
    "SUBJECTS",
    "Accept",
    "ApplyReturn",
    "ApproveReturn",
    "Close",
    "Command",
    "DenyReturn",
    "Dispatch",
    "File",
    "Import",
    "LocateCrew",
    "Report",
    "Take",
    "name_of",
    "next_commands",
    "records_of",
    "refusal_code",
]

"""What a step of a case asks a person for, and the command that follows from the answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commandcenter.domain.commands import STEPS, Command
from commandcenter.domain.fields import Chosen, Moment, OneOf, Text, asked

CHOICES = (Chosen, OneOf)  # marks of a field that is chosen from a list


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered: the id of what was `chosen`, a `text` and a `moment`; blank where nothing was asked."""

    chosen: str = ""
    text: str = ""
    moment: datetime | None = None


NO_ANSWERS = Answers()


def step_command(name: str, case: str, answers: Answers = NO_ANSWERS) -> Command:
    """Returns the step `name` of `case` with the answers in the fields that are asked for."""
    step: Any = STEPS[name]
    (choice, listed), (text, texted), (moment, timed) = (asked(step, mark) for mark in (CHOICES, Text, Moment))
    values: dict[str, Any] = {}
    if listed is not None and (answers.chosen or listed.required):
        values[choice] = listed.members(answers.chosen) if isinstance(listed, OneOf) else answers.chosen
    if texted is not None and (answers.text or texted.required):
        values[text] = answers.text
    if timed is not None and answers.moment is not None:
        values[moment] = answers.moment
    command: Command = step(case=case, **values)
    return command

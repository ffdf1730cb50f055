"""The steps that a user may give to a case: each asks for what its command declares, then gives it to the desk."""

from __future__ import annotations

from typing import Any

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import STEPS, Command, name_of
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Chosen, Text, marked
from ui.cases.chooser import ask_holder
from ui.cases.words import act_words, refused_words
from ui.kit import dialogs
from ui.kit.forms.typing import too_long
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import phrase, say, term

CHOOSERS = {"holder": ask_holder}  # by the kind of record that a field names


async def act(hall: SeatContext, case: Case, name: str) -> None:
    """Gives the step `name` to `case`, after asking for its holder, its text or a confirmation, as it declares."""
    code = hall.desk.why_not(name, case)
    if code is not None:  # before the user has entered something
        hall.tell(refused_words(name, Refused(code)), "bad")
        return
    step = STEPS[name]
    chosen = next((mark for _, mark in marked(step, Chosen) if mark.required), None)
    if chosen is not None:
        await _with_choice(hall, case, name, chosen.kind)
    elif any(text.required for _, text in marked(step, Text)):
        await _with_text(hall, case, name)
    elif not step.entry.confirmed or await _confirmed(hall, case, name):
        await give_command(hall, case, step_command(name, case.id))


def step_command(name: str, case: str, *, chosen: str = "", text: str = "") -> Command:
    """Returns the step `name` of `case` with the `chosen` record and the `text` in the fields that it declares."""
    step: Any = STEPS[name]
    fields = {field: chosen for field, mark in marked(step, Chosen) if mark.required}
    command: Command = step(case=case, **fields, **dict.fromkeys((field for field, _ in marked(step, Text)), text))
    return command


async def give_command(hall: SeatContext, case: Case, command: Command) -> bool:
    """Gives one command and notifies the user of the result; returns False when it was refused."""
    name = name_of(command)
    done = await hall.desk.do(command)
    if isinstance(done, Refused):
        hall.tell(refused_words(name, done), "bad")
        return False
    hall.tell_act(done, act_words(case, name))
    return True


async def _with_choice(hall: SeatContext, case: Case, name: str, kind: str) -> None:
    answer = await CHOOSERS[kind](hall, case)
    if answer is not None:
        await give_command(hall, case, step_command(name, case.id, chosen=answer.holder, text=answer.note))


async def _with_text(hall: SeatContext, case: Case, name: str) -> None:
    """Asks for a text and gives the command made from it; after a refusal asks again with the same text."""
    called, what = names.title(hall.desk.board, case), term("command", name)
    title = phrase("{what} {number} {kind}", what=what, number=tail(case), kind=called)
    label = term("ask", name)
    said: str | None = ""
    while True:
        said = await dialogs.ask_text(
            hall.window, title=title, label=label, text=said or "", many_lines=True, check=too_long, yes=what
        )
        if said is None or await give_command(hall, case, step_command(name, case.id, text=said)):
            return


async def _confirmed(hall: SeatContext, case: Case, name: str) -> bool:
    what, text = term("command", name), str(term("confirm", name))
    if case.stage is Stage.REPORTED:
        finding = case.finding or say("没有写反馈")
        text = say("反馈：{finding}。", finding=finding.rstrip("。")) + text
    title = phrase("{what} {number}", what=what, number=tail(case))
    return await dialogs.confirm(hall.window, title=title, text=text, yes=what)

"""The steps that a user may give to a case: each asks for what its command declares, then gives it to the desk."""

from __future__ import annotations

from typing import Any

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import STEPS, Command, name_of
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Chosen, Text, asked
from ui.cases.chooser import choose
from ui.cases.words import act_words, refused_words
from ui.kit import dialogs
from ui.kit.forms.typing import too_long
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import phrase, say, term


async def act(context: SeatContext, case: Case, name: str) -> None:
    """Gives the step `name` to `case`, after asking for a record, a text or a confirmation, as it declares."""
    code = context.desk.why_not(name, case)
    if code is not None:  # before the user has entered something
        context.tell(refused_words(name, Refused(code)), "bad")
        return
    step = STEPS[name]
    (_, chosen), (_, text) = asked(step, Chosen), asked(step, Text)
    if chosen is not None and chosen.required:
        await _with_choice(context, case, name, chosen.kind, text)
    elif text is not None and text.required:
        await _with_text(context, case, name)
    elif not step.entry.confirmed or await _confirmed(context, case, name):
        await give_command(context, case, step_command(name, case.id))


def step_command(name: str, case: str, *, chosen: str = "", text: str = "") -> Command:
    """Returns the step `name` of `case` with the `chosen` record and the `text` in the fields that are asked for."""
    step: Any = STEPS[name]
    given = ((asked(step, Chosen), chosen), (asked(step, Text), text))
    values = {field: value for (field, mark), value in given if mark is not None and (value or mark.required)}
    command: Command = step(case=case, **values)
    return command


async def give_command(context: SeatContext, case: Case, command: Command) -> bool:
    """Gives one command and notifies the user of the result; returns False when it was refused."""
    name = name_of(command)
    done = await context.desk.do(command)
    if isinstance(done, Refused):
        context.tell(refused_words(name, done), "bad")
        return False
    context.tell_act(done, act_words(case, name))
    return True


async def _with_choice(context: SeatContext, case: Case, name: str, kind: str, text: Text | None) -> None:
    """Asks for the record of `kind`, with a note or then for the `text`; after a refusal asks again with the note."""

    def may(key: str) -> bool:
        return not isinstance(context.desk.preview(step_command(name, case.id, chosen=key, text="…")), Refused)

    is_noted, note = text is not None and not text.required, ""
    while True:
        choice = await choose(context, case, name, kind=kind, note=note if is_noted else None, may=may)
        if choice is None:
            return
        if text is not None and text.required:
            await _with_text(context, case, name, chosen=choice.id)
            return
        if await give_command(context, case, step_command(name, case.id, chosen=choice.id, text=choice.note)):
            return
        note = choice.note


async def _with_text(context: SeatContext, case: Case, name: str, *, chosen: str = "") -> None:
    """Asks for a text and gives the command made from it; after a refusal asks again with the same text."""
    called, what = names.title(context.desk.board, case), term("command", name)
    title = phrase("{what} {number} {kind}", what=what, number=tail(case), kind=called)
    label = term("ask", name)
    said: str | None = ""
    while True:
        said = await dialogs.ask_text(
            context.window, title=title, label=label, text=said or "", many_lines=True, check=too_long, yes=what
        )
        if said is None or await give_command(context, case, step_command(name, case.id, chosen=chosen, text=said)):
            return


async def _confirmed(context: SeatContext, case: Case, name: str) -> bool:
    what, text = term("command", name), str(term("confirm", name))
    if case.stage is Stage.REPORTED:
        finding = case.finding or say("没有写反馈")
        text = say("反馈：{finding}。", finding=finding.rstrip("。")) + text
    title = phrase("{what} {number}", what=what, number=tail(case))
    return await dialogs.confirm(context.window, title=title, text=text, yes=what)

"""The steps that a user may give to a case: each asks for what its command declares, then gives it to the desk."""

from __future__ import annotations

from datetime import timedelta

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import STEPS, Command, name_of
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Moment, Text, asked
from ui.cases.answers import CHOICES, Answers, step_command
from ui.cases.chooser import choose
from ui.cases.words import act_words, refused_words
from ui.kit import dialogs
from ui.kit.forms.typing import too_long
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import phrase, say, term

_AHEAD = timedelta(hours=1)  # a moment at which a step is tried, before one is said


async def act(context: SeatContext, case: Case, name: str, *, chooses: bool = False) -> None:
    """Gives the step `name` to `case`, after asking for what it declares: choice, moment, text, confirmation.

    What the line of the case offers is given as it stands there, unless the user wants to choose otherwise (`chooses`).
    """
    code = context.desk.why_not(name, case)
    if code is not None:  # before the user has entered something
        context.tell_refusal(case, refused_words(name, Refused(code)))
        return
    offered = () if chooses else context.lines.offered(case.id, name)
    if offered:
        await give_by_hand(context, case, *offered)
        return
    step = STEPS[name]
    (_, choice), (_, text) = asked(step, CHOICES), asked(step, Text)
    if choice is not None and choice.required:
        await _with_choice(context, case, name, choice.kind)
    elif text is not None and text.required:
        await _with_text(context, case, name)
    elif not step.entry.confirmed or await _confirmed(context, case, name):
        await give_by_hand(context, case, step_command(name, case.id))


async def give_by_hand(context: SeatContext, case: Case, *commands: Command) -> bool:
    """Gives commands by button, key, menu or drag, up to the first that is refused, and teaches how they are typed.

    Returns False when one was refused.
    """
    for command in commands:
        if not await give_command(context, case, command):
            return False
    context.teach(commands)
    return True


async def give_command(context: SeatContext, case: Case, command: Command) -> bool:
    """Gives one command and notifies the user of the result; returns False when it was refused."""
    name = name_of(command)
    done = await context.desk.do(command)
    if isinstance(done, Refused):
        context.tell_refusal(case, refused_words(name, done))
        return False
    context.tell_act(done, act_words(case, name))
    return True


def kept_input(context: SeatContext, case: Case, name: str) -> dialogs.KeptInput:
    """Returns what keeps the input for the step `name` of `case`, so that a dialog left by accident loses no text."""
    return dialogs.KeptInput(context.desk.drafts, f"{name}/{case.id}")


async def _with_choice(context: SeatContext, case: Case, name: str, kind: str) -> None:
    """Asks for one of `kind`, with the moment and the text of the step; after a refusal asks again with both."""

    (_, timed) = asked(STEPS[name], Moment)
    moment = context.desk.now() + _AHEAD if timed is not None and timed.required else None

    def may(key: str) -> bool:
        trial = step_command(name, case.id, Answers(key, "…", moment))
        return not isinstance(context.desk.preview(trial), Refused)

    said: Answers | None = Answers()
    kept = kept_input(context, case, name)
    while said is not None:
        said = await choose(context, case, name, kind=kind, said=said, may=may, kept=kept)
        if said is not None and await give_by_hand(context, case, step_command(name, case.id, said)):
            kept.forget()
            return


async def _with_text(context: SeatContext, case: Case, name: str) -> None:
    """Asks for a text and gives the command made from it; after a refusal asks again with the same text."""
    called, what = names.title(context.desk.board, case), term("command", name)
    title = phrase("{what} {number} {kind}", what=what, number=tail(case), kind=called)
    label = term("ask", name)
    said: str | None = ""
    kept = kept_input(context, case, name)
    while said is not None:
        said = await dialogs.ask_text(
            context.window, title=title, label=label, text=said, many_lines=True, check=too_long, yes=what, kept=kept
        )
        if said is not None and await give_by_hand(context, case, step_command(name, case.id, Answers(text=said))):
            kept.forget()
            return


async def _confirmed(context: SeatContext, case: Case, name: str) -> bool:
    what, text = term("command", name), str(term("confirm", name))
    if case.stage is Stage.REPORTED:
        finding = case.finding or say("没有写反馈")
        text = say("反馈：{finding}。", finding=finding.rstrip("。")) + text
    title = phrase("{what} {number}", what=what, number=tail(case))
    return await dialogs.confirm(context.window, title=title, text=text, yes=what)

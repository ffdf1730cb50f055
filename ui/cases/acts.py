"""The commands that a user may give to a case: each asks for its input, then gives one command to the desk."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, name_of
from commandcenter.domain.decisions import Refused
from ui.cases.chooser import ask_holder
from ui.cases.words import act_words, refused_words
from ui.kit import dialogs, names
from ui.kit.numbers import tail
from ui.kit.seat_context import SeatContext
from ui.kit.typing import too_long
from ui.kit.words import Words, phrase, term


async def file(hall: SeatContext, case: Case) -> None:
    """立案 (file): starts the time limit."""
    await give_command(hall, case, wish.File(case.id))


async def dispatch(hall: SeatContext, case: Case) -> None:
    """派遣 (dispatch): asks for the holder and a note."""
    if not _may(hall, case, "dispatch"):
        return
    answer = await ask_holder(hall, case)
    if answer is not None:
        await give_command(hall, case, wish.Dispatch(case.id, to=answer.holder, note=answer.note))


async def accept(hall: SeatContext, case: Case) -> None:
    """签收 (accept)."""
    await give_command(hall, case, wish.Accept(case.id))


async def report(hall: SeatContext, case: Case) -> None:
    """反馈 (report): asks what was found and done."""
    await _ask(hall, case, "report", phrase("查到什么，怎么处置的"), lambda said: wish.Report(case.id, finding=said))


async def apply_return(hall: SeatContext, case: Case) -> None:
    """申请退回 (apply for return): asks for the reason."""
    await _ask(
        hall, case, "apply_return", phrase("为什么不该由本单位办"), lambda said: wish.ApplyReturn(case.id, reason=said)
    )


async def approve_return(hall: SeatContext, case: Case) -> None:
    """同意退回 (approve the return)."""
    await give_command(hall, case, wish.ApproveReturn(case.id))


async def deny_return(hall: SeatContext, case: Case) -> None:
    """不同意退回 (deny the return): asks for the reason, which is shown to the holder."""
    await _ask(
        hall,
        case,
        "deny_return",
        phrase("为什么仍由它办，会告诉对方"),
        lambda said: wish.DenyReturn(case.id, reason=said),
    )


async def close(hall: SeatContext, case: Case) -> None:
    """结案 (close): asks for confirmation, because a closed case cannot be reopened here."""
    if not _may(hall, case, "close"):
        return
    title = phrase("结案 {number}", number=tail(case))
    finding = case.finding or str(phrase("没有写反馈"))
    text = phrase("反馈：{finding}。结案后只供查看。", finding=finding.rstrip("。"))
    if await dialogs.confirm(hall.window, title=title, text=text, yes=phrase("结案")):
        await give_command(hall, case, wish.Close(case.id))


ACTS: dict[str, Callable[[SeatContext, Case], Coroutine[Any, Any, None]]] = {
    "file": file,
    "dispatch": dispatch,
    "accept": accept,
    "report": report,
    "close": close,
    "apply_return": apply_return,
    "approve_return": approve_return,
    "deny_return": deny_return,
}


async def give_command(hall: SeatContext, case: Case, command: Command) -> bool:
    """Gives one command and notifies the user of the result; returns False when it was refused."""
    name = name_of(command)
    done = await hall.desk.do(command)
    if isinstance(done, Refused):
        hall.tell(refused_words(name, done), "bad")
        return False
    hall.tell_act(done, act_words(case, name))
    return True


def _may(hall: SeatContext, case: Case, name: str) -> bool:
    """Reports now a refusal that would otherwise come only after the user has entered something."""
    code = hall.desk.why_not(name, case)
    if code is not None:
        hall.tell(refused_words(name, Refused(code)), "bad")
    return code is None


async def _ask(hall: SeatContext, case: Case, name: str, label: Words, make: Callable[[str], Command]) -> None:
    """Asks for a text and gives the command made from it; after a refusal asks again with the same text."""
    if not _may(hall, case, name):
        return
    called, what = names.title(hall.desk.board, case), term("command", name)
    title = phrase("{what} {number} {kind}", what=what, number=tail(case), kind=called)
    said: str | None = ""
    while True:
        said = await dialogs.ask_text(
            hall.window, title=title, label=label, text=said or "", many_lines=True, check=too_long, yes=what
        )
        if said is None or await give_command(hall, case, make(said)):
            return

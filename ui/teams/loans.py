"""Help across streets 支援: whom to ask for, which loans wait for whose consent, and the crews that are lent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.commands import Command, name_of
from commandcenter.domain.commands.lending import AgreeLoan, AskCrew, EndLoan
from commandcenter.domain.decisions import Refused
from commandcenter.domain.teams import Crew
from commandcenter.recommendation.coverage import MoveUp
from commandcenter.sync.desk import Desk
from ui.kit import dialogs
from ui.kit.case_parts.proposal_reasons import Reasons
from ui.kit.controls.buttons import KeyButton
from ui.kit.forms.typing import too_long
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox, vbox
from ui.kit.seat.context import SeatContext
from ui.kit.texts.words import Words, phrase, term
from ui.theme.tokens import MEASURES

MOST = 4  # rows
_TRIAL = "…"  # a reason with which a command is tried before one is given


@dataclass(frozen=True, slots=True)
class LoanRow:
    """What a row says of a crew, and the commands that the seat may give: without their reasons."""

    said: Words
    commands: tuple[Command, ...]


NO_ROW = LoanRow("", ())


def move_row(desk: Desk, said: Words, move: MoveUp) -> LoanRow:
    """Returns the row of a crew that could stand in for a street's power."""
    return LoanRow(said, _possible(desk, (AskCrew(move.crew, move.street, _TRIAL),)))


def loan_rows(desk: Desk, crews: Sequence[Crew], told: Reasons) -> Iterator[LoanRow]:
    """Yields a row for each crew that is lent or asked for, those that wait for this seat first."""
    rows = [_loan_row(desk, crew, told) for crew in crews if crew.loan is not None]
    yield from sorted(rows, key=lambda row: not any(isinstance(one, AgreeLoan) for one in row.commands))


def _loan_row(desk: Desk, crew: Crew, told: Reasons) -> LoanRow:
    assert crew.loan is not None
    missing = [told.street(one) for one in (crew.street, crew.loan.street) if one not in crew.loan.agreed]
    who = {"crew": told.crew(crew.id), "street": told.street(crew.loan.street)}
    if crew.loan_at(desk.now()) is None:
        said: Words = phrase("{crew} 支援{street}的时间已过", **who)
    elif not missing:
        said = phrase("{crew} 支援{street}中", **who)
    elif len(missing) == 1:
        said = phrase("{crew} → {street}：等{one}同意", one=missing[0], **who)
    else:
        said = phrase("{crew} → {street}：等两边同意", **who)
    return LoanRow(said, _possible(desk, (AgreeLoan(crew.id), EndLoan(crew.id, _TRIAL))))


def _possible(desk: Desk, commands: Sequence[Command]) -> tuple[Command, ...]:
    return tuple(one for one in commands if not isinstance(desk.preview(one), Refused))


class LoanRows(QWidget):
    """A title and rows with a button for each command; `taken` carries the command that was pressed."""

    taken = Signal(object)  # Command

    def __init__(self, title: Words) -> None:
        super().__init__()
        self._title = Label(title, level="strong")
        self.rows = tuple(_Row(self) for _ in range(MOST))
        pad = MEASURES.dock_padding
        vbox(self, self._title, *self.rows, margins=(pad, 8, pad, 8), spacing=6)
        self.show_rows(())

    def show_rows(self, rows: Sequence[LoanRow]) -> None:
        """Shows the first rows; without any the whole part is hidden."""
        for at, row in enumerate(self.rows):
            row.show_row(rows[at] if at < len(rows) else NO_ROW)
        self.setVisible(bool(rows))


class _Row(QWidget):
    def __init__(self, owner: LoanRows) -> None:
        super().__init__(owner)
        self._owner = owner
        self._shown = NO_ROW
        self.said = Label(tone="tx2", wrap=True)
        self.buttons = tuple(KeyButton("", key="", role="secondary") for _ in range(2))
        hbox(self, (self.said, 1), *self.buttons, spacing=6)
        for at, button in enumerate(self.buttons):
            button.clicked.connect(lambda _on=False, at=at: self._press(at))

    def show_row(self, row: LoanRow) -> None:
        if row != self._shown:
            self._shown = row
            self.said.set_words(row.said)
            for button in self.buttons[len(row.commands) :]:
                button.hide()
            for button, command in zip(self.buttons, row.commands, strict=False):
                button.set_words(term("command", name_of(command)))
                button.show()
        self.setVisible(row is not NO_ROW)

    def _press(self, at: int) -> None:
        self._owner.taken.emit(self._shown.commands[at])


async def lend(seat: SeatContext, command: Command) -> None:
    """Gives a command on a crew's loan, after asking for its reason if it needs one; says what came of it."""
    name = name_of(command)
    kept = dialogs.KeptInput(seat.desk.drafts, f"{name}/{getattr(command, 'crew', '')}")
    if isinstance(command, AskCrew | EndLoan):
        what, label = term("command", name), term("ask", name)
        reason = await dialogs.ask_text(
            seat.window, title=what, label=label, many_lines=True, check=too_long, kept=kept
        )
        if reason is None:
            return
        command = replace(command, reason=reason)
    done = await seat.desk.do(command)
    if isinstance(done, Refused):
        why = term("refusal", done.code)
        seat.tell(phrase("没有{what}：{why}", what=term("command", name), why=why), "bad")
    else:
        kept.forget()
        seat.tell_act(done, term("command", name))

"""A seat context around a fake desk that records the notifications shown to the user."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from commandcenter.store.overlay import Act
from tests.kit.fake_desk import FakeDesk
from ui.kit.command_line.saying import line_of
from ui.kit.seat.focus import Focus
from ui.kit.seat.next_lines import NextLines
from ui.kit.texts.words import Words, word


class FakeHall:
    """Implements ui.kit.seat.context.SeatContext; `told` holds (text, tone) of each notification.

    `taught` has the lines that say what was given.
    """

    def __init__(self, desk: FakeDesk, window: QWidget | None = None) -> None:
        self.desk = desk
        self.focus = Focus()
        self.lines = NextLines()
        self.window = window
        self.told: list[tuple[str, str]] = []
        self.taught: list[str] = []

    def over(self, window: QWidget) -> "FakeHall":
        return self

    def tell(self, text: Words, tone: str = "ok") -> None:
        self.told.append((str(text), tone))

    def tell_refusal(self, case: Case, why: Words) -> None:
        if not self.lines.take_refusal(case.id, why):
            self.told.append((str(why), "bad"))

    def teach(self, commands: Sequence[Command]) -> None:
        self.taught.append(line_of(self.desk.board, commands))

    def tell_act(self, act: Act, what: Words) -> None:
        if not self.lines.take_act(act):
            self.told.append((f"{what}，{word('delivery', act.delivery.name.lower())}", "ok"))

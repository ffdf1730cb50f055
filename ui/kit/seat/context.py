"""What the actions of the ui packages may use: the desk, the selected case, the window and notifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from ui.kit.seat.focus import Focus
from ui.kit.seat.next_lines import NextLines
from ui.kit.texts.words import Words

if TYPE_CHECKING:  # the desk imports the network stack, which no screen needs in order to be shown
    from commandcenter.domain.cases import Case
    from commandcenter.domain.commands import Command
    from commandcenter.store.overlay import Act
    from commandcenter.sync.desk import Desk


class SeatContext(Protocol):
    """The seat as the ui packages see it; the owner of the window implements it."""

    @property
    def desk(self) -> Desk: ...

    @property
    def focus(self) -> Focus: ...

    @property
    def lines(self) -> NextLines: ...

    @property
    def window(self) -> QWidget: ...

    def over(self, window: QWidget) -> SeatContext:
        """Returns the same seat with its dialogs over another window."""

    def tell(self, text: Words, tone: str) -> object:
        """Shows a short notification of `tone` ok, warn, bad or vio."""

    def tell_refusal(self, case: Case, why: Words) -> object:
        """Shows why a step of `case` was refused: in the line of the case if that is open, else as a notification."""

    def teach(self, commands: Sequence[Command]) -> None:
        """Shows for some seconds how the command line says what was given otherwise."""

    def tell_act(self, act: Act, what: Words) -> object:
        """Shows that `what` was done and how far `act` is: in the line of its case, else in the status bar."""

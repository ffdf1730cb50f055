"""Where the seat says what comes next for the case that is open, and what became of what was given to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ui.kit.texts.words import Words

if TYPE_CHECKING:
    from commandcenter.domain.commands import Command
    from commandcenter.store.overlay import Act


class NextLine(Protocol):
    """The line at the foot of an open case; it takes only what is about that case, and only while it can be seen."""

    def take_act(self, act: Act) -> bool:
        """Shows the receipt of `act`, which it follows; returns False when it is not for this line."""

    def take_refusal(self, case: str, why: Words) -> bool:
        """Shows why a step of `case` was refused; returns False when it is not for this line."""

    def shows(self, cmd_id: str) -> bool:
        """Returns whether the receipt of this act can be seen."""

    def offered(self, case: str, name: str) -> tuple[Command, ...]:
        """Returns the commands that the line says the step `name` of `case` gives; none when it says no such thing."""


class NextLines:
    """The lines of a seat, asked one after the other; a screen adds its own and removes it."""

    def __init__(self) -> None:
        self._lines: list[NextLine] = []

    def add(self, line: NextLine) -> None:
        """Asks `line` too from now on."""
        self._lines.append(line)

    def remove(self, line: NextLine) -> None:
        """Asks `line` no longer."""
        self._lines.remove(line)

    def take_act(self, act: Act) -> bool:
        """Returns whether a line shows the receipt of `act` now."""
        return any(line.take_act(act) for line in self._lines)

    def take_refusal(self, case: str, why: Words) -> bool:
        """Returns whether a line says now why a step of `case` was refused."""
        return any(line.take_refusal(case, why) for line in self._lines)

    def shows(self, cmd_id: str) -> bool:
        """Returns whether a line shows the receipt of this act."""
        return any(line.shows(cmd_id) for line in self._lines)

    def offered(self, case: str, name: str) -> tuple[Command, ...]:
        """Returns the commands that a line says the step `name` of `case` gives; none where no line says so."""
        return next(filter(None, (line.offered(case, name) for line in self._lines)), ())

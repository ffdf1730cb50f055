"""The lines that each person gave before, kept with the layout of the windows; without the free texts in them."""

from collections.abc import Callable

from ui.kit.search.spelling import fit
from ui.kit.seat.kept import Kept

MOST = 200  # lines of one person


class LineHistory:
    """The lines of whoever sits here, by `user`: the name of the account, "" while nobody does."""

    def __init__(self, kept: Kept, user: Callable[[], str]) -> None:
        self._kept, self._user = kept, user
        self._left = ("", "")  # a user and a line

    def lines(self, typed: str = "") -> tuple[str, ...]:
        """Returns the lines that `typed` fits, the newest last."""
        lines = self._kept.text(self._name).split("\n") if self._user() else []
        return tuple(line for line in lines if line and fit(typed, line) is not None)

    def add(self, line: str) -> None:
        """Keeps a line as the newest, and once only."""
        if line and self._user():
            others = [one for one in self.lines() if one != line]
            self._kept.keep(self._name, "\n".join([*others, line][-MOST:]))

    def leave(self, line: str) -> None:
        """Remembers a line that was left before it was given, until the program ends: it may hold free text."""
        self._left = (self._user(), line)

    def left(self) -> str:
        """Returns the line that whoever sits here left; "" without one."""
        user, line = self._left
        return line if user == self._user() else ""

    @property
    def _name(self) -> str:
        return f"command_lines/{self._user()}"

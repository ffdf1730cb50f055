"""The lines that each person gave before, kept with the layout of the windows; without the free texts in them."""

from collections.abc import Callable
from typing import Protocol

from ui.kit.search.spelling import fit

MOST = 200  # lines of one person


class Keeper(Protocol):
    """Keeps texts by name over restarts."""

    def keep(self, name: str, value: str) -> None: ...

    def text(self, name: str) -> str: ...


class LineHistory:
    """The lines of whoever sits here, by `user`: the name of the account, "" while nobody does."""

    def __init__(self, keeper: Keeper, user: Callable[[], str]) -> None:
        self._keeper, self._user = keeper, user

    def lines(self, typed: str = "") -> tuple[str, ...]:
        """Returns the lines that `typed` fits, the newest last."""
        kept = self._keeper.text(self._name).split("\n") if self._user() else []
        return tuple(line for line in kept if line and fit(typed, line) is not None)

    def add(self, line: str) -> None:
        """Keeps a line as the newest, and once only."""
        if line and self._user():
            others = [one for one in self.lines() if one != line]
            self._keeper.keep(self._name, "\n".join([*others, line][-MOST:]))

    @property
    def _name(self) -> str:
        return f"command_lines/{self._user()}"

"""What a decision may look at, and how it says no."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commandcenter.domain.records import Record


@dataclass(frozen=True, slots=True)
class Refused:
    """No, and why: `code` is a key that a screen puts into words, `about` a field, an id or a stage."""

    code: str
    about: str = ""


class View(Protocol):
    """The records as the decider sees them: the platform's tables, or a console's board."""

    def find(self, kind: str, key: str) -> Record | None:
        """The record of `kind` with the id `key`, if it is there."""

    def new_number(self, at: datetime) -> str | None:
        """The next case number of the day; None on a console, which may not give one."""

    def adopters(self, case: str) -> frozenset[str]:
        """Who has done something to `case` in the place of another, as far as the decider knows."""

"""Defines the records that a decision may read, and its refusal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commandcenter.domain.records import Record


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: `code` is a key that the screens translate, `about` a field, an id, a stage or a role."""

    code: str
    about: str = ""


class View(Protocol):
    """Read access to the records for a decision: the platform's database, or a console's board."""

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the record of `kind` with the id `key`; None when there is none, or none that may be seen."""

    def new_number(self, at: datetime) -> str | None:
        """Returns the next case number of the day; None on a console, which may not assign numbers."""

    def adopters(self, case: str) -> frozenset[str]:
        """Returns the accounts that acted on `case` in another person's place, as far as known."""

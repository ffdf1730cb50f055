"""Records that commands change as at the platform, without one: what is decided, and what the facts make of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from commandcenter.domain.commands import Command
from commandcenter.domain.decisions import Refused, decide, evolve
from commandcenter.domain.facts import Fact, records_of
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record, Ref, ref_of
from commandcenter.domain.visibility import sees
from tests.kit.district import NOON


class Deciding:
    """Records by their names; implements domain.decisions.View for whoever sees everything."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records: dict[Ref, Record] = {ref_of(one): one for one in records}
        self.happened: list[Fact] = []  # all that happened

    def find(self, kind: str, key: str) -> Any:
        """Returns the record; None when there is none."""
        return self.records.get((kind, key))

    def adopters(self, ref: Ref) -> frozenset[str]:
        """Returns nobody: no act was adopted."""
        return frozenset()

    def new_number(self, at: datetime) -> None:
        """Returns None: no numbers are given here."""

    def does(self, command: Command, by: Person, *, at: datetime = NOON) -> str | None:
        """Does it as the platform would for `by`, who finds what they see alone; returns why not."""
        decided = decide(_Seen(self, by), command, by, at)  # type: ignore[arg-type]
        if isinstance(decided, Refused):
            return decided.code
        self.happened += decided
        for fact in decided:
            for ref in records_of(fact):
                self.records[ref] = evolve(self.records.get(ref), fact)
        return None


class _Seen:
    def __init__(self, all_records: Deciding, by: Person) -> None:
        self._all, self._by = all_records, by

    def find(self, kind: str, key: str) -> Any:
        found = self._all.find(kind, key)
        return found if sees(self._by, found) else None

    def adopters(self, ref: Ref) -> frozenset[str]:
        return self._all.adopters(ref)

    def new_number(self, at: datetime) -> None:
        return self._all.new_number(at)

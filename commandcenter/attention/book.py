"""Follows the board for one person: what needs their attention at a moment, one thing at a time of each."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from commandcenter.attention.causes import Concern, concerns, watches
from commandcenter.domain.people import Person
from commandcenter.domain.records import KINDS, Ref
from commandcenter.store.board import Board
from commandcenter.store.touched import Touched

_WATCHED = tuple(kind for kind in KINDS if watches(kind))


class AttentionBook:
    """What concerns `person` on `board`; `hear` is to be called after each change of it.

    A thing ends by itself when its record is settled or somebody acts on it.
    """

    def __init__(self, board: Board, person: Person) -> None:
        self._board, self.person = board, person
        self._found: dict[Ref, tuple[Concern, ...]] = {}
        self._standing: Mapping[tuple[str, Ref], Concern] = {}
        self._until: float = 0.0  # seconds since 1970; what stands holds so long, if nothing changes
        self.hear(Touched(everything=True))

    def hear(self, touched: Touched) -> None:
        """Reads the records that `touched` names."""
        for kind in _WATCHED:
            ids = touched.ids(kind)
            if ids is None:
                self._found = {ref: told for ref, told in self._found.items() if ref[0] != kind}
                ids = frozenset(record.id for record in self._board.all(kind))
            for key in ids:
                self._read((kind, key))

    def standing(self, now: datetime) -> Mapping[tuple[str, Ref], Concern]:
        """Returns what needs attention at `now`, by the thing that it is about."""
        if now.timestamp() >= self._until:
            self._standing, self._until = self._sorted_out(now)
        return self._standing

    def _read(self, ref: Ref) -> None:
        record = self._board.find(*ref)
        told = () if record is None else concerns(record, self.person)
        if told != self._found.get(ref, ()):
            self._until = 0.0
        if told:
            self._found[ref] = told
        else:
            self._found.pop(ref, None)

    def _sorted_out(self, now: datetime) -> tuple[Mapping[tuple[str, Ref], Concern], float]:
        standing: dict[tuple[str, Ref], Concern] = {}
        ahead = float("inf")
        for told in self._found.values():
            for one in told:
                if one.since > now:
                    ahead = min(ahead, one.since.timestamp())
                elif one.thing not in standing or _weight(one) > _weight(standing[one.thing]):
                    standing[one.thing] = one
        return standing, ahead


def ranked(found: Iterable[Concern]) -> list[Concern]:
    """Returns the gravest first, of the same level the latest."""
    return sorted(found, key=lambda one: (-one.level, -one.since.timestamp(), one.ref))


def _weight(one: Concern) -> tuple[bool, int]:
    """Returns how much it counts among what is about the same thing: an own concern most, then by its level."""
    return not one.is_escalated, one.level

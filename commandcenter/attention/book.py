"""Follows the board for one person: what needs their attention at a moment, one thing at a time of each."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import islice
from typing import NamedTuple

from commandcenter.attention.causes import Concern, concerns, watches
from commandcenter.domain.people import Person
from commandcenter.domain.records import KIND_OF, KINDS, Ref
from commandcenter.domain.stays import USUAL, Stay, Stays, stays
from commandcenter.store.board import Board
from commandcenter.store.touched import Touched

_STAY = KIND_OF[Stay].name
_WATCHED = tuple(kind for kind in KINDS if watches(kind))


class Turn(NamedTuple):
    """What a turn of the clock or of the board brought: what `came` or grew, and whether anything is as it was not."""

    came: tuple[Concern, ...]
    is_other: bool


class AttentionBook:
    """What concerns `person` on `board`; `hear` is to be called after each change of it, then `read_on` and `turn`.

    A thing ends by itself when its record is settled or somebody acts on it. A whole board is read little by little.
    """

    def __init__(self, board: Board, person: Person) -> None:
        self._board, self.person = board, person
        self._found: dict[Ref, tuple[Concern, ...]] = {}  # now or later, if nothing changes till then
        self._standing: dict[Ref, dict[str, Concern]] = {}  # by record and topic
        self._ahead: list[tuple[float, Ref]] = []  # a heap of the moments from which more holds
        self._unread: dict[Ref, None] = {}
        self._read: set[Ref] = set()  # and found to concern the person in another way, since the last turn
        self._longest: Stays = USUAL
        self.hear(Touched(everything=True))

    @property
    def standing(self) -> Iterator[Concern]:
        """What needed attention at the last turn."""
        return (one for by_topic in self._standing.values() for one in by_topic.values())

    def hear(self, touched: Touched) -> None:
        """Notes the records that `touched` names, to be read."""
        if touched.concerns(_STAY):
            self._longest = stays(one for one in self._board.all(_STAY) if isinstance(one, Stay))
        for kind in _WATCHED:
            ids = touched.ids(kind)
            if ids is None:
                known = (key for one, key in self._found if one == kind)
                ids = frozenset((*known, *(record.id for record in self._board.all(kind))))
            self._unread.update(((kind, key), None) for key in ids)

    def read_on(self, most: int) -> bool:
        """Reads up to `most` of the noted records; returns whether some are left."""
        for ref in tuple(islice(self._unread, most)):
            del self._unread[ref]
            self._read_one(ref)
        return bool(self._unread)

    def turn(self, now: datetime) -> Turn:
        """Goes on to `now`, and to what was read."""
        refs, self._read = self._read, set()
        while self._ahead and self._ahead[0][0] <= now.timestamp():
            refs.add(heappop(self._ahead)[1])
        came: list[Concern] = []
        is_other = False
        for ref in refs:
            before, after = self._standing.pop(ref, {}), _gravest(self._found.get(ref, ()), now)
            if after:
                self._standing[ref] = after
            came += [one for topic, one in after.items() if before.get(topic) != one]
            is_other = is_other or before != after
        return Turn(tuple(came), is_other)

    def _read_one(self, ref: Ref) -> None:
        record = self._board.find(*ref)
        told = () if record is None else concerns(record, self.person, self._longest)
        if told == self._found.get(ref, ()):
            return
        self._read.add(ref)
        for one in told:
            heappush(self._ahead, (one.since.timestamp(), ref))
        if told:
            self._found[ref] = told
        else:
            del self._found[ref]


def ranked(found: Iterable[Concern]) -> list[Concern]:
    """Returns the gravest first, of the same level the latest."""
    return sorted(found, key=lambda one: (-one.level, -one.since.timestamp(), one.ref))


def _gravest(told: Iterable[Concern], now: datetime) -> dict[str, Concern]:
    """Returns by topic what weighs most of what holds at `now`: own concerns before escalated ones, then by level."""
    found: dict[str, Concern] = {}
    for one in sorted(told, key=lambda one: (not one.is_escalated, one.level)):
        if one.since <= now:
            found[one.topic] = one
    return found

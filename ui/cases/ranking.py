"""The records that a step of a case may choose, likeliest first, by the kind of record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from commandcenter.domain.cases import Case, Tier
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, HolderKind, Person
from commandcenter.domain.records import KINDS, Record
from commandcenter.domain.teams import Crew
from ui.cases.words import holder_note
from ui.kit import records
from ui.kit.case_parts.proposing import loads
from ui.kit.search.candidates import Candidate
from ui.kit.search.spelling import fit
from ui.kit.texts import names, times
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say, term, terms, word

if TYPE_CHECKING:
    from commandcenter.store.board import Board

MOST = 40

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is chosen for: a step of `case` by `person` at `now`; `may` says whether it is possible with a record."""

    board: Board
    case: Case
    person: Person | None
    now: datetime
    may: Callable[[str], bool]


class Ranking(Protocol):
    """The records that fit."""

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns up to MOST records whose name matches `typed`, best first; the likeliest if it is blank."""


def ranking_of(asked: Asked, kind: str) -> Ranking:
    """Returns the ranking of the records of `kind`."""
    if kind not in KINDS:
        return RankedMembers(kind)
    shape = KINDS[kind].type
    if issubclass(shape, Crew):
        return RankedCrews(asked)
    if issubclass(shape, Holder):
        return RankedHolders(asked)
    return RankedRecords(asked.board, kind, asked.case)


class RankedRecords:
    """The records of `kind` that are in use, those of the street of `case` first, then by name."""

    def __init__(self, board: Board, kind: str, case: Case) -> None:
        self._board, self._kind = board, kind
        found = records.current(board, KINDS[kind].type)
        self._ranked = sorted(found, key=lambda one: (records.street(one) != case.street, *self._names(one)))

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns up to MOST records whose name or street matches `typed`, best first; the likeliest if it is blank."""
        found = _best(typed, self._ranked, self._names)
        return tuple(Candidate(name, one, street) for one in found for name, street in (self._names(one),))

    def _names(self, record: Record) -> tuple[str, str]:
        street = records.street(record)
        return names.name(self._board, self._kind, record.id), names.name(self._board, "street", street)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enumeration, to be chosen like a record."""

    id: str


class RankedMembers:
    """The members of an enumeration, in its order."""

    def __init__(self, name: str) -> None:
        self._name = name

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns the members whose word matches `typed`; all if it is blank."""
        found = _best(typed, tuple(terms()[self._name]), lambda one: (word(self._name, one),))
        return tuple(Candidate(word(self._name, one), Member(one)) for one in found)


_OF_DISTRICT = {3: -3, 1: -2, 4: -1}  # the ranks of holders for a case of the district


class RankedHolders:
    """The holders with which the step is possible, likeliest first; only those of the person's street, if any."""

    def __init__(self, asked: Asked) -> None:
        self._board, self._case = asked.board, asked.case
        board, case, person = asked.board, asked.case, asked.person
        self._may = cache(asked.may)
        kind = records.find(board, Kind, case.kind)
        self._powers = kind.powers if kind else ()
        self._load = loads(board)
        bound = person.scope.street if person else None
        mine = (holder for holder in records.current(board, Holder) if bound is None or holder.street == bound)
        self._ranked = sorted(mine, key=lambda holder: (self._distance(holder), holder.id))

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns up to MOST holders whose name or street matches `typed`, best first; the likeliest if it is blank."""
        found = _matching(typed, self._ranked, lambda holder: (holder.name, holder.short, self._street(holder)))
        return tuple(map(self._offer, islice((holder for holder in found if self._may(holder.id)), MOST)))

    def _distance(self, holder: Holder) -> tuple[int, int]:
        """Returns the sort key: a rank, then the place of the holder's power among the kind's powers.

        Ranks: 0 the grid team of the case's grid, 1 units of its street with a power of the kind, 2 other units of its
        street, 3 departments with such a power, 4 other departments, 5 others of its street, 6 the rest. A case of the
        district goes to departments first: 3 ranks before all, then 1, and 4 before the others. Who gave the case back
        ranks 5 at best.
        """
        rank, power = self._rank(holder)
        if holder.id == self._case.returned_by:
            return max(rank, 5), power
        if self._case.tier is Tier.DISTRICT:
            rank = _OF_DISTRICT.get(rank, rank)
        return rank, power

    def _rank(self, holder: Holder) -> tuple[int, int]:
        power = self._powers.index(holder.power) if holder.power in self._powers else len(self._powers)
        has_power = holder.power in self._powers
        if holder.kind is HolderKind.GRID_TEAM and holder.grid == self._case.grid:
            return 0, power
        if holder.street == self._case.street and holder.kind is HolderKind.UNIT:
            return 1 if has_power else 2, power
        if holder.kind is HolderKind.DEPARTMENT:
            return 3 if has_power else 4, power
        return 5 if holder.street == self._case.street else 6, power

    def _street(self, holder: Holder) -> str:
        return names.name(self._board, "street", holder.street)

    def _offer(self, holder: Holder) -> Candidate:
        aside = say("在办 {n}", n=self._load.get(holder.id, 0))
        aside = f"{say('退回过这件')} · {aside}" if holder.id == self._case.returned_by else aside
        return Candidate(called(holder.short or holder.name), holder, holder_note(self._board, holder), aside)


class RankedCrews:
    """The crews with which the step is possible: of the case's holder first, then free ones, then the nearest."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        found = (crew for crew in records.current(asked.board, Crew) if asked.may(crew.id))
        self._ranked = sorted(found, key=lambda crew: (self._rank(crew), crew.name))

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns up to MOST crews whose name or unit matches `typed`, best first; the likeliest if it is blank."""
        found = _best(typed, self._ranked, lambda crew: (crew.name, self._unit(crew)))
        return tuple(Candidate(called(crew.name), crew, self._note(crew), self._away(crew)) for crew in found)

    def _rank(self, crew: Crew) -> tuple[bool, bool, float]:
        away = self._metres(crew)
        return crew.unit != self._asked.case.responsible, crew.job is not None, away if away is not None else 1e9

    def _metres(self, crew: Crew) -> float | None:
        spot = self._asked.case.spot
        return None if spot is None or crew.spot is None else spot.metres_to(crew.spot)

    def _unit(self, crew: Crew) -> str:
        return names.holder_name(self._asked.board, crew.unit, short=True)

    def _note(self, crew: Crew) -> str:
        since = times.span((self._asked.now - crew.status_since).total_seconds())
        job = records.find(self._asked.board, Case, crew.job)
        parts = (self._unit(crew), f"{term('status', crew.status)} {since}", tail(job) if job else "")
        return " · ".join(filter(None, parts))

    def _away(self, crew: Crew) -> str:
        away = self._metres(crew)
        return "" if away is None else say("{km} km", km=f"{away / 1000:.1f}")


def _best(typed: str, ranked: Sequence[R], named: Callable[[R], tuple[str, ...]]) -> list[R]:
    """Returns up to MOST of `ranked` of which a name matches `typed`, best first; the first ones if it is blank."""
    return _matching(typed, ranked, named)[:MOST]


def _matching(typed: str, ranked: Sequence[R], named: Callable[[R], tuple[str, ...]]) -> list[R]:
    """Returns those of `ranked` of which a name matches `typed`, best first; all if it is blank."""
    rated = [(rank, one) for one in ranked if (rank := fit(typed, *named(one))) is not None]
    return [one for _, one in sorted(rated, key=lambda row: row[0])]

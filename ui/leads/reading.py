"""What the board holds of the cases of the district at one moment: cards, conflicts first, then by time left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commandcenter.domain.cases import Tier
from ui.kit import records
from ui.leads.coordination import Coordination, coordination, is_in_conflict, whistles

if TYPE_CHECKING:
    from commandcenter.domain.cases import Case
    from commandcenter.store.board import Board
    from commandcenter.store.columns import CaseColumns, Floats

_ENDED_LAST = 1e13  # seconds; after every case that is open


class Card(NamedTuple):
    """A case as the board places it: `lines` are those below its lead, `lead` is "" while nobody leads it."""

    id: str
    column: Coordination
    lead: str
    lines: int
    is_conflict: bool
    has_whistle: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The cards at `now` in the order in which they stand, and the ids of those that nobody leads."""

    now: datetime
    cards: tuple[Card, ...]
    unled: tuple[str, ...]


def read(board: Board, now: datetime) -> Reading:
    """Returns the cases of the tier of the district, open and ended, that the board holds at `now`."""
    cases = board.cases
    code = cases.codes["tier"].known(Tier.DISTRICT)
    slots = np.flatnonzero(cases["alive"] & (cases["tier"] == (-1 if code is None else code)))
    order = _order(cases, now.timestamp())[slots]
    slots = slots[np.lexsort((cases["number"][slots], order))]
    found = (records.case_at(board, slot) for slot in slots.tolist())
    cards = [card_of(case) for case in found if case is not None]
    cards.sort(key=lambda card: not card.is_conflict)
    unled = tuple(card.id for card in cards if card.column is Coordination.UNLED)
    return Reading(now, tuple(cards), unled)


def card_of(case: Case) -> Card:
    """Returns the card of a case."""
    lines = len(case.tasks) + (case.objection is not None)
    lead = case.responsible or ""
    return Card(case.id, coordination(case), lead, lines, is_in_conflict(case), bool(whistles(case)))


def loads(board: Board) -> dict[str, int]:
    """Returns how many open cases each body is responsible for, by its id."""
    cases = board.cases
    held = cases["responsible"][cases["alive"] & cases.is_open]
    words = cases.codes["responsible"].words
    codes, counts = np.unique(held, return_counts=True)
    found = {words[code]: count for code, count in zip(codes.tolist(), counts.tolist(), strict=True)}
    return {key: count for key, count in found.items() if key}


def _order(cases: CaseColumns, now: float) -> Floats:
    """Returns float64[size]: by what cards are sorted, the time left, and for ended cases the latest end first."""
    ended = cases["ended_at"]
    return np.where(np.isnan(ended), cases.urgency(now), _ENDED_LAST - ended)

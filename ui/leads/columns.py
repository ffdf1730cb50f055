"""The columns of the board as plain data: by stage of coordination or by lead, narrowed by a tab and a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ui.leads.coordination import Coordination
from ui.leads.reading import Card, Reading

STAGES, LEADS, CONFLICTS, WHISTLES = "stages", "leads", "conflicts", "whistles"
TABS = (STAGES, LEADS, CONFLICTS, WHISTLES)


@dataclass(frozen=True, slots=True)
class Column:
    """Cards one below the other; `id` is a stage of coordination, or that of a lead ("": nobody leads them)."""

    id: str
    cards: tuple[Card, ...]


def columns(reading: Reading, tab: str = STAGES, matches: Callable[[str], bool] | None = None) -> tuple[Column, ...]:
    """Returns the columns under a tab, of cards whose case `matches` (None: all).

    By stage there are always six; by lead only those who lead something that is open, who lead most first.
    """
    cards = [card for card in reading.cards if matches is None or matches(card.id)]
    if tab == LEADS:
        return _by_lead(card for card in cards if card.column is not Coordination.ENDED)
    shown = [card for card in cards if _is_under(tab, card)]
    return tuple(Column(stage, tuple(card for card in shown if card.column is stage)) for stage in Coordination)


def counts(reading: Reading) -> dict[str, int]:
    """Returns the number beside each tab: open cases, bodies that lead one, conflicts, and cases with a whistle."""
    going = [card for card in reading.cards if card.column is not Coordination.ENDED]
    leads = len({card.lead for card in going if card.lead})
    found = {STAGES: len(going), LEADS: leads}
    return found | {tab: sum(_is_under(tab, card) for card in going) for tab in (CONFLICTS, WHISTLES)}


def _is_under(tab: str, card: Card) -> bool:
    if tab == CONFLICTS:
        return card.is_conflict
    return tab != WHISTLES or (card.has_whistle and card.column is not Coordination.ENDED)


def _by_lead(cards: Iterable[Card]) -> tuple[Column, ...]:
    held: defaultdict[str, list[Card]] = defaultdict(list)
    for card in cards:
        held[card.lead].append(card)
    ranked = sorted(held.items(), key=lambda one: (bool(one[0]), -len(one[1]), one[0]))
    return tuple(Column(lead, tuple(many)) for lead, many in ranked)

"""What the queue lets through: a tab, a value in each of four columns, words; and how many each tab holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commandcenter.domain.cases import Stage
from commandcenter.store.columns import OVERDUE, SOON, CaseColumns
from ui.kit.columns import Array

if TYPE_CHECKING:
    from ui.cases.texts import Texts

FIELDS = ("street", "kind", "channel", "tier")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """A tab (key of TABS), ids of a street, kind, channel and tier ("" for all), words to be found in a case."""

    tab: str = "open"
    street: str = ""
    kind: str = ""
    channel: str = ""
    tier: str = ""
    words: str = ""

    @property
    def count(self) -> int:
        """How many values narrow it, the tab not counted."""
        return sum(bool(getattr(self, name)) for name in (*FIELDS, "words"))

    @property
    def is_narrow(self) -> bool:
        """Whether it lets less through than everything that is open."""
        return self != QueueFilter()

    def mask(self, cases: CaseColumns, texts: Texts, now: float) -> Array:
        """For each slot whether it is let through at `now` (seconds since 1970)."""
        kept = TABS[self.tab](cases, cases.lights(now)) & cases["alive"]
        for name in FIELDS:
            wanted = getattr(self, name)
            if wanted:
                kept &= cases[name] == (cases.codes[name].known(wanted) or -1)
        return kept & texts.containing(self.words.lower()) if self.words else kept


def _is_open(cases: CaseColumns, lights: Array) -> Array:
    return np.isnan(cases["ended_at"])


def _at(stage: Stage) -> Callable[[CaseColumns, Array], Array]:
    return lambda cases, lights: cases["stage"] == (cases.codes["stage"].known(stage) or -1)


TABS: dict[str, Callable[[CaseColumns, Array], Array]] = {
    "open": _is_open,
    "received": _at(Stage.RECEIVED),
    "filed": _at(Stage.FILED),
    "soon": lambda cases, lights: (lights == SOON) & _is_open(cases, lights),
    "overdue": lambda cases, lights: (lights == OVERDUE) & _is_open(cases, lights),
    "returns": lambda cases, lights: cases["applied"] & _is_open(cases, lights),
    "reported": _at(Stage.REPORTED),
}


def counts(cases: CaseColumns, now: float) -> dict[str, int]:
    """How many cases each tab holds."""
    lights, alive = cases.lights(now), cases["alive"]
    return {key: int(np.count_nonzero(test(cases, lights) & alive)) for key, test in TABS.items()}


def values(cases: CaseColumns, column: str, shown: Array) -> dict[str, int]:
    """The ids that stand in a coded column of the cases that a mask lets through, with how many each."""
    found, how_many = np.unique(cases[column][shown], return_counts=True)
    words = cases.codes[column].words
    return {words[code]: int(n) for code, n in zip(found, how_many, strict=True) if words[code]}

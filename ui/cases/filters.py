"""The queue's filter by tab, four columns and text, and the number of cases in each tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from commandcenter.domain.cases import Stage
from commandcenter.store.columns import OVERDUE, SOON, CaseColumns
from ui.kit.tables.columns import Array

if TYPE_CHECKING:
    from ui.cases.texts import Texts

FIELDS = ("street", "kind", "channel", "tier")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """A tab (key of TABS), ids of a street, kind, channel and tier ("" for all), and a text to find in a case.

    `due` are the moments (seconds since 1970) from which and before which a running limit ends; None for any.
    """

    tab: str = "open"
    street: str = ""
    kind: str = ""
    channel: str = ""
    tier: str = ""
    words: str = ""
    due: tuple[float, float] | None = None

    @property
    def count(self) -> int:
        """The number of values set, without the tab."""
        return sum(bool(getattr(self, name)) for name in (*FIELDS, "words", "due"))

    @property
    def is_narrow(self) -> bool:
        """Whether it differs from the default, which lets all open cases through."""
        return self != QueueFilter()

    def choosing(self, name: str, value: str) -> QueueFilter:
        """Returns it with another value of one of FIELDS."""
        changed: dict[str, Any] = {name: value}
        return replace(self, **changed)

    def mask(self, cases: CaseColumns, texts: Texts, now: float) -> Array:
        """Returns bool[slots]: which slots pass at `now` (seconds since 1970)."""
        kept = TABS[self.tab](cases, cases.lights(now)) & cases["alive"]
        for name in FIELDS:
            wanted = getattr(self, name)
            if wanted:
                kept &= cases[name] == (cases.codes[name].known(wanted) or -1)
        if self.due is not None:
            since, until = self.due
            kept &= cases.is_running & (cases["due"] >= since) & (cases["due"] < until)
        return kept & texts.containing(self.words.lower()) if self.words else kept


def _at(stage: Stage) -> Callable[[CaseColumns, Array], Array]:
    return lambda cases, lights: cases.at_stage(stage)


TABS: dict[str, Callable[[CaseColumns, Array], Array]] = {
    "open": lambda cases, lights: cases.is_open,
    "received": _at(Stage.RECEIVED),
    "filed": _at(Stage.FILED),
    "soon": lambda cases, lights: (lights == SOON) & cases.is_open,
    "overdue": lambda cases, lights: (lights == OVERDUE) & cases.is_open,
    "returns": lambda cases, lights: cases["applied"] & cases.is_open,
    "reported": _at(Stage.REPORTED),
}


def counts(cases: CaseColumns, now: float) -> dict[str, int]:
    """Returns the number of cases in each tab at `now` (seconds since 1970)."""
    lights, alive = cases.lights(now), cases["alive"]
    return {key: int(np.count_nonzero(test(cases, lights) & alive)) for key, test in TABS.items()}


def values(cases: CaseColumns, column: str, shown: Array) -> dict[str, int]:
    """Returns each id in a coded column with its count, among the slots of the mask `shown` (bool[slots])."""
    found, how_many = np.unique(cases[column][shown], return_counts=True)
    words = cases.codes[column].words
    return {words[code]: int(n) for code, n in zip(found, how_many, strict=True) if words[code]}

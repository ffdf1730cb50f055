"""Draws how a case of the district comes to its lead: by a hidden cause, of which its text and its place only hint.

Each case has a cause, drawn by weight and season. The cause names the body whose duty the case is, unless the owner of
its place (drawn once for each grid) names another, or the duty has moved to another body by then. In one case of twelve
somebody decides otherwise; one lead in eight is a wrong one first, which refuses. Three texts of four are phrases of
the cause, the others say what any case of the kind says. Who helps is drawn too, body by body. Nothing here is a rule
by which leads are recommended: causes and owners are written down nowhere else.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from math import cos, pi

from commandcenter.domain.tasks import Objection
from commandcenter.simulation.reference import Table

_OTHERWISE, _WRONG_FIRST, _TOLD = 1 / 12, 1 / 8, 3 / 4  # shares of the cases
_HELPS, _UNASKED = 0.72, 0.06  # how likely a body of the cause helps, and one of no cause
_SEASON = 0.8  # how far a cause swings with the months


@dataclass(frozen=True, slots=True)
class Course:
    """How a case came to its lead: the bodies asked, the last one leads, each former one with its objection.

    `helpers` are the bodies that help, `words` the phrase of the text that hints at the cause ("" for none).
    """

    leads: tuple[str, ...]
    objections: tuple[tuple[Objection, str], ...]
    helpers: tuple[str, ...]
    words: str


class Coordination:
    """Draws the courses of a district's cases; `seed` gives each grid its owner, for good."""

    def __init__(self, data: Table, departments: Table, *, seed: int) -> None:
        self._causes: dict[str, list[Table]] = {}
        for cause in data["cause"]:
            self._causes.setdefault(cause["kind"], []).append(cause)
        self._usual, self._data, self._seed = departments, data, seed
        self._bodies = sorted(set(departments.values()))

    def course(self, kind: str, grid: str, at: datetime, chance: random.Random) -> Course:
        """Returns the course of a case of `kind` in `grid`, received at `at`."""
        cause = self._cause(kind, at, chance)
        lead = self._duty(cause, grid, at)
        if chance.random() < _OTHERWISE:
            lead = chance.choice(self._bodies)
        others = [one for one in (*cause["co"], self._usual[kind]) if one != lead]
        leads = (*others[: chance.random() < _WRONG_FIRST], lead)
        asked = [one for one in cause["co"] if chance.random() < _HELPS]
        asked += [one for one in self._bodies if chance.random() < _UNASKED / 2]
        helpers = tuple(dict.fromkeys(one for one in asked if one != lead))
        words = chance.choice(cause["words"]) if cause["words"] and chance.random() < _TOLD else ""
        return Course(leads, tuple(self._objection(chance) for _ in leads[1:]), helpers[:3], words)

    def said(self, table: str, chance: random.Random) -> str:
        """Returns a phrase of the table `asked` in leads.toml: `words`, `done` or `escalated`."""
        found: str = chance.choice(self._data["asked"][table])
        return found

    def _cause(self, kind: str, at: datetime, chance: random.Random) -> Table:
        causes = self._causes.get(kind) or [{"lead": self._usual[kind], "co": [], "weight": 1, "words": []}]
        return chance.choices(causes, [one["weight"] * _in_season(one.get("peak", 0), at) for one in causes])[0]

    def _duty(self, cause: Table, grid: str, at: datetime) -> str:
        owner = random.Random(f"{self._seed} {grid}").choice(self._data["owners"])
        month, moved = cause.get("moved", (13, ""))
        lead: str = cause.get("owned", {}).get(owner) or (moved if at.month >= month else cause["lead"])
        return lead

    def _objection(self, chance: random.Random) -> tuple[Objection, str]:
        code = chance.choice(sorted(self._data["objections"]))
        return Objection(code), chance.choice(self._data["objections"][code])


def _in_season(peak: int, at: datetime) -> float:
    """Returns how much more or less frequent than usual something is that is most frequent in the month `peak`."""
    return 1.0 if not peak else 1.0 + _SEASON * cos((at.month - peak) * pi / 6)

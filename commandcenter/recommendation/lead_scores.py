"""Says how likely each body leads a case in the end, or helps: by precedents, duties, place, load and refusals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from commandcenter.recommendation.lead_questions import Asked, Body
from commandcenter.recommendation.precedents import BASE, Places, Precedents, Weighed
from commandcenter.recommendation.text_index import Floats

UNKNOWN = 0.05  # how little the base counts where a kind has no precedent but other kinds have such texts
PLACE = 40.0  # cases that the usual shares are worth beside what was seen in a grid
OFF_DUTY_LIST = 0.03  # how likely a body leads whose power the kind does not name, beside the first that it names
EVEN = 0.1  # the share of a body that never led
OVERLOAD = 0.15  # how much less likely a body is for each mean load beyond the mean
USUAL = 10.0  # cases that the usual share of refusals is worth
AGAIN = 1e-6  # how likely a body leads that refused this very case, beside one that did not: it comes last
OTHER_LEAD = 0.3  # what a precedent tells about helpers that another body led


class Evidence:
    """What the precedents tell about a case, body by body in the order of those that were asked about."""

    def __init__(self, known: Precedents, asked: Asked, text: str | None = None) -> None:
        self.known, self.case = known, asked.case
        self.weighed: Weighed = known.weighed(asked.case, text)
        self.places: Places = known.numbers_of([body.id for body in asked.bodies])
        self.count = len(asked.bodies)
        self.duty = np.array([_duty(body, asked.powers) for body in asked.bodies])
        self.refused, self.refusal_rate, self.usual_refusals = self._refusals()
        self.seen_here, self.expected_here = self._here()
        self._told = self._from_cases() * self._of_place() * (1 - self.refusal_rate) / (1 - self.usual_refusals)

    def scores(self, bodies: Sequence[Body]) -> Floats:
        """Returns how likely each body leads in the end; together 1 (all 0 when there is no body).

        `bodies` are those that were asked about, with the loads and refusals to reckon with.
        """
        refused = np.array([AGAIN if body.refused else 1.0 for body in bodies])
        found = self._told * refused * _by_load(np.array([body.load for body in bodies], dtype=np.float64))
        return _normal(found)

    def helping(self, lead: int) -> Floats:
        """Returns how likely each body helps when the body at `lead` leads; 0 for itself."""
        weighed, (rows, helpers) = self.weighed, self.known.helped
        votes = weighed.votes + weighed.is_kind * self.known.usual
        votes = votes * np.where(self.places[self.known.lead] == lead, 1.0, OTHER_LEAD)
        helped = self._by_body(helpers, votes[rows])
        found: Floats = helped / (votes.sum() + 1.0)
        found[lead] = 0.0
        return found

    def led(self, rows: Places) -> Places:
        """Returns how many of the precedents `rows` each body led."""
        return self._by_body(self.known.lead[rows]).astype(np.int64)

    def _by_body(self, numbers: Places, weights: Floats | None = None) -> Floats:
        """Adds up what belongs to each body; `numbers` are those of the precedents' bodies."""
        places = self.places[numbers]
        is_asked = places >= 0
        return np.bincount(places[is_asked], None if weights is None else weights[is_asked], self.count).astype(float)

    def _from_cases(self) -> Floats:
        """Returns each body's share by precedents alike, and by how often it leads the kind."""
        weighed, known = self.weighed, self.known
        by_kind = self._by_body(known.lead[weighed.is_kind], known.usual[weighed.is_kind])
        by_all = _normal(self._by_body(known.lead, known.recency))
        base = _normal((by_all + EVEN) * self.duty)
        cases = by_kind.sum()
        usual = (by_kind + BASE * base) / (cases + BASE)
        weight = (cases + UNKNOWN) / (cases + 1.0)
        return _normal(self._by_body(known.lead, weighed.votes) + weight * usual)

    def _here(self) -> tuple[Floats, Floats]:
        """Returns how many cases of the grid each body led, and how many it would have by its shares of the kinds."""
        rows, known = self.known.in_grid(self.case), self.known
        expected = known.shares[known.kind[rows]].sum(axis=0) if len(rows) else np.zeros(len(known.bodies))
        return self._by_body(known.lead[rows]), self._by_body(np.arange(len(known.bodies)), expected)

    def _of_place(self) -> Floats:
        usual = PLACE * _normal(self._by_body(self.known.lead) + 1.0)
        return (self.seen_here + usual) / (self.expected_here + usual)

    def _refusals(self) -> tuple[Floats, Floats, float]:
        """Returns which share of its cases each body refused, to be expected of it by that, and all together."""
        known = self.known
        refused = self._by_body(known.refused[1])
        asked = self._by_body(np.arange(len(known.bodies)), known.asked.astype(float))
        usual = len(known.refused[1]) / max(known.asked.sum(), 1)
        usual = min(float(usual), 0.9)
        return refused / np.maximum(asked, 1.0), (refused + USUAL * usual) / (asked + USUAL), usual


def _duty(body: Body, powers: Sequence[str]) -> float:
    if not powers:
        return 1.0
    return 1.0 / (1 + powers.index(body.power)) if body.power in powers else OFF_DUTY_LIST


def _by_load(load: Floats) -> Floats:
    mean = load.mean() if len(load) else 0.0
    beyond = np.maximum(load / max(mean, 1.0) - 1.0, 0.0)
    found: Floats = 1.0 / (1.0 + OVERLOAD * beyond)
    return found


def _normal(values: Floats) -> Floats:
    total = values.sum()
    found: Floats = values / total if total > 0 else values
    return found

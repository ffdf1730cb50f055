"""Says with figures what speaks for and against each body as lead of a case, or as its co-handler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from commandcenter.domain.lead_advice import Argument, LeadReason
from commandcenter.recommendation.lead_questions import Asked, Body
from commandcenter.recommendation.lead_scores import Evidence
from commandcenter.recommendation.precedents import DAY, HALF_LIFE, Places
from commandcenter.recommendation.text_index import Floats

SIMILAR = 12  # precedents that count as similar, at most
ALIKE = 0.4  # the likeness of texts from which a case is about the same
_ENOUGH = 4  # precedents in each of two periods, to speak of a duty that moved
_MOVED = 0.25  # the change of a share from which a duty moved
_MORE, _LESS = 1.25, 0.75  # of the mean load
_LOAD = 3  # open cases by which a load has to differ from the mean
_OFTEN = 1.2  # of the usual share of refusals
_HERE = 1.3  # of the cases that were to be expected in a grid, or the other way round
_CASES_HERE = 3  # cases led or expected in a grid, to speak of it


class Reasons:
    """The reasons of all bodies that were asked about, by their places among them."""

    def __init__(self, evidence: Evidence, asked: Asked) -> None:
        self.similar = similar(evidence)
        self._evidence, self._asked = evidence, asked
        self._led, self._mean = evidence.led(self.similar), _mean_load(asked.bodies)
        self._lately, self._before = _periods(evidence)

    def of_lead(self, place: int) -> tuple[Argument, ...]:
        """Returns what speaks for and against the body as lead, in the order of `LeadReason`."""
        found = (self._duty, self._similar, self._moved, self._here, self._load, self._refusals)
        return _ordered(argument for reasons in found for argument in reasons(place))

    def of_helper(self, place: int) -> tuple[Argument, ...]:
        """Returns what speaks for and against the body as co-handler."""
        found = (self._helped, self._load)
        return _ordered(argument for reasons in found for argument in reasons(place))

    def _duty(self, place: int) -> Iterator[Argument]:
        power, powers = self._asked.bodies[place].power, self._asked.powers
        if power is not None and power in powers:
            yield Argument(LeadReason.ON_DUTY_LIST, powers.index(power) + 1, len(powers), about=power)
        elif powers:
            yield Argument(LeadReason.NOT_ON_DUTY_LIST, of=len(powers))

    def _similar(self, place: int) -> Iterator[Argument]:
        many, mine = len(self.similar), int(self._led[place])
        if mine:
            led = self._places(self._evidence.known.lead[self.similar]) == place
            yield Argument(LeadReason.LED_SIMILAR, mine, many, self._newest(self.similar[led]))
        elif many:
            yield Argument(LeadReason.NEVER_SIMILAR, of=many)
        rows = self._of_similar(self._evidence.known.refused, place)
        if len(rows):
            yield Argument(LeadReason.REFUSED_SIMILAR, len(rows), many, self._newest(rows))

    def _helped(self, place: int) -> Iterator[Argument]:
        rows = self._of_similar(self._evidence.known.helped, place)
        if len(rows):
            yield Argument(LeadReason.HELPED_SIMILAR, len(rows), len(self.similar), self._newest(rows))

    def _moved(self, place: int) -> Iterator[Argument]:
        lately, before = self._lately, self._before
        if min(len(lately), len(before)) < _ENOUGH:
            return
        now, then = (float(self._evidence.led(rows)[place] / len(rows)) for rows in (lately, before))
        if abs(now - then) >= _MOVED:
            yield Argument(LeadReason.DUTY_CAME if now > then else LeadReason.DUTY_WENT, _part(now), _part(then))

    def _here(self, place: int) -> Iterator[Argument]:
        seen, expected = (float(one[place]) for one in (self._evidence.seen_here, self._evidence.expected_here))
        if seen >= max(_CASES_HERE, _HERE * expected):
            yield Argument(LeadReason.LEADS_HERE, seen, round(expected, 1))
        elif expected >= max(_CASES_HERE, _HERE * seen):
            yield Argument(LeadReason.SELDOM_HERE, seen, round(expected, 1))

    def _load(self, place: int) -> Iterator[Argument]:
        load, mean = self._asked.bodies[place].load, self._mean
        if load >= max(_MORE * mean, mean + _LOAD):
            yield Argument(LeadReason.LOADED, load, round(mean, 1))
        elif load <= min(_LESS * mean, mean - _LOAD):
            yield Argument(LeadReason.LITTLE_LOADED, load, round(mean, 1))

    def _refusals(self, place: int) -> Iterator[Argument]:
        rate, usual = float(self._evidence.refusal_rate[place]), self._evidence.usual_refusals
        if usual and rate >= _OFTEN * usual:
            yield Argument(LeadReason.REFUSES_OFTEN, _part(float(self._evidence.refused[place])), _part(usual))
        if self._asked.bodies[place].refused:
            yield Argument(LeadReason.REFUSED_THIS)

    def _of_similar(self, pairs: tuple[Places, Places], place: int) -> Places:
        """Returns the similar precedents that name the body in `pairs` of (precedent, body)."""
        rows, bodies = pairs
        return np.intersect1d(rows[self._places(bodies) == place], self.similar)

    def _places(self, bodies: Places) -> Places:
        return self._evidence.places[bodies]

    def _newest(self, rows: Places) -> datetime:
        return datetime.fromtimestamp(float(self._evidence.known.at[rows].max()), UTC)


def similar(evidence: Evidence) -> Places:
    """Returns the numbers of the most similar precedents, most similar first: of the kind, or of such a text."""
    weighed = evidence.weighed
    rows = np.flatnonzero((weighed.is_kind | (weighed.alike >= ALIKE)) & (weighed.shown > 0))
    return rows[_highest(weighed.shown[rows], SIMILAR)]


def _highest(values: Floats, most: int) -> Places:
    """Returns where the highest values stand, the highest first, of equal ones the later."""
    if len(values) > most:
        some = np.argpartition(-values, most - 1)[:most]
        return some[np.lexsort((-some, -values[some]))]
    return np.lexsort((-np.arange(len(values)), -values))


def _periods(evidence: Evidence) -> tuple[Places, Places]:
    """Returns the precedents of the kind lately and before, those about the same where there are enough of them."""
    weighed, age = evidence.weighed, evidence.known.age
    rows = np.flatnonzero(weighed.is_kind & (weighed.alike >= ALIKE))
    if len(rows) < 2 * _ENOUGH:
        rows = np.flatnonzero(weighed.is_kind)
    is_late = age[rows] <= HALF_LIFE * DAY
    return rows[is_late], rows[~is_late]


def _mean_load(bodies: Sequence[Body]) -> float:
    return sum(body.load for body in bodies) / max(len(bodies), 1)


def _ordered(found: Iterator[Argument]) -> tuple[Argument, ...]:
    order = list(LeadReason)
    return tuple(sorted(found, key=lambda one: order.index(one.code)))


def _part(share: float) -> float:
    return round(share, 3)

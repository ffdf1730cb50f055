"""Who could lead a case or help with it, likeliest first, with what speaks for each and against it: plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MUCH = 1.25  # times the mean of what bodies have; from then on it is much


class Because(StrEnum):
    """What speaks for a body or against it."""

    DUTY = "duty"  # its power is one of those that the kind of the case names
    OTHER_DUTY = "other_duty"
    OF_THE_STREET = "of_the_street"
    HELPS = "helps"
    HAS_HELPED = "has_helped"
    LEADS = "leads"
    REFUSED_LEAD = "refused_lead"
    REFUSED_PART = "refused_part"
    LITTLE_TO_DO = "little_to_do"
    MUCH_TO_DO = "much_to_do"


_FOR = {Because.DUTY, Because.OF_THE_STREET, Because.HELPS, Because.HAS_HELPED, Because.LITTLE_TO_DO}
_REFUSALS = {Because.REFUSED_LEAD, Because.REFUSED_PART}


@dataclass(frozen=True, slots=True)
class Body:
    """A department or unit: its power, its street (None: the whole district) and how many open cases it has.

    `part` is what it has to do with the case already, if anything.
    """

    id: str
    power: str | None
    street: str | None
    load: int
    part: Because | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `load` and the `mean` of all are of the reasons about them alone."""

    because: Because
    load: int = 0
    mean: float = 0.0

    @property
    def is_for(self) -> bool:
        """Whether it speaks for the body."""
        return self.because in _FOR


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body with its reasons, the weightiest first."""

    body: str
    load: int
    reasons: tuple[Reason, ...]


def candidates(bodies: Sequence[Body], *, powers: tuple[str, ...], street: str | None) -> tuple[Candidate, ...]:
    """Returns the bodies for a case in `street` whose kind names `powers`, likeliest first.

    First those with the duty, in the order of the powers, then those who have least to do; who refused or leads comes
    last among its like. A unit of a street is a candidate only with a duty, in its own street.
    """
    fit = [one for one in bodies if one.street is None or (one.street == street and one.power in powers)]
    mean = sum(one.load for one in fit) / len(fit) if fit else 0.0

    def rank(one: Body) -> tuple[int, bool, int, str]:
        duty = powers.index(one.power) if one.power in powers else len(powers)
        is_out = one.part in _REFUSALS or one.part is Because.LEADS
        return duty if not is_out else duty + len(powers) + 1, one.street is not None, one.load, one.id

    return tuple(Candidate(one.id, one.load, tuple(_reasons(one, powers, mean))) for one in sorted(fit, key=rank))


def _reasons(body: Body, powers: tuple[str, ...], mean: float) -> Iterator[Reason]:
    if body.part is not None:
        yield Reason(body.part)
    if powers and body.power is not None:
        yield Reason(Because.DUTY if body.power in powers else Because.OTHER_DUTY)
    if body.street is not None:
        yield Reason(Because.OF_THE_STREET)
    if body.load > mean * MUCH:
        yield Reason(Because.MUCH_TO_DO, body.load, mean)
    elif body.load < mean / MUCH:
        yield Reason(Because.LITTLE_TO_DO, body.load, mean)

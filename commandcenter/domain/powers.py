"""Defines the powers 职权 by which holders suit kinds of case, their order, and which every street must have."""

from collections.abc import Iterable
from dataclasses import dataclass

from commandcenter.domain.reference import Reference

_FURTHER = 100  # the order of a power that is given none


@dataclass(frozen=True, slots=True)
class Power(Reference):
    """A power that holders have and kinds of case need.

    `in_every_street`: the team of each street must have a unit with it, as the 4 of the 4+X teams. These come first in
    every list, then the others, both by `order`.
    """

    id: str
    rev: int
    name: str
    order: int = _FURTHER
    in_every_street: bool = False


_FOUR = tuple(
    Power(key, 1, "", order, in_every_street=True)
    for order, key in enumerate(("urban", "market", "police", "traffic"), 1)
)  # as the city's rule has them


class Powers:
    """The powers of a district; one of the four that has no record here counts as the city's rule has it."""

    def __init__(self, records: Iterable[Power]) -> None:
        told = tuple(records)
        self._known = {one.id: one for one in (*_FOUR, *told)}
        needed = (one.id for one in told if self.is_in_every_street(one.id))
        self.needed = tuple(sorted(needed, key=self.rank))  # of those with a record

    def rank(self, power: str) -> tuple[int, int, str]:
        """Returns the sort key of a power, of which there need be no record."""
        known = self._known.get(power)
        return (2, 0, power) if known is None else (int(not known.in_every_street), known.order, power)

    def is_in_every_street(self, power: str) -> bool:
        """Returns whether every street must have a unit with the power."""
        known = self._known.get(power)
        return known is not None and known.in_every_street and not known.retired

"""Defines the intake channels 入口."""

from dataclasses import dataclass

from commandcenter.domain.reference import Reference


@dataclass(frozen=True, slots=True)
class Channel(Reference):
    """One intake channel; those with `by_hand` can be chosen in the intake form."""

    id: str
    rev: int
    name: str
    by_hand: bool = False

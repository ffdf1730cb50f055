"""The intakes 入口: many ways in, one platform."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """One intake; `by_hand` channels can be chosen in the intake form."""

    id: str
    rev: int
    name: str
    by_hand: bool = False

"""The platform's time as it was known last, for the start that follows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClockMark:
    """At `mono`, of a clock that does not jump and has a meaning within `boot` alone, it was `platform` there.

    `platform` is in seconds since 1970.
    """

    platform: float
    mono: float
    boot: str

"""Defines the last known platform time, which the journal keeps for the next start of the console."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClockMark:
    """One reading of two clocks: when the monotonic clock showed `mono`, the platform's clock showed `platform`.

    `platform` is in seconds since 1970; `mono` is in seconds and is meaningful only within the same `boot`.
    """

    platform: float
    mono: float
    boot: str

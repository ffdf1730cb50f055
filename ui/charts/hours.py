"""Counts per hour of the last 24 hours, as the platform counts them: cases received, and cases reported as settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commandcenter.domain.cases import Stage, Tier

HOURS = 24


@dataclass(frozen=True, slots=True)
class HourCounts:
    """Counts per clock hour, oldest first, the last hour in progress; `tiers`: cases per tier in the whole period.

    A case counts as settled in the hour in which it was reported, each time that it was.
    """

    starts: tuple[datetime, ...]
    received: tuple[int, ...]
    settled: tuple[int, ...]
    tiers: Mapping[str, int]

    @property
    def total(self) -> int:
        """All cases received."""
        return sum(self.received)

    def share(self, tier: str) -> float | None:
        """Returns the share of a tier from 0 to 1; None when there are no cases."""
        whole = sum(self.tiers.values())
        return self.tiers.get(tier, 0) / whole if whole else None


def spans(now: datetime) -> list[tuple[datetime, datetime]]:
    """Returns [since, until) of each of the last 24 clock hours, oldest first."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    return [(first + timedelta(hours=n), first + timedelta(hours=n + 1)) for n in range(HOURS)]


def day(starts: Sequence[datetime], summaries: Sequence[Any]) -> HourCounts:
    """Returns the counts from one Summary (protocol.messages) per hour."""
    tiers = {tier.value: sum(summary.tier.get(tier, 0) for summary in summaries) for tier in Tier}
    settled = tuple(summary.stage.get(Stage.REPORTED, 0) for summary in summaries)
    return HourCounts(tuple(starts), tuple(summary.total for summary in summaries), settled, tiers)

"""Generates when cases arrive and by which channel: the rhythm of hours, weekdays and months, to an exact total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from commandcenter.simulation.reference import Table

Moments = NDArray[np.int64]
CASES_PER_DAY = 454  # cases
_HOUR = 3_600_000  # milliseconds


@dataclass(frozen=True)
class Arrivals:
    """Cases in order of arrival.

    `at`: int64[n] milliseconds since 1970; `channel`: int64[n] indexes into the channel data.
    """

    at: Moments
    channel: NDArray[np.int64]


def arrivals(
    data: Table, *, zone: str, since: datetime, until: datetime, total: int, chance: np.random.Generator
) -> Arrivals:
    """Returns exactly `total` arrivals in [since, until), by the rhythm and channels of `data` (channels.toml)."""
    starts, local = _hours(since, until, ZoneInfo(zone))
    by_hour = _by_hour(data)
    ends = np.append(starts[1:], _ms(until))
    clock = np.array([moment.hour for moment in local])
    weight = by_hour.sum(axis=0)[clock] * _calendar_weights(data, local) * (ends - starts) / _HOUR
    hour = np.sort(chance.choice(len(starts), total, p=weight / weight.sum()))
    at = starts[hour] + (chance.random(total) * (ends - starts)[hour]).astype(np.int64)
    order = np.argsort(at, kind="stable")
    return Arrivals(at[order], _picked(by_hour[:, clock[hour[order]]], chance.random(total)))


def moment(milliseconds: int) -> datetime:
    """Returns the aware datetime (UTC) of `milliseconds` since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def to_millisecond(at: datetime) -> datetime:
    """Truncates to milliseconds, the resolution of all times of the simulation."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _hours(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[Moments, list[datetime]]:
    """Returns the start of every clock hour in the period as milliseconds and as local time; the first is `since`."""
    found = [since]
    at = since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while at < until:
        found.append(at)
        at += timedelta(hours=1)
    return np.array([_ms(one) for one in found]), [one.astimezone(zone) for one in found]


def _by_hour(data: Table) -> NDArray[np.float64]:
    """Returns how often each channel brings a case in each hour of the day: float64[channels, 24].

    A row adds up to the channel's weight.
    """
    rows = [np.array(data["hours"][channel["hours"]], dtype=float) for channel in data["channel"]]
    return np.array([row / row.sum() * channel["weight"] for row, channel in zip(rows, data["channel"], strict=True)])


def _calendar_weights(data: Table, local: Sequence[datetime]) -> NDArray[np.float64]:
    week, months = data["rhythm"]["week"], data["rhythm"]["months"]
    return np.array([week[one.weekday()] * months[one.month - 1] for one in local])


def _picked(weights: NDArray[np.float64], draws: NDArray[np.float64]) -> NDArray[np.int64]:
    """Returns one choice per column of `weights` (choices, n), from one uniform draw each."""
    steps = np.cumsum(weights, axis=0)
    picked: NDArray[np.int64] = (steps < draws * steps[-1]).sum(axis=0)
    return picked


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)

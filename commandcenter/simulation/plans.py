"""Draws the course of all cases at once, as columns: kind, place, tier, and how long each step takes."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from commandcenter.simulation.addresses import ADDRESSES_PER_GRID, Addresses
from commandcenter.simulation.day import Arrivals, Moments
from commandcenter.simulation.reference import Reference

ALL, BY_GRIDS, BY_DISTRICT = 110_772, 85_635, 3_589  # cases of the archive
GRID, STREET, DISTRICT = 0, 1, 2  # tiers
SMOOTH, RETURNED, DENIED = 0, 1, 2  # courses: DENIED means that a return was applied for and denied
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000  # milliseconds

Column = NDArray[np.int64]


class CasePlan(NamedTuple):
    """The course of one case. Times are milliseconds since 1970; channel, kind, grid and address are indexes.

    `share` is the part of the limit that is used when the case is reported (above 1: late); negative when it is
    reported `minutes` after it was accepted, whatever the limit. `until_closed` is in minutes after the report. `picks`
    are random integers that choose texts, seats and durations.
    """

    at: int
    channel: int
    kind: int
    grid: int
    address: int
    lonlat: tuple[float, float]
    tier: int
    course: int
    filed: int
    dispatched: int
    accepted: int
    share: float
    minutes: float
    until_closed: float
    picks: tuple[int, ...]


def plans(reference: Reference, came: Arrivals, addresses: Addresses, chance: np.random.Generator) -> list[CasePlan]:
    """Returns plans for all arrivals, in their order; the tiers have exactly the proportions of the real archive."""
    count, shift = len(came.at), _offset(reference, came)
    kind = _kinds(reference, came, shift, chance)
    urgent = np.array([one.limit.is_urgent for one in reference.kinds])[kind]
    address = _addresses(len(addresses.names), count, chance)
    tier = tiers(np.array([row["grid"] for row in reference.kind_data["kind"]])[kind], chance)
    filed = came.at + _minutes(7, 0.8, count, chance)
    dispatched = filed + _minutes(6, 0.9, count, chance)
    accepted = dispatched + _minutes(16, 0.9, count, chance)
    share = _hurried(np.minimum(chance.lognormal(np.log(0.52), 0.6, count), 2.6), chance)
    soon_done = (tier == GRID) & (chance.random(count) < 0.36)
    columns = {
        "at": came.at,
        "channel": came.channel,
        "kind": kind,
        "grid": address // ADDRESSES_PER_GRID,
        "address": address,
        "lonlat": addresses.near(address, chance),
        "tier": tier,
        "course": chance.choice(3, count, p=(0.955, 0.033, 0.012)),
        "filed": filed,
        "dispatched": dispatched,
        "accepted": np.where(urgent, accepted, _by_day(accepted, shift, chance)),
        "share": np.where(soon_done, -1.0, share),
        "minutes": chance.lognormal(np.log(28), 0.6, count) + 3,
        "until_closed": chance.lognormal(np.log(38), 0.8, count),
        "picks": chance.integers(0, 1 << 30, (count, 6)),
    }
    return list(map(CasePlan._make, zip(*(columns[name].tolist() for name in CasePlan._fields), strict=True)))


def tiers(grid_share: NDArray[np.float64], chance: np.random.Generator) -> Column:
    """Returns GRID, STREET or DISTRICT for each case, in exactly the archive's proportions.

    A higher `grid_share` (between 0 and 1) makes GRID likelier.
    """
    count = len(grid_share)
    grids, districts = round(count * BY_GRIDS / ALL), round(count * BY_DISTRICT / ALL)
    leaning = np.log(grid_share / (1 - grid_share)) * 1.6 + chance.gumbel(size=count)
    order = np.argsort(-leaning, kind="stable")
    found = np.full(count, STREET, dtype=np.int64)
    found[order[:grids]] = GRID
    found[chance.choice(order[grids:], districts, replace=False)] = DISTRICT
    return found


def _kinds(reference: Reference, came: Arrivals, shift: int, chance: np.random.Generator) -> Column:
    rows = reference.kind_data["kind"]
    day = np.cumsum([row["weight"] for row in rows])
    night = np.cumsum([row["weight"] * row.get("night", 1.0) for row in rows])
    begins, ends = reference.channel_data["rhythm"]["night"]
    hour = (came.at + shift) % _DAY // _HOUR
    dark = (hour >= begins) | (hour < ends)
    draw = chance.random(len(came.at))
    by_night, by_day = np.searchsorted(night, draw * night[-1]), np.searchsorted(day, draw * day[-1])
    chosen: Column = np.where(dark, by_night, by_day).astype(np.int64)
    return chosen


def _addresses(many: int, count: int, chance: np.random.Generator) -> Column:
    """Draws addresses; some grids and some addresses are far more frequent than others."""
    grids = np.repeat(chance.lognormal(0.0, 0.55, many // ADDRESSES_PER_GRID), ADDRESSES_PER_GRID)
    weight = grids * chance.lognormal(0.0, 0.7, many)
    chosen: Column = chance.choice(many, count, p=weight / weight.sum())
    return chosen


def _by_day(moments: Moments, shift: int, chance: np.random.Generator) -> Moments:
    """Moves times in the night (21:00 to 7:00) to the next morning from 7:30."""
    clock = (moments + shift) % _DAY
    late, early = clock >= 21 * _HOUR, clock < 7 * _HOUR
    morning = moments - clock + late * _DAY + 7 * _HOUR + 30 * _MINUTE
    waited = morning + (chance.exponential(35, len(moments)) * _MINUTE).astype(np.int64)
    return np.where(late | early, waited, moments)


def _hurried(share: NDArray[np.float64], chance: np.random.Generator) -> NDArray[np.float64]:
    """Makes many of the late cases just in time and the others less late, as people hurry near a limit."""
    just = (share > 1) & (chance.random(len(share)) < 0.4)
    return np.where(just, chance.uniform(0.82, 1.0, len(share)), np.where(share > 1, 0.4 + share * 0.6, share))


def _minutes(median: float, spread: float, count: int, chance: np.random.Generator) -> Moments:
    return (chance.lognormal(np.log(median), spread, count) * _MINUTE).astype(np.int64) + 20_000


def _offset(reference: Reference, came: Arrivals) -> int:
    """Returns local time minus UTC in milliseconds, as at the first arrival."""
    first = datetime.fromtimestamp(int(came.at[0]) / 1000, ZoneInfo(reference.district.zone))
    offset = first.utcoffset()
    return 0 if offset is None else round(offset.total_seconds() * 1000)

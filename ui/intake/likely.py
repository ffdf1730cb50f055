"""What is known of a place already: open cases that may be the same one, and what happened here before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.places import Spot

if TYPE_CHECKING:
    from commandcenter.store.board import Board

NEAR = 100.0  # metres
FAR = 300.0  # metres from which the same words mean another place
DAY = timedelta(hours=24)
ALIKE = 0.6  # share of common pairs of characters from which two places read the same
PLAUSIBLE = 0.5
EARTH = 6_371_000.0


@dataclass(frozen=True, slots=True)
class IntakeState:
    """What the form says so far."""

    place: str = ""
    text: str = ""
    kind: str | None = None
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Likely:
    """A case that may be the same; `score` 0–1, `metres` when both have a spot, and what speaks for it."""

    case: Case
    score: float
    metres: float | None
    same_kind: bool
    same_place: bool


def likely(board: Board, wanted: IntakeState, now: datetime, *, most: int = 3) -> tuple[Likely, ...]:
    """Open cases of the last 24 hours at the same place and of the same or a similar kind, likeliest first."""
    found = (_compare(board, wanted, case) for case in _around(board, wanted))
    fresh = (one for one in found if one.case.is_open and now - one.case.received_at <= DAY and one.score >= PLAUSIBLE)
    return tuple(sorted(fresh, key=lambda one: (-one.score, one.metres or 0.0))[:most])


def before(board: Board, wanted: IntakeState, *, without: frozenset[str], most: int = 6) -> tuple[Case, ...]:
    """Other cases at this place, the newest first."""
    cases = (case for case in _around(board, wanted) if case.id not in without)
    return tuple(sorted(cases, key=lambda case: case.received_at, reverse=True)[:most])


def metres(one: Spot, other: Spot) -> float:
    """Distance on the ground, good for less than a few kilometres."""
    east = np.radians(other.lon - one.lon) * np.cos(np.radians(one.lat))
    return float(np.hypot(east, np.radians(other.lat - one.lat)) * EARTH)


def likeness(one: str, other: str) -> float:
    """How alike two places read: the share of pairs of characters that they have in common, 0–1."""
    mine, theirs = _pairs(one), _pairs(other)
    least = min(len(mine), len(theirs))
    return len(mine & theirs) / least if least > 1 else 0.0


def _around(board: Board, wanted: IntakeState) -> list[Case]:
    """Cases within reach of the pin, or whose place reads the same."""
    slots = set(_near(board, wanted.spot)) if wanted.spot else set()
    keys = {board.cases.ids[slot] for slot in slots}
    cases = (case for case in board.all("case") if isinstance(case, Case))
    return [case for case in cases if case.id in keys or is_same_place(wanted, case)]


def is_same_place(wanted: IntakeState, case: Case) -> bool:
    """Whether the places read the same and no spots say that they are far apart."""
    if wanted.spot and case.spot and metres(wanted.spot, case.spot) > FAR:
        return False
    return likeness(wanted.place, case.place) >= ALIKE


def _near(board: Board, spot: Spot) -> list[int]:
    cases = board.cases
    with np.errstate(invalid="ignore"):
        east = np.radians(cases["lon"] - spot.lon) * np.cos(np.radians(spot.lat))
        away = np.hypot(east, np.radians(cases["lat"] - spot.lat)) * EARTH
        return [int(slot) for slot in np.flatnonzero(cases["alive"] & (away <= NEAR))]


def _compare(board: Board, wanted: IntakeState, case: Case) -> Likely:
    away = metres(wanted.spot, case.spot) if wanted.spot and case.spot else None
    same_place = is_same_place(wanted, case)
    told = likeness(wanted.text, case.text)  # the same words outweigh a kind that was only suggested by them
    kinship = max(_kinship(board, wanted.kind, case.kind), 0.4 if told >= ALIKE else -1.0)
    closeness = 0.0 if away is None else max(0.0, 1 - away / NEAR)
    score = 0.3 * max(closeness, float(same_place)) + 0.2 * (same_place or closeness > 0) + 0.3 * kinship
    score += 0.2 * told
    return Likely(case, round(min(score, 1.0), 2), away, kinship == 1.0, same_place)


def _kinship(board: Board, one: str | None, other: str | None) -> float:
    """1 for the same kind, 0.6 for one of its class, 0.4 while none is chosen, −1 for another."""
    if one is None or other is None:
        return 0.4
    if one == other:
        return 1.0
    mine, theirs = board.find("kind", one), board.find("kind", other)
    alike = isinstance(mine, Kind) and isinstance(theirs, Kind) and mine.class_name == theirs.class_name
    return 0.6 if alike else -1.0


def _pairs(text: str) -> set[str]:
    said = "".join(c for c in text.lower() if c.isalnum())
    return {said[n : n + 2] for n in range(len(said) - 1)}

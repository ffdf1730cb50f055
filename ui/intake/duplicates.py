"""Searches the board for possible duplicates and for earlier cases at a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.places import Spot
from ui.kit import records

if TYPE_CHECKING:
    from commandcenter.store.board import Board

NEAR = 100.0  # metres
FAR = 300.0  # metres beyond which equal addresses mean different places
DAY = timedelta(hours=24)
MIN_LIKENESS = 0.6  # likeness from which two addresses or texts count as the same
MIN_SCORE = 0.5
EARTH = 6_371_000.0


@dataclass(frozen=True, slots=True)
class IntakeState:
    """The content of the form so far, as far as it matters for the search."""

    place: str = ""
    text: str = ""
    kind: str | None = None
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A possible duplicate; `score` from 0 to 1, `metres` away if both have a spot, and what the two have in common."""

    case: Case
    score: float
    metres: float | None
    same_kind: bool
    same_place: bool


def likely_duplicates(
    board: Board, wanted: IntakeState, now: datetime, *, most: int = 3
) -> tuple[LikelyDuplicate, ...]:
    """Returns open cases of the last 24 hours around the place with a score of at least MIN_SCORE, highest first."""
    found = (_compare(board, wanted, case) for case in _around(board, wanted))
    fresh = (one for one in found if one.case.is_open and now - one.case.received_at <= DAY and one.score >= MIN_SCORE)
    return tuple(sorted(fresh, key=lambda one: (-one.score, one.metres or 0.0))[:most])


def earlier_cases(board: Board, wanted: IntakeState, *, without: frozenset[str], most: int = 6) -> tuple[Case, ...]:
    """Returns at most `most` cases at this place except those `without`, the newest first."""
    cases = (case for case in _around(board, wanted) if case.id not in without)
    return tuple(sorted(cases, key=lambda case: case.received_at, reverse=True)[:most])


def likeness(one: str, other: str) -> float:
    """Returns how alike two texts are, 0–1: the common pairs of adjacent characters, as a share of the smaller set."""
    mine, theirs = _pairs(one), _pairs(other)
    least = min(len(mine), len(theirs))
    return len(mine & theirs) / least if least > 1 else 0.0


def _around(board: Board, wanted: IntakeState) -> list[Case]:
    """Returns the cases within NEAR of the spot and those with the same place."""
    slots = set(_near(board, wanted.spot)) if wanted.spot else set()
    keys = {board.cases.ids[slot] for slot in slots}
    return [case for case in records.every(board, Case) if case.id in keys or is_same_place(wanted, case)]


def is_same_place(wanted: IntakeState, case: Case) -> bool:
    """Returns whether the addresses are alike and the spots, if both are known, at most FAR apart."""
    if wanted.spot and case.spot and wanted.spot.metres_to(case.spot) > FAR:
        return False
    return likeness(wanted.place, case.place) >= MIN_LIKENESS


def _near(board: Board, spot: Spot) -> list[int]:
    cases = board.cases
    with np.errstate(invalid="ignore"):
        east = np.radians(cases["lon"] - spot.lon) * np.cos(np.radians(spot.lat))
        away = np.hypot(east, np.radians(cases["lat"] - spot.lat)) * EARTH
        return [int(slot) for slot in np.flatnonzero(cases["alive"] & (away <= NEAR))]


def _compare(board: Board, wanted: IntakeState, case: Case) -> LikelyDuplicate:
    away = wanted.spot.metres_to(case.spot) if wanted.spot and case.spot else None
    same_place = is_same_place(wanted, case)
    told = likeness(wanted.text, case.text)  # equal texts outweigh a differing kind, which may only be suggested
    kinship = max(_kind_similarity(board, wanted.kind, case.kind), 0.4 if told >= MIN_LIKENESS else -1.0)
    closeness = 0.0 if away is None else max(0.0, 1 - away / NEAR)
    score = 0.3 * max(closeness, float(same_place)) + 0.2 * (same_place or closeness > 0) + 0.3 * kinship
    score += 0.2 * told
    return LikelyDuplicate(case, round(min(score, 1.0), 2), away, kinship == 1.0, same_place)


def _kind_similarity(board: Board, one: str | None, other: str | None) -> float:
    """Returns 1 for the same kind, 0.6 within the same class, 0.4 when either is unknown, −1 otherwise."""
    if one is None or other is None:
        return 0.4
    if one == other:
        return 1.0
    mine, theirs = records.find(board, Kind, one), records.find(board, Kind, other)
    return 0.6 if mine and theirs and mine.class_name == theirs.class_name else -1.0


def _pairs(text: str) -> set[str]:
    said = "".join(c for c in text.lower() if c.isalnum())
    return {said[n : n + 2] for n in range(len(said) - 1)}

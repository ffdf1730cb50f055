"""Says where a power has nobody on duty, and which neighbour could move a crew up, at what cost to itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from commandcenter.domain.people import Holder
from commandcenter.domain.places import Spot
from commandcenter.domain.powers import Powers
from commandcenter.domain.teams import Crew

KEPT = 1  # crews on duty that a neighbour keeps, whatever it gives


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit that has crews, of which none is on duty, `since` seconds since 1970; None: not known.

    `unit` is "" where a street has no unit with a power that every street must have (`is_needed`).
    """

    street: str
    power: str
    unit: str
    since: float | None
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A crew on duty: the street in which it counts, where it is (None: not known), and whether it is free to move."""

    crew: str
    street: str
    power: str
    spot: Spot | None
    is_free: bool


@dataclass(frozen=True, slots=True)
class MoveUp:
    """A crew that could stand in for a street's power; its own street then still has `left` crews of it on duty.

    `metres` from where it is to the middle of the street that has the gap.
    """

    street: str
    power: str
    crew: str
    giver: str
    metres: float
    left: int


def gaps(
    units: Sequence[Holder], crews: Mapping[str, Sequence[Crew]], known: Powers, streets: Iterable[str], at: datetime
) -> tuple[Gap, ...]:
    """Returns the units without a crew on duty and the powers that one of `streets` must have and has not, by street.

    `crews` are those of each unit, by its id; at `at` a lent one counts where it helps. "" among the streets has no
    units.
    """
    helped = frozenset(_helped(units, crews, at))
    found = [gap for unit in units if (gap := _gap(unit, crews.get(unit.id, ()), known, helped, at)) is not None]
    has = {(unit.street, unit.power) for unit in units} | helped
    needed = ((street, power) for street in streets if street for power in known.needed)
    found += (Gap(*one, "", None, is_needed=True) for one in needed if one not in has)
    return tuple(sorted(found, key=lambda gap: (gap.street, known.rank(gap.power))))


def move_ups(
    gaps: Sequence[tuple[str, str]], posts: Sequence[Post], places: Mapping[str, Spot]
) -> tuple[MoveUp | None, ...]:
    """Returns for each gap (street, power) the crew that would move up, None when nobody can give one.

    A street gives only if it keeps a crew on duty, the nearest street first; of its free crews the nearest one, and
    each crew stands in once. `places` are the middles of the streets.
    """
    taken: set[str] = set()
    found = []
    for street, power in gaps:
        move = _move_up(street, power, [post for post in posts if post.crew not in taken], places)
        taken |= {move.crew} if move is not None else set()
        found.append(move)
    return tuple(found)


def _helped(
    units: Iterable[Holder], crews: Mapping[str, Sequence[Crew]], at: datetime
) -> Iterator[tuple[str, str | None]]:
    """Yields the streets and powers in which a crew of another street is on duty."""
    for unit in units:
        lent = (crew for crew in crews.get(unit.id, ()) if crew.is_on_duty and crew.street_at(at) != crew.street)
        yield from ((crew.street_at(at), unit.power) for crew in lent)


def _gap(
    unit: Holder, crews: Sequence[Crew], known: Powers, helped: Set[tuple[str, str | None]], at: datetime
) -> Gap | None:
    here = [crew for crew in crews if crew.street_at(at) == crew.street]
    if not crews or any(crew.is_on_duty for crew in here) or (unit.street, unit.power) in helped:
        return None
    is_known, power = here == list(crews) and all(crew.has_reported for crew in crews), unit.power or ""
    since = max(crew.status_since for crew in crews).timestamp() if is_known else None
    return Gap(unit.street or "", power, unit.id, since, known.is_in_every_street(power))


def _move_up(street: str, power: str, posts: Sequence[Post], places: Mapping[str, Spot]) -> MoveUp | None:
    here = places.get(street)
    if here is None:
        return None
    on_duty: dict[str, list[Post]] = {}
    for post in posts:
        if post.power == power and post.street != street and post.street in places:
            on_duty.setdefault(post.street, []).append(post)
    for giver in sorted(on_duty, key=lambda key: (here.metres_to(places[key]), key)):
        mine = on_duty[giver]
        free = [(here.metres_to(post.spot or places[giver]), post.crew) for post in mine if post.is_free]
        if free and len(mine) > KEPT:
            metres, crew = min(free)
            return MoveUp(street, power, crew, giver, metres, len(mine) - 1)
    return None

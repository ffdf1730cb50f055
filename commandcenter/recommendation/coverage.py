"""Says where a power has nobody on duty, and which neighbour could move a crew up, at what cost to itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commandcenter.domain.places import Spot

KEPT = 1  # crews on duty that a neighbour keeps, whatever it gives


@dataclass(frozen=True, slots=True)
class Post:
    """A crew on duty: where it belongs, where it is (None: not known), and whether it is free to move."""

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

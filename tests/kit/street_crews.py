"""Crews of the district of `tests.kit.hall`, made to measure."""

from collections.abc import Sequence
from datetime import timedelta

from commandcenter.domain.places import Spot
from commandcenter.domain.teams import Crew, CrewStatus
from tests.kit import hall


def crew(
    number: int = 1,
    unit: str = "s03-urban",
    status: CrewStatus = CrewStatus.AVAILABLE,
    *,
    minutes: float = 5,
    seen: float | None = 4,
    spot: Spot | None = None,
    **more: object,
) -> Crew:
    """Returns crew `number` of a unit, in its status for `minutes`, its position `seen` seconds ago (None: never)."""
    street, power = unit.split("-")
    return Crew(
        f"c-{unit}-{number}",
        1,
        f"{hall.POWER_NAMES[power]}{'一二三四五'[number - 1]}队",
        unit,
        street,
        status,
        hall.NOW - timedelta(minutes=minutes),
        spot,
        None if seen is None else hall.NOW - timedelta(seconds=seen),
        **more,
    )


def everywhere(count: int = 200, *, spots: Sequence[Spot | None] = (None,)) -> list[Crew]:
    """Returns `count` crews, spread over all units and `spots`, in every status."""
    units = [f"s{street:02d}-{power}" for street in range(1, 14) for power in hall.POWERS]
    states = list(CrewStatus)
    return [
        crew(
            at // len(units) + 1,
            units[at % len(units)],
            states[at % len(states)],
            minutes=at % 90,
            spot=spots[at % len(spots)],
        )
        for at in range(count)
    ]

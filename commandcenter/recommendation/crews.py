"""Proposes units and crews for a case, best first, with the reasons for and against each, and says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from commandcenter.domain.rosters import ENDS_SOON
from commandcenter.domain.teams import POSITION_OLD, CrewStatus
from commandcenter.recommendation.crew_states import Because, CrewState, Need, Reason, UnitState

MOST = 3  # proposals
SHIFT_ENDS = ENDS_SOON.total_seconds()
RESTED = 1200.0  # seconds of availability after which a crew counts as rested
SPEED = 420.0  # metres a minute: 25 km/h in a city
DETOUR = 1.4  # of a way by road, beside the straight line

# What a disadvantage costs, in minutes of the way that a crew without it may be farther off.
COST_OF_POWER = 60.0  # the unit has none of the powers that the kind of case needs
COST_OF_NEXT_POWER = 6.0  # for each power that suits the kind better
COST_OF_RETURN = 30.0  # the unit has given the case back
COST_OF_REFUSAL = 30.0  # its unit has just refused this order
COST_OF_WORK = 25.0  # it would leave a job
COST_OF_STREET = 20.0  # another street has to agree
COST_OF_AGE = 8.0  # nobody knows where it is now
COST_BY_ROSTER = {Reason.SHIFT_ENDS: 12.0, Reason.OFF_ROSTER: 30.0}
COST_OF_LOAD = 1.5  # for each open case of its unit
COST_OF_HELP = 10.0  # another unit has the case
COST_OF_REQUEST = 4.0  # the unit is asked, not told
COST_OF_NO_CREW = 40.0  # the unit has nobody to send at once
UNKNOWN_WAY = 15.0  # minutes, of a crew whose position is not known


@dataclass(frozen=True, slots=True)
class Beside:
    """What a proposal is compared with: the least load of those proposed, the nearest crew, and how many units.

    `elsewhere` is how far the nearest crew of other streets is.
    """

    least: int
    nearest: float | None
    among: int
    elsewhere: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit and one of its crews (None: the unit alone); `cost` in minutes says only what is better."""

    unit: str
    crew: str | None
    cost: float
    reasons: tuple[Because, ...]


def proposals(
    need: Need,
    units: Sequence[UnitState],
    crews: Sequence[CrewState],
    most: int = MOST,
    *,
    elsewhere: float | None = None,
) -> tuple[Proposal, ...]:
    """Returns at most `most` proposals, best first; `elsewhere` is the way of the nearest crew of units not given.

    A crew that is off duty, has an order, or was sent already is not proposed, nor is one without a power of the case,
    unless its unit has it. As long as nobody has the case, a unit that has no crew to propose is proposed without one.
    """
    by_id = {unit.id: unit for unit in units}
    able = [crew for crew in crews if crew.unit in by_id and _is_able(crew, need)]
    ways = {crew.id: _way(need, crew) for crew in able}
    priced = [_Priced(_cost(need, by_id[crew.unit], crew, ways[crew.id]), crew.unit, crew.id, crew) for crew in able]
    if need.responsible is None:
        with_crew = {one.unit for one in priced}
        alone = (unit for unit in units if unit.id not in with_crew and _may_have(unit, need))
        priced += [_Priced(_cost_alone(need, unit), unit.id, "", None) for unit in alone]
    suited = [one for one in priced if _suits(need, by_id[one.unit])]
    shown = sorted(suited, key=_rank)[:most]
    least = min((by_id[one.unit].load for one in shown), default=0)
    nearest = min((way for one in suited if (way := ways.get(one.key)) is not None), default=None)
    beside = Beside(least, nearest, len({one.unit for one in shown}), elsewhere)
    return tuple(
        Proposal(one.unit, one.key or None, one.cost, _reasons(need, by_id[one.unit], one.crew, beside))
        for one in shown
    )


def nearest_way(need: Need, units: Sequence[UnitState], crews: Sequence[CrewState]) -> float | None:
    """Returns the metres to the nearest crew of `units` that could be proposed; None without one of known position."""
    suited = {unit.id for unit in units if _suits(need, unit)}
    ways = (_way(need, crew) for crew in crews if crew.unit in suited and _is_able(crew, need))
    return min((way for way in ways if way is not None), default=None)


def gaps(need: Need, units: Sequence[UnitState], crews: Sequence[CrewState]) -> tuple[Because, ...]:
    """Returns what is missing in the street of the case, power by power: no unit, nobody on duty, or crews not known.

    `about` is the power of a unit that is not there or has nobody on duty (`amount`: the seconds until a shift begins),
    else the crew.
    """
    found: list[Because] = []
    for power in need.powers:
        here = [unit for unit in units if unit.street == need.street and unit.power == power]
        if not here:
            found.append(Because(Reason.NO_UNIT, about=power))
            continue
        mine = [crew for crew in crews if crew.unit in {unit.id for unit in here}]
        if not any(crew.status is not CrewStatus.OFF_DUTY for crew in mine):
            begins = min((crew.begins for crew in mine if crew.begins is not None), default=0.0)
            found.append(Because(Reason.NOBODY_ON_DUTY, begins, power))
            continue
        found += [gap for crew in mine if crew.status is not CrewStatus.OFF_DUTY for gap in _unusable(crew, need)]
    return tuple(found)


class _Priced(NamedTuple):
    cost: float
    unit: str
    key: str
    crew: CrewState | None


def _rank(one: _Priced) -> tuple[float, str, str]:
    return one.cost, one.unit, one.key


def minutes(metres: float) -> float:
    """Returns how many minutes a crew needs for a straight line of so many metres."""
    return metres * DETOUR / SPEED


def _is_able(crew: CrewState, need: Need) -> bool:
    return crew.status is not CrewStatus.OFF_DUTY and not crew.has_order and crew.id not in need.crews


def _way(need: Need, crew: CrewState) -> float | None:
    """Returns the metres to the case in a straight line; None when an end is not known."""
    return None if need.spot is None or crew.spot is None else need.spot.metres_to(crew.spot)


def _unit_cost(need: Need, unit: UnitState) -> float:
    if unit.power in need.powers:
        cost = need.powers.index(unit.power) * COST_OF_NEXT_POWER
    else:
        cost = COST_OF_POWER if need.powers else 0.0
    cost += COST_OF_STREET if need.street is not None and unit.street != need.street else 0.0
    cost += COST_OF_HELP if _helps(need, unit) else 0.0
    cost += COST_OF_RETURN if unit.id == need.returned else 0.0
    return cost + unit.load * COST_OF_LOAD + (COST_OF_REQUEST if unit.on_request else 0.0)


def _cost_alone(need: Need, unit: UnitState) -> float:
    return _unit_cost(need, unit) + COST_OF_NO_CREW


def _may_have(unit: UnitState, need: Need) -> bool:
    """Whether the case may go to the unit without a crew."""
    return unit.power in need.powers and unit.street == need.street


def _suits(need: Need, unit: UnitState) -> bool:
    return not need.powers or unit.power in need.powers or unit.id == need.responsible


def _helps(need: Need, unit: UnitState) -> bool:
    return need.responsible is not None and need.responsible != unit.id


def _cost(need: Need, unit: UnitState, crew: CrewState, way: float | None) -> float:
    cost = _unit_cost(need, unit) + (UNKNOWN_WAY if way is None else minutes(way))
    cost += COST_OF_REFUSAL if crew.id == need.refused else 0.0
    cost += COST_OF_WORK if crew.has_job else 0.0
    cost += sum(COST_BY_ROSTER[one.code] for one in _of_roster(crew))
    return cost + (COST_OF_AGE if _is_old(crew) else 0.0)


def _is_old(crew: CrewState) -> bool:
    return crew.seen is None or crew.seen >= POSITION_OLD


def _reasons(need: Need, unit: UnitState, crew: CrewState | None, beside: Beside) -> tuple[Because, ...]:
    """Returns the reasons for and then against, each with its figure."""
    found = [*_of_unit(need, unit, beside), *([Because(Reason.NO_CREW)] if crew is None else [])]
    if crew is not None:
        found += [Because(Reason.REFUSED)] if crew.id == need.refused else []
        found += _of_way(need, crew, beside)
        found += [*_of_state(crew), *_of_roster(crew)]
    order = list(Reason)
    return tuple(sorted(found, key=lambda one: (not one.is_for, order.index(one.code))))


def _of_unit(need: Need, unit: UnitState, beside: Beside) -> list[Because]:
    found = []
    if unit.power in need.powers:
        found.append(Because(Reason.COVERS, about=unit.power))
    elif need.powers:
        found.append(Because(Reason.NOT_COVERING, about=need.powers[0]))
    if unit.load <= beside.least and beside.among > 1:
        found.append(Because(Reason.LEAST_LOADED, unit.load))
    elif unit.load > 2 * beside.least + 2:
        found.append(Because(Reason.LOADED, unit.load))
    if need.street is not None and unit.street != need.street:
        found.append(Because(Reason.OTHER_STREET, about=unit.street))
    if unit.on_request:
        found.append(Because(Reason.ON_REQUEST))
    if _helps(need, unit):
        found.append(Because(Reason.HELPS))
    if unit.id == need.returned:
        found.append(Because(Reason.RETURNED))
    return found


def _of_way(need: Need, crew: CrewState, beside: Beside) -> list[Because]:
    way, nearest, found = _way(need, crew), beside.nearest, []
    if way is None:
        return [Because(Reason.NO_POSITION)] if need.spot is not None else []
    if way == nearest:
        is_nearest = beside.elsewhere is None or way <= beside.elsewhere
        found.append(Because(Reason.NEAREST if is_nearest else Reason.NEAREST_HERE, way))
    else:
        found.append(Because(Reason.FAR if nearest is not None and way > 2 * nearest + 1000 else Reason.NEAR, way))
    if _is_old(crew):
        found.append(Because(Reason.POSITION_OLD, crew.seen or 0.0))
    return found


def _of_state(crew: CrewState) -> list[Because]:
    if crew.has_job:
        return [Because(Reason.BUSY, crew.seconds)]
    if crew.status is CrewStatus.RETURNING:
        return [Because(Reason.RETURNING, crew.seconds)]
    is_rested = crew.status is CrewStatus.AVAILABLE and crew.seconds >= RESTED
    return [Because(Reason.RESTED, crew.seconds)] if is_rested else []


def _of_roster(crew: CrewState, about: str = "") -> list[Because]:
    """Returns what its roster says against a crew."""
    if crew.left is None or crew.left > SHIFT_ENDS:
        return []
    return [Because(Reason.SHIFT_ENDS if crew.left > 0 else Reason.OFF_ROSTER, crew.left, about)]


def _unusable(crew: CrewState, need: Need) -> list[Because]:
    """Returns why a crew on duty is not to be relied on."""
    if crew.id in need.crews:
        return []
    if crew.has_order:
        return [Because(Reason.ORDERED, crew.seconds, crew.id)]
    if crew.has_job:
        return [Because(Reason.BUSY, crew.seconds, crew.id)]
    off = _of_roster(crew, crew.id)
    return off or ([Because(Reason.POSITION_OLD, crew.seen or 0.0, crew.id)] if _is_old(crew) else [])

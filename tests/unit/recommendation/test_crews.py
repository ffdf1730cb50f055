"""Who is proposed for a case: a judge with a table of its own prices each pair, and checks order and reasons."""

import random
from dataclasses import replace
from math import cos, hypot, radians

import pytest

from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus
from commandcenter.recommendation.crew_states import CrewState, Need, Reason, UnitState
from commandcenter.recommendation.crews import Proposal, gaps, nearest_way, proposals

HERE = Spot(117.28, 31.80)
POWERS = ("urban", "traffic", "health")
# What the hall agreed on, in minutes: beside the way itself at 25 km/h with two fifths of a detour.
PRICES = {
    "power missing": 60,
    "each better power": 6,
    "leaves a job": 25,
    "other street": 20,
    "position old": 8,
    "each open case": 1.5,
    "asked": 4,
    "refused this order": 30,
    "gave it back": 30,
    "helps": 10,
    "no crew": 40,
    "no position": 15,
    "shift ends": 12,
    "beyond its shift": 30,
}


def spot(metres: float) -> Spot:
    """A point so many metres east."""
    return Spot(HERE.lon + metres / (111_195 * cos(radians(HERE.lat))), HERE.lat)


def unit(power: str = "urban", street: str = "a", load: int = 0, *, on_request: bool = False) -> UnitState:
    return UnitState(f"{street}-{power}", street, power, load, on_request)


def crew(key: str, of: UnitState, metres: float | None = 1000, **more: object) -> CrewState:
    given = {"status": CrewStatus.AVAILABLE, "seconds": 60.0, "seen": 5.0} | more
    return CrewState(key, of.id, spot=None if metres is None else spot(metres), **given)  # type: ignore[arg-type]


NEED = Need("a", HERE, ("urban",))


def who(found: tuple[Proposal, ...]) -> list[str | None]:
    return [one.crew for one in found]


def codes(one: Proposal) -> set[Reason]:
    return {because.code for because in one.reasons}


def price(need: Need, of: UnitState, one: CrewState | None) -> float:
    """Prices a pair by the table."""
    cost = of.load * PRICES["each open case"]
    if need.powers:
        covers = of.power in need.powers
        cost += need.powers.index(of.power) * PRICES["each better power"] if covers else PRICES["power missing"]
    cost += PRICES["other street"] if need.street and of.street != need.street else 0
    cost += PRICES["asked"] if of.on_request else 0
    cost += PRICES["gave it back"] if of.id == need.returned else 0
    cost += PRICES["helps"] if need.responsible and need.responsible != of.id else 0
    if one is None:
        return cost + PRICES["no crew"]
    if one.spot is None or need.spot is None:
        cost += PRICES["no position"]
    else:
        east = (one.spot.lon - need.spot.lon) * 111_195 * cos(radians(need.spot.lat))
        cost += hypot(east, (one.spot.lat - need.spot.lat) * 111_195) * 1.4 / (25_000 / 60)
    cost += PRICES["leaves a job"] if one.has_job else 0
    cost += PRICES["refused this order"] if one.id == need.refused else 0
    if one.left is not None and one.left <= 1800:
        cost += PRICES["shift ends"] if one.left > 0 else PRICES["beyond its shift"]
    return cost + (PRICES["position old"] if one.seen is None or one.seen >= 600 else 0)


def some_hall(chance: random.Random) -> tuple[Need, list[UnitState], list[CrewState]]:
    units = [
        unit(power, street, chance.randrange(12), on_request=chance.random() < 0.5)
        for street in "abc"
        for power in POWERS
        if chance.random() < 0.8
    ]
    found = [
        CrewState(
            f"c{at:02d}",
            chance.choice(units).id,
            chance.choice(list(CrewStatus)),
            chance.uniform(0, 4000),
            chance.choice([None, 3.0, 599.0, 600.0, 4000.0]),
            chance.choice([None, spot(chance.uniform(0, 9000))]),
            chance.random() < 0.3,
            chance.random() < 0.2,
            chance.choice([None, 0.0, 1.0, 1800.0, 1801.0]),
        )
        for at in range(chance.randrange(1, 25))
    ]
    responsible = chance.choice([None, None, units[0].id])
    sent = frozenset(one.id for one in found if chance.random() < 0.1)
    powers = tuple(chance.sample(POWERS, chance.randrange(3)))
    refused = chance.choice([None, chance.choice(found).id])
    returned = chance.choice([None, chance.choice(units).id])
    return Need("a", chance.choice([HERE, None]), powers, responsible, sent, refused, returned), units, found


def judged(need: Need, units: list[UnitState], crews: list[CrewState]) -> list[tuple[str, str | None]]:
    """Returns the pairs that may be proposed, cheapest first."""
    by_id = {one.id: one for one in units}
    free = [one for one in crews if one.status != "off_duty" and not one.has_order and one.id not in need.crews]
    pairs: list[tuple[UnitState, CrewState | None]] = [(by_id[one.unit], one) for one in free]
    if need.responsible is None:
        lone = [one for one in units if one.power in need.powers and one.street == need.street]
        pairs += [(one, None) for one in lone if not any(pair[0] == one for pair in pairs)]
    if need.powers:
        pairs = [pair for pair in pairs if pair[0].power in need.powers or pair[0].id == need.responsible]
    ranked = sorted(pairs, key=lambda pair: (price(need, *pair), pair[0].id, pair[1].id if pair[1] else ""))
    return [(of.id, one.id if one else None) for of, one in ranked]


def test_the_order_is_that_of_the_table_in_150_halls() -> None:
    for seed in range(150):
        need, units, crews = some_hall(random.Random(seed))
        found = [(one.unit, one.crew) for one in proposals(need, units, crews)]
        assert found == judged(need, units, crews)[:3], seed


def test_each_reason_is_true_in_150_halls() -> None:
    for seed in range(150):
        _check_reasons(*some_hall(random.Random(seed)))


def _check_reasons(need: Need, units: list[UnitState], crews: list[CrewState]) -> None:
    by_id, state = {one.id: one for one in units}, {one.id: one for one in crews}
    for one in proposals(need, units, crews):
        of, told = by_id[one.unit], codes(one)
        assert (Reason.COVERS in told) == (of.power in need.powers)
        assert (Reason.OTHER_STREET in told) == (of.street != "a")
        assert (Reason.ON_REQUEST in told) == of.on_request
        assert (Reason.RETURNED in told) == (of.id == need.returned)
        assert (Reason.NO_CREW in told) == (one.crew is None)
        if one.crew is not None:
            its = state[one.crew]
            assert (Reason.BUSY in told) == its.has_job
            assert (Reason.REFUSED in told) == (its.id == need.refused)
            assert (Reason.SHIFT_ENDS in told) == (its.left in (1.0, 1800.0))
            assert (Reason.OFF_ROSTER in told) == (its.left == 0.0)
            if its.spot is not None and need.spot is not None:
                assert (Reason.POSITION_OLD in told) == (its.seen is None or its.seen >= 600)
                assert len(told & {Reason.NEAREST, Reason.NEAR, Reason.FAR}) == 1
        signs = [because.is_for for because in one.reasons]
        assert signs == sorted(signs, reverse=True)


def test_who_is_better_in_everything_comes_first() -> None:
    near, far = unit(), unit("urban", "b")
    found = proposals(NEED, [near, far], [crew("far", far, 3000), crew("near", near, 500)])
    assert who(found) == ["near", "far"]
    assert {Reason.NEAREST, Reason.COVERS} <= codes(found[0])


def test_the_nearest_of_a_street_is_called_so_where_a_crew_of_another_street_is_nearer() -> None:
    mine, theirs = unit(), unit(street="b")
    states = [crew("mine", mine, 900), crew("ordered", theirs, 100, has_order=True), crew("theirs", theirs, 800)]
    way = nearest_way(NEED, [theirs], states)
    assert way == pytest.approx(800, rel=0.01)
    assert Reason.NEAREST_HERE in codes(proposals(NEED, [mine], states, elsewhere=way)[0])
    assert Reason.NEAREST in codes(proposals(NEED, [mine], states, elsewhere=901.0)[0])


def test_a_free_crew_goes_before_a_nearer_one_that_works() -> None:
    of = unit()
    found = proposals(NEED, [of], [crew("busy", of, 100, has_job=True), crew("free", of, 4000)])
    assert who(found) == ["free", "busy"]
    assert Reason.BUSY in codes(found[1])


def test_who_lacks_the_power_is_not_proposed_unless_the_case_is_theirs_or_needs_none() -> None:
    urban, health = unit(), unit("health")
    pair = [crew("urban", urban, 9000, has_job=True), crew("health", health, 10)]
    assert who(proposals(NEED, [urban, health], pair)) == ["urban"]
    assert proposals(NEED, [health], pair[1:]) == ()
    assert who(proposals(replace(NEED, powers=()), [urban, health], pair)) == ["health", "urban"]
    found = proposals(replace(NEED, responsible=health.id), [urban, health], pair)
    assert "health" in who(found)
    assert Reason.NOT_COVERING in codes(next(one for one in found if one.crew == "health"))


@pytest.mark.parametrize(
    "change", [{"status": CrewStatus.OFF_DUTY}, {"has_order": True}], ids=["off duty", "ordered elsewhere"]
)
def test_who_cannot_go_is_not_proposed_and_the_unit_stands_alone(change: dict[str, object]) -> None:
    of = unit()
    found = proposals(NEED, [of], [crew("one", of, **change)])
    assert [(one.unit, one.crew) for one in found] == [(of.id, None)]
    assert proposals(replace(NEED, responsible=of.id), [of], [crew("one", of, **change)]) == ()


def test_who_was_sent_already_is_not_proposed_again() -> None:
    of = unit()
    need = replace(NEED, responsible=of.id, crews=frozenset({"one"}))
    assert who(proposals(need, [of], [crew("one", of), crew("two", of)])) == ["two"]


def test_a_crew_whose_unit_has_just_refused_the_order_goes_behind_a_farther_one() -> None:
    of = unit()
    found = proposals(replace(NEED, refused="near"), [of], [crew("near", of, 100), crew("far", of, 4000)])
    assert who(found) == ["far", "near"]
    assert Reason.REFUSED in codes(found[1])


def test_a_unit_that_gave_the_case_back_goes_behind_another_with_a_power_that_suits_less() -> None:
    urban, traffic = unit(), unit("traffic")
    need = replace(NEED, powers=("urban", "traffic"), returned=urban.id)
    found = proposals(need, [urban, traffic], [crew("urban", urban, 100), crew("traffic", traffic, 4000)])
    assert who(found) == ["traffic", "urban"]
    assert Reason.RETURNED in codes(found[1])


def test_a_crew_that_waited_long_is_told_as_rested() -> None:
    of = unit()
    pair = [crew("one", of, seconds=1200.0), crew("two", of, seconds=1199.0)]
    told = {one.crew: codes(one) for one in proposals(NEED, [of], pair)}
    assert Reason.RESTED in told["one"]
    assert Reason.RESTED not in told["two"]


def test_what_is_missing_is_told_power_by_power() -> None:
    urban = unit()
    need = replace(NEED, powers=("urban", "traffic", "health"))
    units = [urban, unit("traffic")]
    states = [crew("old", urban, seen=700.0), crew("busy", urban, has_job=True, seconds=30.0), crew("fine", urban)]
    told = [(one.code, one.about) for one in gaps(need, units, states)]
    assert told == [
        (Reason.POSITION_OLD, "old"),
        (Reason.BUSY, "busy"),
        (Reason.NOBODY_ON_DUTY, "traffic"),
        (Reason.NO_UNIT, "health"),
    ]

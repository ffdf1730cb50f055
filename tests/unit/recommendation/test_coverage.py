"""Who could move up where nobody is on duty, and what it costs the street that gives."""

from datetime import timedelta

from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.places import Spot
from commandcenter.domain.powers import Powers
from commandcenter.domain.teams import Crew, CrewStatus, Loan
from commandcenter.recommendation.coverage import MoveUp, Post, gaps, move_ups
from tests.kit.district import NOON

PLACES = {key: Spot(117.0 + at * 0.01, 31.8) for at, key in enumerate("abcd")}


def post(crew: str, street: str, power: str = "traffic", *, free: bool = True, at: float | None = None) -> Post:
    return Post(crew, street, power, None if at is None else Spot(117.0 + at * 0.01, 31.8), free)


def asked(posts: list[Post], *gaps: str) -> list[tuple[str, str, int] | None]:
    found = move_ups([(street, "traffic") for street in gaps or "a"], posts, PLACES)
    return [None if one is None else (one.crew, one.giver, one.left) for one in found]


def test_the_nearest_street_that_keeps_somebody_gives() -> None:
    posts = [post("b1", "b"), post("c1", "c"), post("c2", "c"), post("d1", "d"), post("d2", "d")]
    assert asked(posts) == [("c1", "c", 1)]


def test_of_its_free_crews_the_nearest_moves() -> None:
    posts = [post("b1", "b", at=0.4, free=False), post("b2", "b", at=1.5), post("b3", "b", at=0.9)]
    assert asked(posts) == [("b3", "b", 2)]
    (move,) = move_ups([("a", "traffic")], posts, PLACES)
    assert isinstance(move, MoveUp)
    assert 840 < move.metres < 860


def test_another_power_and_those_at_work_do_not_stand_in() -> None:
    assert asked([post("b1", "b", "urban"), post("b2", "b", "urban")]) == [None]
    assert asked([post("b1", "b", free=False), post("b2", "b", free=False)]) == [None]


def test_a_crew_stands_in_once_and_the_giver_keeps_its_last_one() -> None:
    posts = [post("b1", "b"), post("b2", "b"), post("b3", "b")]
    assert asked(posts, "a", "c", "d") == [("b1", "b", 2), ("b2", "b", 1), None]


def test_a_street_without_a_place_gets_no_guess() -> None:
    assert move_ups([("x", "traffic")], [post("b1", "b"), post("b2", "b")], PLACES) == (None,)


def lacking(*east: Crew, minutes: int = 0) -> list[str]:
    """Returns the streets without anybody on duty: the west has a crew that is off duty, the east those given."""
    units = [Holder(f"{one}-traffic", 1, HolderKind.UNIT, one, one, one, power="traffic") for one in ("east", "west")]
    crews = {"east-traffic": east, "west-traffic": (Crew("w1", 1, "", "west-traffic", "west"),)}
    found = gaps(units, crews, Powers(()), ("east", "west"), NOON + timedelta(minutes=minutes))
    return [gap.street for gap in found]


def east_crew(key: str, loan: Loan | None = None) -> Crew:
    return Crew(key, 1, key, "east-traffic", "east", CrewStatus.AVAILABLE, NOON, loan=loan)


def test_a_lent_crew_counts_where_it_helps_and_not_at_home_until_the_loan_ends() -> None:
    agreed = Loan("west", ("east", "west"), NOON + timedelta(minutes=30))
    assert lacking(east_crew("e1"), east_crew("e2")) == ["west"]
    assert lacking(east_crew("e1", Loan("west", ("east",))), east_crew("e2")) == ["west"]
    assert lacking(east_crew("e1", agreed), east_crew("e2")) == []
    assert lacking(east_crew("e1", agreed)) == ["east"]
    assert lacking(east_crew("e1", agreed), minutes=30) == ["west"]

"""The order of powers, and which of them every street must have: as records say, and the four without a record."""

from commandcenter.domain.powers import Power, Powers


def in_order(known: Powers, *powers: str) -> list[str]:
    return sorted(powers, key=known.rank)


def test_without_a_record_the_four_come_first_and_nothing_is_missing_anywhere() -> None:
    known = Powers(())
    order = in_order(known, "water", "traffic", "health", "urban", "police", "market", "")
    assert order == ["urban", "market", "police", "traffic", "", "health", "water"]
    assert [power for power in order if known.is_in_every_street(power)] == order[:4]
    assert known.needed == ()


def test_a_record_gives_a_power_its_place_and_the_rest_of_the_four_keep_theirs() -> None:
    water = Power("water", 1, "水务", 5)
    fire = Power("fire", 1, "消防", 2, in_every_street=True)
    known = Powers((water, Power("health", 1, "卫生"), fire, Power("urban", 1, "城管", 7, in_every_street=True)))
    order = in_order(known, "unknown", "health", "water", "fire", "urban", "market", "police", "traffic")
    assert order == ["fire", "market", "police", "traffic", "urban", "water", "health", "unknown"]
    assert known.needed == ("fire", "urban")


def test_one_of_the_four_is_needed_no_more_once_its_record_says_so_or_is_retired() -> None:
    known = Powers((Power("urban", 1, "城管"), Power("market", 2, "市监", 1, retired=True, in_every_street=True)))
    assert not known.is_in_every_street("urban")
    assert not known.is_in_every_street("market")
    assert known.is_in_every_street("police")
    assert known.needed == ()

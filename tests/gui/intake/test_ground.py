"""Which grid a point lies in: inside, outside, in a hole, in the second part of a grid."""

from dataclasses import replace

from tests.kit import hall
from ui.intake.duplicates import IntakeState, likely_duplicates, likeness
from ui.intake.grid_lookup import GridLookup


def square(west: float, south: float, side: float) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(key: str, kind: str, corners: list) -> dict:
    return {"properties": {"id": key, "name": key}, "geometry": {"type": kind, "coordinates": corners}}


def test_a_point_lies_in_its_grid() -> None:
    ground = GridLookup(hall.grid_layer())
    spot = hall.case().spot
    assert ground.at(spot.lon, spot.lat).grid == "s03-g07"
    assert ground.at(100.0, 30.0) is None


def test_a_hole_is_outside_and_every_part_is_inside() -> None:
    with_hole = feature("a", "Polygon", [square(0, 0, 10), square(4, 4, 2)])
    in_parts = feature("b", "MultiPolygon", [[square(20, 0, 1)], [square(30, 0, 1)]])
    ground = GridLookup(
        {"features": [with_hole, in_parts, feature("", "Polygon", [square(0, 0, 9)]), {"geometry": None}]}
    )
    assert len(ground) == 2
    assert ground.at(1, 1).grid == "a"
    assert ground.at(5, 5) is None
    assert ground.at(30.5, 0.5).grid == "b"


def test_no_layer_is_no_ground() -> None:
    assert GridLookup({}).at(117, 31) is None


def test_places_that_read_alike() -> None:
    assert likeness("望江东路与宁国路口", "望江东路与宁国路口东北侧，非机动车道") == 1.0
    assert likeness("望江东路", "包河花园 12 栋") == 0.0
    assert likeness("", "") == 0.0


def test_the_same_words_at_the_same_place_are_shown_whatever_kind_they_suggest() -> None:
    one = hall.case(421)
    board = hall.board(0)
    board.apply([one])
    mine = next(kind for kind in hall.kinds() if kind.id == one.kind)
    other = next(kind for kind in hall.kinds() if kind.class_name != mine.class_name)
    same = IntakeState(one.place, one.text, other.id, one.spot)
    assert [found.case.id for found in likely_duplicates(board, same, hall.NOW)] == [one.id]
    assert not likely_duplicates(board, replace(same, text="夜间施工太吵，孩子睡不着"), hall.NOW)

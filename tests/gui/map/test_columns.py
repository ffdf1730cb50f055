"""The columns of the map: places in, bytes out, slots that come and go."""

import re
from pathlib import Path

import numpy as np
import pytest

from commandcenter.store.columns import ABSENT, LIGHT_CODES
from ui.map.columns import LIGHTS, MapColumns, merged


def _columns(*lights: int) -> MapColumns:
    columns, n = MapColumns(), len(lights)
    columns.replace(np.full(n, 117.3), np.full(n, 31.8), np.array(lights, dtype=np.uint8))
    return columns


def test_a_snapshot_carries_positions_in_the_mercator_square() -> None:
    data = _columns(0, 2).snapshot()
    assert np.frombuffer(data, "<u4", 2).tolist() == [2, 0]
    assert np.frombuffer(data, "<f8", 2, 8)[0] == pytest.approx((117.3 + 180) / 360)
    assert 0.40 < np.frombuffer(data, "<f8", 2, 24)[0] < 0.42
    assert list(data[40:]) == [0, 2]


def test_a_case_past_the_end_makes_the_columns_grow_and_gaps_stay_absent() -> None:
    columns = _columns(0)
    columns.change(np.array([3]), np.array([117.2]), np.array([31.7]), np.array([1], dtype=np.uint8))
    assert [columns.present(slot) for slot in range(-1, 6)] == [False, True, False, False, True, False, False]
    assert list(columns.snapshot()[-4:]) == [0, ABSENT, ABSENT, 1]
    assert columns.delta(np.array([3]))[-1] == 1


def test_a_case_without_a_place_is_absent() -> None:
    columns = MapColumns()
    columns.replace(np.array([np.nan, 117.3]), np.array([31.8, 31.8]), np.zeros(2, dtype=np.uint8))
    assert columns.shown(None) == 1


def test_new_slots_wait_for_a_filter_that_knows_them() -> None:
    columns = _columns(0, 0, 0)
    assert columns.shown(np.array([True, False])) == 1
    assert columns.shown(np.array([True, False, True])) == 2


def test_columns_of_different_length_and_negative_slots_are_refused() -> None:
    with pytest.raises(ValueError, match="different length"):
        MapColumns().replace(np.zeros(2), np.zeros(2), np.zeros(1, dtype=np.uint8))
    with pytest.raises(ValueError, match="never negative"):
        _columns(0).change(np.array([-1]), np.zeros(1), np.zeros(1), np.zeros(1, dtype=np.uint8))


def test_changes_of_one_frame_are_sent_once_a_slot() -> None:
    assert merged([np.array([3, 1]), np.array([1, 2])]).tolist() == [1, 2, 3]


def test_the_page_counts_the_lights_as_the_board_does() -> None:
    page = (Path(__file__).parents[3] / "resources/map/columns.js").read_text(encoding="utf-8")
    told = dict(re.findall(r"([A-Z_]+): (\d+)", page.partition("hall.LIGHT = {")[2].partition("}")[0]))
    names = [name.lower() for name in told if name != "ABSENT"]
    assert names == ["unfiled" if name == "none" else name for name in LIGHT_CODES]
    assert list(told.values()) == [str(code) for code in (*range(LIGHTS), ABSENT)]
    assert f"hall.LIGHTS = {LIGHTS};" in page

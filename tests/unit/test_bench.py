"""What the bench measures with is still there: each of its programs runs, on a district small enough for every day."""

import pytest

from tests.bench import map_bench


@pytest.mark.window
def test_both_maps_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_bench, "CASES", 300)
    monkeypatch.setattr(map_bench, "ROUNDS", 1)
    rows = {row["name"]: row for row in map_bench.rows("map")}
    assert set(rows) == set(map_bench.NAMES)
    assert all(row["value"] > 0 and row["peer_value"] > 0 for row in rows.values())

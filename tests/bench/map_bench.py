"""Figures of the live map beside folium's FastMarkerCluster, both measured in one web engine in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("map.first_paint", "map.pan_p95", "map.change_1000", "map.memory")
CASES = 110_772
ROUNDS = 3
PEER = "folium FastMarkerCluster"
UNITS = {"map.memory": "MB"}
BOUNDS = {
    "map.first_paint": ("ratio ≤ 0.1", lambda value, ratio: ratio <= 0.1),
    "map.pan_p95": ("≤ 33 ms", lambda value, ratio: value <= 33),
    "map.change_1000": (None, lambda value, ratio: None),
    "map.memory": ("ratio ≤ 0.6", lambda value, ratio: ratio <= 0.6),
}
ROOT = Path(__file__).resolve().parents[2]


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields a row for each figure whose name begins with `only`: milliseconds; for memory the renderer's resident MiB.

    first_paint runs from the cases' arrival in a loaded page until the second frame after they are drawn;
    memory is measured with the map drawn, before it is dragged;
    the peer of change_1000 loads its whole page again, because it has no other way to change markers.
    Raises RuntimeError when the maps cannot be measured.
    """
    if only is not None and not any(name.startswith(only) for name in NAMES):
        return
    # In a process of its own: the web engine's flags and URL scheme must be set before an application exists.
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench._map_lab", str(CASES), str(ROUNDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise RuntimeError(f"the map could not be measured: {ran.stderr[-2000:]}")
    measured = json.loads(ran.stdout.splitlines()[-1])
    for name in NAMES:
        if only is None or name.startswith(only):
            yield _row(name, *measured[name])


def _row(name: str, value: float, peer_value: float) -> dict[str, Any]:
    ratio = value / peer_value
    bound, holds = BOUNDS[name]
    return {
        "name": name,
        "value": round(value, 1),
        "unit": UNITS.get(name, "ms"),
        "peer": PEER,
        "peer_value": round(peer_value, 1),
        "ratio": round(ratio, 4),
        "bound": bound,
        "holds": holds(value, ratio),
    }

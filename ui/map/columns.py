"""The map's cases as columns, and their encoding as bytes for the page: all of them, or only what changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commandcenter.store.columns import ABSENT, LIGHT_CODES

LIGHTS = len(LIGHT_CODES)

Floats = NDArray[np.float64]
Lights = NDArray[np.uint8]
Slots = NDArray[np.int64]


def mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Returns degrees as Web Mercator coordinates in the unit square, x eastward, y southward; clips at ±85.0511°."""
    sine = np.sin(np.radians(np.clip(lat, -85.0511, 85.0511)))
    return (lon + 180.0) / 360.0, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)


class MapColumns:
    """Position (Web Mercator unit square) and light class of every slot; a slot without a position is ABSENT."""

    def __init__(self) -> None:
        self.count = 0
        self._x = np.zeros(0)
        self._y = np.zeros(0)
        self._light = np.zeros(0, dtype=np.uint8)

    def replace(self, lon: Floats, lat: Floats, light: Lights) -> None:
        """Replaces all columns, of length n each, slot = index; NaN or infinite positions become ABSENT.

        Raises ValueError when the lengths differ.
        """
        x, y, kind = _project(lon, lat, light)
        self.count, self._x, self._y, self._light = len(x), x, y, kind

    def change(self, slots: Slots, lon: Floats, lat: Floats, light: Lights) -> None:
        """Changes m slots (int64 ≥ 0); slots past the end extend the columns, and gaps stay ABSENT.

        Raises ValueError for a negative slot or different lengths.
        """
        if len(slots) == 0:
            return
        if int(slots.min()) < 0:
            raise ValueError("a slot is never negative")
        self._reach(int(slots.max()) + 1)
        x, y, kind = _project(lon, lat, light)
        self._x[slots], self._y[slots], self._light[slots] = x, y, kind

    def snapshot(self) -> bytes:
        """Returns u32 count, u32 0, f64 x[n], f64 y[n], u8 light[n], little-endian."""
        n = self.count
        return b"".join((_head(n), _f64(self._x[:n]), _f64(self._y[:n]), self._light[:n].tobytes()))

    def delta(self, slots: Slots) -> bytes:
        """Returns the slots' present values, little-endian.

        u32 count, u32 0, f64 x[m], f64 y[m], u32 slot[m], u8 light[m].
        """
        parts = (
            _f64(self._x[slots]),
            _f64(self._y[slots]),
            slots.astype("<u4").tobytes(),
            self._light[slots].tobytes(),
        )
        return b"".join((_head(len(slots)), *parts))

    def present(self, slot: int) -> bool:
        """Returns whether the slot has a case with a position."""
        return 0 <= slot < self.count and int(self._light[slot]) < LIGHTS

    def shown(self, mask: NDArray[np.bool_] | None) -> int:
        """Returns how many cases have a position and pass the mask; slots past its end do not."""
        here = self._light[: self.count] < LIGHTS
        if mask is not None:
            known = min(len(mask), self.count)
            here = here[:known] & mask[:known]
        return int(np.count_nonzero(here))

    def _reach(self, count: int) -> None:
        room = len(self._x)
        if count > room:
            more = max(1024, 2 * count) - room
            self._x = np.concatenate((self._x, np.zeros(more)))
            self._y = np.concatenate((self._y, np.zeros(more)))
            self._light = np.concatenate((self._light, np.full(more, ABSENT, dtype=np.uint8)))
        self.count = max(self.count, count)


def mask_bits(mask: NDArray[np.bool_]) -> bytes:
    """Returns one bit per slot, most significant bit first."""
    return np.packbits(mask).tobytes()


def merged(parts: Sequence[Slots]) -> Slots:
    """Returns the slots of several changes, each once, sorted."""
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


def _project(lon: Floats, lat: Floats, light: Lights) -> tuple[Floats, Floats, Lights]:
    if not len(lon) == len(lat) == len(light):
        raise ValueError(f"columns of different length: {len(lon)}, {len(lat)}, {len(light)}")
    whole = np.isfinite(lon) & np.isfinite(lat)
    x, y = mercator(np.where(whole, lon, 0.0), np.where(whole, lat, 0.0))
    return x, y, np.where(whole, light, ABSENT).astype(np.uint8)


def _head(count: int) -> bytes:
    return np.array([count, 0], dtype="<u4").tobytes()


def _f64(values: Floats) -> bytes:
    return values.astype("<f8", copy=False).tobytes()

"""Converts positions in the map datums of Chinese suppliers to WGS 84, the only datum used inside the platform."""

from collections.abc import Callable
from math import atan2, cos, pi, sin, sqrt

from commandcenter.domain.places import Spot

_AXIS = 6378245.0  # metres: semi-major axis of Krasovsky 1940, on which the shift is computed
_ECCENTRICITY_SQUARED = 0.00669342162296594323  # the square of its eccentricity
_BD_OFFSET = (0.0065, 0.006)  # degrees: longitude, latitude


def from_wgs84(spot: Spot) -> Spot:
    """Returns `spot` unchanged; CGCS 2000 needs no change either, as it differs from WGS 84 by centimetres."""
    return spot


def from_gcj02(spot: Spot) -> Spot:
    """Returns `spot` (GCJ-02, degrees) in WGS 84, to less than a centimetre.

    The shift has no closed inverse, so it is removed by fixed-point iteration.
    """
    guess = spot
    for _ in range(8):
        shifted = to_gcj02(guess)
        guess = Spot(guess.lon + spot.lon - shifted.lon, guess.lat + spot.lat - shifted.lat)
    return guess


def from_bd09(spot: Spot) -> Spot:
    """Returns `spot` (BD-09, degrees) in WGS 84.

    BD-09 shifts GCJ-02 once more; that shift is removed first, by a closed formula that approximates its inverse.
    """
    lon, lat = spot.lon - _BD_OFFSET[0], spot.lat - _BD_OFFSET[1]
    radius = sqrt(lon * lon + lat * lat) - 2e-5 * sin(lat * pi * 3000 / 180)
    angle = atan2(lat, lon) - 3e-6 * cos(lon * pi * 3000 / 180)
    return from_gcj02(Spot(radius * cos(angle), radius * sin(angle)))


def to_gcj02(spot: Spot) -> Spot:
    """Returns `spot` (WGS 84, degrees) in GCJ-02: shifted by a published sum of sines over longitude and latitude."""
    x, y = spot.lon - 105.0, spot.lat - 35.0
    root = 1 - _ECCENTRICITY_SQUARED * sin(spot.lat * pi / 180) ** 2
    north = _north(x, y) * 180 * root * sqrt(root) / (_AXIS * (1 - _ECCENTRICITY_SQUARED) * pi)
    east = _east(x, y) * 180 * sqrt(root) / (_AXIS * cos(spot.lat * pi / 180) * pi)
    return Spot(spot.lon + east, spot.lat + north)


def _waves(value: float) -> float:
    return (20 * sin(6 * value * pi) + 20 * sin(2 * value * pi)) * 2 / 3


def _north(x: float, y: float) -> float:
    flat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    long = (160 * sin(y * pi / 12) + 320 * sin(y * pi / 30)) * 2 / 3
    return flat + _waves(x) + (20 * sin(y * pi) + 40 * sin(y * pi / 3)) * 2 / 3 + long


def _east(x: float, y: float) -> float:
    flat = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    long = (150 * sin(x * pi / 12) + 300 * sin(x * pi / 30)) * 2 / 3
    return flat + _waves(x) + (20 * sin(x * pi) + 40 * sin(x * pi / 3)) * 2 / 3 + long


DATUMS: dict[str, Callable[[Spot], Spot]] = {"wgs84": from_wgs84, "gcj02": from_gcj02, "bd09": from_bd09}

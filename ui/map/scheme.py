"""The map's own URL scheme: the files that it serves and the events that it accepts."""

from __future__ import annotations

import re
from pathlib import Path

from resources import path as resource
from ui.map.page import SCRIPTS, STYLES

NAME = b"hall"
ROOT = "hall://map"
EVENTS = {"ready": 0, "drawn": 0, "picked": 1, "crew": 1, "over": 1, "power": 1, "near": 1, "placed": 2}
KINDS = {".js": b"text/javascript", ".css": b"text/css", ".ttf": b"font/ttf", ".json": b"application/json"}

_EVENT = re.compile(r"/event/([a-z]+)((?:/-?\d{1,10}(?:\.\d{1,10})?){0,2})")
_FILES = {f"/{name}": ("map", name) for name in SCRIPTS + STYLES} | {
    "/font/regular": ("fonts", "NotoSansSC-Regular.ttf"),
    "/font/digits": ("map", "digits-bold.ttf"),
}


def bundled(route: str) -> Path | None:
    """Returns the bundled file of a route, None for any other route, so that no path can lead elsewhere."""
    parts = _FILES.get(route)
    return resource(*parts) if parts else None


def event(route: str) -> tuple[str, tuple[float, ...]] | None:
    """Returns a known event and its numbers from its route; None for any other request of the page."""
    match = _EVENT.fullmatch(route)
    if match is None:
        return None
    numbers = tuple(float(part) for part in match[2].split("/") if part)
    return (match[1], numbers) if EVENTS.get(match[1]) == len(numbers) else None

"""The map's own URL scheme: what it serves, which events it takes, and what must be set before the application."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt

from resources import path as resource
from ui.map.page import SCRIPTS, STYLES

NAME = b"hall"
ROOT = "hall://map"
EVENTS = {"ready": 0, "drawn": 0, "picked": 1, "placed": 2}
KINDS = {".js": b"text/javascript", ".css": b"text/css", ".otf": b"font/otf", ".json": b"application/json"}

_EVENT = re.compile(r"/event/([a-z]+)((?:/-?\d{1,10}(?:\.\d{1,10})?){0,2})")
_FILES = {f"/{name}": ("map", name) for name in SCRIPTS + STYLES} | {
    "/font/regular": ("fonts", "NotoSansSC-Regular.otf"),
    "/font/digits": ("map", "digits-bold.otf"),
}
# A heap that ends; no datagram past a proxy; no name and no address resolves: a preconnect passes every other fence.
_FLAGS = (
    "--js-flags=--max-old-space-size={heap} --force-webrtc-ip-handling-policy=disable_non_proxied_udp "
    '--host-resolver-rules="MAP * ~NOTFOUND"'
)


def prepare(*, heap_mb: int = 256) -> None:
    """Call before QApplication is made: the web engine itself is imported later, after the window is shown.

    ``heap_mb`` bounds the script heap of a page in megabytes.
    """
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    given = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    flags = _FLAGS.format(heap=heap_mb)
    if flags not in given:
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{given} {flags}".strip()
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def bundled(route: str) -> Path | None:
    """The bundled file behind a route; None for any other name, so no path can lead elsewhere."""
    parts = _FILES.get(route)
    return resource(*parts) if parts else None


def event(route: str) -> tuple[str, tuple[float, ...]] | None:
    """A known event and its numbers from its route; None for whatever else the page may ask."""
    match = _EVENT.fullmatch(route)
    if match is None:
        return None
    numbers = tuple(float(part) for part in match[2].split("/") if part)
    return (match[1], numbers) if EVENTS.get(match[1]) == len(numbers) else None

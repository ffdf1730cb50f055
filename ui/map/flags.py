"""Settings of the web engine that are needed before QApplication exists, although the engine is imported later."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt

# A bounded heap; no UDP past a proxy; no name or address resolves, because a preconnect passes every other barrier.
# Log level: messages about a machine without a bus or a graphics card are no errors and would clutter the terminal.
_FLAGS = (
    "--js-flags=--max-old-space-size={heap} --force-webrtc-ip-handling-policy=disable_non_proxied_udp "
    '--host-resolver-rules="MAP * ~NOTFOUND" --log-level=3'
)
# What Linux shows of a graphics processor: a render node, NVIDIA's own device, the one of Windows below it.
_GRAPHICS = ("dri/renderD*", "nvidia[0-9]*", "dxg")


def prepare(*, heap_mb: int = 256) -> None:
    """Prepares the engine before QApplication is created; `heap_mb` limits the script heap of a page, in megabytes.

    Without a graphics processor the page is painted as other widgets are: composed by an OpenGL in software, every
    update of the window would draw all of it again, and its library would take 60 MB.
    """
    if not has_graphics():
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    given = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    flags = _FLAGS.format(heap=heap_mb)
    if flags not in given:
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{given} {flags}".strip()
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # the engine's sandbox refuses to run as root


def has_graphics(devices: Path = Path("/dev")) -> bool:
    """Whether the machine has a graphics processor that Qt can draw with; known on Linux, assumed elsewhere."""
    return not sys.platform.startswith("linux") or any(any(devices.glob(pattern)) for pattern in _GRAPHICS)

"""Settings of the web engine that are needed before QApplication exists, although the engine is imported later."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QCoreApplication, Qt

# A bounded heap; no UDP past a proxy; no name or address resolves, because a preconnect passes every other barrier.
# Log level: messages about a machine without a bus or a graphics card are no errors and would clutter the terminal.
_FLAGS = (
    "--js-flags=--max-old-space-size={heap} --force-webrtc-ip-handling-policy=disable_non_proxied_udp "
    '--host-resolver-rules="MAP * ~NOTFOUND" --log-level=3'
)


def prepare(*, heap_mb: int = 256) -> None:
    """Prepares the engine before QApplication is created; `heap_mb` limits the script heap of a page, in megabytes."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    given = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    flags = _FLAGS.format(heap=heap_mb)
    if flags not in given:
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{given} {flags}".strip()
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # the engine's sandbox refuses to run as root

"""What the web engine, imported only after the window is shown, must be told before the application is made."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QCoreApplication, Qt

# A heap that ends; no datagram past a proxy; no name and no address resolves: a preconnect passes every other fence.
# What the engine says of a machine without a bus or a graphics card is no fault of ours and no news for a terminal.
_FLAGS = (
    "--js-flags=--max-old-space-size={heap} --force-webrtc-ip-handling-policy=disable_non_proxied_udp "
    '--host-resolver-rules="MAP * ~NOTFOUND" --log-level=3'
)


def prepare(*, heap_mb: int = 256) -> None:
    """Call before QApplication is made; `heap_mb` bounds the script heap of a page in megabytes."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    given = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    flags = _FLAGS.format(heap=heap_mb)
    if flags not in given:
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{given} {flags}".strip()
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # its sandbox refuses to run as root

"""Starts a private Xvfb screen on a machine without one; it lives as long as this process."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping

from commandcenter.install.failure import SetupFailed


def has_screen(env: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can be shown.

    Always on Windows and macOS; on Linux when `env` names a display or a Qt platform plugin.
    """
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(env.get(name) for name in named)


def accepts_connections(env: Mapping[str, str] = os.environ) -> bool:
    """Whether the X display named in `env` accepts a connection; without one Qt would abort the program.

    True where X is not used.
    """
    if not env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return True
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt reports the missing library
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    line = xcb.xcb_connect(env["DISPLAY"].encode(), None)
    try:
        return not xcb.xcb_connection_has_error(line)
    finally:
        xcb.xcb_disconnect(line)


def borrow_screen(size: str = "1920x1080") -> None:
    """Starts a private screen of `size` pixels and sets DISPLAY where there is no screen.

    Raises SetupFailed without Xvfb. The kernel ends Xvfb after this process: Qt would fail if its screen ended first.
    """
    if not has_screen():
        take_screen(size)


def take_screen(size: str = "1920x1080") -> None:
    """Starts a private screen like `borrow_screen`, even where there is a screen; SetupFailed without Xvfb."""
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ["DISPLAY"] = f":{_start(size)}"


def _start(size: str) -> str:
    """Starts Xvfb and returns the free display number that it chose; it reports it when it accepts connections."""
    program = shutil.which("Xvfb")
    if program is None:
        raise SetupFailed("没有屏幕，也没有 Xvfb，请安装 xvfb · there is no screen and no Xvfb: install xvfb")
    reading, writing = os.pipe()
    words = [program, "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(words, pass_fds=(writing,), stdout=quiet, stderr=quiet, preexec_fn=_end_with_parent)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as said:
        number = said.readline().strip()
    if not number:
        raise SetupFailed(f"Xvfb 没有启动（退出码 {server.wait()}）· Xvfb did not start")
    server.returncode = 0  # nobody waits for it: avoids the ResourceWarning when the object is deleted
    return number


def _end_with_parent() -> None:
    """Asks the kernel to end this process when its parent dies, however that happens (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)

"""A screen for a machine that has none: a private Xvfb for as long as this process lives."""

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
    """Whether a window can be shown: always on Windows and macOS, on Linux when ENV names a screen or a way around."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(env.get(name) for name in named)


def answers(env: Mapping[str, str] = os.environ) -> bool:
    """Whether the X screen that ENV names can be had; Qt would abort the program without one. True for all others."""
    if not env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return True
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # then Qt has to say it
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    line = xcb.xcb_connect(env["DISPLAY"].encode(), None)
    try:
        return not xcb.xcb_connection_has_error(line)
    finally:
        xcb.xcb_disconnect(line)


def borrow_screen(size: str = "1920x1080") -> None:
    """Where there is no screen, a private one of SIZE pixels, named in DISPLAY; SetupFailed without Xvfb.

    The kernel ends it after this process: a Qt that is still there when its screen goes would end in an error.
    """
    if not has_screen():
        take_screen(size)


def can_borrow() -> bool:
    """Whether there is an Xvfb to borrow a screen from."""
    return sys.platform.startswith("linux") and shutil.which("Xvfb") is not None


def take_screen(size: str = "1920x1080") -> None:
    """A private screen as `borrow_screen` gives it, whatever screens there are; SetupFailed without Xvfb."""
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ["DISPLAY"] = f":{_start(size)}"


def _start(size: str) -> str:
    """Xvfb picks a free number by itself and says it when it listens."""
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
    server.returncode = 0  # nobody waits for it: without this Python complains when the object goes
    return number


def _end_with_parent() -> None:
    """Ask the kernel to end this process when the command dies, however that happens (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)

"""A screen for a machine that has none: a private Xvfb for as long as a command runs."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from commandcenter.install.failure import SetupFailed


def has_screen(env: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can be shown: always on Windows and macOS, on Linux when ENV names a screen or a way around."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(env.get(name) for name in named)


@contextmanager
def screen(size: str = "1920x1080") -> Iterator[None]:
    """The screen there is, or a private one of SIZE pixels named in DISPLAY meanwhile; SetupFailed without Xvfb."""
    if has_screen():
        yield
        return
    server, number = _start(size)
    os.environ["DISPLAY"] = f":{number}"
    try:
        yield
    finally:
        del os.environ["DISPLAY"]
        server.terminate()
        server.wait()


def _start(size: str) -> tuple[subprocess.Popen[bytes], str]:
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
    return server, number


def _end_with_parent() -> None:
    """Ask the kernel to end this process when the command dies, however that happens (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)

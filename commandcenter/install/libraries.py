"""Finds the system libraries that a window needs and the loader does not find, and installs their Debian packages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from commandcenter.install import debian, stamp
from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Steps

# Files in PySide6's folder that the console loads at some time; Qt opens plugins by itself, so they are listed too.
LOADED = (
    "QtWidgets.abi3.so",
    "QtSvg.abi3.so",
    "QtDBus.abi3.so",
    "QtNetwork.abi3.so",
    "QtPrintSupport.abi3.so",
    "QtMultimedia.abi3.so",
    "QtWebEngineWidgets.abi3.so",
    "QtTest.abi3.so",
    "Qt/libexec/QtWebEngineProcess",
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/xcbglintegrations/*.so",
    "Qt/plugins/tls/*.so",
    "Qt/plugins/iconengines/*.so",
    "Qt/plugins/imageformats/*.so",
    "Qt/plugins/printsupport/*.so",
    "Qt/plugins/multimedia/*.so",
)
PROGRAMS = {"Xvfb": ("xvfb",), "xauth": ("xauth",)}  # for a virtual screen; program → packages


def complete(root: str, steps: Steps) -> None:
    """Installs the missing libraries and screen programs on this Linux.

    Raises SetupFailed, which says what to do, when that is not permitted, fails, or is not enough.
    """
    home = _pyside(root)
    wanted = [debian.candidates(name) for name in sorted(missing(home))]
    wanted += [PROGRAMS[name] for name in missing_programs(os.environ)]
    if not wanted:
        return
    debian.install(wanted, steps)
    if left := sorted(missing(home)):
        raise SetupFailed(
            f"仍缺系统库 {' '.join(left)}，请用系统的包管理器安装 · "
            f"system libraries are still missing, install them with the system's package tool: {' '.join(left)}"
        )


def missing(home: Path) -> set[str]:
    """Returns the sonames that the loader does not find for the PySide6 folder `home`."""
    files = [str(file) for pattern in LOADED for file in sorted(home.glob(pattern))]
    env = {**os.environ, "LC_ALL": "C"}
    asked = subprocess.run(["ldd", *files], capture_output=True, encoding="utf-8", errors="replace", env=env)
    return not_found(asked.stdout)


def not_found(said: str) -> set[str]:
    """Returns the unresolved sonames in the output of ldd."""
    return set(re.findall(r"^\s*(\S+) => not found", said, re.MULTILINE))


def missing_programs(env: Mapping[str, str]) -> list[str]:
    """Returns the missing programs for a virtual screen, when `env` names no display."""
    if env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"):
        return []
    return [name for name in PROGRAMS if not shutil.which(name)]


def _pyside(root: str) -> Path:
    found = sorted(Path(stamp.folder(root)).glob("lib/python3.*/site-packages/PySide6"))
    if not found:
        raise SetupFailed(
            "PySide6 不在 .venv 里，请删除 .venv 后重试 · PySide6 is not in .venv: remove .venv and retry"
        )
    return found[-1]

"""The tree's own .venv: made once, kept while its interpreter answers, made anew when that one is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from commandcenter.install import debian, stamp
from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Steps

LOCK = "setup.lock"  # lies in .venv and outlives it: whoever waits holds this very file


def make(root: str) -> None:
    """Make .venv at ROOT from this Python, without pip; an answering one of the same version is kept."""
    if stamp.is_inside(root) or _answers(root):
        return
    _clear(stamp.folder(root))
    made = _quiet([sys.executable, "-m", "venv", "--without-pip", stamp.folder(root)])
    if made.returncode:
        raise SetupFailed(
            f"无法建立 .venv：{made.stdout.strip()[-200:]} · .venv could not be made by {sys.executable}, see there"
        )


def pip(root: str, steps: Steps) -> list[str]:
    """The words that start pip for ROOT's .venv; brings it in when it is missing. SetupFailed when it cannot be had."""
    own = [stamp.python(root), "-m", "pip"]
    if not _quiet([*own, "--version"]).returncode:
        return own
    if not steps.run([stamp.python(root), "-m", "ensurepip", "--default-pip"]).code:
        return own
    hosts = [sys.executable, "-m", "pip", "--python", stamp.python(root)]
    if not _quiet([*hosts, "--version"]).returncode:
        return hosts
    debian.install([(f"python3.{sys.version_info[1]}-venv", "python3-venv")], steps)
    bootstrapped = steps.run([stamp.python(root), "-m", "ensurepip", "--default-pip"])
    if bootstrapped.code:
        raise SetupFailed(f"没有可用的 pip：{bootstrapped.reason} · no pip could be had: {bootstrapped.reason}")
    return own


def _answers(root: str) -> bool:
    """Whether .venv's interpreter starts and is this Python's version."""
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not os.path.exists(stamp.python(root)):
        return False
    said = _quiet([stamp.python(root), "-c", "import sys, encodings; print('%d.%d' % sys.version_info[:2])"])
    return said.returncode == 0 and said.stdout.strip() == wanted


def _clear(folder: str) -> None:
    for entry in os.scandir(folder):
        if entry.name == LOCK:
            continue
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.remove(entry.path)


def _quiet(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, str(error))

"""Creates the tree's .venv, keeps it while its interpreter works, and rebuilds it when it does not."""

from __future__ import annotations

import os
import shutil
import sys

from commandcenter.install import debian, stamp
from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Outcome, Steps

LOCK = "setup.lock"  # in .venv, kept when .venv is rebuilt: waiting processes lock this very file


def make(root: str, steps: Steps) -> None:
    """Creates .venv at `root` from this Python, without pip; keeps one that works and has the same version.

    Raises SetupFailed when it cannot be created.
    """
    if stamp.is_inside(root) or _answers(root, steps):
        return
    _clear(stamp.folder(root))
    made = steps.run([sys.executable, "-m", "venv", "--without-pip", stamp.folder(root)])
    if made.code:
        raise SetupFailed(f"无法建立 .venv：{made.reason} · .venv could not be made by {sys.executable}, see there")


def pip(root: str, steps: Steps) -> list[str]:
    """Returns the command that runs pip for the .venv of `root`; installs pip when it is missing.

    Raises SetupFailed when there is no way to get pip.
    """
    own = [stamp.python(root), "-m", "pip"]
    bring = [stamp.python(root), "-m", "ensurepip", "--default-pip"]
    if not steps.run([*own, "--version"]).code or not steps.run(bring).code:
        return own
    hosts = [sys.executable, "-m", "pip", "--python", stamp.python(root)]
    if not steps.run([*hosts, "--version"]).code:
        return hosts
    debian.install([(f"python3.{sys.version_info[1]}-venv", "python3-venv")], steps)
    bootstrapped = steps.run(bring)
    if bootstrapped.code:
        raise SetupFailed(f"没有可用的 pip：{bootstrapped.reason} · no pip could be had: {bootstrapped.reason}")
    return own


def _answers(root: str, steps: Steps) -> bool:
    """Whether .venv's interpreter starts and has this Python's version."""
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
    said = steps.run([stamp.python(root), "-c", "import sys, encodings; print('%d.%d' % sys.version_info[:2])"])
    return said == Outcome(0, (wanted,))


def _clear(folder: str) -> None:
    for entry in os.scandir(folder):
        if entry.name == LOCK:
            continue
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.remove(entry.path)

"""A small disk of its own, which can be filled up and made read-only: a file system in memory, where root may mount."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_BALLAST = "ballast"


class SmallDisk:
    """Mounted at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Not a page more fits."""
        with (self.folder / _BALLAST).open("ab", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(b"\0" * 4096)

    def clear(self) -> None:
        """There is room again."""
        (self.folder / _BALLAST).unlink()

    def read_only(self, yes: bool) -> None:
        """Nothing can be written, or again."""
        _run("mount", "-o", f"remount,{'ro' if yes else 'rw'}", self.folder)


@contextmanager
def small_disk(folder: Path, *, kilobytes: int) -> Iterator[SmallDisk]:
    """A disk of so many kilobytes at the new `folder`; the test is skipped where that cannot be had."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        yield SmallDisk(folder)
    finally:
        _run("umount", folder)  # fails when somebody left a file open


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)

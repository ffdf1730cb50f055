"""A small disk that a test can fill up or make read-only: a file system in memory, which only root may mount."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_BALLAST = "ballast"


class SmallDisk:
    """A small file system in memory, mounted at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Fills the disk: no page of 4096 bytes fits any more."""
        with (self.folder / _BALLAST).open("ab", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(b"\0" * 4096)

    def clear(self) -> None:
        """Removes what `fill` wrote."""
        (self.folder / _BALLAST).unlink()

    def read_only(self, yes: bool) -> None:
        """Makes the disk read-only, or writable again."""
        _run("mount", "-o", f"remount,{'ro' if yes else 'rw'}", self.folder)


@contextmanager
def small_disk(folder: Path, *, kilobytes: int) -> Iterator[SmallDisk]:
    """Mounts a disk of `kilobytes` at the new `folder` for the block; skips the test where that is not possible."""
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
        _run("umount", folder)  # fails when a file was left open


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)

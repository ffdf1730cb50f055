"""Runs the steps of set-up in order (.venv, packages, system libraries), marks finished ones, one process at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from commandcenter.install import environment, libraries, packages, stamp
from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Steps


def prepare(root: str, *, window: bool, wheelhouse: str | None = None) -> None:
    """Does the steps not yet marked as done at `root`; raises SetupFailed with a one-sentence message."""
    try:
        with _locked(root):
            _prepare(root, window=window, wheelhouse=wheelhouse)
    except OSError as error:
        raise SetupFailed(
            f"准备没有完成：{error}；解决后重新运行同一命令即可继续 · "
            f"set-up stopped: {error}; put it right and run the same command to go on"
        ) from error


def _prepare(root: str, *, window: bool, wheelhouse: str | None) -> None:
    wants_packages = not stamp.is_marked(root, stamp.PACKAGES)
    wants_libraries = window and sys.platform == "linux" and not stamp.is_marked(root, stamp.LIBRARIES)
    steps = Steps(2 * wants_packages + wants_libraries)
    if wants_packages:
        stamp.unmark(root, stamp.PACKAGES)
        with steps.step("建立 .venv · Making .venv"):
            environment.make(root, steps)
        with steps.step(f"安装锁定的包 · Installing {packages.count(root)} locked packages"):
            packages.install(root, steps, wheelhouse=wheelhouse)
        stamp.mark(root, stamp.PACKAGES)
    if wants_libraries:
        with steps.step("检查系统库 · Checking system libraries"):
            libraries.complete(root, steps)
    if window:
        stamp.mark(root, stamp.LIBRARIES)


@contextmanager
def _locked(root: str) -> Iterator[None]:
    """Locks the tree for the block: a second process waits here and then finds everything done."""
    os.makedirs(stamp.folder(root), exist_ok=True)
    with open(os.path.join(stamp.folder(root), environment.LOCK), "a", encoding="ascii") as file:
        if not _try_hold(file.fileno()):
            print("另一个启动正在准备，等它完成 · another start is setting up, waiting for it", file=sys.stderr)
            _hold(file.fileno())
        yield


if sys.platform == "win32":
    import msvcrt
    import time

    def _try_hold(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _hold(handle: int) -> None:
        while not _try_hold(handle):
            time.sleep(0.5)

else:
    import fcntl

    def _try_hold(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _hold(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

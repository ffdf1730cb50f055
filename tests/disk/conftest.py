"""A small disk is mounted by root, or by anybody in a name space of their own: there the test runs once more."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_INSIDE = ("unshare", "--user", "--map-root-user", "--mount")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that needs a small disk where one can be mounted; its verdict is that run's."""
    if pyfuncitem.get_closest_marker("small_disk") is None or not hasattr(os, "geteuid") or os.geteuid() == 0:
        return None
    if shutil.which("unshare") is None or subprocess.run([*_INSIDE, "true"], capture_output=True).returncode != 0:
        pytest.skip("a small disk needs root, or name spaces that this system does not give to its users")
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", pyfuncitem.nodeid)
    run = subprocess.run([*_INSIDE, sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    if run.returncode != 0:
        pytest.fail(run.stdout[-8000:] + run.stderr[-2000:], pytrace=False)
    return True

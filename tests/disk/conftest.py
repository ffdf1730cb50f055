"""Runs the tests on small disks for users other than root: again, in a namespace in which they may mount one."""

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
    """Runs a test marked `small_disk` as root of a new namespace, unless root runs it, and takes over the verdict.

    Skips the test where the system gives its users no namespaces. Returns None when pytest shall run the test.
    """
    if pyfuncitem.get_closest_marker("small_disk") is None or not hasattr(os, "geteuid") or os.geteuid() == 0:
        return None
    if shutil.which("unshare") is None or subprocess.run([*_INSIDE, "true"], capture_output=True).returncode != 0:
        pytest.skip("a small disk needs root, or name spaces that this system does not give to its users")
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", pyfuncitem.nodeid)
    run = subprocess.run([*_INSIDE, sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    if run.returncode != 0:
        pytest.fail(run.stdout[-8000:] + run.stderr[-2000:], pytrace=False)
    return True

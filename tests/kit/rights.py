"""Makes file permissions effective for tests that run as root, by continuing as a user without privileges."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_SOMEBODY = 65534  # the user id of `nobody` by convention
_PASS = stat.S_IXGRP | stat.S_IXOTH


@contextmanager
def an_ordinary_user(folder: Path) -> Iterator[None]:
    """Runs the block as an ordinary user who owns `folder` and its content; changes nothing unless the process is root.

    Parent folders are made passable for the block.
    """
    if os.geteuid() != 0:
        yield
        return
    with ExitStack() as before:
        for above in folder.parents:
            mode = stat.S_IMODE(above.stat().st_mode)
            if mode & _PASS != _PASS:
                before.callback(above.chmod, mode)
                above.chmod(mode | _PASS)
        for one in (folder, *folder.rglob("*")):
            os.chown(one, _SOMEBODY, _SOMEBODY)
        before.callback(os.seteuid, os.geteuid())
        os.seteuid(_SOMEBODY)
        yield

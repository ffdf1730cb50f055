"""Rights of files that hold for a test: as root, who may write everywhere, it goes on as somebody who may not."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_SOMEBODY = 65534  # nobody, by custom
_PASS = stat.S_IXGRP | stat.S_IXOTH


@contextmanager
def an_ordinary_user(folder: Path) -> Iterator[None]:
    """`folder` and what is in it belong to an ordinary user, as whom the block runs; for one who is that, no change."""
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

"""Marks which parts of set-up are done; a mark is valid for one lock file, one interpreter and one STAGE."""

import hashlib
import os
import sys
from contextlib import suppress

STAGE = "1"  # increase it when set-up does something else to a machine
PACKAGES = "packages"
LIBRARIES = "libraries"


def folder(root: str) -> str:
    """Returns the .venv of the tree at `root`."""
    return os.path.join(root, ".venv")


def python(root: str) -> str:
    """Returns the interpreter of the tree's .venv."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder(root), *parts)


def lock(root: str) -> str:
    """Returns the lock file of the packages."""
    return os.path.join(root, "resources", "locks", "requirements.txt")


def is_inside(root: str) -> bool:
    """Whether this process runs in the tree's .venv."""
    return os.path.realpath(sys.prefix) == os.path.realpath(folder(root))


def is_ready(root: str, *, window: bool) -> bool:
    """Whether the packages, and with `window` the system libraries, are marked as ready."""
    parts = (PACKAGES, LIBRARIES) if window else (PACKAGES,)
    return all(is_marked(root, part) for part in parts)


def is_marked(root: str, part: str) -> bool:
    """Whether `part` was made ready for the current lock file, interpreter and STAGE."""
    try:
        with open(_file(root, part), encoding="ascii") as mark:
            return mark.read() == key(root)
    except OSError:
        return False


def mark(root: str, part: str) -> None:
    """Marks `part` as ready; the write is atomic, so that an interruption leaves no partial mark."""
    # not by files.durable, for this floor imports no other; a mark that a power failure takes only costs a set-up
    target = _file(root, part)
    with open(target + ".new", "w", encoding="ascii") as file:
        file.write(key(root))
    os.replace(target + ".new", target)


def unmark(root: str, part: str) -> None:
    """Removes the mark before `part` is worked on."""
    with suppress(FileNotFoundError):
        os.remove(_file(root, part))


def key(root: str) -> str:
    """Returns the content of a valid mark: a hash of the lock file, STAGE and the real path of .venv's interpreter."""
    with open(lock(root), "rb") as file:
        parts = (file.read(), STAGE.encode(), os.path.realpath(python(root)).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _file(root: str, part: str) -> str:
    return os.path.join(folder(root), "ready-" + part)

"""The mark that a tree is ready: it holds for one lock, one interpreter and one first stage."""

import hashlib
import os
import sys
from contextlib import suppress

STAGE = "1"  # raise it when what the first stage does to a machine changes
PACKAGES = "packages"
LIBRARIES = "libraries"


def folder(root: str) -> str:
    """The .venv of the tree at ROOT."""
    return os.path.join(root, ".venv")


def python(root: str) -> str:
    """The interpreter of the tree's .venv."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder(root), *parts)


def lock(root: str) -> str:
    """The locked packages, with their hashes."""
    return os.path.join(root, "resources", "locks", "requirements.txt")


def is_inside(root: str) -> bool:
    """Whether this very process runs in the tree's .venv."""
    return os.path.realpath(sys.prefix) == os.path.realpath(folder(root))


def is_ready(root: str, *, window: bool) -> bool:
    """Whether packages, and for a WINDOW the system libraries too, are there as this tree wants them."""
    parts = (PACKAGES, LIBRARIES) if window else (PACKAGES,)
    return all(is_marked(root, part) for part in parts)


def is_marked(root: str, part: str) -> bool:
    """Whether PART was made ready for this lock, interpreter and stage."""
    try:
        with open(_file(root, part), encoding="ascii") as mark:
            return mark.read() == key(root)
    except OSError:
        return False


def mark(root: str, part: str) -> None:
    """Say that PART is ready; written beside and moved, so that a cut leaves no half mark."""
    target = _file(root, part)
    with open(target + ".new", "w", encoding="ascii") as file:
        file.write(key(root))
    os.replace(target + ".new", target)


def unmark(root: str, part: str) -> None:
    """Take the mark away before PART is worked on."""
    with suppress(FileNotFoundError):
        os.remove(_file(root, part))


def key(root: str) -> str:
    """What the marks must say: a hash over the lock, the stage and the interpreter behind .venv (a new one moves)."""
    with open(lock(root), "rb") as file:
        parts = (file.read(), STAGE.encode(), os.path.realpath(python(root)).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _file(root: str, part: str) -> str:
    return os.path.join(folder(root), "ready-" + part)

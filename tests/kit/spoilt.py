"""Damages database files so that a length in them exceeds what SQLite can allocate."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

_HEAD = 160  # bytes before a schema statement in which its row begins, with the lengths of its columns


def spoil_a_length(file: Path) -> None:
    """Damages `file`, which must be closed, at the first place of its schema where SQLite then runs out of memory.

    Raises AssertionError when there is no such place.
    """
    good = file.read_bytes()
    for at in (at for said in re.finditer(b"CREATE ", good) for at in range(said.start() - _HEAD, said.start())):
        file.write_bytes(good[:at] + b"\xff" * 64 + good[at + 64 :])
        if _is_beyond_memory(file):
            return
    raise AssertionError("this SQLite has memory for everything")


def _is_beyond_memory(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA quick_check(1)").fetchall()
    except MemoryError:
        return True
    except (sqlite3.Error, UnicodeDecodeError):
        return False
    return False

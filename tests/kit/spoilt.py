"""Database files in which a length is damaged so far that SQLite finds no memory for it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

_HEAD = 160  # bytes before a statement of the schema in which its row, and the lengths of its columns, begin


def spoil_a_length(file: Path) -> None:
    """Damage `file`, which nobody has open, at the first place of its schema where SQLite answers so."""
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

"""A damaged journal: what of it can be read, put into a fresh one; the damaged file is kept aside."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from commandcenter.cache.engine import open_engine, transaction
from commandcenter.cache.journal_row import OPEN, RowState, read
from commandcenter.cache.journal_schema import commands, drafts, meta, migrate
from commandcenter.cache.sqlite_pages import Values, rows
from commandcenter.protocol.codec import Unreadable

_SIDES = ("", "-wal")
_READY = ".recovered"
_WAY = ("kept", "held", "refused", "conflict", "sent", "done", "dropped")  # how far a command has come
_NAMES = tuple(column.name for column in commands.columns)
_FLOATS = ("acted_at", "ended_at")
_LEAST = 22  # columns of the first version: later ones were added behind them


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What can be read: rows of the three tables; `lost`: how many commands at most cannot, None when nobody can tell.

    Each command is proven by the check sum that it was written with.
    """

    commands: tuple[dict[str, Any], ...]
    drafts: tuple[dict[str, Any], ...]
    meta: dict[str, str]
    lost: int | None

    @property
    def open(self) -> int:
        """How many of the commands have not come to their end."""
        return sum(RowState(row["state"]) in OPEN for row in self.commands)


def salvage(file: Path) -> Salvaged:
    """What of the journal in `file` can be read; not a byte of it changes."""
    newest: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {}
    kept: dict[tuple[str, str], dict[str, Any]] = {}  # like `told`, the newest: the oldest come first
    told: dict[str, str] = {}
    for age, values in rows(file, lambda values: _command(values) is not None):
        command = _command(values)
        if command is not None:
            rank = (age, _WAY.index(command["state"]))
            if command["cmd_id"] not in newest or newest[command["cmd_id"]][0] <= rank:
                newest[command["cmd_id"]] = rank, command
        elif _is(values, str, str, bytes, (int, float)):
            kept[values[0], values[1]] = dict(zip(("user", "key", "body", "at"), values, strict=True))
        elif _is(values, str, str) and _is_told(*values):
            told[values[0]] = values[1]
    found = sorted((row for _, row in newest.values()), key=lambda row: row["cseq"])
    return Salvaged(tuple(found), tuple(kept.values()), told, _lost(found, told))


def recover(file: Path, found: Salvaged, *, at: datetime) -> Path:
    """`found` in a fresh journal in the place of `file`; gives the name under which the damaged one is kept.

    Whenever it is cut off, `finish` goes on from there; until then the damaged file is where it was.
    """
    aside = _free(file.with_name(f"{file.stem}-damaged-{at:%Y%m%d-%H%M%S}{file.suffix}"))
    for side in _SIDES:
        with suppress(FileNotFoundError):
            _copied(_beside(file, side), _beside(aside, side))
    new = _beside(file, ".new")
    for side in ("", "-wal", "-shm"):
        _beside(new, side).unlink(missing_ok=True)
    _write(new, found)
    os.replace(new, _beside(file, _READY))
    finish(file)
    return aside


def finish(file: Path) -> None:
    """A recovery that was cut off after its fresh journal was whole is carried to its end."""
    ready = _beside(file, _READY)
    if ready.exists():
        for side in ("-wal", "-shm"):
            _beside(file, side).unlink(missing_ok=True)
        os.replace(ready, file)
        _flush(file.parent)


def _write(file: Path, found: Salvaged) -> None:
    engine = open_engine(file, synchronous="FULL")
    last = max([int(found.meta.get("last_cseq", 0)), *(row["cseq"] for row in found.commands)])
    told = found.meta | {"last_cseq": str(last)}
    try:
        migrate(engine)
        with transaction(engine) as connection:
            for table, given in ((commands, found.commands), (drafts, found.drafts)):
                if given:
                    connection.execute(table.insert(), list(given))
            connection.execute(meta.insert(), [{"key": key, "value": value} for key, value in told.items()])
        with engine.connect() as connection:
            connection.connection.execute("PRAGMA journal_mode=DELETE")  # everything in one file
    finally:
        engine.dispose()


def _command(values: Values) -> dict[str, Any] | None:
    """The row of a command, when it is as it was written."""
    if not _LEAST <= len(values) <= len(_NAMES):
        return None
    row: dict[str, Any] = dict.fromkeys(_NAMES) | dict(zip(_NAMES, values, strict=False))
    row |= {name: float(row[name]) for name in _FLOATS if isinstance(row[name], int)}  # SQLite writes 2.0 as 2
    try:
        read(SimpleNamespace(**row))
    except (Unreadable, ValueError, TypeError, AttributeError):
        return None
    return row


def _is_told(key: str, value: str) -> bool:
    """Whether it is what the journal says of itself: a number that is none says nothing."""
    return key == "console_id" or (key == "last_cseq" and value.isascii() and value.isdecimal())


def _lost(found: list[dict[str, Any]], told: dict[str, str]) -> int | None:
    """Numbers in this console's order that are missing; those of long ago may have left by themselves."""
    last = int(told.get("last_cseq", 0))
    if not found:
        return last or None
    return int(max(last, found[-1]["cseq"]) - found[0]["cseq"] + 1 - len(found))


def _is(values: Values, *types: type | tuple[type, ...]) -> bool:
    return len(values) == len(types) and all(isinstance(one, type_) for one, type_ in zip(values, types, strict=True))


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def _free(file: Path) -> Path:
    number, free = 1, file
    while free.exists():
        number += 1
        free = file.with_name(f"{file.stem}-{number}{file.suffix}")
    return free


def _copied(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as copy:
        os.fsync(copy.fileno())


def _flush(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""Recovers a damaged journal: copies its readable rows into a new file and keeps the damaged one beside it."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from commandcenter.cache.engine import open_engine, transaction
from commandcenter.cache.journal_row import OPEN, RowState, row_from_columns
from commandcenter.cache.journal_schema import commands, drafts, meta, migrate
from commandcenter.cache.sqlite_pages import Values, rows
from commandcenter.files.durable import flush_file, flush_folder
from commandcenter.protocol.codec import Unreadable

_SIDES = ("", "-wal")
_READY = ".recovered"
# delivery states in order: of two equally old versions of a command, the later state wins
_STATE_ORDER = ("kept", "held", "refused", "conflict", "sent", "done", "dropped")
_NAMES = tuple(column.name for column in commands.columns)
_FLOATS = ("acted_at", "ended_at")
_FIRST_VERSION_COLUMNS = 22  # columns of the first schema version; later ones were appended


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The readable rows of the journal's three tables; each command is verified by its checksum.

    `lost` counts the sequence numbers missing behind the first readable command, trimmed commands included; without a
    readable command it is the last number given, or None when that is unknown too.
    """

    commands: tuple[dict[str, Any], ...]
    drafts: tuple[dict[str, Any], ...]
    meta: dict[str, str]
    lost: int | None

    @property
    def open(self) -> int:
        """The number of recovered commands that are still open."""
        return sum(RowState(row["state"]) in OPEN for row in self.commands)


def salvage(file: Path) -> Salvaged:
    """Returns the readable content of the journal in `file`; the file is not changed."""
    newest: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {}
    kept: dict[tuple[str, str], dict[str, Any]] = {}  # the newest body of each draft: rows come oldest first
    told: dict[str, str] = {}
    for age, values in rows(file, lambda values: _command(values) is not None):
        command = _command(values)
        if command is not None:
            rank = (age, _STATE_ORDER.index(command["state"]))
            if command["cmd_id"] not in newest or newest[command["cmd_id"]][0] <= rank:
                newest[command["cmd_id"]] = rank, command
        elif _is(values, str, str, bytes, (int, float)):
            kept[values[0], values[1]] = dict(zip(("user", "key", "body", "at"), values, strict=True))
        elif _is(values, str, str) and _is_meta_entry(*values):
            told[values[0]] = values[1]
    found = sorted((row for _, row in newest.values()), key=lambda row: row["cseq"])
    return Salvaged(tuple(found), tuple(kept.values()), told, _lost(found, told))


def recover(file: Path, found: Salvaged, *, at: datetime) -> Path:
    """Replaces `file` by a new journal with the rows of `found`; returns the path under which the damaged file is kept.

    If interrupted before the new journal is complete, the damaged file is still in its place. If interrupted later,
    `finish` completes the recovery.
    """
    aside = _free(file.with_name(f"{file.stem}-damaged-{at:%Y%m%d-%H%M%S}{file.suffix}"))
    for side in _SIDES:
        with suppress(FileNotFoundError):
            _copied(_with_ending(file, side), _with_ending(aside, side))
    new = _with_ending(file, ".new")
    for side in ("", "-wal", "-shm"):
        _with_ending(new, side).unlink(missing_ok=True)
    _write(new, found)
    os.replace(new, _with_ending(file, _READY))
    finish(file)
    return aside


def finish(file: Path) -> None:
    """Completes a recovery that was interrupted after its new journal had been written; otherwise does nothing."""
    ready = _with_ending(file, _READY)
    if ready.exists():
        for side in ("-wal", "-shm"):
            _with_ending(file, side).unlink(missing_ok=True)
        os.replace(ready, file)
        flush_folder(file.parent)


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
            connection.connection.execute("PRAGMA journal_mode=DELETE")  # leaves no -wal file beside it
    finally:
        engine.dispose()


def _command(values: Values) -> dict[str, Any] | None:
    """Returns the values as a row of the command table; None when they are not an intact command."""
    if not _FIRST_VERSION_COLUMNS <= len(values) <= len(_NAMES):
        return None
    row: dict[str, Any] = dict.fromkeys(_NAMES) | dict(zip(_NAMES, values, strict=False))
    row |= {name: float(row[name]) for name in _FLOATS if isinstance(row[name], int)}  # SQLite stores 2.0 as 2
    try:
        row_from_columns(SimpleNamespace(**row))
    except (Unreadable, ValueError, TypeError, AttributeError):
        return None
    return row


def _is_meta_entry(key: str, value: str) -> bool:
    """Whether the pair is an entry of the `meta` table to be kept: `console_id`, or a numeric `last_cseq`."""
    return key == "console_id" or (key == "last_cseq" and value.isascii() and value.isdecimal())


def _lost(found: list[dict[str, Any]], told: dict[str, str]) -> int | None:
    """Counts the sequence numbers missing behind the first readable command; some of them may have been trimmed."""
    last = int(told.get("last_cseq", 0))
    if not found:
        return last or None
    return int(max(last, found[-1]["cseq"]) - found[0]["cseq"] + 1 - len(found))


def _is(values: Values, *types: type | tuple[type, ...]) -> bool:
    return len(values) == len(types) and all(isinstance(one, type_) for one, type_ in zip(values, types, strict=True))


def _with_ending(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def _free(file: Path) -> Path:
    number, free = 1, file
    while free.exists():
        number += 1
        free = file.with_name(f"{file.stem}-{number}{file.suffix}")
    return free


def _copied(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    flush_file(target)

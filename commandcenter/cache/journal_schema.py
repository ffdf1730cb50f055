"""Defines the journal's tables and the migrations from every released version."""

import sqlite3
from pathlib import Path

from sqlalchemy import Column, Engine, Float, Integer, LargeBinary, MetaData, String, Table, Text

from commandcenter.cache.engine import is_damage, transaction
from commandcenter.cache.faults import Damaged, NewerJournal, ReadOnly
from commandcenter.files.sqlite import opened_bare

metadata = MetaData()

commands = Table(
    "commands",
    metadata,
    Column("cmd_id", String, primary_key=True),
    Column("cseq", Integer, nullable=False, unique=True),
    Column("user", String, nullable=False),
    Column("district", String, nullable=False),
    Column("person", LargeBinary, nullable=False),  # JSON of domain.people.Person: the author with role and scope
    Column("type", String, nullable=False),
    Column("args", LargeBinary, nullable=False),  # JSON; a petitioner's data only in sealed form
    Column("refs", Text, nullable=False),  # "kind:id" of every record that it names, joined by spaces
    Column("bases", LargeBinary, nullable=False),  # JSON {"kind:id": revision, "epoch": epoch of the log}
    Column("dep", String),
    Column("made_at", String, nullable=False),  # RFC 3339, by the platform's clock as known
    Column("acted_at", Float, nullable=False),  # seconds of a monotonic clock, meaningful within `boot`
    Column("boot", String, nullable=False),
    Column("state", String, nullable=False),
    Column("code", String),
    Column("about", String),
    Column("epoch", Integer),
    Column("seq", Integer),
    Column("result", LargeBinary),  # JSON of protocol.messages.Result
    Column("replaces", String),
    Column("ended_at", Float),  # seconds since 1970, by the platform's clock as known; nothing depends on it
    Column("proof", Integer, nullable=False),  # crc32 of the unchanging columns: SQLite does not detect flipped bits
    Column("seen", LargeBinary),  # JSON of the record that it changes, as its author saw it
    Column("moved_at", String),  # RFC 3339, by the platform's clock as known: when the state changed last
    Column("behalf", LargeBinary),  # JSON of cache.journal_row.OnBehalfOf, for an adopted act
    Column("ended_day", Integer),  # the counted day (cache.retention) on which its end was noticed
    Column("attested", LargeBinary),  # JSON of protocol.attestation.Attestation: proves that `user` gave it
)
meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))
drafts = Table(
    "drafts",
    metadata,
    Column("user", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("at", Float, nullable=False),
)

_STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE commands (
            cmd_id TEXT PRIMARY KEY NOT NULL, cseq INTEGER NOT NULL UNIQUE, user TEXT NOT NULL, district TEXT NOT NULL,
            person BLOB NOT NULL, type TEXT NOT NULL, args BLOB NOT NULL, refs TEXT NOT NULL, bases BLOB NOT NULL,
            dep TEXT, made_at TEXT NOT NULL, acted_at REAL NOT NULL, boot TEXT NOT NULL, state TEXT NOT NULL,
            code TEXT, about TEXT, epoch INTEGER, seq INTEGER, result BLOB, replaces TEXT, ended_at REAL,
            proof INTEGER NOT NULL)""",
        "CREATE INDEX commands_by_state ON commands (state, cseq)",
        "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
        """CREATE TABLE drafts (
            user TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, at REAL NOT NULL, PRIMARY KEY (user, key))""",
    ),
    (
        "ALTER TABLE commands ADD COLUMN seen BLOB",
        "ALTER TABLE commands ADD COLUMN moved_at TEXT",
    ),
    ("ALTER TABLE commands ADD COLUMN behalf BLOB",),
    (
        "ALTER TABLE commands ADD COLUMN ended_day INTEGER",
        "CREATE INDEX commands_by_end ON commands (ended_day)",
    ),
    ("ALTER TABLE commands ADD COLUMN attested BLOB",),
)
VERSION = len(_STEPS)


def inspect(file: Path) -> None:
    """Checks the journal in `file`, if it exists, without changing it or creating side files.

    Raises NewerJournal when a newer version wrote it, Damaged when SQLite finds it inconsistent, ReadOnly when it
    cannot be read.
    """
    if not file.exists() or file.stat().st_size == 0:
        return
    log = file.with_name(f"{file.name}-wal")
    how = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"  # without a log it needs no side files
    try:
        with opened_bare(file, how=how) as connection:
            if int(connection.execute("PRAGMA user_version").fetchone()[0]) > VERSION:
                raise NewerJournal(file)
            # quick_check skips the indexes, and a damaged index entry would silently hide a command
            if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise Damaged(file)
    except (UnicodeDecodeError, MemoryError) as wrong:  # see _FAULTS in cache.engine
        raise Damaged(file) from wrong
    except sqlite3.Error as wrong:
        raise (Damaged if is_damage(str(wrong)) else ReadOnly)(file) from wrong


def migrate(engine: Engine) -> None:
    """Applies the missing migrations, each together with its version number in one transaction."""
    with transaction(engine) as connection:
        at = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    for number in range(at, VERSION):
        with transaction(engine) as connection:
            for line in _STEPS[number]:
                connection.exec_driver_sql(line)
            connection.exec_driver_sql(f"PRAGMA user_version = {number + 1}")

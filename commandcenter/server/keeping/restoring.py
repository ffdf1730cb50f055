"""A backup put in the place of a data folder's database: proven beside it first, the former one kept."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nacl.public import PrivateKey

from commandcenter.server.keeping import archive, lineage, vault
from commandcenter.server.keeping.archive import Page
from commandcenter.server.keeping.holding import hold
from commandcenter.server.keeping.lineage import Line
from commandcenter.server.keeping.store import database, has_database, writing
from commandcenter.server.trouble import Unusable

_STAGING = "restoring"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the epochs that began, the backup's moment, where the former files are (None: none)."""

    districts: dict[str, Line]
    made_at: datetime
    aside: Path | None


def key_file(file: Path) -> Path:
    """Where the key that belongs to the backup `file` is looked for."""
    return file.with_name(file.name + ".key")


def restore(file: Path, data: Path, *, now: datetime, force: bool = False, new_key: bool = False) -> Restored:
    """Put the backup `file` in the place of the database of `data`; until its last step nothing there has changed.

    Unusable in one sentence: no or no good backup, a platform that holds the folder, a database that is there already
    (`force` keeps it aside), or the key missing (`new_key` goes on without it).
    """
    said = archive.read(file)
    with hold(data):
        if has_database(data) and not force:
            text = f"{data} already holds a database: nothing was changed; --force keeps it aside and goes on."
            raise Unusable("has_database", text)
        key = _key(file, said, data, new_key=new_key)
        with _staging(data) as staging:
            archive.extract(file, said, database(staging))
            known = lineage.former(data) if _is_same(data, said) else {}
            with writing(staging) as connection:
                begun = lineage.begin_epochs(connection, known, now=now)
            _fold(staging)
            aside = _aside(data, now)
            _put_key(data, key)
            os.replace(database(staging), database(data))
            _sync_folder(data)
    return Restored(begun, said.made_at, aside)


def _key(file: Path, said: Page, data: Path, *, new_key: bool) -> bytes | None:
    """The private key that the backup's vault is sealed to; None leaves the folder's own key where it is."""
    if said.seal_key is None or _is_same(data, said):
        return None
    with suppress(FileNotFoundError):
        kept = key_file(file).read_bytes()
        if len(kept) == PrivateKey.SIZE and vault.public(PrivateKey(kept)) == said.seal_key:
            return kept
    if new_key:
        return None
    text = f"The key of this backup is not in {key_file(file)}: put it there; --new-key gives up what is sealed to it."
    raise Unusable("no_key", text)


def _is_same(data: Path, said: Page) -> bool:
    """Whether the folder has the backup's key, and so is of the same platform."""
    with suppress(OSError, Unusable):
        return vault.has_key(data) and vault.public(vault.open_key(data)) == said.seal_key
    return False


@contextmanager
def _staging(data: Path) -> Iterator[Path]:
    """A folder beside the database, on the same disk; what an interrupted restore left in it is thrown away."""
    folder = data / _STAGING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fold(staging: Path) -> None:
    """The log into the file, so that one rename moves everything."""
    with closing(sqlite3.connect(database(staging))) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        there.execute("PRAGMA journal_mode=DELETE").fetchall()
    handle = os.open(database(staging), os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _aside(data: Path, now: datetime) -> Path | None:
    """The former database under another name too; its side files, of which a readable one has none, move away."""
    former = database(data)
    side_files = [former.with_name(former.name + suffix) for suffix in ("-wal", "-shm")]
    if not former.exists():
        for side in side_files:
            side.unlink(missing_ok=True)
        return None
    folder = _free_folder(data, f"before-restore-{now:%Y%m%dT%H%M%SZ}")
    _second_name(former, folder / former.name)
    if vault.has_key(data):
        _second_name(vault.key_file(data), folder / vault.key_file(data).name)
    for side in side_files:
        with suppress(FileNotFoundError):
            os.replace(side, folder / side.name)
    return folder


def _free_folder(data: Path, name: str) -> Path:
    for number in range(1, 1000):
        folder = data / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder
    raise Unusable("aside", f"{data / name} is there already: move it away first; nothing was changed.")


def _second_name(file: Path, other: Path) -> None:
    try:
        os.link(file, other)
    except OSError:  # a file system without links
        shutil.copy2(file, other)


def _put_key(data: Path, key: bytes | None) -> None:
    if key is not None:
        vault.put_key(data, key)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError, AttributeError):  # Windows does not open folders
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

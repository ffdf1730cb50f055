"""Restores a backup into a data folder: it is verified in a staging folder first, and the former files are kept."""

import os
import shutil
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nacl.public import PrivateKey

from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage import backup_file, epochs, vault
from commandcenter.server.storage.backup_file import Manifest
from commandcenter.server.storage.database import (
    checkpoint,
    file_in,
    has_database,
    replace_database,
    staging_folder,
    writing,
)
from commandcenter.server.storage.epochs import Epochs
from commandcenter.server.storage.folder_lock import hold

_STAGING = "restoring"


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore.

    `districts` are the epochs that began, `made_at` is the time of the backup, and `aside` is the folder with the
    former files (None: there were none).
    """

    districts: dict[str, Epochs]
    made_at: datetime
    aside: Path | None


def key_file(file: Path) -> Path:
    """Returns the path where the private key of the backup `file` is expected."""
    return file.with_name(file.name + ".key")


def restore(file: Path, data: Path, *, now: datetime, force: bool = False, new_key: bool = False) -> Restored:
    """Puts the backup `file` in the place of the database of `data`.

    Raises UnusableEnvironment when the backup is missing or unusable, when a platform holds the folder, when the folder
    has a database (`force` keeps that aside) or when the key is missing (`new_key` goes on without it); OSError or
    DBAPIError when the disk fails. After any error the former files are still in place. A killed process leaves the
    former database as well, its WAL moved into its file if it is readable; between the last two renames the folder has
    the backup's key already, and its own key is kept aside.
    """
    said = backup_file.read(file)
    with hold(data):
        if has_database(data) and not force:
            text = f"{data} already holds a database: nothing was changed; --force keeps it aside and goes on."
            raise UnusableEnvironment("has_database", text)
        is_same = _is_same_platform(data, said)
        key = None if is_same else _key(file, said, new_key=new_key)
        with staging_folder(data, _STAGING) as staging:
            backup_file.extract(file, said, file_in(staging))
            counted = epochs.former_epochs(data)
            with writing(staging) as connection:
                at = max(now, said.made_at)  # a clock that is behind the backup is wrong
                begun = epochs.begin_epochs(connection, counted if is_same else {}, now=at)
            checkpoint(staging)
            aside = _put_in_place(staging, data, key, now)
    return Restored(begun, said.made_at, aside)


def _key(file: Path, said: Manifest, *, new_key: bool) -> bytes | None:
    """Returns the private key that the backup's vault is sealed to, None to leave the folder's own key in place."""
    if said.seal_key is None:
        return None
    with suppress(FileNotFoundError):
        kept = key_file(file).read_bytes()
        if len(kept) == PrivateKey.SIZE and vault.public(PrivateKey(kept)) == said.seal_key:
            return kept
    if new_key:
        return None
    text = f"The key of this backup is not in {key_file(file)}: put it there; --new-key gives up what is sealed to it."
    raise UnusableEnvironment("no_key", text)


def _is_same_platform(data: Path, said: Manifest) -> bool:
    """Returns whether the folder has the backup's key, and so belongs to the same platform."""
    with suppress(OSError, UnusableEnvironment):
        return vault.has_key(data) and vault.public(vault.open_key(data)) == said.seal_key
    return False


def _put_in_place(staging: Path, data: Path, key: bytes | None, now: datetime) -> Path | None:
    """Puts the key, then the staged database, in place; returns the folder with the former files, None if none."""
    with ExitStack() as undo:  # in reverse order, unless every step succeeds
        aside = _aside(data, key, now, undo)
        if key is not None:
            _put_key(data, key, aside, undo)
        replace_database(staging, data)
        undo.pop_all()
    return aside


def _aside(data: Path, key: bytes | None, now: datetime, undo: ExitStack) -> Path | None:
    """Gives what is about to be replaced a second name in a new folder.

    WAL side files, which are empty or belong to a damaged database, are moved there.
    """
    former, own_key = file_in(data), vault.key_file(data)
    side_files = [former.with_name(former.name + suffix) for suffix in ("-wal", "-shm")]
    if not any(file.exists() for file in (former, *side_files, *([own_key] if key is not None else []))):
        return None
    folder = _free_folder(data, f"before-restore-{now:%Y%m%dT%H%M%SZ}")
    undo.callback(shutil.rmtree, folder, ignore_errors=True)
    for file in filter(Path.exists, (former, own_key)):
        _link_or_copy(file, folder / file.name)
    for side in filter(Path.exists, side_files):
        os.replace(side, folder / side.name)
        undo.callback(os.replace, folder / side.name, side)
    return folder


def _free_folder(data: Path, name: str) -> Path:
    for number in range(1, 1000):
        folder = data / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder
    raise UnusableEnvironment("aside", f"{data / name} is there already: move it away first; nothing was changed.")


def _link_or_copy(file: Path, other: Path) -> None:
    try:
        os.link(file, other)
    except OSError:  # a file system without hard links
        shutil.copy2(file, other)


def _put_key(data: Path, key: bytes, aside: Path | None, undo: ExitStack) -> None:
    there = vault.key_file(data)
    was_there = there.exists()
    vault.put_key(data, key)
    if aside is not None and was_there:
        undo.callback(os.replace, aside / there.name, there)
    else:
        undo.callback(there.unlink)

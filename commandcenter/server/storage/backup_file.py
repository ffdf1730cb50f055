"""Reads and writes the backup file, a ZIP archive of the database and a manifest that describes and verifies it."""

import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

from commandcenter.files.durable import create_private
from commandcenter.protocol.codec import Unreadable, decode, encode
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage import migrations
from commandcenter.server.storage.backup import CopyResult, LogEnd
from commandcenter.server.storage.database import NAME

FORMAT = 1
_PROGRAM = "commandcenter backup"
_PAGE = "backup.json"
_PAGE_MOST = 1_000_000  # bytes
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)  # what zipfile raises


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a backup.

    `revision` is the schema revision; `size` (bytes) and `sha256` (hex) are those of the database copy. `seal_key` is
    the public key (base64) that the vault is sealed to, None when the data folder had no key.
    """

    program: str
    format: int
    version: str
    revision: str
    made_at: datetime
    seal_key: str | None
    districts: dict[str, LogEnd]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _ManifestHeader:
    """The manifest fields that every backup format has, including the formats of later versions."""

    program: str
    format: int


def manifest_for(
    copied: CopyResult, database: Path, *, version: str, made_at: datetime, seal_key: str | None
) -> Manifest:
    """Returns the manifest for the database copy in the file `database`."""
    with database.open("rb") as copy:
        proof = file_digest(copy, "sha256").hexdigest()
    size = database.stat().st_size
    return Manifest(_PROGRAM, FORMAT, version, copied.revision, made_at, seal_key, copied.districts, size, proof)


def write(file: Path, said: Manifest, database: Path) -> None:
    """Writes the manifest `said` and the copy `database` into the new file `file`, and flushes it to disk.

    The file is readable by this user only. Raises OSError when it exists or cannot be written.
    """
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_PAGE, encode(said))
            with archive.open(NAME, "w", force_zip64=True) as into, database.open("rb") as copy:
                shutil.copyfileobj(copy, into, _CHUNK)
        out.flush()
        os.fsync(out.fileno())


def read(file: Path) -> Manifest:
    """Returns the manifest of the backup `file`.

    Raises UnusableEnvironment when the file is missing, unreadable, damaged, not a backup, or made by a newer version.
    """
    with _opened(file) as archive:
        try:
            with archive.open(_PAGE) as raw:
                text = raw.read(_PAGE_MOST)
        except KeyError as wrong:
            raise _foreign(file) from wrong
        return _checked(file, text)


def extract(file: Path, said: Manifest, to: Path) -> None:
    """Extracts the database of the backup `file` into the new file `to`, and flushes it to disk.

    Raises UnusableEnvironment when its SHA-256 is not that of the manifest `said`, OSError when `to` cannot be written.
    """
    proof = sha256()
    new = create_private(to)  # an error here is not the fault of `file`
    with (
        os.fdopen(new, "wb") as out,
        _opened(file) as archive,
        suppress(KeyError),
        archive.open(NAME) as kept,
    ):
        while (chunk := kept.read(_CHUNK)) and out.tell() <= said.size:
            proof.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if proof.hexdigest() != said.sha256:
        raise _damaged(file, "what is in it is not what it says")


def _checked(file: Path, text: bytes) -> Manifest:
    try:
        least = decode(text, _ManifestHeader)
    except Unreadable as wrong:
        raise _foreign(file) from wrong
    if least.program != _PROGRAM:
        raise _foreign(file)
    try:
        said = decode(text, Manifest) if least.format == FORMAT else None
    except Unreadable as wrong:
        raise _damaged(file, str(wrong)) from wrong
    if said is None or not migrations.is_known(said.revision):
        raise UnusableEnvironment(
            "newer", f"{file} was made by a newer version: nothing was changed; update this program."
        )
    return said


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with file.open("rb") as raw:
            if raw.read(2) != b"PK":
                raise _foreign(file)
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as wrong:
        text = f"{file} is not there: nothing was changed; name the file that `backup` made."
        raise UnusableEnvironment("no_backup", text) from wrong
    except (IsADirectoryError, PermissionError) as wrong:  # Windows raises PermissionError for a folder
        reason = "is a folder" if file.is_dir() else f"cannot be read ({wrong.strerror})"
        raise UnusableEnvironment(
            "no_backup", f"{file} {reason}: nothing was changed; name a file that `backup` made."
        ) from wrong
    except _BROKEN as wrong:
        raise _damaged(file, str(wrong).splitlines()[0] if str(wrong) else "it ends too early") from wrong


def _foreign(file: Path) -> UnusableEnvironment:
    text = f"{file} is no backup of a platform: nothing was changed; name a file that `backup` made."
    return UnusableEnvironment("foreign", text)


def _damaged(file: Path, reason: str) -> UnusableEnvironment:
    return UnusableEnvironment("damaged", f"{file} is damaged ({reason}): nothing was changed; take another backup.")

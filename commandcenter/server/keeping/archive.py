"""A backup as one file: the database, and a page that says what it is, whose it is, and proves it byte by byte."""

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

from commandcenter.protocol.codec import Unreadable, decode, encode
from commandcenter.server.keeping import migrations
from commandcenter.server.keeping.backup import Copied, Point
from commandcenter.server.keeping.store import NAME
from commandcenter.server.trouble import Unusable

FORMAT = 1
_PROGRAM = "commandcenter backup"
_PAGE = "backup.json"
_PAGE_MOST = 1_000_000  # bytes
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)  # what zipfile raises


@dataclass(frozen=True, slots=True)
class Page:
    """The page in it. `seal_key` is the public half (base64) of the key that the vault is sealed to."""

    program: str
    format: int
    version: str
    revision: str
    made_at: datetime
    seal_key: str | None
    districts: dict[str, Point]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Least:
    """What every format of a backup says first, that of a later version too."""

    program: str
    format: int


def page(copied: Copied, database: Path, *, version: str, made_at: datetime, seal_key: str | None) -> Page:
    """The page for the copy `database`."""
    with database.open("rb") as copy:
        proof = file_digest(copy, "sha256").hexdigest()
    size = database.stat().st_size
    return Page(_PROGRAM, FORMAT, version, copied.revision, made_at, seal_key, copied.districts, size, proof)


def write(file: Path, said: Page, database: Path) -> None:
    """Make `file` from the page and the copy, on disk when this returns; OSError when the disk does not take it."""
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_PAGE, encode(said))
            with archive.open(NAME, "w", force_zip64=True) as into, database.open("rb") as copy:
                shutil.copyfileobj(copy, into, _CHUNK)
        out.flush()
        os.fsync(out.fileno())


def read(file: Path) -> Page:
    """What `file` says of itself; Unusable when it is none of ours, newer than this program, or damaged."""
    with _opened(file) as archive:
        try:
            with archive.open(_PAGE) as raw:
                text = raw.read(_PAGE_MOST)
        except KeyError as wrong:
            raise _foreign(file) from wrong
        return _checked(file, text)


def extract(file: Path, said: Page, to: Path) -> None:
    """Its database as the new file `to`; Unusable when a byte is not what the page says, OSError when `to` fails."""
    proof = sha256()
    new = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # what fails here is not of `file`
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


def _checked(file: Path, text: bytes) -> Page:
    try:
        least = decode(text, _Least)
    except Unreadable as wrong:
        raise _foreign(file) from wrong
    if least.program != _PROGRAM:
        raise _foreign(file)
    try:
        said = decode(text, Page) if least.format == FORMAT else None
    except Unreadable as wrong:
        raise _damaged(file, str(wrong)) from wrong
    if said is None or not migrations.is_known(said.revision):
        raise Unusable("newer", f"{file} was made by a newer version: nothing was changed; update this program.")
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
        raise Unusable("no_backup", text) from wrong
    except (IsADirectoryError, PermissionError) as wrong:  # Windows calls a folder the latter
        reason = "is a folder" if file.is_dir() else f"cannot be read ({wrong.strerror})"
        raise Unusable("no_backup", f"{file} {reason}: nothing was changed; name a file that `backup` made.") from wrong
    except _BROKEN as wrong:
        raise _damaged(file, str(wrong).splitlines()[0] if str(wrong) else "it ends too early") from wrong


def _foreign(file: Path) -> Unusable:
    text = f"{file} is no backup of a platform: nothing was changed; name a file that `backup` made."
    return Unusable("foreign", text)


def _damaged(file: Path, reason: str) -> Unusable:
    return Unusable("damaged", f"{file} is damaged ({reason}): nothing was changed; take another backup.")

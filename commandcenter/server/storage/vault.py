"""Personal data, apart from the records: sealed to the platform's public key by whoever took it, stored unopened."""

import base64
import binascii
import os
from datetime import datetime
from pathlib import Path

from nacl.public import PrivateKey
from sqlalchemy import Connection, select

from commandcenter.domain.commands import Command, Take
from commandcenter.domain.decide import Refused
from commandcenter.server.errors import Unusable
from commandcenter.server.identifiers import is_plain
from commandcenter.server.storage.durable_files import flush_names
from commandcenter.server.storage.tables import vault

_NAME = "seal.key"
_MOST = 16_384  # bytes of a sealed part


def key_file(data: Path) -> Path:
    """Where the private key of the data folder `data` is."""
    return data / _NAME


def has_key(data: Path) -> bool:
    """Whether a platform has run on `data` already."""
    return key_file(data).exists()


def open_key(data: Path) -> PrivateKey:
    """The platform's X25519 key pair, made at the first start in a file that only its user can read."""
    file = key_file(data)
    if not file.exists():
        put_key(data, bytes(PrivateKey.generate()))
    key = file.read_bytes()
    if len(key) != PrivateKey.SIZE:
        raise Unusable("corrupt", f"{file} is damaged: put the backup of the key in its place; nothing was changed.")
    return PrivateKey(key)


def put_key(data: Path, key: bytes) -> None:
    """`key` from now on, whole or not at all, and on the disk; the former one is lost unless it was kept elsewhere."""
    new = data / f"{_NAME}.new"
    new.unlink(missing_ok=True)
    _write(new, key)
    os.replace(new, key_file(data))
    flush_names(data)  # before anything is sealed to it


def write_key(file: Path, key: PrivateKey) -> None:
    """The private key into the new file `file`, for this user alone."""
    _write(file, bytes(key))


def public(key: PrivateKey) -> str:
    """The public half (base64), which consoles seal to."""
    return base64.b64encode(bytes(key.public_key)).decode()


def put(connection: Connection, district: str, command: Command, *, at: datetime) -> Refused | None:
    """Store the sealed part of a `take`, if it has one; a part that cannot be one is refused."""
    if not isinstance(command, Take):
        return None
    if command.petitioner is not None and not is_plain(command.petitioner):
        return Refused("bad_id", "petitioner")  # a name or a telephone must not get into a record by this way
    if command.sealed is None:
        return None
    sealed = _unpacked(command.sealed)
    if sealed is None or command.petitioner is None:
        return Refused("bad_seal", "sealed")
    here = (vault.c.district == district, vault.c.petitioner == command.petitioner)
    if connection.execute(select(vault.c.at).where(*here)).first():
        return Refused("id_taken", "petitioner")
    row = {"district": district, "petitioner": command.petitioner, "sealed": sealed, "at": at.timestamp()}
    connection.execute(vault.insert(), row)
    return None


def _unpacked(sealed: str) -> bytes | None:
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if 48 <= len(raw) <= _MOST else None  # a sealed box is 48 bytes longer than what it holds


def _write(file: Path, key: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())

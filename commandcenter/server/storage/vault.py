"""The vault: personal data apart from the records, sealed to the platform's public key by consoles, stored unopened."""

import base64
import binascii
from datetime import datetime
from pathlib import Path

from nacl.public import PrivateKey
from sqlalchemy import Connection, select

from commandcenter.domain.commands import Command
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Sealed, marked
from commandcenter.files.durable import flush_folder, replace_file, write_new
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.identifiers import is_valid_id
from commandcenter.server.storage.tables import vault

_NAME = "seal.key"
_MOST = 16_384  # maximum bytes of a sealed part


def key_file(data: Path) -> Path:
    """Returns the path of the private key in the data folder `data`."""
    return data / _NAME


def has_key(data: Path) -> bool:
    """Returns whether `data` has a private key, which a platform creates at its first start."""
    return key_file(data).exists()


def open_key(data: Path) -> PrivateKey:
    """Returns the platform's X25519 key pair, created at the first start in a file that only this user can read.

    Raises UnusableEnvironment when the key file is damaged.
    """
    file = key_file(data)
    if not file.exists():
        put_key(data, bytes(PrivateKey.generate()))
    key = file.read_bytes()
    if len(key) != PrivateKey.SIZE:
        raise UnusableEnvironment(
            "corrupt", f"{file} is damaged: put the backup of the key in its place; nothing was changed."
        )
    return PrivateKey(key)


def put_key(data: Path, key: bytes) -> None:
    """Replaces the private key of `data` by `key` atomically, and flushes it to disk.

    The former key is lost unless it was kept elsewhere.
    """
    replace_file(key_file(data), key)
    flush_folder(data)  # before anything is sealed to it


def write_key(file: Path, key: PrivateKey) -> None:
    """Writes the private key into the new file `file`, readable by this user only."""
    write_new(file, bytes(key))


def public(key: PrivateKey) -> str:
    """Returns the public key (base64) that consoles seal to."""
    return base64.b64encode(bytes(key.public_key)).decode()


def put(connection: Connection, district: str, command: Command, *, at: datetime) -> Refused | None:
    """Stores the sealed part of a command that declares one, if it has it.

    Returns Refused when it cannot: `bad_id` or `id_taken` for the petitioner's id, `bad_seal` for a part that cannot be
    a sealed one.
    """
    for name, mark in marked(command, Sealed):
        refusal = _put(connection, district, name, getattr(command, name), mark, getattr(command, mark.of), at)
        if refusal is not None:
            return refusal
    return None


def _put(
    connection: Connection, district: str, field: str, told: str | None, mark: Sealed, whose: str | None, at: datetime
) -> Refused | None:
    if whose is not None and not is_valid_id(whose):
        return Refused("bad_id", mark.of)  # no way for a name or a telephone into a record
    if told is None:
        return None
    sealed = _unpacked(told)
    if sealed is None or whose is None:
        return Refused("bad_seal", field)
    here = (vault.c.district == district, vault.c.petitioner == whose)
    if connection.execute(select(vault.c.at).where(*here)).first():
        return Refused("id_taken", mark.of)
    row = {"district": district, "petitioner": whose, "sealed": sealed, "at": at.timestamp()}
    connection.execute(vault.insert(), row)
    return None


def _unpacked(sealed: str) -> bytes | None:
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if 48 <= len(raw) <= _MOST else None  # a sealed box is 48 bytes longer than what it holds

"""Cursor tokens: the platform's word for a place in a log, which a console shows again in its next hello.

A token names the entry at the cursor and some earlier ones (marks) by their hashes, under a MAC of the site. A hash
covers the command and the moment of an entry: where two logs have the same one, it was written before they parted, and
everything before it is common to both. So a token shows that a log was set back, and how much of it is still common.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.site_key import SiteKey
from commandcenter.server.storage.tables import districts, log

_log = logging.getLogger(__name__)
LONGEST = 400  # characters of a token
_LEVELS = (6, 10, 14, 18)  # marks are at the last multiples of 2 to these powers
_COMMITS = 64  # between two looks for newer marks
_ENTRY = PreparedStatement(
    select(log.c.cmd_id, log.c.at).where(
        log.c.district == bindparam("d"), log.c.part == bindparam("p"), log.c.seq == bindparam("s")
    )
)


@dataclass(frozen=True, slots=True)
class LogPosition:
    """An entry of the log: its sequence number, and its hash."""

    seq: int
    entry: str


@dataclass(frozen=True, slots=True)
class CursorToken:
    """What a genuine token says: that the log of `epoch` had these entries."""

    epoch: int
    places: tuple[LogPosition, ...]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Makes the tokens of one district in one epoch."""

    tokens: "CursorTokens"
    district: str
    epoch: int

    def token(self, seq: int, cmd_id: str, at: datetime) -> str:
        """For the entry that the command `cmd_id` made as `seq` at the moment `at`; it has to be on disk by now."""
        return self.tokens.made(self.district, self.epoch, LogPosition(seq, entry_hash(cmd_id, at)))

    def token_at(self, connection: Connection, seq: int) -> str | None:
        """For the entry `seq` as the log has it; None without one."""
        found = entries_at(connection, self.district, (seq,)).get(seq)
        return None if found is None else self.tokens.made(self.district, self.epoch, LogPosition(seq, found))


class CursorTokens:
    """Makes tokens and reads them; `foreign` counts those that were shown and are none of this platform's."""

    def __init__(self, site: SiteKey) -> None:
        self.foreign = 0
        self._key = site.derived("cursor token")
        self._marks: dict[str, str] = {}
        self._commits = 0

    def issuer(self, district: str, epoch: int) -> Issuer:
        """Who makes the tokens of `district` as long as `epoch` lasts."""
        return Issuer(self, district, epoch)

    def made(self, district: str, epoch: int, place: LogPosition) -> str:
        """The token for `place`."""
        said = f"{epoch}.{place.seq}.{place.entry}{self._marks.get(district, '')}"
        return f"{said}.{self._mac(district, said)}"

    def read(self, district: str, token: str) -> CursorToken | None:
        """What `token` says; None (and counted) when this platform did not make it for `district`."""
        said, _, mac = token.rpartition(".")
        if len(token) <= LONGEST and token.isascii() and compare_digest(self._mac(district, said), mac):
            epoch, *rest = said.split(".")
            pairs = zip(rest[::2], rest[1::2], strict=True)
            return CursorToken(int(epoch), tuple(LogPosition(int(seq), entry) for seq, entry in pairs))
        self.foreign += 1
        if self.foreign & (self.foreign - 1) == 0:  # the log grows by the logarithm of what somebody shows
            _log.warning("cursor tokens shown that this platform did not make: %d", self.foreign)
        return None

    def after_commit(self, connection: Connection) -> None:
        """Newer marks from time to time: only of what is on disk, for a token is for ever."""
        if self._commits % _COMMITS == 0:
            for row in connection.execute(select(districts.c.id, districts.c.head)).all():
                marks = {row.head >> level << level for level in _LEVELS}
                found = entries_at(connection, row.id, marks)
                self._marks[row.id] = "".join(f".{seq}.{entry}" for seq, entry in sorted(found.items()))
        self._commits += 1

    def _mac(self, district: str, said: str) -> str:
        return _text(blake2b(f"{district} {said}".encode(), key=self._key, digest_size=12).digest())


def entries_at(connection: Connection, district: str, seqs: Iterable[int]) -> dict[int, str]:
    """The hashes of the entries that the log has at `seqs`."""
    first = (log.c.district == district, log.c.part == 0, log.c.seq.in_(list(seqs)))
    return {row.seq: _hash(row) for row in connection.execute(select(log.c.seq, log.c.cmd_id, log.c.at).where(*first))}


def has_entry(connection: Connection, district: str, place: LogPosition) -> bool:
    """Whether the log has the entry of `place`, and with it whatever came before."""
    row = _ENTRY.run(connection, {"d": district, "p": 0, "s": place.seq}).first()
    return row is not None and _hash(row) == place.entry


def entry_hash(cmd_id: str, at: datetime) -> str:
    """What tells an entry from any other that may come to stand at its number."""
    return _text(blake2b(f"{cmd_id} {at.timestamp():.6f}".encode(), digest_size=6).digest())


def _hash(row: Row[Any]) -> str:
    return entry_hash(row.cmd_id, datetime.fromtimestamp(row.at, UTC))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode()

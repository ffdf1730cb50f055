"""Cursor tokens: authenticated references to a position in a district's log, which consoles send back."""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from commandcenter.protocol.limits import CURSOR_TOKEN_MOST
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.site_key import SiteKey
from commandcenter.server.storage.tables import districts, log

_log = logging.getLogger(__name__)
_LEVELS = (6, 10, 14, 18)  # marks are at the last multiples of 2**level up to the head
_COMMITS = 64  # commits between two updates of the marks
_ENTRY = PreparedStatement(
    select(log.c.cmd_id, log.c.at).where(
        log.c.district == bindparam("d"), log.c.part == bindparam("p"), log.c.seq == bindparam("s")
    )
)


@dataclass(frozen=True, slots=True)
class LogPosition:
    """A position in a log: an entry's sequence number (`seq`) and its hash (`entry`)."""

    seq: int
    entry: str


@dataclass(frozen=True, slots=True)
class CursorToken:
    """The content of a genuine token: the log of `epoch` had the entries in `places`.

    The first place is the cursor, the others are marks (see CursorTokens).
    """

    epoch: int
    places: tuple[LogPosition, ...]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Issues the tokens of one district in one epoch."""

    tokens: "CursorTokens"
    district: str
    epoch: int

    def token(self, seq: int, cmd_id: str, at: datetime) -> str:
        """Returns the token for the entry that the command `cmd_id` wrote as `seq` at the time `at`.

        The entry must be on disk before the token is sent.
        """
        return self.tokens.made(self.district, self.epoch, LogPosition(seq, entry_hash(cmd_id, at)))

    def token_at(self, connection: Connection, seq: int) -> str | None:
        """Returns the token for the entry `seq` of the log, None when there is none."""
        found = entries_at(connection, self.district, (seq,)).get(seq)
        return None if found is None else self.tokens.made(self.district, self.epoch, LogPosition(seq, found))


class CursorTokens:
    """Issues and reads cursor tokens; `foreign` counts the tokens shown that this platform did not issue.

    A token names the entry at the cursor and some earlier entries (marks) by their hashes, under a MAC of the site. A
    hash covers the entry's command id and time: two logs that have the same entry at the same place have everything
    before it in common. So a token shows that a log was set back, and how much of it is still common.
    """

    def __init__(self, site: SiteKey) -> None:
        self.foreign = 0
        self._key = site.derived("cursor token")
        self._marks: dict[str, str] = {}
        self._commits = 0

    def issuer(self, district: str, epoch: int) -> Issuer:
        """Returns the issuer of tokens for `district` in `epoch`."""
        return Issuer(self, district, epoch)

    def made(self, district: str, epoch: int, place: LogPosition) -> str:
        """Returns the token for `place` in the log of `district` and `epoch`."""
        said = f"{epoch}.{place.seq}.{place.entry}{self._marks.get(district, '')}"
        return f"{said}.{self._mac(district, said)}"

    def read(self, district: str, token: str) -> CursorToken | None:
        """Returns the content of `token`; None, and counted, when this platform did not issue it for `district`."""
        said, _, mac = token.rpartition(".")
        if len(token) <= CURSOR_TOKEN_MOST and token.isascii() and compare_digest(self._mac(district, said), mac):
            epoch, *rest = said.split(".")
            pairs = zip(rest[::2], rest[1::2], strict=True)
            return CursorToken(int(epoch), tuple(LogPosition(int(seq), entry) for seq, entry in pairs))
        self.foreign += 1
        if self.foreign & (self.foreign - 1) == 0:  # forged tokens must not fill the log file
            _log.warning("cursor tokens shown that this platform did not make: %d", self.foreign)
        return None

    def after_commit(self, connection: Connection) -> None:
        """Updates the marks at the first call and at every 64th after it.

        Marks name committed entries only, because a token never expires.
        """
        if self._commits % _COMMITS == 0:
            for row in connection.execute(select(districts.c.id, districts.c.head)).all():
                marks = {row.head >> level << level for level in _LEVELS}
                found = entries_at(connection, row.id, marks)
                self._marks[row.id] = "".join(f".{seq}.{entry}" for seq, entry in sorted(found.items()))
        self._commits += 1

    def _mac(self, district: str, said: str) -> str:
        return _text(blake2b(f"{district} {said}".encode(), key=self._key, digest_size=12).digest())


def entries_at(connection: Connection, district: str, seqs: Iterable[int]) -> dict[int, str]:
    """Returns the hashes of the log entries at `seqs`, by sequence number; missing entries are left out."""
    first = (log.c.district == district, log.c.part == 0, log.c.seq.in_(list(seqs)))
    return {row.seq: _hash(row) for row in connection.execute(select(log.c.seq, log.c.cmd_id, log.c.at).where(*first))}


def has_entry(connection: Connection, district: str, place: LogPosition) -> bool:
    """Returns whether the log has the entry of `place`, and with it everything before that."""
    row = _ENTRY.run(connection, {"d": district, "p": 0, "s": place.seq}).first()
    return row is not None and _hash(row) == place.entry


def entry_hash(cmd_id: str, at: datetime) -> str:
    """Returns the hash that distinguishes an entry from any other that may later take its sequence number."""
    return _text(blake2b(f"{cmd_id} {at.timestamp():.6f}".encode(), digest_size=6).digest())


def _hash(row: Row[Any]) -> str:
    return entry_hash(row.cmd_id, datetime.fromtimestamp(row.at, UTC))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode()

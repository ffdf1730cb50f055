"""Computes the digest of what each board should hold, once for all subscribers who see the same at the same head."""

from threading import Lock

from sqlalchemy import Connection

from commandcenter.domain.people import Person
from commandcenter.domain.visibility import Tokens, tokens_of
from commandcenter.server.streaming import snapshots

_Key = tuple[str, Tokens]  # district and tokens of a seat


class Digests:
    """The newest digest of each sight; of several readers at once the first computes it and the others wait."""

    def __init__(self) -> None:
        self._newest: dict[_Key, tuple[int, str]] = {}
        self._locks: dict[_Key, Lock] = {}

    def now(self, connection: Connection, seat: Person) -> tuple[int, str]:
        """Returns (head, digest) of what `seat` sees at the moment that `connection` reads."""
        head, key = snapshots.head(connection, seat.scope.district), (seat.scope.district, tokens_of(seat))
        with self._locks.setdefault(key, Lock()):
            known = self._newest.get(key)
            if known is None or known[0] != head:
                known = self._newest[key] = (head, snapshots.digest(connection, seat))
            return known

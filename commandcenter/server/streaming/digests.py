"""Computes the digest of what each board should hold, once for all subscribers with the same scope at the same head."""

from threading import Lock

from sqlalchemy import Connection

from commandcenter.domain.people import Scope
from commandcenter.server.streaming import snapshots


class Digests:
    """The newest digest of each scope; of several readers at once the first computes it and the others wait."""

    def __init__(self) -> None:
        self._newest: dict[Scope, tuple[int, str]] = {}
        self._locks: dict[Scope, Lock] = {}

    def now(self, connection: Connection, scope: Scope) -> tuple[int, str]:
        """Returns (head, digest) of `scope` at the moment that `connection` reads."""
        head = snapshots.head(connection, scope.district)
        with self._locks.setdefault(scope, Lock()):
            known = self._newest.get(scope)
            if known is None or known[0] != head:
                known = self._newest[scope] = (head, snapshots.digest(connection, scope))
            return known

"""What the platform's log says, epoch by epoch: the truth that consoles are judged by, also after a restore."""

import sqlite3
from dataclasses import dataclass, field

from commandcenter.domain.people import Scope
from commandcenter.server.scope import Place, sees

Ref = tuple[str, str]
_COLUMNS = (
    "seq, cmd_id, actor, on_behalf_of, at, kind, record, rev, changed, was_street, was_holder, street, holder, facts, "
    "after"
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of the log."""

    seq: int
    cmd_id: str
    actor: str
    on_behalf_of: str | None
    at: float
    ref: Ref
    rev: int
    changed: frozenset[str]
    was: Place
    now: Place
    facts: bytes
    after: bytes | None


@dataclass(slots=True)
class Past:
    """The rows of every epoch that ever was, each as it stood when the epoch ended."""

    epoch: int = 1
    epochs: dict[int, list[Happened]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Happened]:
        """Those of the epoch in force."""
        return self.epochs.setdefault(self.epoch, [])

    @property
    def head(self) -> int:
        """The last sequence."""
        return self.rows[-1].seq if self.rows else 0

    def take_in(self, database: sqlite3.Connection) -> list[Happened]:
        """What was written since the last look."""
        found = database.execute(f"SELECT {_COLUMNS} FROM log WHERE seq > ? ORDER BY seq, part", (self.head,))
        new = [_happened(row) for row in found.fetchall()]
        self.rows.extend(new)
        return new

    def restored(self, epoch: int) -> None:
        """A new epoch begins; what of the past is in it, the database says."""
        self.epochs[epoch] = []
        self.epoch = epoch

    def of(self, ref: Ref, epoch: int | None = None) -> list[Happened]:
        """The rows of a record, oldest first."""
        return [row for row in self.epochs.get(epoch or self.epoch, ()) if row.ref == ref]

    def effects(self, cmd_id: str) -> list[Happened]:
        """What a command did, in the epoch in force."""
        return [row for row in self.rows if row.cmd_id == cmd_id]

    def board(self, scope: Scope, epoch: int, seq: int) -> dict[Ref, Happened]:
        """The newest row of each case and crew that `scope` could see at `epoch`:`seq`."""
        newest: dict[Ref, Happened] = {}
        for row in self.epochs.get(epoch, ()):
            if row.seq > seq:
                break
            if row.ref[0] in ("case", "crew"):
                newest[row.ref] = row
        return {ref: row for ref, row in newest.items() if sees(scope, ref[0], row.now)}


def visible(row: Happened, scope: Scope) -> bool:
    """Whether somebody with `scope` is told of the row, as put or as evict."""
    return sees(scope, row.ref[0], row.now) or sees(scope, row.ref[0], row.was)


def _happened(row: tuple) -> Happened:
    seq, cmd_id, actor, behalf, at, kind, record, rev, changed, was_street, was_holder, street, holder, *said = row
    facts, after = said
    was, now = Place(was_street, was_holder), Place(street, holder)
    return Happened(
        seq, cmd_id, actor, behalf, at, (kind, record), rev, frozenset(changed.split()), was, now, bytes(facts), after
    )

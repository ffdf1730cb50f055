"""What the platform's log says, epoch by epoch: the truth that consoles are judged by, also after a restore.

Of the log only what happened is believed: what a case has become by it, who could see it before and who can now, is
worked out here by the judge's own rules.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from commandcenter.protocol.codec import encode
from tests.faults.rules import CREWS, NEW, Case, after, as_hidden, changed, sees

Ref = tuple[str, str]
Place = tuple[str | None, str | None]  # the street that a record stands in, and who holds it
NOWHERE: Place = (None, None)
_COLUMNS = (
    "seq, cmd_id, actor, on_behalf_of, at, kind, record, rev, was_street, was_holder, street, holder, facts, after"
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of the log. `before` and `case` are what its case was and became; `told` the places as the log has them,
    before and after, `was` and `now` as they are.
    """

    seq: int
    cmd_id: str
    actor: str
    on_behalf_of: str | None
    at: float
    ref: Ref
    rev: int
    facts: tuple[tuple[str, Any], ...]
    after: bytes | None
    before: Case | None
    case: Case | None
    was: Place
    now: Place
    told: tuple[Place, Place]

    @property
    def changed(self) -> frozenset[str]:
        """The guarded fields that it changed."""
        return changed(name for name, _ in self.facts) if self.facts else frozenset({NEW})


@dataclass(slots=True)
class Past:
    """The rows of every epoch that ever was, each as it stood when the epoch ended.

    `parted`: of epochs that went on another way after the platform's files were set back, the rows as they were before.
    """

    epoch: int = 1
    epochs: dict[int, list[Happened]] = field(default_factory=dict)
    parted: dict[int, list[list[Happened]]] = field(default_factory=dict)
    _last: dict[Ref, Happened] = field(default_factory=dict)  # of each record, in the epoch in force
    _of_command: dict[str, list[Happened]] = field(default_factory=dict)

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
        return [self._add(row) for row in found.fetchall()]

    def restored(self, epoch: int) -> None:
        """An epoch begins, or goes on from an earlier point; what of the past is in it, the database says."""
        if epoch in self.epochs:
            self.parted.setdefault(epoch, []).append(self.epochs[epoch])
        self.epochs[epoch] = []
        self.epoch = epoch
        self._last, self._of_command = {}, {}

    def of(self, ref: Ref, epoch: int | None = None) -> list[Happened]:
        """The rows of a record, oldest first."""
        return [row for row in self.epochs.get(epoch or self.epoch, ()) if row.ref == ref]

    def last(self, ref: Ref) -> Happened | None:
        """The newest row of a record, in the epoch in force."""
        return self._last.get(ref)

    def board_of_all(self) -> dict[Ref, Happened]:
        """The newest row of each record."""
        return self._last

    def effects(self, cmd_id: str, epoch: int | None = None) -> list[Happened]:
        """What a command did, in the epoch in force or another."""
        if epoch in (None, self.epoch):
            return self._of_command.get(cmd_id, [])
        return [row for row in self.epochs.get(epoch or 0, ()) if row.cmd_id == cmd_id]

    def ways(self, epoch: int) -> list[list[Happened]]:
        """The rows of an epoch as it went on, then as it had gone on before its files were set back."""
        return [self.epochs.get(epoch, []), *reversed(self.parted.get(epoch, ()))]

    def board(self, scope: Any, epoch: int, seq: int, *, way: int = 0) -> dict[Ref, Happened]:
        """The newest row of each case and crew that `scope` could see at `epoch`:`seq`."""
        newest: dict[Ref, Happened] = {}
        if (epoch, way) == (self.epoch, 0) and seq >= self.head:
            newest = self._last
        else:
            for row in self.ways(epoch)[way]:
                if row.seq > seq:
                    break
                newest[row.ref] = row
        mobile = ((ref, row) for ref, row in newest.items() if ref[0] in ("case", "crew"))
        return {ref: row for ref, row in mobile if sees(scope, ref[0], *row.now)}

    def _add(self, row: tuple[Any, ...]) -> Happened:
        new = _happened(row, self._last.get((row[5], row[6])))
        self.rows.append(new)
        self._last[new.ref] = new
        self._of_command.setdefault(new.cmd_id, []).append(new)
        return new


def visible(row: Happened, scope: Any) -> bool:
    """Whether somebody with `scope` is told of the row, as put or as evict."""
    return sees(scope, row.ref[0], *row.now) or sees(scope, row.ref[0], *row.was)


def is_revision(row: Happened, record: Any) -> bool:
    """Whether `record` is what the row made of it, but for what not everybody may read."""
    if row.after is None or row.rev != record.rev:
        return row.rev == record.rev
    return as_hidden(json.loads(row.after)) == as_hidden(json.loads(encode(record)))


def _happened(row: tuple[Any, ...], last: Happened | None) -> Happened:
    seq, cmd_id, actor, behalf, at, kind, key, rev, was_street, was_holder, street, holder, said, image = row
    facts = tuple((one["type"], one["fact"]) for one in json.loads(said))
    before = case = None if last is None else last.case
    for name, fact in facts:
        case = after(case, name, fact)
    was = NOWHERE if last is None else last.now
    now = CREWS[key] if kind == "crew" else NOWHERE if case is None else (case.street, case.holder)
    told = ((was_street, was_holder), (street, holder))
    return Happened(seq, cmd_id, actor, behalf, at, (kind, key), rev, facts, image, before, case, was, now, told)

"""Reads the platform's log, epoch by epoch, as the reference by which consoles are judged, also after a restore.

Of the log only the facts are trusted: how a case changed and who could see it before and after is computed here by
the judge's own rules.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from commandcenter.protocol.codec import encode
from tests.faults.rules import (
    LIVE,
    NEW,
    Case,
    Crew,
    Place,
    Task,
    after,
    as_hidden,
    changed,
    crew_after,
    sees,
    task_after,
)

Ref = tuple[str, str]
NOWHERE = Place()
_COLUMNS = "seq, cmd_id, actor, on_behalf_of, at, kind, record, rev, was, now, facts, after"


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of the log.

    `before` and `case`: its case before and after, `crew_before` and `crew`: its crew, `task`: its sub-task, `was` and
    `now`: its places, as the judge computes them (None: it did not exist before); `told`: the tokens before and after,
    as the log has them.
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
    crew_before: Crew | None
    crew: Crew | None
    task: Task | None
    was: Place | None
    now: Place
    told: tuple[frozenset[str], frozenset[str]]

    @property
    def changed(self) -> frozenset[str]:
        """The guarded fields that it changed; all of what another system put in, which no command did."""
        if not self.cmd_id:
            return frozenset({NEW})
        return changed(self.before, self.case) or (
            changed(self.crew_before, self.crew) if self.crew_before else frozenset()
        )


@dataclass(slots=True)
class Past:
    """The rows of every epoch so far, each as it stood when the epoch ended.

    `parted`: for epochs that went on differently after the platform's files were set back, the rows from before.
    """

    epoch: int = 1
    epochs: dict[int, list[Happened]] = field(default_factory=dict)
    parted: dict[int, list[list[Happened]]] = field(default_factory=dict)
    _last: dict[Ref, Happened] = field(default_factory=dict)  # by record, in the current epoch
    _of_command: dict[str, list[Happened]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Happened]:
        """The rows of the current epoch."""
        return self.epochs.setdefault(self.epoch, [])

    @property
    def head(self) -> int:
        """The last sequence of the current epoch; 0 when it has no rows."""
        return self.rows[-1].seq if self.rows else 0

    def take_in(self, database: sqlite3.Connection) -> list[Happened]:
        """Reads the rows written since the last look and returns them."""
        found = database.execute(f"SELECT {_COLUMNS} FROM log WHERE seq > ? ORDER BY seq, part", (self.head,))
        return [self._add(row) for row in found.fetchall()]

    def restored(self, epoch: int) -> None:
        """Begins `epoch`, or goes back to an earlier point of it; `take_in` then reads its rows again."""
        if epoch in self.epochs:
            self.parted.setdefault(epoch, []).append(self.epochs[epoch])
        self.epochs[epoch] = []
        self.epoch = epoch
        self._last, self._of_command = {}, {}

    def of(self, ref: Ref, epoch: int | None = None) -> list[Happened]:
        """Returns the rows of a record in an epoch (None: the current one), oldest first."""
        return [row for row in self.epochs.get(epoch or self.epoch, ()) if row.ref == ref]

    def last(self, ref: Ref) -> Happened | None:
        """Returns the newest row of a record in the current epoch."""
        return self._last.get(ref)

    def board_of_all(self) -> dict[Ref, Happened]:
        """Returns the newest row of each record."""
        return self._last

    def effects(self, cmd_id: str, epoch: int | None = None) -> list[Happened]:
        """Returns the rows that a command wrote in an epoch (None: the current one)."""
        if epoch in (None, self.epoch):
            return self._of_command.get(cmd_id, [])
        return [row for row in self.epochs.get(epoch or 0, ()) if row.cmd_id == cmd_id]

    def ways(self, epoch: int) -> list[list[Happened]]:
        """Returns the rows of an epoch, then its rows before each time the files were set back, the latest first."""
        return [self.epochs.get(epoch, []), *reversed(self.parted.get(epoch, ()))]

    def board(self, person: Any, epoch: int, seq: int, *, way: int = 0) -> dict[Ref, Happened]:
        """Returns each case's and crew's newest row visible to `person` at `epoch`:`seq`; `way`: an index of `ways`."""
        newest: dict[Ref, Happened] = {}
        if (epoch, way) == (self.epoch, 0) and seq >= self.head:
            newest = self._last
        else:
            for row in self.ways(epoch)[way]:
                if row.seq > seq:
                    break
                newest[row.ref] = row
        mobile = ((ref, row) for ref, row in newest.items() if ref[0] in LIVE)
        return {ref: row for ref, row in mobile if sees(person, ref[0], row.now)}

    def _add(self, row: tuple[Any, ...]) -> Happened:
        new = _happened(row, self._last.get((row[5], row[6])))
        self.rows.append(new)
        self._last[new.ref] = new
        self._of_command.setdefault(new.cmd_id, []).append(new)
        return new


def visible(row: Happened, person: Any) -> bool:
    """Returns whether `person` as a subscriber gets the row, as put or as evict."""
    return sees(person, row.ref[0], row.now) or (row.was is not None and sees(person, row.ref[0], row.was))


def is_revision(row: Happened, record: Any) -> bool:
    """Returns whether `record` is what the row made of it, apart from fields that not everybody may read."""
    if row.after is None or row.rev != record.rev:
        return row.rev == record.rev
    return as_hidden(json.loads(row.after)) == as_hidden(json.loads(encode(record)))


def _happened(row: tuple[Any, ...], last: Happened | None) -> Happened:
    seq, cmd_id, actor, behalf, at, kind, key, rev, told_before, told_now, said, image = row
    facts = tuple((one["type"], one["fact"]) for one in json.loads(said))
    before = case = None if last is None else last.case
    crew_before = crew = None if kind != "crew" else Crew() if last is None else last.crew
    task = None if last is None else last.task
    for name, fact in facts:
        case = after(case, name, fact) if kind == "case" else None
        crew = None if crew is None else crew_after(crew, name, fact)
        task = task_after(task, name, fact) if kind == "task" else None
    now = crew.place(key) if crew is not None else getattr(task or case, "place", NOWHERE)
    was = None if last is None else last.now
    told = (frozenset(told_before.split()), frozenset(told_now.split()))
    known = (before, case, crew_before, crew, task)
    return Happened(seq, cmd_id, actor, behalf, at, (kind, key), rev, facts, image, *known, was, now, told)

"""The judge of a schedule, which records what the consoles showed and which invariants were broken."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.commands import Command, records_of
from commandcenter.store.overlay import Act, Delivery
from tests.faults.console import Console
from tests.faults.hall import Hall
from tests.faults.past import Ref, is_revision, visible
from tests.faults.reasons import LATELY

Seen = frozenset[tuple[Ref, str]]  # (record, id of a command that changed it)


@dataclass(frozen=True, slots=True)
class Given:
    """A command that a console has shown as kept: where, by which act, and what the author had seen.

    `seen`: the commands that had made the records what the author saw; `root`: the id of the act itself, or of the act
    that it stands for where a shift leader took it over.
    """

    console: Console
    act: Act
    seen: Seen
    root: str


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant by its name, and how it was broken."""

    name: str
    how: str


@dataclass(slots=True)
class Judge:
    """Observes the hall and the consoles from outside; `broken` lists the violations in order."""

    hall: Hall
    consoles: list[Console] = field(default_factory=list)
    given: dict[str, Given] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)  # ids of the commands that their author dropped or gave again
    broken: list[Violation] = field(default_factory=list)
    open_at: dict[str, set[str]] = field(default_factory=dict)  # ids of the open acts by console name
    looked: dict[tuple[str, Ref], Seen] = field(default_factory=dict)  # `Given.seen` of a command being given
    last_looked: dict[tuple[str, Ref], Seen] = field(default_factory=dict)  # … of that given last
    nobodys: dict[str, datetime] = field(default_factory=dict)  # since when a console's board has no owner

    def expect(self, holds: object, name: str, how: str) -> None:
        """Records a violation of the invariant `name` unless `holds`."""
        if not holds:
            self.broken.append(Violation(name, how))

    def watch(self, console: Console) -> None:
        """Observes from now on everything that `console` shows. I1: everything it ever showed is in its journal."""
        owner = console.owner
        rows = dict(console.journal.execute("SELECT cmd_id, state FROM commands").fetchall())
        for cmd_id, given in self.given.items():
            self.expect(given.console is not console or cmd_id in rows, "I1", f"{cmd_id} is gone from {console.name}")
        self.decided.update(cmd_id for cmd_id, state in rows.items() if state == RowState.DROPPED.value)
        self.open_at[console.name] = set()
        console.mute_since = {}  # no screen was there to show a reason
        self._shown(console, again=True)

        def shown(_: object) -> None:
            if not owner.is_dead:
                self._shown(console)

        console.desk.acts.changed.connect(shown)

    @contextmanager
    def looking(self, console: Console, command: Command) -> Iterator[None]:
        """Within this block somebody gives `command`, and has looked at the board at its beginning."""
        seen = self.looks(console, command)
        self.looked |= seen
        try:
            yield
        finally:
            for key in seen:
                del self.looked[key]

    def looks(self, console: Console, command: Command) -> dict[tuple[str, Ref], Seen]:
        """Records that somebody looks at what `command` names, to give it or decide on it; returns what they see."""
        seen = {(console.name, ref): self._before_eyes(console, ref) for ref in records_of(command)}
        self.last_looked |= seen
        return seen

    def row(self, console: Console, cmd_id: str) -> tuple[str, int | None, int | None] | None:
        """Returns (state, epoch, seq) of a command in the journal on disk; None when it is not there."""
        found = console.journal.execute("SELECT state, epoch, seq FROM commands WHERE cmd_id = ?", (cmd_id,))
        return found.fetchone()

    def _shown(self, console: Console, *, again: bool = False) -> None:
        """Records the acts open now; `again`: after a start, as the program may have ended between disk and screen."""
        open_now = {act.cmd_id: act for act in console.desk.acts.open}
        self._who_has_not_left(console, open_now.values())
        for cmd_id, act in open_now.items():
            if cmd_id not in self.given:
                self.expect(self.row(console, cmd_id), "I1", f"{act.name} {cmd_id} is shown, but is not on disk")
                looked = self.last_looked if again else self.looked
                seen = (looked.get((console.name, ref), self._before_eyes(console, ref)) for ref in refs_of(act))
                self.given[cmd_id] = Given(console, act, frozenset().union(*seen), self._root(console, cmd_id))
        for cmd_id in self.open_at[console.name] - set(open_now):
            self._came_to_end(console, cmd_id)
        self.open_at[console.name] = set(open_now)

    def earlier(self, console: Console, act: Act) -> dict[str, str]:
        """Returns the users of the acts before which `act` may not leave, unsent now or lately, by act id.

        They were given before it on one of its records, or on a record of one of those.
        """
        now = self.hall.loop.time()
        lately = {key for key, at in console.here_at.items() if now - at <= LATELY} | console.here
        given = (self.given[key].act for key in lately if key in self.given)
        found, refs = {}, refs_of(act)
        for one in sorted(given, key=lambda one: one.cseq, reverse=True):
            if one.cseq < act.cseq and refs & refs_of(one):
                found[one.cmd_id] = one.user
                refs |= refs_of(one)
        return found

    def _who_has_not_left(self, console: Console, acts: Iterable[Act]) -> None:
        here = frozenset(act.cmd_id for act in acts if act.delivery in (Delivery.KEPT, Delivery.NEEDS_YOU))
        console.here_at |= dict.fromkeys(here | console.here, self.hall.loop.time())
        console.here = here

    def _root(self, console: Console, cmd_id: str) -> str:
        """Returns the id of the act itself, or of the act it stands for, by the journal on disk."""
        found = console.journal.execute("SELECT behalf FROM commands WHERE cmd_id = ?", (cmd_id,)).fetchone()
        return json.loads(found[0])["act"] if found and found[0] else cmd_id

    def _before_eyes(self, console: Console, ref: Ref) -> Seen:
        rooms, record = console.desk._parts, console.desk.board.confirmed(*ref)
        if record is None:
            return frozenset()
        at = rooms.inbound.position.at  # already None while a board that is being cleared still shows records
        epoch = rooms.store.display.epoch if at is None else at.epoch
        for rows in self.hall.past.ways(epoch):  # of several logs the one that made this record
            of_record = [row for row in rows if row.ref == ref and row.rev <= record.rev]
            if of_record and is_revision(of_record[-1], record):
                return frozenset((ref, row.cmd_id) for row in of_record)
        return frozenset()

    def _came_to_end(self, console: Console, cmd_id: str) -> None:
        """I4: a done act has its effect, and it is on this board if the signed-in user may see it."""
        row = self.row(console, cmd_id)
        if row is None or row[0] == RowState.DROPPED.value:
            self.decided.add(cmd_id)
            return
        _, epoch, seq = row
        at = console.desk._parts.inbound.position.at
        ways = [[one for one in rows if one.cmd_id == cmd_id] for rows in self.hall.past.ways(epoch or 0)]
        effects = next((way for way in ways if {one.seq for one in way} == {seq}), [])
        self.expect(effects, "I4", f"{cmd_id} is done, but not at {epoch}:{seq}")
        if at is not None and effects:
            was = self.hall.parts.was.get((at.epoch, at.user, at.scope_ver), ())
            is_told = bool(was) and all(any(visible(one, who) for one in effects) for who in was)
            here = (at.epoch, at.seq) >= (epoch or 0, seq or 0) or not is_told
            self.expect(here, "I4", f"{cmd_id} is done at {epoch}:{seq}, the board stands at {at.epoch}:{at.seq}")


def refs_of(act: Act) -> frozenset[Ref]:
    """Returns the records that the act is on."""
    return frozenset((act.ref,) if act.command is None else records_of(act.command))

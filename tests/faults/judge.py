"""What was seen, and what was broken: the judge of a schedule keeps both."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from commandcenter.cache.row import RowState
from commandcenter.domain.commands import Command, records_of
from commandcenter.domain.guards import guarded
from commandcenter.store.overlay import Act
from tests.faults.console import Console
from tests.faults.hall import Hall
from tests.faults.past import Happened, Ref, visible


@dataclass(frozen=True, slots=True)
class Given:
    """A command that a screen has shown as kept: by whom, where, and what the person had before their eyes.

    `seen` are the ids of the commands that had made the record what it was; `root` is the act that it is, or stands for
    where a shift leader took it over.
    """

    console: Console
    act: Act
    seen: frozenset[str]
    root: str


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant by its name, and how it was broken."""

    name: str
    how: str


@dataclass(slots=True)
class Judge:
    """Knows the hall and the consoles from outside; `broken` says the first violation."""

    hall: Hall
    consoles: list[Console] = field(default_factory=list)
    given: dict[str, Given] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)  # command ids that their author dropped or gave again
    broken: list[Violation] = field(default_factory=list)
    open_at: dict[str, set[str]] = field(default_factory=dict)  # open acts by console's name
    looked: dict[tuple[str, Ref], frozenset[str]] = field(default_factory=dict)  # `Given.seen` of what is being given

    def expect(self, holds: object, name: str, how: str) -> None:
        """`holds`, or the invariant `name` is broken."""
        if not holds:
            self.broken.append(Violation(name, how))

    def watch(self, console: Console) -> None:
        """From now on everything that `console` shows is seen; I1: all that it ever showed is on its disk."""
        owner = console.owner
        rows = dict(console.journal.execute("SELECT cmd_id, state FROM commands").fetchall())
        for cmd_id, given in self.given.items():
            self.expect(given.console is not console or cmd_id in rows, "I1", f"{cmd_id} is gone from {console.name}")
        self.decided.update(cmd_id for cmd_id, state in rows.items() if state == RowState.DROPPED.value)
        self.open_at[console.name] = set()
        self._shown(console)

        def shown(_: object) -> None:
            if not owner.is_dead:
                self._shown(console)

        console.desk.acts.changed.connect(shown)
        console.link.heard = lambda request, status, body: self._heard(request, body)

    @contextmanager
    def looking(self, console: Console, command: Command) -> Iterator[None]:
        """Somebody gives `command` in this block, and has looked at the board when it begins."""
        key = (console.name, records_of(command)[0])
        self.looked[key] = self._before_eyes(console, key[1])
        try:
            yield
        finally:
            del self.looked[key]

    def row(self, console: Console, cmd_id: str) -> tuple[str, int | None, int | None] | None:
        """(state, epoch, seq) as the journal on disk has it."""
        found = console.journal.execute("SELECT state, epoch, seq FROM commands WHERE cmd_id = ?", (cmd_id,))
        return found.fetchone()

    def _shown(self, console: Console) -> None:
        open_now = {act.cmd_id: act for act in console.desk.acts.open}
        for cmd_id, act in open_now.items():
            if cmd_id not in self.given:
                self.expect(self.row(console, cmd_id), "I1", f"{act.name} {cmd_id} is shown, but is not on disk")
                looked = self.looked.get((console.name, act.ref))
                seen = self._before_eyes(console, act.ref) if looked is None else looked
                self.given[cmd_id] = Given(console, act, seen, self._root(console, cmd_id))
        for cmd_id in self.open_at[console.name] - set(open_now):
            self._came_to_end(console, cmd_id)
        self.open_at[console.name] = set(open_now)

    def _root(self, console: Console, cmd_id: str) -> str:
        """Which act it is, or stands for, as the journal on disk has it."""
        found = console.journal.execute("SELECT behalf FROM commands WHERE cmd_id = ?", (cmd_id,)).fetchone()
        return json.loads(found[0])["act"] if found and found[0] else cmd_id

    def _before_eyes(self, console: Console, ref: Ref) -> frozenset[str]:
        rooms, record = console.desk._rooms, console.desk.board.confirmed(*ref)
        if record is None:
            return frozenset()
        at = rooms.inbound.standing  # None already while a board that is to be forgotten still stands there
        epoch = rooms.ledger.epoch if at is None else at.epoch
        return frozenset(row.cmd_id for row in self.hall.past.of(ref, epoch) if row.rev <= record.rev)

    def _came_to_end(self, console: Console, cmd_id: str) -> None:
        """I4: what is said to be done has its effect, and on this very board, if whoever sits there may see it."""
        row = self.row(console, cmd_id)
        if row is None or row[0] == RowState.DROPPED.value:
            self.decided.add(cmd_id)
            return
        _, epoch, seq = row
        at = console.desk._rooms.inbound.standing
        effects = [one for one in self.hall.past.epochs.get(epoch or 0, ()) if one.cmd_id == cmd_id]
        self.expect([one.seq for one in effects] == [seq], "I4", f"{cmd_id} is done, but not at {epoch}:{seq}")
        if at is not None and effects:
            was = self.hall.parts.was.get((at.epoch, at.user, at.scope_ver))
            is_told = was is not None and visible(effects[0], was.scope)
            here = (at.epoch, at.seq) >= (epoch or 0, seq or 0) or not is_told
            self.expect(here, "I4", f"{cmd_id} is done at {epoch}:{seq}, the board stands at {at.epoch}:{at.seq}")

    def _heard(self, request: httpx.Request, body: bytes) -> None:
        """I15: an answer carries no record beyond the scope of whoever asked."""
        seat = self.hall.platform.seats.find(request.headers.get("authorization", "").removeprefix("Bearer "))
        if b'"current"' not in body or seat is None:
            return
        asks = self.hall.parts.now(seat.user, self.hall.now())
        seen = {} if asks is None else self.hall.past.board(asks.scope, self.hall.past.epoch, 1 << 60)
        for result in json.loads(body).get("results", ()):
            current = result.get("current")
            if current is not None:
                key = current["record"]["id"]
                self.expect(("case", key) in seen, "I15", f"a result shows {key} to {seat.user}")

    def judge_effects(self, new: list[Happened]) -> None:
        """What the platform has just written: I2, I3, I10, I13, I16, I18, I20."""
        for row in new:
            if row.cmd_id.startswith("begin") or not row.cmd_id:
                continue
            self._once(row)
            self._audited(row)
            self._legal(row)
            given = self.given.get(row.cmd_id)
            if given is not None:
                self._in_order(row, given)
                self._not_blind(row, given)
                self._named(row, given)

    def _once(self, row: Happened) -> None:
        seqs = {one.seq for one in self.hall.past.effects(row.cmd_id)}
        self.expect(len(seqs) == 1, "I3", f"{row.cmd_id} had its effect at {sorted(seqs)}")
        given = self.given.get(row.cmd_id)
        family = {key for key, one in self.given.items() if given is not None and one.root == given.root}
        done = {one.cmd_id for one in self.hall.past.rows if one.cmd_id in family}
        self.expect(len(done) <= 1, "I3", f"one act was done by {sorted(done)}")

    def _named(self, row: Happened, given: Given) -> None:
        """I20: whose hand it was, and whose act; in the log and in what happened."""
        act = given.act
        told = (row.actor, row.on_behalf_of)
        self.expect(told == (act.user, act.on_behalf_of), "I20", f"{row.cmd_id} of {act.user} is {told}'s")
        whose = (act.on_behalf_of or act.user, act.user if act.on_behalf_of else None)
        for said in json.loads(row.facts):
            named = (said["fact"]["by"], said["fact"]["hand"])
            self.expect(named == whose, "I20", f"{row.cmd_id} says {named} instead of {whose}")

    def _audited(self, row: Happened) -> None:
        wanted = "SELECT user, on_behalf_of FROM audit WHERE cmd_id = ? AND outcome = 'applied'"
        applied = self.hall.database.execute(wanted, (row.cmd_id,)).fetchall()
        self.expect(applied == [(row.actor, row.on_behalf_of)], "I16", f"{row.cmd_id}: audit says {applied}")
        late = abs(self.hall.now().timestamp() - row.at)
        self.expect(late < 1.0, "I18", f"{row.cmd_id} at {row.at}, the platform's clock is {late} s away")

    def _legal(self, row: Happened) -> None:
        for fact in json.loads(row.facts):
            before = _STAGES.get(fact["type"], (None, None))[0]
            stage = self._stage_before(row)
            self.expect(before is None or stage in before, "I10", f"{fact['type']} of a case that is {stage}")

    def _stage_before(self, row: Happened) -> str | None:
        stage = None
        for one in self.hall.past.of(row.ref):
            if one.seq >= row.seq:
                break
            for fact in json.loads(one.facts):
                stage = _STAGES.get(fact["type"], (None, None))[1] or stage
        return stage

    def _in_order(self, row: Happened, given: Given) -> None:
        for cmd_id, other in self.given.items():
            act = other.act
            if other.console is not given.console or act.ref != given.act.ref or act.cseq >= given.act.cseq:
                continue
            effects = self.hall.past.effects(cmd_id)
            is_over = bool(effects) and effects[0].seq < row.seq
            free = is_over or cmd_id in self.decided
            self.expect(free, "I2", f"{given.act.name} {row.cmd_id} passed {act.name} {cmd_id}")

    def _not_blind(self, row: Happened, given: Given) -> None:
        fields = guarded(given.act.name)
        for one in self.hall.past.of(row.ref):
            others = one.actor != row.actor and one.seq < row.seq and one.cmd_id not in given.seen
            blind = others and fields and (one.changed & fields or "*" in one.changed)
            self.expect(not blind, "I13", f"{given.act.name} {row.cmd_id} over {one.cmd_id} at {one.seq}, unseen")


_HELD = ("dispatched", "handling")
_STAGES: dict[str, tuple[tuple[str | None, ...] | None, str | None]] = {
    "taken": ((None,), "received"),
    "filed": (("received",), "filed"),
    "dispatched": (("filed",), "dispatched"),
    "accepted": (("dispatched",), "handling"),
    "reported": (("handling",), "reported"),
    "closed": (("reported",), "closed"),
    "return_applied": (_HELD, None),
    "return_approved": (_HELD, "filed"),
    "return_denied": (_HELD, None),
}

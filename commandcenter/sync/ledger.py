"""The open commands: on disk first, then in the list of acts and on the board; the one place that moves them."""

import asyncio
import sys
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from commandcenter.cache.journal import Journal
from commandcenter.cache.mirror import Standing
from commandcenter.cache.row import ENDED, WAITING, Row, RowState
from commandcenter.domain.commands import Command, name_of, records_of
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.protocol.codec import command_args
from commandcenter.protocol.frames import Result
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.acts import ActList
from commandcenter.sync.cursor_tokens import CursorTokens
from commandcenter.sync.foresight import Sight, act_of, foreseen, moved, seen_bases, sight
from commandcenter.sync.order import blocker, predecessor
from commandcenter.sync.outcome import after_what_is_gone, done, learnt, outcome, released, withdrawn
from commandcenter.sync.sources import Sources


class Ledger:
    """Writes the journal, then `acts` and the overlay of `board`; one change at a time."""

    def __init__(self, journal: Journal, board: Board, acts: ActList, sources: Sources) -> None:
        self._journal = journal
        self._board = board
        self._acts = acts
        self._from = sources
        self.tokens = CursorTokens(journal.log_places)
        self._rows: dict[str, Row] = {}
        self._dropped: OrderedDict[str, Row] = OrderedDict()
        self._doubtful: dict[str, Row] = {}  # dropped under a log that a restore has undone
        self._lifted: dict[str, int | None] = {}  # whose effect the board has, and in which epoch
        self._unsent: set[str] = set()  # given in this run, and never on their way
        self._quiet: frozenset[str] = frozenset()
        self.freed: Callable[[], object] = lambda: None  # something may leave that had to wait for another
        self.shown: Callable[[], Standing | None] = lambda: None  # whose view of which log the board is, and how far
        self.lock = asyncio.Lock()
        self.epoch: int | None = None  # of the log that the board shows
        self.heard_of: int | None = None  # the platform's own, which the board may not have reached yet

    @property
    def rows(self) -> list[Row]:
        """The open ones in the order given."""
        return sorted(self._rows.values(), key=lambda row: row.cseq)

    @property
    def unsent(self) -> dict[str, int]:
        """How many of each user wait at this console without the platform having them."""
        return Counter(row.user for row in self._rows.values() if row.state in (RowState.KEPT, RowState.HELD))

    def is_settled(self, row: Row) -> bool:
        """Whether an open command without an answer is known to have no effect: it never left, or the platform said."""
        return row.cmd_id in self._unsent or (row.epoch is not None and row.epoch == self.heard_of)

    def unsettled(self, user: str, district: str) -> list[Row]:
        """What waits for `user` or was dropped by them, and may have an effect that nobody here knows of."""
        both = (*self._doubtful.values(), *(row for row in self.rows if row.state in WAITING))
        return [row for row in both if (row.user, row.district) == (user, district) and not self.is_settled(row)]

    def now(self) -> datetime:
        """The platform's time as known."""
        return self._from.now()

    async def open(self) -> None:
        """What the journal holds comes back on to the board, also what a power cut took from the mirror."""
        at = self.shown()
        beyond = [] if at is None else await self._journal.done_beyond(at)
        sent = {row.cmd_id: replace(row, state=RowState.SENT) for row in beyond}
        ended = [row for row in await self._journal.ended_rows() if row.cmd_id not in sent]
        self._acts.fill(act_of(row, ()) for row in ended)
        for row in (one for one in ended if one.behalf is not None and one.state is RowState.DONE):
            self._board.adopted(row.refs[0], row.user)
        self._dropped.update((row.cmd_id, row) for row in ended if row.state is RowState.DROPPED)
        left = sorted([*sent.values(), *await self._journal.open_rows()], key=lambda row: row.cseq)
        for row in after_what_is_gone(left, left):
            self._rows[row.cmd_id] = row
            self._show(act_of(row, self._follows(row)))

    def foresee(self) -> None:
        """The board was replaced: what follows from each open command is worked out anew; another epoch is past."""
        self._lifted = {key: epoch for key, epoch in self._lifted.items() if epoch == self.epoch}
        for row in self.rows:
            self._board.unpend(row.cmd_id)
        for row in self.rows:
            self._show(act_of(row, self._follows(row)))

    def leaving(self, rows: Iterable[Row]) -> None:
        """`rows` are on their way: from now on they may have had their effect without anybody here knowing."""
        self._unsent.difference_update(row.cmd_id for row in rows)

    def before_eyes(self, command: Command, *, without: Collection[str] = ()) -> Sight:
        """What a person who gives `command` at this moment has before their eyes, the acts `without` left out."""
        return sight(self._board, records_of(command), self.epoch, without=without)

    async def keep(self, command: Command, person: Person, facts: tuple[Fact, ...], seen: Sight) -> Act:
        """A new command: in the journal when this returns, and shown; DiskFault, and then neither."""
        async with self.lock:
            row = self.new(command, person, seen)
            before = blocker(replace(row, cseq=sys.maxsize), self.rows)
            if before is not None:
                held = replace(row, state=RowState.HELD, code="held", about=before.cmd_id, dep=None)
                row = replace(held, epoch=self.heard_of)
            return await self.enter(row, facts)

    async def answered(self, epoch: int, results: Sequence[Result], cursor: int) -> None:
        """What the platform says became of commands; `cursor` is how far the board is in `epoch`."""
        async with self.lock:
            for result in results:
                row = self._rows.get(result.cmd_id)
                if row is not None:
                    is_here = self._is_here(result, epoch, cursor)
                    moved = outcome(row, result, epoch, is_here=is_here, rows=self.rows)
                    await self.move([*moved, *await self._learnt(row, result, epoch, cursor)])

    async def settled(self, epoch: int, results: Sequence[Result], cursor: int) -> None:
        """What the platform says became of commands that were withdrawn, if nothing had become of them yet."""
        async with self.lock:
            for result in reversed(results):  # of what stands behind an act first, which that one may free
                row = self._rows.get(result.cmd_id) or self._doubtful.get(result.cmd_id)
                if row is not None:
                    await self.move(withdrawn(row, result, epoch, is_here=self._is_here(result, epoch, cursor)))

    def own(self, cmd_ids: Iterable[str]) -> tuple[str, ...]:
        """Those of `cmd_ids` that are this console's; from now on they are shown as part of the board alone."""
        mine = tuple(key for key in cmd_ids if key in self._rows or key in self._dropped)
        self._lifted.update((key, self.epoch) for key in mine if key in self._rows)
        return mine

    async def seen(self, effects: dict[str, int], epoch: int) -> None:
        """Effects of own commands (id: place in the log) are on the board and in the mirror: they are done."""
        async with self.lock:
            known = {**self._dropped, **self._rows}
            rows = [known[key] for key in effects if key in known]
            await self.move([done(row, epoch, effects[row.cmd_id]) for row in rows])

    async def reached(self, at: Standing) -> None:
        """The board is `at` this place: what its district acknowledged up to there is done."""
        async with self.lock:
            here = (row for row in self._sent() if row.district == at.district)
            past = [row for row in here if ((row.epoch or 0), (row.seq or 0)) <= (at.epoch, at.seq)]
            await self.move([done(row, at.epoch, row.seq) for row in past])

    async def caught_up(self) -> None:
        """Twice in a row everything visible has come: what was acknowledged before has its effect out of sight."""
        async with self.lock:
            quiet = frozenset(row.cmd_id for row in self._sent())
            beyond = [row for row in self._sent() if row.cmd_id in self._quiet]
            self._quiet = quiet
            await self.move([done(row, row.epoch, row.seq) for row in beyond])

    async def hold(self, why: dict[str, tuple[str, str]]) -> None:
        """Kept commands that wait for a person from now on (`why`: (code, about) by id). Under the lock."""
        kept = [row for row in self.rows if row.cmd_id in why and row.state is RowState.KEPT]
        codes = [(row, *why[row.cmd_id]) for row in kept]
        await self.move([replace(row, state=RowState.HELD, code=code, about=about) for row, code, about in codes])

    def explain(self, why: dict[str, tuple[str, str]]) -> None:
        """Say on screen why kept commands do not leave (`why`: (code, about) by id); nothing is written."""
        kept = [(row, why.get(row.cmd_id, (None, None))) for row in self._rows.values() if row.state is RowState.KEPT]
        news = {row.cmd_id: (row, said) for row, said in kept if (row.code, row.about) != said}
        self._rows |= {key: replace(row, code=code, about=about) for key, (row, (code, about)) in news.items()}
        self._acts.retell({key: said for key, (_, said) in news.items()})

    async def offer_again(self, district: str, epoch: int, bases: dict[str, int]) -> int:
        """After a restore: what the platform had acknowledged and lost is kept once more; how many these are."""
        async with self.lock:
            lost = await self._journal.lost_by_restore(district, epoch, bases)
            self._doubtful = {row.cmd_id: row for row in await self._journal.dropped_before(district, epoch)}
            self.heard_of, self._quiet = epoch, frozenset()
            now = self._from.now()
            rows = [replace(row, state=RowState.KEPT, epoch=None, seq=None, code=None, moved_at=now) for row in lost]
            await self._journal.move(rows)
            for row in rows:
                self._lifted.pop(row.cmd_id, None)
                self._rows[row.cmd_id] = row
                self._show(act_of(row, self._follows(row)))
            return len(rows)

    def new(self, command: Command, person: Person, seen: Sight, *, without: Collection[str] = ()) -> Row:
        """A row for `command` as `person`, who has `seen` this much, gives it now (before `without`); unwritten."""
        refs = records_of(command)
        before = predecessor(refs, person.user, (row for row in self.rows if row.cmd_id not in without))
        return Row(
            cmd_id=self._from.new_id(),
            cseq=0,
            person=person,
            type=name_of(command),
            args=command_args(command),
            refs=refs,
            bases=seen.bases,
            dep=before.cmd_id if before else None,
            made_at=self._from.now(),
            acted_at=self._from.mono(),
            boot=self._from.boot,
            seen=seen.record,
        )

    async def enter(self, row: Row, facts: tuple[Fact, ...]) -> Act:
        """Write `row` as the newest, in place of the one that it replaces; show it. Under the lock."""
        row = await self._journal.keep(self._from.attestor.attested(row))
        former = self._rows.get(row.replaces or "")
        if former is not None:
            ended = replace(former, state=RowState.DROPPED, moved_at=row.made_at, code="replaced", about=row.cmd_id)
            self._forget(ended)
        self._rows[row.cmd_id] = row
        self._unsent.add(row.cmd_id)
        act = act_of(row, facts)
        self._show(act)
        return act

    async def move(self, rows: Sequence[Row]) -> None:
        """Write how far `rows` have come, and what that frees, then show it. Under the lock."""
        if not rows:
            return
        rows = [self._stamped(row) for row in (*rows, *released(rows, self._rows, self.is_settled))]
        places = self.tokens.unwritten()
        await self._journal.move(rows, shown=self.shown(), places=places)
        self.tokens.wrote(places)
        for row in rows:
            self._doubtful.pop(row.cmd_id, None)
            if row.state in ENDED:
                self._forget(row)
            else:
                self._follow(row)
        waits = any(row.state is RowState.KEPT and row.code for row in self._rows.values())
        if any(row.state is RowState.KEPT for row in rows) or (waits and any(row.state in ENDED for row in rows)):
            self.freed()

    async def taken_over(self, row: Row) -> Row | None:
        """The act that `row` was given in the place of, as long as that one has come to its end without an effect."""
        return None if row.behalf is None else await self._without_effect(row.behalf.act)

    async def _learnt(self, row: Row, result: Result, epoch: int, cursor: int) -> list[Row]:
        """What the answer to `row` says of the act that it was given in the place of."""
        if row.behalf is None:
            return []
        former = await self._without_effect(result.about or "" if result.code == "already_done" else row.behalf.act)
        return [] if former is None else learnt(former, result, epoch, reached=cursor)

    async def _without_effect(self, cmd_id: str) -> Row | None:
        """What was dropped, however long ago: the newest of it alone is in memory."""
        former = self._doubtful.get(cmd_id) or self._dropped.get(cmd_id) or await self._journal.find(cmd_id)
        return former if former is not None and former.state is RowState.DROPPED else None

    def _is_here(self, result: Result, epoch: int, cursor: int) -> bool:
        """Whether the board has what came of it."""
        return result.seq is None or result.seq <= cursor or self._lifted.get(result.cmd_id) == epoch

    def _stamped(self, row: Row) -> Row:
        """When it came into its state; and what never left has no effect, which is known after this run as well."""
        key = row.cmd_id
        former = self._rows.get(key) or self._doubtful.get(key) or self._dropped.get(key)
        if row.state is not (RowState.DROPPED if former is None else former.state):  # None: dropped long ago
            row = replace(row, moved_at=self._from.now())
        is_new = row.state is RowState.HELD and key in self._unsent
        return replace(row, epoch=self.heard_of) if is_new else row

    def _follow(self, row: Row) -> None:
        self._dropped.pop(row.cmd_id, None)
        self._rows[row.cmd_id] = row
        act = self._acts.find(row.cmd_id)
        self._show(act_of(row, ()) if act is None else moved(act, row))

    def _follows(self, row: Row) -> tuple[Fact, ...]:
        """What follows from `row` on the board, unless the board may have it already: then it is not shown twice."""
        now = seen_bases(self._board, row.refs)
        has_moved = any(rev > row.bases.get(ref, 0) for ref, rev in now.items())
        return () if has_moved and row.cmd_id not in self._unsent else foreseen(self._board, row)

    def _show(self, act: Act) -> None:
        self._acts.put(act)
        if act.cmd_id not in self._lifted:
            self._board.pend(act)

    def _forget(self, row: Row) -> None:
        act = self._acts.find(row.cmd_id)
        if row.state is RowState.DROPPED and not self.is_settled(row):
            self._doubtful[row.cmd_id] = row
        self._rows.pop(row.cmd_id, None)
        self._dropped.pop(row.cmd_id, None)
        self._lifted.pop(row.cmd_id, None)
        self._unsent.discard(row.cmd_id)
        if row.state is RowState.DROPPED:
            self._dropped[row.cmd_id] = row
            while len(self._dropped) > 200:
                self._dropped.popitem(last=False)
        self._board.unpend(row.cmd_id)
        if act is not None or row.state is RowState.DONE:
            self._acts.end([act_of(row, ()) if act is None else moved(act, row)])

    def _sent(self) -> list[Row]:
        return [row for row in self._rows.values() if row.state is RowState.SENT]

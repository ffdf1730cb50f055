"""What the platform says, on to the disk and on to the board, in its order, none twice and none left out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from commandcenter.cache.faults import FileFault
from commandcenter.cache.mirror import Mirror, Standing
from commandcenter.client.errors import Gone, UnreadableContent, WorldFault, WrongEpoch
from commandcenter.client.snapshot import snapshot
from commandcenter.client.stream import Arrived
from commandcenter.domain.cases import Case
from commandcenter.domain.facts import record_of
from commandcenter.domain.records import Record
from commandcenter.protocol.codec import Kept, Unreadable, read_facts
from commandcenter.protocol.frames import Evict, Frame, Hello
from commandcenter.protocol.retention import Retention, promised
from commandcenter.store.board import Board
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection
from commandcenter.sync.errands import Errands
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.seat import Seat, Unseated
from commandcenter.sync.trimming import Trimming

if TYPE_CHECKING:
    from commandcenter.client.session import Session

STAYS = timedelta(hours=24)


class Gap(WorldFault):
    """A frame is missing before this one: ask again from the cursor."""

    code = "gap"


class Doubt(WorldFault):
    """The mirror cannot be relied on: take a new snapshot."""

    code = "doubt"


class Inbound:
    """Writes the mirror and the board; `standing` says whose view of which log they are, and how far."""

    def __init__(
        self,
        *,
        mirror: Mirror,
        board: Board,
        ledger: Ledger,
        connection: Connection,
        clock: PlatformClock,
        errands: Errands,
        trimming: Trimming,
    ) -> None:
        self._standing: Standing | None = None  # None: the board is empty
        self._seat: Seat | None = None
        self._view = object()
        self._mirror = mirror
        self._board = board
        self._ledger = ledger
        self._connection = connection
        self._clock = clock
        self._errands = errands
        self._trimming = trimming
        self._lock = asyncio.Lock()
        self._is_doubted = False

    @property
    def standing(self) -> Standing | None:
        """Whose view of which log the board is, and how far; None while it is empty."""
        return self._standing

    @property
    def view(self) -> object:
        """What is seen here: the same object until everything is cleared for another seat or another role."""
        return self._view

    def check(self, view: object) -> None:
        """Unseated when `view` is one of before: what was asked for then is for nobody who sits here now."""
        if view is not self._view:
            raise Unseated("" if self._seat is None else self._seat.user)

    @asynccontextmanager
    async def keeping(self, view: object) -> AsyncIterator[Standing | None]:
        """The cache, for an answer to what was asked in `view`, and whose board is in it; Unseated as in `check`."""
        async with self._lock:
            self.check(view)
            yield self._standing

    async def load(self) -> None:
        """The board as the last run left it."""
        kept = await self._mirror.load()
        if kept is not None:
            self._standing = at = kept[0]
            self._ledger.tokens.heard(at.district, at.lineage)
            self._ledger.tokens.reached(at)
            self._ledger.epoch = self._ledger.heard_of = kept[0].epoch
            self._board.replace(kept[1])

    async def settle(self) -> None:
        """What the journal waits for and the board has already is done: the last run ended between the two files."""
        if self._standing is not None:
            await self._reach(self._standing)

    def cursor_in(self, epoch: int) -> int:
        """How far the board is in `epoch`; -1 when it is in another."""
        return self._standing.seq if self._standing is not None and self._standing.epoch == epoch else -1

    async def seat(self, user: str, district: str, lineage: str) -> Seat:
        """Whoever sits here from now on: they see nothing of what another saw, and nothing else is written any more."""
        former, self._seat = self._seat, (seat := Seat(user, district, lineage))
        self._ledger.tokens.heard(district, lineage)
        await self._errands.whole(self._clear_for(seat, former), "clear the board for another seat")
        return seat

    async def forget(self, reason: str) -> None:
        """An empty board, an empty mirror; nothing is written before somebody sits down again."""
        self._seat = None
        await self._errands.whole(self._clear(reason), "forget the board")

    def is_of_another_scope(self, hello: Hello) -> bool:
        """Whether the board was made for what somebody was before: in another run, or before a restore."""
        at = self._standing
        return at is not None and at.scope_ver != hello.scope_ver

    def continues(self, hello: Hello) -> bool:
        """Whether the stream can go on from the cursor; otherwise a snapshot is needed."""
        at = self._standing
        if self._is_doubted or at is None or (at.epoch, at.scope_ver) != (hello.epoch, hello.scope_ver):
            return False
        return at.seq + 1 >= hello.floor

    def doubt(self) -> None:
        """The board stays to be looked at, but the next thing to come has to be a snapshot."""
        self._is_doubted = True

    async def take_snapshot(self, session: "Session", seat: Seat, hello: Hello) -> None:
        """A whole new board for `seat`; until its last line is proven, nothing of it is seen.

        WrongEpoch when the platform was restored since its hello: first what that took away is offered again. Gone when
        the scope has moved since: first who sits here is asked again. Unseated when another has sat down meanwhile.
        """
        async with snapshot(session) as coming:
            if coming.head.epoch != hello.epoch:
                raise WrongEpoch(f"{coming.head.epoch} instead of {hello.epoch}")
            if coming.head.scope_ver != hello.scope_ver:
                raise Gone("the scope has moved since the hello", code="scope")
            records: list[Record] = []
            async with self._writing(seat):
                await self._mirror.begin()
            async for bundle in coming.bundles:
                records += await self._stage(seat, bundle)
                self._connection.came(len(records), coming.head.n)
            head = coming.head
            at = replace(seat.begins(hello), seq=head.cursor, cursor_token=head.cursor_token or "")
            await self._errands.whole(self._replace(seat, at, records), "replace the board")

    async def apply(self, seat: Seat, arrived: Sequence[Arrived]) -> None:
        """Frames that came together for `seat`; Gap, Doubt, WrongEpoch when the line has to ask again, or Unseated."""
        await self._errands.whole(self._apply(seat, arrived), "apply frames")

    async def agrees(self, seat: Seat, digest: str) -> bool:
        """Whether the mirror has what the platform says `seat` should have, at the same place in the log. Unseated."""
        async with self._writing(seat):
            return await self._mirror.digest() == digest

    async def promised(self, hello: Hello) -> Retention:
        """For how long the platform says that it keeps what; from now on the journal goes by it, and by the time."""
        kept = promised(hello.keep)
        await self._told(self._trimming.heard(hello.district, kept))
        return kept

    async def clear_out(self, seat: Seat) -> None:
        """Cases that ended more than a day ago leave the board of `seat`; long after its end an act leaves the journal.

        Unseated when another has sat down meanwhile.
        """
        await self._told(self._trimming.trim())
        before = self._clock.now() - STAYS
        known = (
            self._board.confirmed("case", shown.id) for shown in self._board.all("case")
        )  # what waits has not ended
        cases = (record for record in known if isinstance(record, Case))
        gone = [("case", case.id) for case in cases if case.ended_at is not None and case.ended_at < before]
        for at in range(0, len(gone), 200):
            async with self._writing(seat):
                await self._mirror.take_away(gone[at : at + 200])
                self._board.apply((), gone[at : at + 200])

    @asynccontextmanager
    async def _writing(self, seat: Seat) -> AsyncIterator[None]:
        """The board and the mirror, for whoever sits here alone; Unseated for anybody else."""
        async with self._lock:
            if seat is not self._seat:
                raise Unseated(seat.user)
            yield

    async def _clear_for(self, seat: Seat, former: Seat | None) -> None:
        async with self._lock:
            if not seat.may_keep(self._standing, former):
                await self._empty("another seat")

    async def _clear(self, reason: str) -> None:
        async with self._lock:
            await self._empty(reason)

    async def _empty(self, reason: str) -> None:
        """The screen first: what it shows and what is known of it are empty at once, however slow the disk is."""
        self._view, self._standing = object(), None
        self._board.replace(())
        self._ledger.foresee()
        await self._mirror.forget(reason)

    async def _stage(self, seat: Seat, bundle: Sequence[Kept]) -> list[Record]:
        async with self._writing(seat):
            try:
                return await self._mirror.stage(bundle)
            except Unreadable as wrong:
                raise UnreadableContent(str(wrong)) from wrong

    async def _replace(self, seat: Seat, at: Standing, records: list[Record]) -> None:
        async with self._writing(seat):
            if not await self._mirror.finish(at):
                self._connection.note("cache_rebuilt")
            self._board.replace(records)
            self._ledger.epoch = at.epoch
            self._ledger.foresee()
            self._standing = at
            self._is_doubted = False
        await self._reach(at)

    async def _apply(self, seat: Seat, arrived: Sequence[Arrived]) -> None:
        async with self._writing(seat):
            if self._standing is None:
                raise Doubt("no board to apply it to")
            frames, wrong = self._next(arrived, self._standing)
            if frames:
                await self._put(frames, self._standing)
        if wrong is not None:
            raise wrong

    def _next(self, arrived: Sequence[Arrived], at: Standing) -> tuple[list[Frame | Evict], WorldFault | None]:
        """The frames that follow on the cursor without a gap, and what is wrong with the one after them."""
        frames: list[Frame | Evict] = []
        seq = at.seq
        for one in arrived:
            frame = one.message
            if not isinstance(frame, (Frame, Evict)):
                continue
            if one.epoch != at.epoch:
                return frames, WrongEpoch(f"{one.epoch} instead of {at.epoch}")
            if frame.seq <= seq:
                continue
            if frame.prev != seq:
                return frames, Gap(f"{frame.prev} instead of {seq}")
            frames.append(frame)
            seq = frame.seq
        return frames, None

    async def _put(self, frames: list[Frame | Evict], at: Standing) -> None:
        try:
            adopted = [(fact, frame.actor) for frame in _adoptions(frames) for fact in read_facts(frame.facts)]
            change, is_kept = await self._mirror.apply(at, frames)
        except Unreadable as wrong:
            raise UnreadableContent(str(wrong)) from wrong
        effects = {frame.cmd_id: frame.seq for frame in frames if isinstance(frame, Frame)}
        mine = self._ledger.own(effects)
        for fact, leader in adopted:
            self._board.adopted(record_of(fact), leader)
        self._board.apply(change.records, change.evicted, done=mine)
        self._standing = at = at.after(frames[-1])
        self._ledger.tokens.reached(at)
        if mine:
            await self._told(self._ledger.seen({key: effects[key] for key in mine}, at.epoch))
        await self._told(self._ledger.reached(at))
        if not is_kept:
            raise Doubt("the cache failed")

    async def _reach(self, at: Standing) -> None:
        self._ledger.tokens.reached(at)
        await self._told(self._ledger.reached(at))

    async def _told(self, writing: Awaitable[None]) -> None:
        """The journal learns of it; if the disk does not take it now, the platform's answer will bring it again."""
        try:
            await writing
        except FileFault as fault:
            self._connection.note(fault.code, fault.about)


def _adoptions(frames: Sequence[Frame | Evict]) -> Iterator[Frame]:
    return (frame for frame in frames if isinstance(frame, Frame) and frame.on_behalf_of is not None)

"""Applies what the platform sends to the mirror and the board: in order, nothing twice and nothing left out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from commandcenter.cache.faults import FileFault
from commandcenter.cache.mirror import Mirror, MirrorPosition
from commandcenter.client.errors import Gone, PlatformFault, UnreadableContent, WrongEpoch
from commandcenter.client.snapshot import snapshot
from commandcenter.client.stream import StreamMessage
from commandcenter.domain.facts import records_of
from commandcenter.domain.records import KINDS, Record, ended_at, is_live, kind_of, ref_of
from commandcenter.protocol.codec import RecordEnvelope, Unreadable, read_facts
from commandcenter.protocol.events import Evict, Frame
from commandcenter.protocol.messages import Hello
from commandcenter.protocol.retention import ENDED_SHOWN_FOR, Retention, read_retention
from commandcenter.store.board import Board
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.board_owner import BoardOwner, OwnerChanged
from commandcenter.sync.board_position import BoardPosition
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.connection import Connection
from commandcenter.sync.trimming import JournalTrimming

if TYPE_CHECKING:
    from commandcenter.client.session import Session


class FrameGap(PlatformFault):
    """A frame is missing before this one: the stream has to be requested again from the cursor."""

    code = "gap"


class MirrorDoubt(PlatformFault):
    """The mirror is not reliable: a new snapshot is needed."""

    code = "doubt"


class Inbound:
    """Writes the mirror and the board, and sets their `position`."""

    def __init__(
        self,
        *,
        mirror: Mirror,
        board: Board,
        store: CommandStore,
        answers: CommandAnswers,
        position: BoardPosition,
        connection: Connection,
        clock: PlatformClock,
        tasks: BackgroundTasks,
        trimming: JournalTrimming,
    ) -> None:
        self.position = position
        self._seat: BoardOwner | None = None
        self._view = object()
        self._mirror = mirror
        self._board = board
        self._store = store
        self._answers = answers
        self._connection = connection
        self._clock = clock
        self._tasks = tasks
        self._trimming = trimming
        self._lock = asyncio.Lock()
        self._is_doubted = False

    @property
    def view(self) -> object:
        """Identifies what is displayed: the same object until all is cleared for another user or role."""
        return self._view

    def check_view(self, view: object) -> None:
        """Raises OwnerChanged when `view` is a former one: its answers are not for the user of now."""
        if view is not self._view:
            raise OwnerChanged("" if self._seat is None else self._seat.user)

    @asynccontextmanager
    async def storing(self, view: object) -> AsyncIterator[MirrorPosition | None]:
        """Locks the cache for an answer to what was asked in `view`; yields its position. Raises OwnerChanged."""
        async with self._lock:
            self.check_view(view)
            yield self.position.at

    async def load(self) -> None:
        """Fills the board from the mirror of the last run."""
        kept = await self._mirror.load()
        if kept is not None:
            self.position.at = at = kept[0]
            self._store.tokens.heard(at.district, at.lineage)
            self._store.tokens.reached(at)
            self._store.display.epoch = self._store.commands.platform_epoch = at.epoch
            self._board.replace(kept[1])

    async def settle(self) -> None:
        """Marks acts as done whose effect the board already has: the last run may have ended between the two files."""
        if self.position.at is not None:
            await self._mark_reached(self.position.at)

    async def seat(self, user: str, district: str, lineage: str) -> BoardOwner:
        """Makes a user the owner: another's board is cleared, and writes for a former owner are refused from now on."""
        former, self._seat = self._seat, (seat := BoardOwner(user, district, lineage))
        self._store.tokens.heard(district, lineage)
        await self._tasks.whole(self._clear_for(seat, former), "clear the board for another seat")
        return seat

    async def forget(self, reason: str) -> None:
        """Clears board and mirror; nothing is written before the next `seat`."""
        self._seat = None
        await self._tasks.whole(self._clear(reason), "forget the board")

    def is_of_another_scope(self, hello: Hello) -> bool:
        """Returns whether the board was made for another role or scope: in an earlier run, or before a restore."""
        at = self.position.at
        return at is not None and at.scope_ver != hello.scope_ver

    def continues(self, hello: Hello) -> bool:
        """Returns whether the stream can go on from the cursor; otherwise a snapshot is needed."""
        at = self.position.at
        if self._is_doubted or at is None or (at.epoch, at.scope_ver) != (hello.epoch, hello.scope_ver):
            return False
        return at.seq + 1 >= hello.floor

    def doubt(self) -> None:
        """Keeps the board on display, but requires a snapshot at the next connection."""
        self._is_doubted = True

    async def take_snapshot(self, session: "Session", seat: BoardOwner, hello: Hello) -> None:
        """Replaces the board of `seat` by a snapshot; nothing of it is shown before its last line is verified.

        Raises WrongEpoch when the platform was restored since `hello` (lost commands are offered again first), Gone
        when the scope has changed since (the role is asked again first), OwnerChanged.
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
            await self._tasks.whole(self._replace(seat, at, records), "replace the board")

    async def apply(self, seat: BoardOwner, arrived: Sequence[StreamMessage]) -> None:
        """Applies frames that arrived together for `seat`.

        Raises FrameGap, MirrorDoubt, WrongEpoch or UnreadableContent (the connection restarts), or OwnerChanged.
        """
        await self._tasks.whole(self._apply(seat, arrived), "apply frames")

    async def agrees(self, seat: BoardOwner, digest: str) -> bool:
        """Returns whether the mirror matches the platform's digest at the same log position; raises OwnerChanged."""
        async with self._writing(seat):
            return await self._mirror.digest() == digest

    async def promised(self, hello: Hello) -> Retention:
        """Returns how long the platform keeps its data, as `hello` says, for the trimming of the journal too."""
        kept = read_retention(hello.keep)
        await self._journal_write(self._trimming.heard(hello.district, kept))
        return kept

    async def clear_out(self, seat: BoardOwner) -> None:
        """Trims the journal; removes cases that ended more than a day ago from the board. May raise OwnerChanged."""
        await self._journal_write(self._trimming.trim())
        before = self._clock.now() - ENDED_SHOWN_FOR
        # as confirmed: a pending act has not ended it
        shown = (ref_of(one) for kind in KINDS.values() if kind.ended for one in self._board.all(kind.name))
        known = (record for ref in shown if (record := self._board.confirmed(*ref)) is not None)
        gone = [ref_of(record) for record in known if (ended := ended_at(record)) is not None and ended < before]
        for at in range(0, len(gone), 200):
            async with self._writing(seat):
                await self._mirror.delete_ended(gone[at : at + 200])
                self._board.retire(gone[at : at + 200])

    @asynccontextmanager
    async def _writing(self, seat: BoardOwner) -> AsyncIterator[None]:
        """Locks board and mirror for the present owner; raises OwnerChanged for any other."""
        async with self._lock:
            if seat is not self._seat:
                raise OwnerChanged(seat.user)
            yield

    async def _clear_for(self, seat: BoardOwner, former: BoardOwner | None) -> None:
        async with self._lock:
            if not seat.may_keep(self.position.at, former):
                await self._empty("another seat")

    async def _clear(self, reason: str) -> None:
        async with self._lock:
            await self._empty(reason)

    async def _empty(self, reason: str) -> None:
        """Clears the board before the mirror: the screen is empty at once, however slow the disk is."""
        self._view, self.position.at = object(), None
        self._board.replace(())
        self._store.display.predict_again()
        await self._mirror.forget(reason)

    async def _stage(self, seat: BoardOwner, bundle: Sequence[RecordEnvelope]) -> list[Record]:
        async with self._writing(seat):
            try:
                return await self._mirror.stage(bundle)
            except Unreadable as wrong:
                raise UnreadableContent(str(wrong)) from wrong

    async def _replace(self, seat: BoardOwner, at: MirrorPosition, records: list[Record]) -> None:
        async with self._writing(seat):
            if not await self._mirror.finish(at):
                self._connection.note("cache_rebuilt")
            shown = (self._board.confirmed(*ref) for ref in self._mirror.unread)
            self._board.replace([*records, *(record for record in shown if record is not None)])
            self._store.display.epoch = at.epoch
            self._store.display.predict_again()
            self.position.at = at
            self._is_doubted = False
        await self._mark_reached(at)

    async def _apply(self, seat: BoardOwner, arrived: Sequence[StreamMessage]) -> None:
        async with self._writing(seat):
            if self.position.at is None:
                raise MirrorDoubt("no board to apply it to")
            frames, wrong = self._next(arrived, self.position.at)
            if frames:
                await self._put(frames, self.position.at)
        if wrong is not None:
            raise wrong

    def _next(
        self, arrived: Sequence[StreamMessage], at: MirrorPosition
    ) -> tuple[list[Frame | Evict], PlatformFault | None]:
        """The frames that follow the cursor without a gap, and the fault of the next one (None: there is none)."""
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
                return frames, FrameGap(f"{frame.prev} instead of {seq}")
            frames.append(frame)
            seq = frame.seq
        return frames, None

    async def _put(self, frames: list[Frame | Evict], at: MirrorPosition) -> None:
        try:
            adopted = [(fact, frame.actor) for frame in _adoptions(frames) for fact in read_facts(frame.facts)]
            change, is_kept = await self._mirror.apply(at, frames)
        except Unreadable as wrong:
            raise UnreadableContent(str(wrong)) from wrong
        effects = {frame.cmd_id: frame.seq for frame in frames if isinstance(frame, Frame)}
        mine = self._store.display.own(effects)
        for fact, leader in adopted:
            for ref in records_of(fact):
                self._board.adopted(ref, leader)
        self._board.apply(change.records, change.evicted, done=mine)
        if not all(is_live(kind_of(record)) for record in change.records):
            self._store.display.predict_again()  # by other limits, hours or names
        self.position.at = at = at.after(frames[-1])
        self._store.tokens.reached(at)
        if mine:
            await self._journal_write(self._answers.seen({key: effects[key] for key in mine}, at.epoch))
        await self._journal_write(self._answers.reached(at))
        if not is_kept:
            raise MirrorDoubt("the cache failed")

    async def _mark_reached(self, at: MirrorPosition) -> None:
        self._store.tokens.reached(at)
        await self._journal_write(self._answers.reached(at))

    async def _journal_write(self, writing: Awaitable[None]) -> None:
        """Runs a write to the journal; a file fault is only noted: the platform's answer will bring it again."""
        try:
            await writing
        except FileFault as fault:
            self._connection.note(fault.code, fault.about)


def _adoptions(frames: Sequence[Frame | Evict]) -> Iterator[Frame]:
    return (frame for frame in frames if isinstance(frame, Frame) and frame.on_behalf_of is not None)

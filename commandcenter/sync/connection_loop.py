"""Keeps the connection to the platform: hello, then a snapshot or the stream from the cursor, again after every end."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commandcenter.cache.faults import FileFault
from commandcenter.client.backoff import full_jitter
from commandcenter.client.errors import (
    Gone,
    NewerProtocol,
    NoRole,
    PlatformFault,
    SignedOut,
    Unreachable,
    UnreadableContent,
    WrongEpoch,
    WrongPlatform,
)
from commandcenter.client.identity import person_after
from commandcenter.client.stream import Ended, Expired, StreamMessage, open_stream
from commandcenter.domain.people import Person
from commandcenter.protocol.events import Bye, Heartbeat, ScopeChanged
from commandcenter.protocol.messages import Hello
from commandcenter.sync.background_tasks import BackgroundTasks, is_ending
from commandcenter.sync.batches import Route
from commandcenter.sync.board_owner import BoardOwner
from commandcenter.sync.clock import PlatformClock, later
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.connection import UNREADABLE, Connection, State
from commandcenter.sync.environment import Timing
from commandcenter.sync.inbound import FrameGap, Inbound, MirrorDoubt
from commandcenter.sync.outbound import Outbound
from commandcenter.sync.resync import ResyncPolicy

if TYPE_CHECKING:
    from commandcenter.client.session import Session

REFUSED_AGAIN = 60.0  # seconds until a refused platform is asked again
ROLE_AGAIN = 10.0  # seconds, at most, until the platform is asked whether a role has begun
_BEATS_BEHIND = 2
_CLEAR_OUT = 30  # heartbeats from one clear-out to the next
_STEADY = 10.0  # seconds live after which the count of failures restarts


class ConnectionLoop:
    """Moves the connection from state to state; there is one connection at a time.

    `became` is called after every hello with the person and since when they hold their role; (None, None): no role.
    """

    def __init__(
        self,
        *,
        connection: Connection,
        clock: PlatformClock,
        inbound: Inbound,
        outbound: Outbound,
        store: CommandStore,
        tasks: BackgroundTasks,
        timing: Timing,
    ) -> None:
        self.seal_key: str | None = None
        self.became: Callable[[Person | None, datetime | None], None] = lambda person, since: None
        self._connection = connection
        self._clock = clock
        self._inbound = inbound
        self._outbound = outbound
        self._store = store
        self._tasks = tasks
        self._timing = timing
        self._running: asyncio.Task[None] | None = None
        self._seated: tuple[Session, Person] | None = None
        self._patience: asyncio.Timeout | None = None
        self._cut: PlatformFault | None = None
        self._live_since = math.inf
        self._failures = self._behind = self._beats = self._head = 0
        self._resync = ResyncPolicy(inbound, connection)
        self._offered: tuple[str, str, int] | None = None
        self._last_level_at = datetime.min.replace(
            tzinfo=UTC
        )  # platform time of the last heartbeat with nothing missing
        outbound.lost = self._lost

    def start(self, session: "Session", person: Person, hello: Hello) -> None:
        """Starts with the hello that proved the platform to be the right one."""
        self.seal_key = hello.seal_key
        self._begin(session, person, hello)

    def hurry(self) -> None:
        """Retries now if the loop waits for its next try: the platform is reported to answer again."""
        if self._connection.state is State.WAITING and self._running is not None and self._seated is not None:
            self._running.cancel()
            self._begin(*self._seated, None)

    async def stop(self) -> None:
        """Disconnects; frames that are being applied are applied completely."""
        self._outbound.shut()
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = self._seated = None

    def _begin(self, session: "Session", person: Person, hello: Hello | None) -> None:
        self._failures, self._seated = 0, (session, person)
        self._outbound.wait_for(person.user, State.CONNECTING.value)
        self._connection.to(State.CONNECTING)
        self._running = self._tasks.run(self._run(session, person, hello), "the line to the platform")

    def heard_hello(self, hello: Hello, round_trip: float) -> None:
        """Sets the clock by `hello`; `round_trip` in seconds."""
        self._clock.told(hello.now, ago=round_trip / 2)
        self._connection.heard(round_trip=round_trip, skew=self._clock.skew)

    async def _run(self, session: "Session", person: Person, hello: Hello | None) -> None:
        while True:
            try:
                await self._connect_or_clear(session, person, hello)
            except SignedOut as out:
                self._connection.to(State.SIGNED_OUT, code=out.code, about=out.about)
                self._outbound.wait_for(person.user, out.code, out.about)
                return
            except (PlatformFault, FileFault) as wrong:
                fault: PlatformFault = (
                    wrong if isinstance(wrong, PlatformFault) else PlatformFault(wrong.about, code=wrong.code)
                )
            except Exception as wrong:  # an internal error: reported, and the loop goes on
                self._tasks.report(wrong, "the line to the platform")
                fault = PlatformFault(type(wrong).__name__, code="internal")
            finally:
                self._outbound.shut()
            if is_ending():
                return
            await self._after(fault)
            hello = None
            self._connection.to(State.CONNECTING)

    async def _connect_or_clear(self, session: "Session", person: Person, hello: Hello | None) -> None:
        """On NoRole, clears the board before it passes the fault on."""
        try:
            await self._once(session, person, hello)
        except NoRole:
            await self._inbound.forget("no role")
            self.became(None, None)
            raise

    async def _once(self, session: "Session", person: Person, hello: Hello | None) -> None:
        if hello is None:
            hello = await session.hello(self._store.tokens.newest(person.scope.district))
            self.heard_hello(hello, session.round_trip or 0.0)
        person = await self._as_of(hello, session, person)
        if hello.district != person.scope.district:
            raise WrongPlatform(hello.district)
        self.seal_key = hello.seal_key
        seat = await self._inbound.seat(person.user, hello.district, hello.seal_key)
        await self._offer_again(hello)
        kept = await self._inbound.promised(hello)
        self._cut = None
        self._outbound.open(Route(session, person, hello.epoch, kept.outcomes))
        if not self._inbound.continues(hello):
            self._connection.to(State.SNAPSHOT)
            await self._inbound.take_snapshot(session, seat, hello)
        await self._listen(session, seat, hello)

    async def _as_of(self, hello: Hello, session: "Session", person: Person) -> Person:
        """The person as of `hello`; after a change of role or scope the board is cleared."""
        former = person if self._seated is None else self._seated[1]
        present = person_after(hello, former)
        if present != former:
            await self._inbound.forget("another role")
        self._seated = (session, present)
        self.became(present, hello.since)
        return present

    async def _offer_again(self, hello: Hello) -> None:
        lineage = (hello.district, hello.seal_key, hello.epoch)  # another district may count the same epoch
        if lineage != self._offered:
            await self._tasks.whole(self._offer(hello, lineage), "offer again what a restore removed")

    async def _offer(self, hello: Hello, lineage: tuple[str, str, int]) -> None:
        """Runs as a whole: what the journal keeps again would be offered by nobody until the next start."""
        lost = await self._store.offer_again(hello.district, hello.epoch, hello.bases)
        self._offered = lineage
        if lost:
            self._connection.note("restored", str(lost))

    async def _listen(self, session: "Session", seat: BoardOwner, hello: Hello) -> None:
        at = self._inbound.standing
        if at is None:
            raise MirrorDoubt("no board")
        async with open_stream(session, epoch=at.epoch, after=at.seq) as incoming:
            self._live_since, self._behind = self._clock.mono(), 0
            self._last_level_at = min(
                self._last_level_at, hello.now
            )  # or a heartbeat from the future would block all later ones
            self._connection.to(State.LIVE)
            self._head = hello.head
            self._connection.at(at.seq, hello.head)
            self._connection.age(stale=at.seq < hello.head)
            await self._take(incoming, seat)
        raise Expired() if session.is_expiring else Ended()

    async def _take(self, incoming: AsyncIterator[list[StreamMessage]], seat: BoardOwner) -> None:
        """Processes the stream until it ends; `_lost` ends it from outside, or has done so before it began."""
        try:
            async with asyncio.timeout(None) as self._patience:
                if self._cut is not None:
                    raise self._cut
                async for arrived in incoming:
                    await self._inbound.apply(seat, arrived)
                    for one in arrived:
                        await self._said(one, seat)
                    if arrived:
                        self._update_position()
        except TimeoutError:
            raise self._cut or Unreachable("cut") from None
        except UnreadableContent:  # from the same cursor it would come again
            self._inbound.doubt()
            raise
        finally:
            self._patience = None

    def _update_position(self) -> None:
        """Called after an arrival, which may have brought what was missing."""
        at = self._inbound.standing
        if at is not None:
            self._connection.at(at.seq, self._head)
            if at.seq >= self._head:
                self._connection.age(stale=False)
        self._connection.heard()

    async def _said(self, arrived: StreamMessage, seat: BoardOwner) -> None:
        if isinstance(message := arrived.message, Heartbeat):
            await self._beat(message, seat)
        elif isinstance(message, Bye):
            raise Ended("bye", code=message.code, retry_after=message.retry_s)
        elif isinstance(message, ScopeChanged):
            raise Gone("the scope has moved", code="scope")

    async def _beat(self, beat: Heartbeat, seat: BoardOwner) -> None:
        at = self._inbound.standing
        self._clock.told(beat.now, ago=(self._connection.round_trip or 0.0) / 2)
        if at is not None and beat.scope_ver not in (None, at.scope_ver):
            raise Gone("the scope has moved, and nobody said so", code="scope")
        if at is not None:
            self._connection.at(at.seq, beat.head)
        self._connection.heard(skew=self._clock.skew)
        is_behind = at is None or at.seq < beat.head
        self._behind = self._behind + 1 if is_behind else 0
        self._head = beat.head
        if self._behind >= _BEATS_BEHIND:
            raise Unreachable("behind for two heartbeats", code="behind")
        if not is_behind:
            await self._check_digest(beat, seat)

    async def _check_digest(self, beat: Heartbeat, seat: BoardOwner) -> None:
        """Called when everything visible has arrived: the mirror can be compared with the platform's digest."""
        if beat.now > self._last_level_at:  # a repeated heartbeat proves nothing
            self._last_level_at = beat.now
            await self._store.caught_up()
        if beat.digest is not None and not await self._inbound.agrees(seat, beat.digest):
            raise MirrorDoubt("what is here is not what the platform has", code="digest")
        self._beats += 1
        if self._beats % _CLEAR_OUT == 1:
            await self._inbound.clear_out(seat)

    async def _after(self, fault: PlatformFault) -> None:
        """Handles the end of a connection: a doubt about the board, a state, a wait."""
        if self._clock.mono() - self._live_since >= _STEADY:
            self._failures = 0
            self._resync.was_steady()
        self._live_since = math.inf
        self._failures += 1
        self._resync.ended(fault, failures=self._failures)
        if self._resync.is_too_new:
            fault = NewerProtocol(fault.about, code=UNREADABLE)
        if self._seated is not None:
            self._outbound.wait_for(self._seated[1].user, fault.code, fault.about)
        if isinstance(fault, (NewerProtocol, WrongPlatform)):
            self._connection.to(State.REFUSED, code=fault.code, about=fault.about)
            await self._timing.sleep(REFUSED_AGAIN)
        elif isinstance(fault, NoRole):
            self._connection.to(State.REFUSED, code=fault.code, about=fault.about)
            await self._timing.sleep(ROLE_AGAIN * (0.5 + self._timing.chance() / 2))
        elif self._failures > 1 or not isinstance(fault, (Expired, FrameGap, Gone, MirrorDoubt, WrongEpoch)):
            await self._wait(fault)

    async def _wait(self, fault: PlatformFault) -> None:
        seconds = full_jitter(self._failures - 1, self._timing.chance(), asked=fault.retry_after)
        retry_at = later(self._clock.now(), seconds)
        self._connection.to(State.WAITING, code=fault.code, about=fault.about, retry_at=retry_at)
        await self._timing.sleep(seconds)

    def _lost(self, fault: PlatformFault) -> None:
        """Commands can no longer leave: reconnects, and so finds out why."""
        is_sure = not isinstance(fault, (SignedOut, NoRole))
        self._cut = fault if is_sure else Unreachable("is that so?", code=fault.code)
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time())

"""The line to the platform: hello, snapshot or stream from the cursor, and again after whatever ends it."""

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
    SignedOut,
    Unreachable,
    UnreadableContent,
    WorldFault,
    WrongEpoch,
    WrongPlatform,
)
from commandcenter.client.seated import as_of
from commandcenter.client.stream import Arrived, Ended, Expired, listening
from commandcenter.domain.people import Person
from commandcenter.protocol.frames import Bye, Heartbeat, Hello, ScopeMoved
from commandcenter.sync.batches import Route
from commandcenter.sync.clock import PlatformClock, later
from commandcenter.sync.connection import UNREADABLE, Connection, State
from commandcenter.sync.errands import Errands, is_ending
from commandcenter.sync.inbound import Doubt, Gap, Inbound
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.mending import Mending
from commandcenter.sync.outbound import Outbound
from commandcenter.sync.seat import Seat
from commandcenter.sync.world import Chances

if TYPE_CHECKING:
    from commandcenter.client.session import Session

REFUSED_AGAIN = 60.0  # seconds until a platform that is not ours is asked once more
ROLE_AGAIN = 10.0  # at most, until the platform is asked whether a role has begun
_BEATS_BEHIND = 2
_CLEAR_OUT = 30  # heartbeats
_STEADY = 10.0  # seconds of a live line after which a failure is a new one


class Line:
    """Moves the connection from state to state; one line at a time.

    `became` is told with every hello who sits here and since when; None: nobody, at this moment.
    """

    def __init__(
        self,
        *,
        connection: Connection,
        clock: PlatformClock,
        inbound: Inbound,
        outbound: Outbound,
        ledger: Ledger,
        errands: Errands,
        chances: Chances,
    ) -> None:
        self.seal_key: str | None = None
        self.became: Callable[[Person | None, datetime | None], None] = lambda person, since: None
        self._connection = connection
        self._clock = clock
        self._inbound = inbound
        self._outbound = outbound
        self._ledger = ledger
        self._errands = errands
        self._chances = chances
        self._running: asyncio.Task[None] | None = None
        self._whose: tuple[Session, Person] | None = None
        self._patience: asyncio.Timeout | None = None
        self._cut: WorldFault | None = None
        self._live_since = math.inf
        self._failures = self._behind = self._beats = self._head = 0
        self._mending = Mending(inbound, connection)
        self._offered: tuple[str, str, int] | None = None
        self._level_at = datetime.min.replace(tzinfo=UTC)  # the last heartbeat at which everything visible had come
        outbound.lost = self._lost

    def start(self, session: "Session", person: Person, hello: Hello) -> None:
        """Begin, with the hello that proved the platform to be ours."""
        self.seal_key = hello.seal_key
        self._begin(session, person, hello)

    def hurry(self) -> None:
        """There is word that the platform answers again: a line that waits to try once more tries now."""
        if self._connection.state is State.WAITING and self._running is not None and self._whose is not None:
            self._running.cancel()
            self._begin(*self._whose, None)

    async def stop(self) -> None:
        """Hang up; frames that are being applied are applied."""
        self._outbound.shut()
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = self._whose = None

    def _begin(self, session: "Session", person: Person, hello: Hello | None) -> None:
        self._failures, self._whose = 0, (session, person)
        self._outbound.wait_for(person.user, State.CONNECTING.value)
        self._connection.to(State.CONNECTING)
        self._running = self._errands.run(self._run(session, person, hello), "the line to the platform")

    def heard_hello(self, hello: Hello, round_trip: float) -> None:
        """Set the clock by it."""
        self._clock.told(hello.now, ago=round_trip / 2)
        self._connection.heard(round_trip=round_trip, skew=self._clock.skew)

    async def _run(self, session: "Session", person: Person, hello: Hello | None) -> None:
        while True:
            try:
                await self._once_or_nobody(session, person, hello)
            except SignedOut as out:
                self._connection.to(State.SIGNED_OUT, code=out.code, about=out.about)
                self._outbound.wait_for(person.user, out.code, out.about)
                return
            except (WorldFault, FileFault) as wrong:
                fault: WorldFault = wrong if isinstance(wrong, WorldFault) else WorldFault(wrong.about, code=wrong.code)
            except Exception as wrong:  # ours: said once, and the line goes on all the same
                self._errands.report(wrong, "the line to the platform")
                fault = WorldFault(type(wrong).__name__, code="internal")
            finally:
                self._outbound.shut()
            if is_ending():
                return
            await self._after(fault)
            hello = None
            self._connection.to(State.CONNECTING)

    async def _once_or_nobody(self, session: "Session", person: Person, hello: Hello | None) -> None:
        """NoRole, after everything that was seen is gone."""
        try:
            await self._once(session, person, hello)
        except NoRole:
            await self._inbound.forget("no role")
            self.became(None, None)
            raise

    async def _once(self, session: "Session", person: Person, hello: Hello | None) -> None:
        if hello is None:
            hello = await session.hello(self._ledger.tokens.newest(person.scope.district))
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
        """Who sits here now; whoever has become somebody else sees nothing of what they saw before."""
        former = person if self._whose is None else self._whose[1]
        present = as_of(hello, former)
        if present != former:
            await self._inbound.forget("another role")
        self._whose = (session, present)
        self.became(present, hello.since)
        return present

    async def _offer_again(self, hello: Hello) -> None:
        lineage = (hello.district, hello.seal_key, hello.epoch)  # another district may count the same epoch
        if lineage != self._offered:
            await self._errands.whole(self._offer(hello, lineage), "offer again what a restore took back")

    async def _offer(self, hello: Hello, lineage: tuple[str, str, int]) -> None:
        """Never by halves: what the journal has as kept once more would be offered by nobody until the next start."""
        lost = await self._ledger.offer_again(hello.district, hello.epoch, hello.bases)
        self._offered = lineage
        if lost:
            self._connection.note("restored", str(lost))

    async def _listen(self, session: "Session", seat: Seat, hello: Hello) -> None:
        at = self._inbound.standing
        if at is None:
            raise Doubt("no board")
        async with listening(session, epoch=at.epoch, after=at.seq) as incoming:
            self._live_since, self._behind = self._clock.mono(), 0
            self._level_at = min(self._level_at, hello.now)  # a heartbeat from the future does not count for ever
            self._connection.to(State.LIVE)
            self._head = hello.head
            self._connection.at(at.seq, hello.head)
            self._connection.age(stale=at.seq < hello.head)
            await self._take(incoming, seat)
        raise Expired() if session.is_expiring else Ended()

    async def _take(self, incoming: AsyncIterator[list[Arrived]], seat: Seat) -> None:
        """Everything until the stream ends; `_lost` ends it from outside, or has done so before it began."""
        try:
            async with asyncio.timeout(None) as self._patience:
                if self._cut is not None:
                    raise self._cut
                async for arrived in incoming:
                    await self._inbound.apply(seat, arrived)
                    for one in arrived:
                        await self._said(one, seat)
                    if arrived:
                        self._level_again()
        except TimeoutError:
            raise self._cut or Unreachable("cut") from None
        except UnreadableContent:  # from the same place it would come again
            self._inbound.doubt()
            raise
        finally:
            self._patience = None

    def _level_again(self) -> None:
        """Something came: that may have been what was missing."""
        at = self._inbound.standing
        if at is not None:
            self._connection.at(at.seq, self._head)
            if at.seq >= self._head:
                self._connection.age(stale=False)
        self._connection.heard()

    async def _said(self, arrived: Arrived, seat: Seat) -> None:
        message = arrived.message
        if isinstance(message, Heartbeat):
            await self._beat(message, seat)
        elif isinstance(message, Bye):
            raise Ended("bye", code=message.code, retry_after=message.retry_s)
        elif isinstance(message, ScopeMoved):
            raise Gone("the scope has moved", code="scope")

    async def _beat(self, beat: Heartbeat, seat: Seat) -> None:
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
            await self._level(beat, seat)

    async def _level(self, beat: Heartbeat, seat: Seat) -> None:
        """Everything visible has come: a moment to look whether it is what the platform has."""
        if beat.now > self._level_at:  # one that came twice proves nothing the second time
            self._level_at = beat.now
            await self._ledger.caught_up()
        if beat.digest is not None and not await self._inbound.agrees(seat, beat.digest):
            raise Doubt("what is here is not what the platform has", code="digest")
        self._beats += 1
        if self._beats % _CLEAR_OUT == 1:
            await self._inbound.clear_out(seat)

    async def _after(self, fault: WorldFault) -> None:
        """What follows from the end of a line: a doubt about the board, a state, a wait."""
        if self._clock.mono() - self._live_since >= _STEADY:
            self._failures = 0
            self._mending.was_steady()
        self._live_since = math.inf
        self._failures += 1
        self._mending.ended(fault, failures=self._failures)
        if self._mending.is_too_new:
            fault = NewerProtocol(fault.about, code=UNREADABLE)
        if self._whose is not None:
            self._outbound.wait_for(self._whose[1].user, fault.code, fault.about)
        if isinstance(fault, (NewerProtocol, WrongPlatform)):
            self._connection.to(State.REFUSED, code=fault.code, about=fault.about)
            await self._chances.sleep(REFUSED_AGAIN)
        elif isinstance(fault, NoRole):
            self._connection.to(State.REFUSED, code=fault.code, about=fault.about)
            await self._chances.sleep(ROLE_AGAIN * (0.5 + self._chances.chance() / 2))
        elif self._failures > 1 or not isinstance(fault, (Expired, Gap, Gone, Doubt, WrongEpoch)):
            await self._wait(fault)

    async def _wait(self, fault: WorldFault) -> None:
        seconds = full_jitter(self._failures - 1, self._chances.chance(), asked=fault.retry_after)
        retry_at = later(self._clock.now(), seconds)
        self._connection.to(State.WAITING, code=fault.code, about=fault.about, retry_at=retry_at)
        await self._chances.sleep(seconds)

    def _lost(self, fault: WorldFault) -> None:
        """Commands cannot leave any more: the line begins anew, and so finds out why."""
        is_sure = not isinstance(fault, (SignedOut, NoRole))
        self._cut = fault if is_sure else Unreachable("is that so?", code=fault.code)
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time())

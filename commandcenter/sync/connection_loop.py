"""Keeps the connection to the platform: hello, then a snapshot or the stream from the cursor, again after every end."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commandcenter.cache.faults import FileFault
from commandcenter.client.errors import NoRole, PlatformFault, SignedOut
from commandcenter.domain.people import Person
from commandcenter.protocol.messages import Hello
from commandcenter.sync.background_tasks import BackgroundTasks, is_ending
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.handshake import Handshake, SignedIn
from commandcenter.sync.inbound import Inbound
from commandcenter.sync.outbound import Outbound
from commandcenter.sync.reconnection import Reconnection
from commandcenter.sync.stream_listener import StreamListener

if TYPE_CHECKING:
    from commandcenter.client.session import Session

_NAME = "the line to the platform"


@dataclass(frozen=True, slots=True)
class _Running:
    """Who is signed in, and the task that keeps their connection."""

    who: SignedIn
    task: asyncio.Task[None]


class ConnectionLoop:
    """Moves the connection from state to state; there is one connection at a time."""

    def __init__(
        self,
        *,
        connection: Connection,
        inbound: Inbound,
        outbound: Outbound,
        tasks: BackgroundTasks,
        handshake: Handshake,
        listener: StreamListener,
        reconnection: Reconnection,
    ) -> None:
        self._connection = connection
        self._inbound = inbound
        self._outbound = outbound
        self._tasks = tasks
        self._handshake = handshake
        self._listener = listener
        self._reconnection = reconnection
        self._running: _Running | None = None  # None: stopped

    def start(self, session: "Session", person: Person, hello: Hello) -> None:
        """Starts with the hello that proved the platform to be the right one."""
        self._handshake.accept(hello, session.round_trip or 0.0)
        self._begin(SignedIn(session, person), hello)

    def hurry(self) -> None:
        """Retries now if the loop waits for its next try: the platform is reported to answer again."""
        if self._connection.state is State.WAITING and self._running is not None:
            self._running.task.cancel()
            self._begin(self._running.who, None)

    async def stop(self) -> None:
        """Disconnects; frames that are being applied are applied completely."""
        self._outbound.shut()
        if self._running is not None:
            self._running.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running.task
            self._running = None

    def _begin(self, who: SignedIn, hello: Hello | None) -> None:
        self._reconnection.reset()
        self._outbound.wait_for(who.person.user, State.CONNECTING.value)
        self._connection.to(State.CONNECTING)
        self._running = _Running(who, self._tasks.run(self._run(who, hello), _NAME))

    async def _run(self, who: SignedIn, hello: Hello | None) -> None:
        while True:
            try:
                await self._connect(who, hello)
            except SignedOut as out:
                self._connection.to(State.SIGNED_OUT, code=out.code, about=out.about)
                self._outbound.wait_for(who.person.user, out.code, out.about)
                return
            except PlatformFault as wrong:
                fault = wrong
            except FileFault as wrong:
                fault = PlatformFault(wrong.about, code=wrong.code)
            except Exception as wrong:  # an internal error: reported, and the loop goes on
                self._tasks.report(wrong, _NAME)
                fault = PlatformFault(type(wrong).__name__, code="internal")
            finally:
                self._outbound.shut()
            if is_ending():
                return
            fault = self._reconnection.ended(fault)
            self._outbound.wait_for(who.person.user, fault.code, fault.about)
            await self._reconnection.pause(fault)
            hello = None
            self._connection.to(State.CONNECTING)

    async def _connect(self, who: SignedIn, hello: Hello | None) -> None:
        """Connects once, until that ends with a fault; when it is NoRole, the board is cleared before."""
        try:
            opened = await self._handshake.open(who, hello)
            self._listener.begin()  # before commands can leave: what they find out from now on cuts this stream
            self._outbound.open(opened.route)
            if not self._inbound.continues(opened.hello):
                self._connection.to(State.SNAPSHOT)
                await self._inbound.take_snapshot(who.session, opened.owner, opened.hello)
            await self._listener.listen(who.session, opened.owner, opened.hello)
        except NoRole:
            await self._handshake.lose_role()
            raise

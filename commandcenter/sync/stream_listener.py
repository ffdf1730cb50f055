"""Reads the event stream and applies what arrives, until the stream ends or is cut from outside."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from commandcenter.client.errors import Gone, NoRole, PlatformFault, SignedOut, Unreachable, UnreadableContent
from commandcenter.client.stream import Ended, Expired, StreamMessage, open_stream
from commandcenter.protocol.events import Bye, Heartbeat, Message, ScopeChanged
from commandcenter.protocol.messages import Hello
from commandcenter.sync.board_owner import BoardOwner
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.heartbeat_monitor import HeartbeatMonitor
from commandcenter.sync.inbound import Inbound, MirrorDoubt

if TYPE_CHECKING:
    from commandcenter.client.session import Session


class StreamListener:
    """Listens to one stream at a time; calls `went_live` when one is open."""

    def __init__(
        self, connection: Connection, inbound: Inbound, heartbeats: HeartbeatMonitor, went_live: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._inbound = inbound
        self._heartbeats = heartbeats
        self._went_live = went_live
        self._patience: asyncio.Timeout | None = None  # None: no stream is being read
        self._cut: PlatformFault | None = None

    def begin(self) -> None:
        """Begins a connection: what cut the former one does not end this one."""
        self._cut = None

    def cut(self, fault: PlatformFault) -> None:
        """Ends the stream, or the next one at its beginning: commands can no longer leave. A new hello says why."""
        is_sure = not isinstance(fault, (SignedOut, NoRole))
        self._cut = fault if is_sure else Unreachable("is that so?", code=fault.code)
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time())

    async def listen(self, session: "Session", owner: BoardOwner, hello: Hello) -> None:
        """Applies the stream to the board of `owner` as long as it lasts; always ends with a PlatformFault."""
        at = self._inbound.position.at
        if at is None:
            raise MirrorDoubt("no board")
        async with open_stream(session, epoch=at.epoch, after=at.seq, scope_ver=at.scope_ver) as incoming:
            self._went_live()
            self._connection.to(State.LIVE)
            self._heartbeats.begin(hello, at.seq)
            await self._take(incoming, owner)
        raise Expired() if session.is_expiring else Ended()

    async def _take(self, incoming: AsyncIterator[list[StreamMessage]], owner: BoardOwner) -> None:
        try:
            async with asyncio.timeout(None) as self._patience:
                if self._cut is not None:
                    raise self._cut
                async for arrived in incoming:
                    await self._inbound.apply(owner, arrived)
                    for one in arrived:
                        await self._heed(one.message, owner)
                    if arrived:
                        self._heartbeats.arrived()
        except TimeoutError:
            raise self._cut or Unreachable("cut") from None
        except UnreadableContent:  # from the same cursor it would come again
            self._inbound.doubt()
            raise
        finally:
            self._patience = None

    async def _heed(self, message: Message, owner: BoardOwner) -> None:
        if isinstance(message, Heartbeat):
            await self._heartbeats.beat(message, owner)
        elif isinstance(message, Bye):
            raise Ended("bye", code=message.code, retry_after=message.retry_s)
        elif isinstance(message, ScopeChanged):
            raise Gone("the scope has moved", code="scope")

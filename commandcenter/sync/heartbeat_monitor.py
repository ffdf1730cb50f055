"""Checks by the platform's heartbeats that nothing is missing on the board."""

from datetime import UTC, datetime

from commandcenter.client.errors import Gone, Unreachable
from commandcenter.protocol.events import Heartbeat
from commandcenter.protocol.messages import Hello
from commandcenter.sync.board_owner import BoardOwner
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.connection import Connection
from commandcenter.sync.inbound import Inbound, MirrorDoubt

_BEATS_BEHIND = 2
_CLEAR_OUT = 30  # heartbeats from one clear-out to the next


class HeartbeatMonitor:
    """Is informed of each stream, of what arrives on it and of its heartbeats, in order."""

    def __init__(self, connection: Connection, clock: PlatformClock, inbound: Inbound, answers: CommandAnswers) -> None:
        self._connection = connection
        self._clock = clock
        self._inbound = inbound
        self._answers = answers
        self._behind = self._beats = self._head = 0
        self._level_at = datetime.min.replace(tzinfo=UTC)  # platform time of the last heartbeat with nothing missing

    def begin(self, hello: Hello, seq: int) -> None:
        """Begins a stream after the position `seq` of the log that `hello` describes."""
        self._behind, self._head = 0, hello.head
        self._level_at = min(self._level_at, hello.now)  # or a heartbeat from the future would block all later ones
        self._connection.at(seq, hello.head)
        self._connection.age(stale=seq < hello.head)

    def arrived(self) -> None:
        """Shows the position after an arrival, which may have brought what was missing."""
        at = self._inbound.position.at
        if at is not None:
            self._connection.at(at.seq, self._head)
            if at.seq >= self._head:
                self._connection.age(stale=False)
        self._connection.heard()

    async def beat(self, beat: Heartbeat, owner: BoardOwner) -> None:
        """Compares the board of `owner` with a heartbeat.

        Raises Gone (made for another scope), Unreachable (behind twice in a row) or MirrorDoubt (it differs).
        """
        at = self._inbound.position.at
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
            await self._check_digest(beat, owner)

    async def _check_digest(self, beat: Heartbeat, owner: BoardOwner) -> None:
        """Called when everything visible has arrived: the mirror can be compared with the platform's digest."""
        is_later, self._level_at = beat.now > self._level_at, beat.now  # the platform's clock may have been set back
        if is_later:  # a repeated heartbeat proves nothing
            await self._answers.end_invisible()
        if beat.digest is not None and not await self._inbound.agrees(owner, beat.digest):
            raise MirrorDoubt("what is here is not what the platform has", code="digest")
        self._beats += 1
        if self._beats % _CLEAR_OUT == 1:
            await self._inbound.clear_out(owner)

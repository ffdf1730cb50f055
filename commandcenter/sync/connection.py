"""The connection as the screens see it: its state, what it waits for, and whether the board may be out of date."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commandcenter.client.errors import NewerRecord
from commandcenter.domain.rules import OFFLINE, Offline, Rule
from commandcenter.protocol import codes
from commandcenter.store.signal import Signal


class State(StrEnum):
    """The state of the console's connection to its platform."""

    STARTING = "starting"
    CONNECTING = "connecting"
    SNAPSHOT = "snapshot"
    LIVE = "live"
    WAITING = "waiting"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"


_NEXT: dict[State, frozenset[State]] = {
    State.STARTING: frozenset({State.CONNECTING}),
    State.CONNECTING: frozenset({State.SNAPSHOT, State.LIVE, State.WAITING, State.SIGNED_OUT, State.REFUSED}),
    State.SNAPSHOT: frozenset({State.LIVE, State.WAITING, State.SIGNED_OUT, State.REFUSED, State.CONNECTING}),
    State.LIVE: frozenset({State.CONNECTING, State.SNAPSHOT, State.WAITING, State.SIGNED_OUT, State.REFUSED}),
    State.WAITING: frozenset({State.CONNECTING, State.SIGNED_OUT, State.REFUSED}),
    State.SIGNED_OUT: frozenset({State.CONNECTING}),
    State.REFUSED: frozenset({State.CONNECTING, State.SIGNED_OUT, State.WAITING}),
}


NO_ROLE, SIGNED_OUT = codes.NO_ROLE, codes.SIGNED_OUT  # for the screens, which know no protocol
UNREADABLE = "unreadable"  # the code of REFUSED when this program cannot read the platform's messages
OLDER = NewerRecord.code  # also of the log entry when records of a newer platform cannot be read
_GOOD = frozenset({"restored", "platform_restarted", "cache_rebuilt", "closed", "bye"})  # logged, but not faults


@dataclass(frozen=True, slots=True)
class LoggedState:
    """One entry of the connection's log."""

    at: datetime
    state: State
    code: str | None = None
    about: str = ""


class Connection:
    """The state of the connection, read by the screens and changed by the connection loop alone.

    Times are the platform's (UTC); `round_trip` and `skew` are seconds. `progress` is (records received, records in
    all) during a snapshot, `retry_at` the time of the next try while waiting; `code` and `about` say why it waits, is
    refused or signed out; `stale`: what is shown may be out of date. `cursor` is the board's position in the log,
    `head` the last position that this seat could have; `last_frame`: when the cursor last advanced; `unread`: how many
    records of a newer platform this program cannot read.
    """

    changed: Signal[None]

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.changed = Signal()
        self.state = State.STARTING
        self.code: str | None = None
        self.about = ""
        self.progress: tuple[int, int] | None = None
        self.retry_at: datetime | None = None
        self.last_heard: datetime | None = None
        self.round_trip: float | None = None
        self.skew: float | None = None
        self.stale = True
        self.cursor: int | None = None
        self.head: int | None = None
        self.last_frame: datetime | None = None
        self.unread = 0
        self.log: deque[LoggedState] = deque(maxlen=200)
        self._now = now

    def to(self, state: State, *, code: str | None = None, about: str = "", retry_at: datetime | None = None) -> None:
        """Moves to `state`; raises AssertionError for a transition that is not allowed."""
        if state is not self.state and state not in _NEXT[self.state]:
            raise AssertionError(f"from {self.state} to {state}")
        if (state, code) != (self.state, self.code):
            self.log.append(LoggedState(self._now(), state, code, about))
        self.state, self.code, self.about, self.retry_at = state, code, about, retry_at
        self.progress = None
        if state not in (State.LIVE, State.CONNECTING, State.SNAPSHOT):
            self.stale = True
        self.changed.emit(None)

    def note(self, code: str, about: str = "") -> None:
        """Adds an entry to the log; the state does not change."""
        self.log.append(LoggedState(self._now(), self.state, code, about))
        self.changed.emit(None)

    def came(self, records: int, of: int) -> None:
        """Sets how many records of a snapshot have arrived, out of `of`."""
        self.progress = (records, of)
        self.changed.emit(None)

    def heard(self, *, round_trip: float | None = None, skew: float | None = None) -> None:
        """Records that the platform was heard just now; `round_trip` and `skew` in seconds."""
        self.last_heard = self._now()
        self.round_trip = self.round_trip if round_trip is None else round_trip
        self.skew = self.skew if skew is None else skew
        self.changed.emit(None)

    def at(self, cursor: int, head: int) -> None:
        """Sets the positions of the board and of the log; `changed` is emitted with the next `heard`."""
        if self.cursor is not None and cursor > self.cursor:
            self.last_frame = self._now()
        self.cursor, self.head = cursor, max(cursor, head)

    def outgrown(self, unread: int) -> None:
        """Sets how many records of a newer platform cannot be read; logs the first."""
        if unread and not self.unread:
            self.log.append(LoggedState(self._now(), self.state, OLDER, str(unread)))
        if unread != self.unread:
            self.unread = unread
            self.changed.emit(None)

    def refuse_unless_live(self, rule: Rule) -> str | None:
        """Refuses a command of that rule while the connection is not live, unless it is one that is kept."""
        return OFFLINE if rule.offline is Offline.REFUSED and self.state is not State.LIVE else None

    @property
    def last_fault(self) -> LoggedState | None:
        """The newest fault in the log (its last 200 entries), or None."""
        return next((entry for entry in reversed(self.log) if entry.code and entry.code not in _GOOD), None)

    @property
    def lag(self) -> int | None:
        """By how many positions of the log the board is behind; None before the first stream."""
        return None if self.cursor is None or self.head is None else self.head - self.cursor

    def age(self, *, stale: bool) -> None:
        """Sets whether what is shown may be out of date."""
        if stale is not self.stale:
            self.stale = stale
            self.changed.emit(None)

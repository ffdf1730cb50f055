"""The connection as everybody sees it: one state at a time, what it waits for, and how old the board may be."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commandcenter.store.signal import Signal


class State(StrEnum):
    """Where the console stands with its platform."""

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


UNREADABLE = "unreadable"  # the code of REFUSED when this program cannot read what the platform says
_GOOD = frozenset({"restored", "platform_restarted", "cache_rebuilt", "closed", "bye"})  # told, but nothing is wrong


@dataclass(frozen=True, slots=True)
class LoggedState:
    """A line of the connection's log."""

    at: datetime
    state: State
    code: str | None = None
    about: str = ""


class Connection:
    """Read by the screens, moved by the line alone. Times are the platform's (UTC); `round_trip` and `skew` seconds.

    `progress` = (records come, records in all) while a snapshot comes; `retry_at` while waiting; `code` and `about` say
    why it waits, is refused or signed out; `stale`: what is shown may be old. `cursor` is how far the board is in the
    log, `head` how far the platform says that this seat could be; `last_frame`: when something last changed there.
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
        self.log: deque[LoggedState] = deque(maxlen=200)
        self._now = now

    def to(self, state: State, *, code: str | None = None, about: str = "", retry_at: datetime | None = None) -> None:
        """Move to `state`; a move that the machine does not know is an error of ours."""
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
        """A line for the log that changes nothing."""
        self.log.append(LoggedState(self._now(), self.state, code, about))
        self.changed.emit(None)

    def came(self, records: int, of: int) -> None:
        """How far a snapshot has come."""
        self.progress = (records, of)
        self.changed.emit(None)

    def heard(self, *, round_trip: float | None = None, skew: float | None = None) -> None:
        """The platform spoke."""
        self.last_heard = self._now()
        self.round_trip = self.round_trip if round_trip is None else round_trip
        self.skew = self.skew if skew is None else skew
        self.changed.emit(None)

    def at(self, cursor: int, head: int) -> None:
        """Where the board stands in the log, and where the log does; told on with what is heard next."""
        if self.cursor is not None and cursor > self.cursor:
            self.last_frame = self._now()
        self.cursor, self.head = cursor, max(cursor, head)

    @property
    def last_fault(self) -> LoggedState | None:
        """The last thing that went wrong, however long ago in this run."""
        return next((entry for entry in reversed(self.log) if entry.code and entry.code not in _GOOD), None)

    @property
    def lag(self) -> int | None:
        """How many places of the log this board is behind; None before the first heartbeat."""
        return None if self.cursor is None or self.head is None else self.head - self.cursor

    def age(self, *, stale: bool) -> None:
        """Whether what is shown may be old."""
        if stale is not self.stale:
            self.stale = stale
            self.changed.emit(None)

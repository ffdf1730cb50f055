"""What the end of a line says of the board: ask for a gap again, take a new snapshot, or be calm for a while."""

from commandcenter.client.errors import Gone, PlatformFault, UnreadableContent, WrongEpoch
from commandcenter.sync.connection import Connection
from commandcenter.sync.inbound import FrameGap, Inbound, MirrorDoubt

MOST = 3  # times in a row that the platform's words are asked for once more before that is said


class ResyncPolicy:
    """Hears how each line ended, in their order."""

    def __init__(self, inbound: Inbound, connection: Connection) -> None:
        self._inbound = inbound
        self._connection = connection
        self._gap_at = -1
        self._unread = 0

    @property
    def is_too_new(self) -> bool:
        """Whether the platform said again and again what this program cannot read."""
        return self._unread >= MOST

    def was_steady(self) -> None:
        """The line that ended had been live for a while."""
        self._unread = 0

    def ended(self, fault: PlatformFault, *, failures: int) -> None:
        """A gap is asked for again; the same one a second time, a lost place in the log, or words that cannot be read
        need a snapshot. `failures`: so many lines have ended in a row.
        """
        if isinstance(fault, (FrameGap, Gone, MirrorDoubt)):
            self._connection.note(fault.code, fault.about)
        at = -1 if self._inbound.standing is None else self._inbound.standing.seq
        once_more = isinstance(fault, FrameGap) and at == self._gap_at
        is_new_log = isinstance(fault, WrongEpoch) and failures > 1
        if isinstance(fault, (Gone, MirrorDoubt)) or once_more or is_new_log:
            self._inbound.doubt()
        self._gap_at = at if isinstance(fault, FrameGap) else -1
        self._unread += isinstance(fault, UnreadableContent)

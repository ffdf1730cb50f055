"""Decides what the end of a connection means for the board: go on from the cursor, or take a new snapshot."""

from commandcenter.client.errors import Gone, PlatformFault, UnreadableContent, WrongEpoch
from commandcenter.sync.connection import Connection
from commandcenter.sync.inbound import FrameGap, Inbound, MirrorDoubt

MOST = 3  # unreadable messages without a steady connection between: the platform is too new


class ResyncPolicy:
    """Is informed how each connection ended, in order."""

    def __init__(self, inbound: Inbound, connection: Connection) -> None:
        self._inbound = inbound
        self._connection = connection
        self._gap_at = -1
        self._unread = 0

    @property
    def is_too_new(self) -> bool:
        """Whether the platform repeatedly sent what this program cannot read."""
        return self._unread >= MOST

    def was_steady(self) -> None:
        """Records that the connection that ended had been live for a while."""
        self._unread = 0

    def ended(self, fault: PlatformFault, *, failures: int) -> None:
        """Requires a snapshot for the same gap twice, a lost log position, a doubted mirror, or a lasting new epoch.

        A first gap is only requested again. `failures`: how many connections in a row have failed.
        """
        if isinstance(fault, (FrameGap, Gone, MirrorDoubt)):
            self._connection.note(fault.code, fault.about)
        position = self._inbound.position.at
        at = -1 if position is None else position.seq
        once_more = isinstance(fault, FrameGap) and at == self._gap_at
        is_new_log = isinstance(fault, WrongEpoch) and failures > 1
        if isinstance(fault, (Gone, MirrorDoubt)) or once_more or is_new_log:
            self._inbound.doubt()
        self._gap_at = at if isinstance(fault, FrameGap) else -1
        self._unread += isinstance(fault, UnreadableContent)

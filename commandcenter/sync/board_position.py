"""Where the board is in the log of its platform."""

from commandcenter.cache.mirror import MirrorPosition


class BoardPosition:
    """`at` is the owner and log position of the board, None while it is empty; set by Inbound alone."""

    def __init__(self) -> None:
        self.at: MirrorPosition | None = None

    def in_epoch(self, epoch: int) -> int:
        """Returns the position in `epoch`; -1 when the board is in another one, or empty."""
        return self.at.seq if self.at is not None and self.at.epoch == epoch else -1

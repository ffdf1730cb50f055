"""Who a board is for: whoever writes the board or the mirror holds the seat, and the seat of before writes no more."""

from dataclasses import dataclass

from commandcenter.cache.mirror import MirrorPosition
from commandcenter.client.errors import PlatformFault
from commandcenter.protocol.messages import Hello


class OwnerChanged(PlatformFault):
    """Another has sat down meanwhile, or nobody sits here any more: what came for the seat of before is not written."""

    code = "unseated"


@dataclass(frozen=True, slots=True, eq=False)
class BoardOwner:
    """One time that somebody sat down, which no other equals: `user` in `district` of the platform `lineage`."""

    user: str
    district: str
    lineage: str

    def owns(self, at: MirrorPosition) -> bool:
        """Whether a board that stands at `at` may be shown here."""
        return at.is_of(self.user, self.district, self.lineage)

    def begins(self, hello: Hello) -> MirrorPosition:
        """Where a board of this seat begins, in the log that `hello` tells of."""
        return MirrorPosition(self.user, self.district, self.lineage, hello.epoch, hello.scope_ver, 0)

"""Identifies for whom board and mirror are written: the current owner writes, former owners no longer can."""

from dataclasses import astuple, dataclass

from commandcenter.cache.mirror import MirrorPosition
from commandcenter.client.errors import PlatformFault
from commandcenter.protocol.messages import Hello


class OwnerChanged(PlatformFault):
    """Another user has signed in, or nobody is signed in: data for the former owner is not written."""

    code = "unseated"


@dataclass(frozen=True, slots=True, eq=False)
class BoardOwner:
    """One claim to the board by `user` in `district` of the platform `lineage`; no two are equal."""

    user: str
    district: str
    lineage: str

    def owns(self, at: MirrorPosition) -> bool:
        """Returns whether a board at the position `at` may be shown to this owner."""
        return at.is_of(self.user, self.district, self.lineage)

    def may_keep(self, at: MirrorPosition | None, former: "BoardOwner | None") -> bool:
        """Returns whether what `former` left, with a board at `at`, belongs to this owner too, or to nobody."""
        is_former = former is None or astuple(former) == astuple(self)
        return is_former if at is None else self.owns(at)

    def begins(self, hello: Hello) -> MirrorPosition:
        """Returns the position at which a board of this owner begins in the log that `hello` describes."""
        return MirrorPosition(self.user, self.district, self.lineage, hello.epoch, hello.scope_ver, 0)

"""Who a board is for: whoever writes the board or the mirror holds the seat, and the seat of before writes no more."""

from dataclasses import astuple, dataclass

from commandcenter.cache.mirror import Standing
from commandcenter.client.errors import WorldFault
from commandcenter.protocol.frames import Hello


class Unseated(WorldFault):
    """Another has sat down meanwhile, or nobody sits here any more: what came for the seat of before is not written."""

    code = "unseated"


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """One time that somebody sat down, which no other equals: `user` in `district` of the platform `lineage`."""

    user: str
    district: str
    lineage: str

    def owns(self, at: Standing) -> bool:
        """Whether a board that stands at `at` may be shown here."""
        return at.is_of(self.user, self.district, self.lineage)

    def may_keep(self, at: Standing | None, former: "Seat | None") -> bool:
        """Whether what is kept here from `former`, with a board that stands at `at`, is its own too, or nobody's."""
        is_former = former is None or astuple(former) == astuple(self)
        return is_former if at is None else self.owns(at)

    def begins(self, hello: Hello) -> Standing:
        """Where a board of this seat begins, in the log that `hello` tells of."""
        return Standing(self.user, self.district, self.lineage, hello.epoch, hello.scope_ver, 0)

"""What a write changed: a screen asks whether it is concerned, then reads the board."""

from dataclasses import dataclass

from commandcenter.domain.records import KINDS, Ref, is_live


@dataclass(frozen=True, slots=True)
class Touched:
    """The changed records, or `everything`."""

    refs: frozenset[Ref] = frozenset()
    everything: bool = False

    def concerns(self, kind: str, key: str | None = None) -> bool:
        """Returns whether records of `kind` (or the one with the id `key`) may look different now."""
        ids = self.ids(kind)
        return ids is None or (bool(ids) if key is None else key in ids)

    def ids(self, kind: str) -> frozenset[str] | None:
        """Returns the ids of the records of `kind` that may look different now; None for all.

        Live records show the names and limits of others, and so look different after any change of those.
        """
        if self.everything or (is_live(kind) and not all(is_live(other) for other, _ in self.refs)):
            return None
        return frozenset(key for other, key in self.refs if other == kind)

    @property
    def is_telemetry(self) -> bool:
        """Whether nothing changed but what devices report."""
        return not self.everything and all(kind in KINDS and KINDS[kind].is_reported for kind, _ in self.refs)

    def __or__(self, other: "Touched") -> "Touched":
        return Touched(self.refs | other.refs, self.everything or other.everything)

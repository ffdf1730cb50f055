"""What a write changed: a screen asks whether it is concerned, then reads the board."""

from dataclasses import dataclass

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Touched:
    """The ids of changed cases and crews, the names of other kinds that changed, or `everything`."""

    cases: frozenset[str] = NOTHING
    crews: frozenset[str] = NOTHING
    kinds: frozenset[str] = NOTHING
    everything: bool = False

    def concerns(self, kind: str, key: str | None = None) -> bool:
        """Returns whether records of `kind` (or the one with the id `key`) may look different now."""
        if self.everything:
            return True
        ids = {"case": self.cases, "crew": self.crews}.get(kind)
        if ids is None:
            return kind in self.kinds
        return bool(ids) if key is None else key in ids

    def __or__(self, other: "Touched") -> "Touched":
        return Touched(
            self.cases | other.cases,
            self.crews | other.crews,
            self.kinds | other.kinds,
            self.everything or other.everything,
        )


def touched(refs: "list[tuple[str, str]]") -> Touched:
    """Returns the Touched for a list of (kind, id)."""
    return Touched(
        cases=frozenset(key for kind, key in refs if kind == "case"),
        crews=frozenset(key for kind, key in refs if kind == "crew"),
        kinds=frozenset(kind for kind, _ in refs if kind not in ("case", "crew")),
    )

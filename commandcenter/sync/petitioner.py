"""Who called: held in memory while it is sealed, and nowhere else."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Petitioner:
    """Name and telephone; neither shows in a repr, so that no log or trace has them."""

    name: str = field(repr=False, default="")
    phone: str = field(repr=False, default="")

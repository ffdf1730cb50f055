"""The personal data of a caller, held in memory only, until it is sealed."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Petitioner:
    """Name and telephone number; the repr shows neither, so that no log or trace contains them."""

    name: str = field(repr=False, default="")
    phone: str = field(repr=False, default="")

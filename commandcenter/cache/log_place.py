"""How far a platform's log was seen to go, with the platform's own word for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogPlace:
    """The entry `seq` of the log of `district` in `epoch`; `lineage` is a mark of the platform itself.

    `token` is the cursor token that it gave for it, to be shown in the next hello.
    """

    district: str
    lineage: str
    epoch: int
    seq: int
    token: str

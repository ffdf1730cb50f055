"""Defines the latest known position in a platform's event log, with the cursor token issued for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownLogPosition:
    """The log entry `seq` of `district` in `epoch`; `lineage` identifies the platform itself.

    `token` is the cursor token that the platform issued for the entry; the console sends it with its next hello.
    """

    district: str
    lineage: str
    epoch: int
    seq: int
    token: str

"""Computes the digest by which console and platform compare the records of a board."""

from collections.abc import Iterable
from hashlib import sha256


def board_digest(kept: Iterable[tuple[str, str, int]]) -> str:
    """Returns the sha256 (hex) of a line "kind id rev" for each record, sorted by kind and id.

    Ended cases must not be among `kept`: they leave a board by the clock, not by a frame.
    """
    lines = "".join(f"{kind} {key} {rev}\n" for kind, key, rev in sorted(kept))
    return sha256(lines.encode()).hexdigest()

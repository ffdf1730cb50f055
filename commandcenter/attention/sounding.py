"""When a sound is due: one for what came together, never two close to each other, none in hours that are kept quiet."""

from datetime import time

from commandcenter.attention.causes import Level

APART = 3.0  # seconds between two sounds, at least
SILENT = "none"
LEAST = {"notice": Level.NOTICE, "important": Level.IMPORTANT, "urgent": Level.URGENT}  # by the setting's choice


class SoundLimiter:
    """Holds what waits to be heard: of several levels the highest, until the sound before is long enough ago."""

    def __init__(self) -> None:
        self._waiting: Level | None = None
        self._last = float("-inf")

    def ask(self, level: Level) -> None:
        """Notes that something of `level` is to be heard."""
        self._waiting = level if self._waiting is None else max(self._waiting, level)

    def due(self, seconds: float) -> Level | None:
        """Returns the level to be heard at `seconds` of a clock that only runs forward, None for silence."""
        if self._waiting is None or seconds - self._last < APART:
            return None
        level, self._waiting, self._last = self._waiting, None, seconds
        return level


def is_audible(level: Level, *, least: str, quiet: str, at: time) -> bool:
    """Returns whether `level` is to be heard at the time of day `at`.

    `least` is the lowest level that is ("none": none is), `quiet` the hours without any sound, "22:00-07:00" or "".

    >>> is_audible(Level.URGENT, least="important", quiet="22:00-07:00", at=time(6, 59))
    False
    >>> is_audible(Level.URGENT, least="important", quiet="22:00-07:00", at=time(7))
    True
    """
    if least == SILENT or level < LEAST[least]:
        return False
    if not quiet:
        return True
    begins, ends = (time.fromisoformat(part) for part in quiet.split("-"))
    inside = begins <= at < ends if begins <= ends else at >= begins or at < ends
    return not inside

"""Computes retry delays with full jitter, so that the consoles of a city do not reconnect all at once."""

BASE = 1.0
CAP = 20.0
LONGEST = 300.0  # a longer Retry-After, of a proxy or by mistake, is cut to this


def full_jitter(attempt: int, chance: float, *, asked: float | None = None) -> float:
    """Returns the seconds to wait after `attempt` failures (0: the first), with `chance` drawn from [0, 1).

    The jitter span doubles from one second to twenty. `asked`, the platform's Retry-After in seconds, is honoured up to
    five minutes; the jitter is added to it.

    >>> full_jitter(0, 0.5), full_jitter(3, 0.5), full_jitter(50, 0.5), full_jitter(0, 0.5, asked=30)
    (0.5, 4.0, 10.0, 30.5)
    """
    span = min(CAP, BASE * 2.0 ** min(attempt, 16))
    return granted_wait(asked) + span * chance


def granted_wait(asked: float | None) -> float:
    """Returns how many of the seconds that a platform `asked` for are waited.

    >>> granted_wait(None), granted_wait(30), granted_wait(86400)
    (0.0, 30, 300.0)
    """
    return min(max(asked or 0.0, 0.0), LONGEST)

"""How long to wait before the next try: full jitter, so that a whole city's consoles do not come back at once."""

BASE = 1.0
CAP = 20.0
LONGEST = 300.0  # whoever asks for more, a proxy or a mistake, is asked again after five minutes


def full_jitter(attempt: int, chance: float, *, asked: float | None = None) -> float:
    """Seconds to wait after `attempt` failures (0: the first), `chance` drawn from [0, 1).

    The span doubles from one second to twenty; what the platform asked for (`asked`) is honoured up to
    five minutes, spread by the span.

    >>> full_jitter(0, 0.5), full_jitter(3, 0.5), full_jitter(50, 0.5), full_jitter(0, 0.5, asked=30)
    (0.5, 4.0, 10.0, 30.5)
    """
    span = min(CAP, BASE * 2.0 ** min(attempt, 16))
    return honoured(asked) + span * chance


def honoured(asked: float | None) -> float:
    """Of the seconds that a platform `asked` for, those that are waited.

    >>> honoured(None), honoured(30), honoured(86400)
    (0.0, 30, 300.0)
    """
    return min(max(asked or 0.0, 0.0), LONGEST)

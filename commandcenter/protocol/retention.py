"""How long each end remembers what the other may still need; a platform tells its own in `Hello.keep`, in seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

BACKUPS = timedelta(days=400)  # the oldest backup that is reckoned with to come back
FOR_EVER = timedelta(days=36525)
RESULTS, OUTCOMES, BACKED_UP = "results_s", "outcomes_s", "backups_s"
_RESULTS_OF_OLD = timedelta(days=30)  # of platforms that do not say


@dataclass(frozen=True, slots=True)
class Retention:
    """What a platform promises: for how long it knows whether a command had its effect, and how old a backup may be
    that comes back.
    """

    outcomes: timedelta = _RESULTS_OF_OLD
    backups: timedelta = BACKUPS

    @property
    def backup_days(self) -> int:
        """How many days a console keeps what has come to its end: never fewer than it reckons with itself."""
        return max(self.backups, BACKUPS).days


def promised(keep: Mapping[str, int]) -> Retention:
    """What `keep` of a hello says; a platform that forgets answers forgets with them what became of the commands."""
    results = keep.get(RESULTS, int(_RESULTS_OF_OLD.total_seconds()))
    outcomes, backups = keep.get(OUTCOMES, results), keep.get(BACKED_UP, 0)
    return Retention(_span(outcomes), _span(backups))


def _span(seconds: int) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), int(FOR_EVER.total_seconds())))

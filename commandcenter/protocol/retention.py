"""Defines how long console and platform keep what the other may need; a platform announces it in `Hello.keep`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

BACKUPS = timedelta(days=400)  # the oldest backup that is expected to be restored
FOR_EVER = timedelta(days=36525)
RESULTS, OUTCOMES, BACKED_UP = "results_s", "outcomes_s", "backups_s"
_RESULTS_OF_OLD = timedelta(days=30)  # of platforms that announce nothing


@dataclass(frozen=True, slots=True)
class Retention:
    """What a platform promises to keep.

    `outcomes` is how long it knows whether a command had its effect; `backups` is the age of the oldest backup that may
    be restored.
    """

    outcomes: timedelta = _RESULTS_OF_OLD
    backups: timedelta = BACKUPS

    @property
    def backup_days(self) -> int:
        """How many days a console keeps ended commands: never fewer than BACKUPS."""
        return max(self.backups, BACKUPS).days


def read_retention(keep: Mapping[str, int]) -> Retention:
    """Returns what `keep` of a hello promises, limited to 0 … FOR_EVER.

    A platform that does not announce `outcomes_s` forgets the outcomes together with the results.
    """
    results = keep.get(RESULTS, int(_RESULTS_OF_OLD.total_seconds()))
    outcomes, backups = keep.get(OUTCOMES, results), keep.get(BACKED_UP, 0)
    return Retention(_span(outcomes), _span(backups))


def _span(seconds: int) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), int(FOR_EVER.total_seconds())))

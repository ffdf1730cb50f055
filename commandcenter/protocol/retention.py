"""Defines how long console and platform keep what the other may need; a platform announces it in `Hello.keep`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

FRAMES_KEPT = timedelta(days=7)
ENDED_SHOWN_FOR = timedelta(hours=24)  # how long an ended case stays on boards
BACKUPS = timedelta(days=400)  # the oldest backup that is expected to be restored
FOR_EVER = timedelta(days=36525)
_FRAMES, _RESULTS, _OUTCOMES, _BACKUPS = "frames_s", "results_s", "outcomes_s", "backups_s"
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


def announced(*, frames: timedelta, results: timedelta) -> dict[str, int]:
    """Returns what a platform of this version announces in `Hello.keep`, in seconds."""
    kept = {_FRAMES: frames, _RESULTS: results, _OUTCOMES: FOR_EVER, _BACKUPS: BACKUPS}
    return {name: int(span.total_seconds()) for name, span in kept.items()}


def read_retention(keep: Mapping[str, int]) -> Retention:
    """Returns what `keep` of a hello promises, limited to 0 … FOR_EVER.

    A platform that does not announce `outcomes_s` forgets the outcomes together with the results.
    """
    results = keep.get(_RESULTS, int(_RESULTS_OF_OLD.total_seconds()))
    outcomes, backups = keep.get(_OUTCOMES, results), keep.get(_BACKUPS, 0)
    return Retention(_span(outcomes), _span(backups))


def _span(seconds: int) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), int(FOR_EVER.total_seconds())))

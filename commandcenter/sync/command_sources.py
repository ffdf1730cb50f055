"""What the ledger needs from outside itself for a new command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from commandcenter.sync.attestor import Attestor


@dataclass(frozen=True, slots=True)
class CommandSources:
    """Where new things come from: ids, the platform's time, a clock that does not jump, the name of this boot, and
    the proof of who gave them.
    """

    new_id: Callable[[], str]
    now: Callable[[], datetime]
    mono: Callable[[], float]
    boot: str
    attestor: Attestor

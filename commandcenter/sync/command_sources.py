"""What the command store needs from outside to create a command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from commandcenter.sync.attestor import Attestor


@dataclass(frozen=True, slots=True)
class CommandSources:
    """Sources of a new command's data: ids, platform time, monotonic seconds, the id of this boot, and the attestor."""

    new_id: Callable[[], str]
    now: Callable[[], datetime]
    mono: Callable[[], float]
    boot: str
    attestor: Attestor

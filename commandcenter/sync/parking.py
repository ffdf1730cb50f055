"""Commands that the platform fails on one by one: each steps aside and is tried again alone, at a growing pause."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

from commandcenter.client.backoff import honoured
from commandcenter.client.errors import TooLarge, Unreachable, WorldFault
from commandcenter.sync.errands import Errands
from commandcenter.sync.order import PARKED

LONGEST = 60.0  # seconds between two tries, after those that the platform asked for
OVER_QUOTA = "over_quota"  # of the account, whatever it sends: it waits as long as the platform says
_MEETS = frozenset({"bad_gateway", "timed_out"})  # without an answer of the platform, but perhaps for what was sent
_AGAIN = 2  # so many answers "retry" to one command, and it is that command

Reason = tuple[str, str]  # (code, about) as an act carries them


@dataclass(slots=True)
class _Entry:
    """`passed`: how many others had been answered when it failed for the first time; `retries`: of its `tries` those
    that the platform answered "retry" to; `is_own`: others fare better.
    """

    fault: WorldFault
    passed: int
    tries: int = 0
    retries: int = 0
    is_own: bool = False
    is_due: bool = True
    is_told: bool = False


class Parking:
    """Which commands wait aside, why, and which of them may be tried again; `freed` hears when one may."""

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]],
        chance: Callable[[], float],
        errands: Errands,
        freed: Callable[[], None],
    ) -> None:
        self._sleep = sleep
        self._chance = chance
        self._errands = errands
        self._freed = freed
        self._entries: dict[str, _Entry] = {}
        self._passed = 0

    @property
    def aside(self) -> frozenset[str]:
        """Those that may not be tried yet; as long as everything fails, each may as soon as anything is."""
        return frozenset(key for key, entry in self._entries.items() if not entry.is_due)

    @property
    def failed(self) -> Collection[str]:
        """Those that have failed; each travels alone from then on, so that it takes nothing else with it."""
        return self._entries.keys()

    @property
    def own(self) -> dict[str, Reason]:
        """The reasons of those whose trouble is known to be their own, by id: not of those that fail as all do."""
        return {key: _reason(entry.fault) for key, entry in self._entries.items() if entry.is_own}

    def tries(self, cmd_id: str) -> int:
        """How often it has failed."""
        return self._entries[cmd_id].tries if cmd_id in self._entries else 0

    def park(self, cmd_id: str, fault: WorldFault) -> bool:
        """It failed with `fault` when nothing else was sent with it; whether that is known to be its own trouble."""
        entry = self._entries.setdefault(cmd_id, _Entry(fault, self._passed))
        entry.fault = fault
        entry.tries += 1
        entry.retries += fault.code == "retry"
        is_said = is_beyond_mending(fault) or entry.retries >= _AGAIN
        entry.is_own = entry.is_own or is_said or self._passed > entry.passed
        if entry.is_own:
            entry.is_due = False
            span = min(LONGEST, 2.0 ** min(entry.tries, 16))
            seconds = honoured(fault.retry_after) + span * (0.5 + self._chance() / 2)
            self._errands.run(self._due(cmd_id, entry, seconds), "let a command try again")
        return entry.is_own

    def news(self, cmd_id: str) -> Reason | None:
        """Its reason, the first time that somebody asks since its trouble is known to be its own."""
        entry, reason = self._entries[cmd_id], self.own.get(cmd_id)
        is_news = reason is not None and not entry.is_told
        entry.is_told = entry.is_told or is_news
        return reason if is_news else None

    def through(self, cmd_ids: Collection[str]) -> None:
        """These were answered."""
        for key in cmd_ids:
            self._entries.pop(key, None)
        self._passed += len(cmd_ids)

    def all_due(self) -> None:
        """The platform may have been mended: each may be tried at once."""
        for entry in self._entries.values():
            entry.is_due = True

    def forget_others(self, cmd_ids: Iterable[str]) -> None:
        """What is not among `cmd_ids` does not wait any more."""
        for key in self._entries.keys() - set(cmd_ids) if self._entries else ():
            del self._entries[key]

    async def _due(self, cmd_id: str, entry: _Entry, seconds: float) -> None:
        tries = entry.tries
        await self._sleep(seconds)
        if self._entries.get(cmd_id) is entry and entry.tries == tries and not entry.is_due:
            entry.is_due = True
            self._freed()


def _reason(fault: WorldFault) -> Reason:
    return PARKED, fault.code if fault.code != "retry" else fault.about or "retry"


def is_beyond_mending(fault: WorldFault) -> bool:
    """Whether the platform says that it cannot take what was sent: too large, or not understood."""
    return not fault.of_sign_in and (isinstance(fault, TooLarge) or getattr(fault, "status", 0) == 422)


def may_be_of_what_was_sent(fault: WorldFault) -> bool:
    """Whether another command might fare better; not where nobody answers, or the account has to wait as a whole, nor
    where the sign-in was to be renewed: no command had left.
    """
    if fault.of_sign_in:
        return False
    if isinstance(fault, Unreachable):
        return fault.code in _MEETS
    return fault.code != OVER_QUOTA

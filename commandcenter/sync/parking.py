"""Parks commands that the platform fails on one by one: each is tried again alone, after growing pauses."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

from commandcenter.client.backoff import granted_wait
from commandcenter.client.errors import PlatformFault, TooLarge, Unreachable
from commandcenter.protocol.codes import OVER_QUOTA
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.send_order import PARKED

LONGEST = 60.0  # seconds between two tries, at most; those that the platform asked for come on top
_MEETS = frozenset({"bad_gateway", "timed_out"})  # no answer of the platform, but perhaps because of what was sent
_AGAIN = 2  # after so many answers "retry" the command itself is the cause

Reason = tuple[str, str]  # (code, about) as an act carries them


@dataclass(slots=True)
class _Entry:
    """`passed`: how many others had been answered at its first failure; `retries`: how many of its `tries` the platform
    answered with "retry"; `is_own`: the fault is known to be its own.
    """

    fault: PlatformFault
    passed: int
    tries: int = 0
    retries: int = 0
    is_own: bool = False
    is_due: bool = True
    is_told: bool = False


class Parking:
    """Which commands are parked, why, and which of them may be tried again; calls `freed` when one may."""

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]],
        chance: Callable[[], float],
        tasks: BackgroundTasks,
        freed: Callable[[], None],
    ) -> None:
        self._sleep = sleep
        self._chance = chance
        self._tasks = tasks
        self._freed = freed
        self._entries: dict[str, _Entry] = {}
        self._passed = 0

    @property
    def aside(self) -> frozenset[str]:
        """The commands that may not be tried yet: those whose fault is their own, during their pause."""
        return frozenset(key for key, entry in self._entries.items() if not entry.is_due)

    @property
    def failed(self) -> Collection[str]:
        """The commands that have failed; each is sent alone from then on, so that no other fails with it."""
        return self._entries.keys()

    @property
    def own(self) -> dict[str, Reason]:
        """The reasons of the commands whose fault is known to be their own, by id: not of those that fail like all."""
        return {key: _reason(entry.fault) for key, entry in self._entries.items() if entry.is_own}

    def tries(self, cmd_id: str) -> int:
        """Returns how often the command has failed."""
        return self._entries[cmd_id].tries if cmd_id in self._entries else 0

    def park(self, cmd_id: str, fault: PlatformFault) -> bool:
        """Records that the command failed with `fault` when sent alone; returns whether the fault is its own."""
        entry = self._entries.setdefault(cmd_id, _Entry(fault, self._passed))
        entry.fault = fault
        entry.tries += 1
        entry.retries += fault.code == "retry"
        is_said = is_unprocessable(fault) or entry.retries >= _AGAIN
        entry.is_own = entry.is_own or is_said or self._passed > entry.passed
        if entry.is_own:
            entry.is_due = False
            span = min(LONGEST, 2.0 ** min(entry.tries, 16))
            seconds = granted_wait(fault.retry_after) + span * (0.5 + self._chance() / 2)
            self._tasks.run(self._due(cmd_id, entry, seconds), "let a command try again")
        return entry.is_own

    def news(self, cmd_id: str) -> Reason | None:
        """Returns the reason at the first call since the fault is known to be the command's own; otherwise None."""
        entry, reason = self._entries[cmd_id], self.own.get(cmd_id)
        is_news = reason is not None and not entry.is_told
        entry.is_told = entry.is_told or is_news
        return reason if is_news else None

    def through(self, cmd_ids: Collection[str]) -> None:
        """Removes commands that were answered."""
        for key in cmd_ids:
            self._entries.pop(key, None)
        self._passed += len(cmd_ids)

    def all_due(self) -> None:
        """Lets every command be tried at once: the platform may have been repaired."""
        for entry in self._entries.values():
            entry.is_due = True

    def forget_others(self, cmd_ids: Iterable[str]) -> None:
        """Removes every command that is not among `cmd_ids`."""
        for key in self._entries.keys() - set(cmd_ids) if self._entries else ():
            del self._entries[key]

    async def _due(self, cmd_id: str, entry: _Entry, seconds: float) -> None:
        tries = entry.tries
        await self._sleep(seconds)
        if self._entries.get(cmd_id) is entry and entry.tries == tries and not entry.is_due:
            entry.is_due = True
            self._freed()


def _reason(fault: PlatformFault) -> Reason:
    return PARKED, fault.code if fault.code != "retry" else fault.about or "retry"


def is_unprocessable(fault: PlatformFault) -> bool:
    """Returns whether the platform says that it cannot take what was sent: too large, or not understood (422)."""
    return not fault.of_sign_in and (isinstance(fault, TooLarge) or getattr(fault, "status", 0) == 422)


def may_be_command_fault(fault: PlatformFault) -> bool:
    """Returns whether another command might succeed.

    Not when nobody answers, the account is over its quota, or the sign-in was renewed: no command was sent.
    """
    if fault.of_sign_in:
        return False
    if isinstance(fault, Unreachable):
        return fault.code in _MEETS
    return fault.code != OVER_QUOTA

"""A command that the platform fails on steps aside: from which failure on, for how long, and with which words."""

import asyncio
from collections.abc import AsyncIterator
from copy import copy

import pytest

from commandcenter.client.errors import (
    Declined,
    MalformedAnswer,
    PlatformBroken,
    PlatformBusy,
    PlatformFault,
    TooLarge,
    Unreachable,
)
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.parking import Parking, is_unprocessable, may_be_command_fault

TOO_LARGE = TooLarge("HTTP 413", status=413)


class Pauses:
    """The console's waits: each lasts until the test ends it."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.chance = 1.0
        self._ends: list[asyncio.Event] = []

    async def sleep(self, seconds: float) -> None:
        """As the console's world waits."""
        self.seconds.append(seconds)
        self._ends.append(asyncio.Event())
        await self._ends[-1].wait()

    async def end(self, number: int) -> None:
        """The wait that began as the `number`th is over."""
        self._ends[number].set()
        await turn()


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


class Aside:
    """A parking, its waits, and how often it said that something may be tried again."""

    def __init__(self) -> None:
        self.pauses, self.tasks, self.freed = Pauses(), BackgroundTasks(), 0
        self.seen: frozenset[str] = frozenset()  # what was aside when it said so last
        self.parking = Parking(self.pauses.sleep, lambda: self.pauses.chance, self.tasks, self._freed)

    def _freed(self) -> None:
        self.freed += 1
        self.seen = self.parking.aside

    async def park(self, cmd_id: str, fault: PlatformFault) -> bool:
        """The command fails with `fault`; whether that is known to be its own trouble."""
        is_own = self.parking.park(cmd_id, fault)
        await turn()
        return is_own


@pytest.fixture
async def aside() -> AsyncIterator[Aside]:
    made = Aside()
    yield made
    await made.tasks.close()


def retry(about: str = "") -> PlatformFault:
    return PlatformFault(about, code="retry")


async def test_the_pause_between_two_tries_doubles_up_to_a_minute(aside: Aside) -> None:
    for _ in range(7):
        assert await aside.park("c", TOO_LARGE)
    assert aside.pauses.seconds == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    aside.pauses.chance = 0.0
    assert await aside.park("c", TOO_LARGE)
    assert aside.pauses.seconds[-1] == 30.0
    for _ in range(2000):  # for days: no number grows beyond what can be counted
        aside.parking.park("c", TOO_LARGE)
    assert aside.parking.tries("c") == 2008


async def test_what_the_platform_asks_for_is_waited_by_the_command_itself_up_to_five_minutes(aside: Aside) -> None:
    asked = [PlatformBusy(retry_after=120.0), PlatformBusy(retry_after=86400.0), PlatformBusy(retry_after=-5.0)]
    await aside.park("c", PlatformBusy())
    aside.parking.through(["another"])
    for fault in asked:
        assert await aside.park("c", fault)
    assert aside.pauses.seconds == [124.0, 308.0, 16.0]


async def test_it_waits_aside_until_its_pause_is_over_and_then_somebody_hears_of_it(aside: Aside) -> None:
    assert aside.parking.aside == frozenset()
    aside.seen = frozenset({"nobody said so"})
    await aside.park("c", TOO_LARGE)
    assert (aside.parking.aside, aside.freed) == ({"c"}, 0)
    await aside.pauses.end(0)
    assert (aside.parking.aside, aside.freed, aside.seen) == (frozenset(), 1, frozenset())
    assert list(aside.parking.failed) == ["c"]
    await aside.park("c", TOO_LARGE)
    assert aside.parking.aside == {"c"}


async def test_a_pause_that_something_newer_has_overtaken_frees_nothing(aside: Aside) -> None:
    await aside.park("again", TOO_LARGE)
    await aside.park("again", TOO_LARGE)
    await aside.pauses.end(0)
    assert (aside.parking.aside, aside.freed) == ({"again"}, 0)
    await aside.park("answered", TOO_LARGE)
    aside.parking.through(["answered"])
    await aside.pauses.end(2)
    await aside.park("anew", TOO_LARGE)
    aside.parking.through(["anew"])
    await aside.park("anew", TOO_LARGE)
    await aside.pauses.end(3)
    assert (aside.parking.aside, aside.freed) == ({"again", "anew"}, 0)
    aside.parking.all_due()
    assert aside.parking.aside == frozenset()
    await aside.pauses.end(1)
    await aside.pauses.end(4)
    assert aside.freed == 0  # each was free already


async def test_as_long_as_everything_fails_nothing_steps_aside(aside: Aside) -> None:
    for _ in range(3):
        assert not await aside.park("c", PlatformBroken("internal"))
    assert aside.parking.aside == frozenset()
    assert (aside.pauses.seconds, aside.parking.own) == ([], {})
    assert aside.parking.news("c") is None
    assert [aside.parking.tries(key) for key in ("c", "another")] == [3, 0]


async def test_the_trouble_is_its_own_once_another_has_fared_better(aside: Aside) -> None:
    assert not await aside.park("c", PlatformBroken("internal"))
    aside.parking.through(["another"])
    assert await aside.park("c", PlatformBroken("internal"))
    assert not await aside.park("later", PlatformBroken("internal"))  # nobody has fared better than this one yet
    assert aside.parking.own == {"c": ("parked", "platform_error")}
    assert aside.parking.aside == {"c"}
    assert await aside.park("c", PlatformBusy())  # once it is known to be its own, whatever else fails
    assert aside.parking.own == {"c": ("parked", "busy")}


async def test_the_second_time_that_it_alone_is_asked_for_again_it_is_its_own_trouble(aside: Aside) -> None:
    assert not await aside.park("c", retry("dep_unknown"))
    assert aside.parking.own == {}
    assert await aside.park("c", retry("dep_unknown"))
    assert aside.parking.own == {"c": ("parked", "dep_unknown")}
    assert await aside.park("c", retry())
    assert aside.parking.own == {"c": ("parked", "retry")}


async def test_its_trouble_is_news_once(aside: Aside) -> None:
    await aside.park("c", TOO_LARGE)
    assert aside.parking.news("c") == ("parked", "too_large")
    assert aside.parking.news("c") is None
    await aside.park("c", TOO_LARGE)
    assert aside.parking.news("c") is None
    aside.parking.through(["c"])
    await aside.park("c", TOO_LARGE)
    assert aside.parking.news("c") == ("parked", "too_large")


async def test_what_was_answered_or_does_not_wait_any_more_is_forgotten(aside: Aside) -> None:
    for key in ("c1", "c2", "c3"):
        await aside.park(key, TOO_LARGE)
    aside.parking.through(["c1", "never failed"])
    assert aside.parking.aside == {"c2", "c3"}
    aside.parking.forget_others(["c3", "c4"])
    assert aside.parking.aside == set(aside.parking.failed) == {"c3"}
    assert aside.parking.tries("c3") == 1


@pytest.mark.parametrize(
    ("fault", "of_it", "beyond"),
    [
        (Unreachable(), False, False),
        (Unreachable(code="certificate"), False, False),
        (Unreachable(code="timed_out"), True, False),
        (Unreachable(code="bad_gateway"), True, False),
        (PlatformBusy(code="over_quota"), False, False),
        (PlatformBusy(), True, False),
        (PlatformBroken(), True, False),
        (MalformedAnswer(), True, False),
        (Declined(status=403), True, False),
        (Declined(status=422), True, True),
        (TOO_LARGE, True, True),
    ],
)
def test_which_faults_may_be_of_what_was_sent_and_which_no_time_will_mend(
    fault: PlatformFault, of_it: bool, beyond: bool
) -> None:
    assert may_be_command_fault(fault) is of_it
    assert is_unprocessable(fault) is beyond


@pytest.mark.parametrize("fault", [TOO_LARGE, PlatformBroken("internal"), Unreachable("a gate", code="bad_gateway")])
def test_what_was_met_when_the_sign_in_was_to_be_renewed_is_of_no_command(fault: PlatformFault) -> None:
    fault = copy(fault)
    fault.of_sign_in = True
    assert not may_be_command_fault(fault)
    assert not is_unprocessable(fault)

"""The platform's clock on a machine whose own is wrong."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from commandcenter.cache.clock_mark import ClockMark
from commandcenter.sync.clock import PlatformClock, later
from tests.kit.district import NOON


class Machine:
    def __init__(self, wrong_by: float = 0.0) -> None:
        self.passed = 0.0
        self.wrong_by = wrong_by

    def wall(self) -> float:
        return NOON.timestamp() + self.wrong_by + self.passed

    def mono(self) -> float:
        return 5000.0 + self.passed


def test_before_anything_was_heard_the_machine_is_believed():
    machine = Machine()
    clock = PlatformClock(wall=machine.wall, mono=machine.mono)
    assert clock.now() == NOON
    assert clock.skew is None


def test_a_machine_that_is_a_day_off_shows_the_platforms_time():
    machine = Machine(wrong_by=86400.0)
    clock = PlatformClock(wall=machine.wall, mono=machine.mono)
    clock.now()
    clock.told(NOON, ago=0.5)
    assert clock.now() == NOON + timedelta(seconds=0.5)
    machine.passed = 10
    machine.wrong_by = -3600
    assert clock.now() == NOON + timedelta(seconds=10.5)
    assert round(clock.skew, 3) == -3600.5


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(-40, 40)), max_size=20))
def test_it_never_goes_back_when_the_platform_corrects_it_by_less_than_a_minute(steps):
    machine = Machine()
    clock = PlatformClock(wall=machine.wall, mono=machine.mono)
    clock.told(NOON)
    last = clock.now()
    for passed, off in steps:
        machine.passed += passed
        clock.told(NOON + timedelta(seconds=machine.passed + off / 2))
        assert clock.now() >= last
        last = clock.now()


def test_a_start_within_the_same_boot_knows_the_platforms_time_to_the_second():
    machine = Machine()
    clock = PlatformClock(wall=machine.wall, mono=machine.mono, boot="monday")
    clock.told(NOON + timedelta(hours=3))
    known = clock.mark()
    machine.passed, machine.wrong_by = 60, 86400.0 * 365 * 40
    again = PlatformClock(wall=machine.wall, mono=machine.mono, boot="monday", known=known)
    assert again.now() == NOON + timedelta(hours=3, seconds=60)
    assert again.skew is None


def test_after_a_start_of_the_machine_it_is_not_earlier_than_it_was_there_last():
    machine = Machine()
    clock = PlatformClock(wall=machine.wall, mono=machine.mono, boot="monday")
    clock.told(NOON)
    known = clock.mark()
    behind, right = Machine(wrong_by=-NOON.timestamp()), Machine(wrong_by=3600.0)
    for boot, machine, expected in [("tuesday", behind, NOON), ("tuesday", right, NOON + timedelta(hours=1))]:
        assert PlatformClock(wall=machine.wall, mono=machine.mono, boot=boot, known=known).now() == expected
    right.passed = -1000  # a clock that began anew under the same name: what it said then means nothing
    assert PlatformClock(wall=right.wall, mono=right.mono, boot="monday", known=known).now() == NOON + timedelta(
        seconds=2600
    )


def test_the_trembling_of_the_network_does_not_move_it_and_more_than_that_does():
    machine = Machine()
    clock = PlatformClock(wall=machine.wall, mono=machine.mono)
    clock.told(NOON + timedelta(seconds=0.1))  # the first word is taken as it is
    assert clock.now() == NOON + timedelta(seconds=0.1)
    assert round(clock.skew, 3) == -0.1
    for off, skew in [(0.29, -0.1), (-0.09, -0.1), (0.5, -0.5), (0.0, 0.0)]:
        clock.told(NOON + timedelta(seconds=off))
        assert round(clock.skew, 3) == skew


def test_a_clock_that_stood_wrong_by_more_than_a_minute_goes_back_at_once():
    machine = Machine(wrong_by=61.0)
    clock = PlatformClock(wall=machine.wall, mono=machine.mono)
    assert clock.now() == NOON + timedelta(seconds=61)
    clock.told(NOON)
    assert clock.now() == NOON
    machine.wrong_by = 60.0
    clock = PlatformClock(wall=machine.wall, mono=machine.mono)
    assert clock.now() == NOON + timedelta(seconds=60)
    clock.told(NOON)
    assert clock.now() == NOON + timedelta(seconds=60)
    machine.passed = 61.0
    assert clock.now() == NOON + timedelta(seconds=61)


def test_what_is_kept_of_it_says_when_in_which_boot_and_what_time_it_was():
    machine = Machine()
    clock = PlatformClock(wall=machine.wall, mono=machine.mono, boot="monday")
    clock.told(NOON - timedelta(hours=1), ago=2.0)
    machine.passed = 7.0
    assert clock.mark() == ClockMark(NOON.timestamp() - 3591.0, 5007.0, "monday")
    assert clock.mono() == 5007.0
    at_once = PlatformClock(wall=machine.wall, mono=machine.mono, boot="monday", known=clock.mark())
    assert at_once.now() == NOON - timedelta(seconds=3591)


def test_a_moment_later_is_later():
    assert later(NOON, 7.5) - NOON == timedelta(seconds=7.5)

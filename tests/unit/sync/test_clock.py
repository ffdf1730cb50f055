"""The platform's clock on a machine whose own is wrong."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from commandcenter.sync.clock import PlatformClock
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

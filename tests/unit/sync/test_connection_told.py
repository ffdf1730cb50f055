"""Whoever looks when the connection says that it has changed sees what it has changed to."""

from datetime import timedelta

from commandcenter.sync.connection import Connection, State
from tests.kit.district import NOON


def test_every_change_is_there_before_it_is_told():
    at, seen = [NOON], []
    connection = Connection(lambda: at[0])

    def looked(_: None) -> None:
        now = connection
        seen.append((now.state, now.progress, now.stale, now.last_heard, len(now.log), now.round_trip, now.skew))

    connection.changed.connect(looked)
    connection.to(State.CONNECTING)
    connection.to(State.SNAPSHOT)
    connection.came(3, 9)
    connection.heard(round_trip=0.5)
    connection.heard(skew=2.0)
    connection.age(stale=False)
    connection.note("cache_rebuilt")
    connection.to(State.WAITING, code="unreachable")
    assert seen == [
        (State.CONNECTING, None, True, None, 1, None, None),
        (State.SNAPSHOT, None, True, None, 2, None, None),
        (State.SNAPSHOT, (3, 9), True, None, 2, None, None),
        (State.SNAPSHOT, (3, 9), True, NOON, 2, 0.5, None),
        (State.SNAPSHOT, (3, 9), True, NOON, 2, 0.5, 2.0),
        (State.SNAPSHOT, (3, 9), False, NOON, 2, 0.5, 2.0),
        (State.SNAPSHOT, (3, 9), False, NOON, 3, 0.5, 2.0),
        (State.WAITING, None, True, NOON, 4, 0.5, 2.0),
    ]


def test_the_last_frame_is_of_when_the_board_moved_and_the_lag_is_never_less_than_nothing():
    at = [NOON]
    connection = Connection(lambda: at[0])
    assert connection.lag is None
    connection.at(5, 7)
    assert (connection.lag, connection.last_frame) == (2, None)
    at[0] += timedelta(seconds=1)
    connection.at(5, 8)
    assert (connection.lag, connection.last_frame) == (3, None)
    connection.at(9, 8)
    assert (connection.lag, connection.head, connection.last_frame) == (0, 9, at[0])


def test_the_last_fault_is_the_last_line_of_the_log_that_bears_one():
    connection = Connection(lambda: NOON)
    assert connection.last_fault is None
    connection.note("disk", "full")
    connection.to(State.CONNECTING)
    assert connection.last_fault is not None
    assert (connection.last_fault.code, connection.last_fault.about) == ("disk", "full")

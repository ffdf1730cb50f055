"""Whoever looks when the connection says that it has changed sees what it has changed to."""

from datetime import timedelta

import pytest

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


MOVES = {
    "starting": "connecting",
    "connecting": "snapshot live waiting signed_out refused",
    "snapshot": "live waiting signed_out refused connecting",
    "live": "connecting snapshot waiting signed_out refused",
    "waiting": "connecting signed_out refused",
    "signed_out": "connecting",
    "refused": "connecting signed_out waiting",
}


@pytest.mark.parametrize("former", State)
@pytest.mark.parametrize("state", State)
def test_the_line_takes_no_step_that_there_is_not(former: State, state: State):
    connection = Connection(lambda: NOON)
    connection.state = former
    if state in MOVES[former].split() or state == former:
        connection.to(state)
        assert connection.state is state
    else:
        with pytest.raises(AssertionError):
            connection.to(state)
        assert (connection.state, list(connection.log)) == (former, [])


def test_the_log_has_each_step_and_each_reason_once():
    at = [NOON]
    connection = Connection(lambda: at[0])
    for state, code in [("connecting", None), ("waiting", "busy"), ("waiting", "busy"), ("waiting", "disk")]:
        connection.to(State(state), code=code, about="words", retry_at=NOON)
        assert (connection.code, connection.about, connection.retry_at) == (code, "words", NOON)
        at[0] += timedelta(seconds=1)
    connection.note("restored", "3")
    assert [((line.at - NOON).seconds, str(line.state), line.code, line.about) for line in connection.log] == [
        (0, "connecting", None, "words"),
        (1, "waiting", "busy", "words"),
        (3, "waiting", "disk", "words"),
        (4, "waiting", "restored", "3"),
    ]
    connection.to(State.CONNECTING)
    assert (connection.code, connection.about, connection.retry_at) == (None, "", None)


def test_what_is_shown_may_be_old_wherever_the_line_has_ended_and_not_while_it_begins_anew():
    stale = {}
    for state in State:
        connection = Connection(lambda: NOON)
        connection.state = state
        assert connection.stale
        connection.age(stale=False)
        connection.to(state)
        stale[str(state)] = connection.stale
    assert {state for state, is_stale in stale.items() if not is_stale} == {"connecting", "snapshot", "live"}


def test_only_what_is_new_about_the_age_is_told_and_the_last_that_was_heard_stays():
    told = []
    connection = Connection(lambda: NOON)
    connection.changed.connect(lambda _: told.append(connection.stale))
    for stale in (True, False, False, True):
        connection.age(stale=stale)
    assert told == [False, True]
    connection.heard(round_trip=0.5, skew=3.0)
    connection.heard()
    assert (connection.round_trip, connection.skew) == (0.5, 3.0)
    connection.heard(round_trip=0.0, skew=0.0)
    assert (connection.round_trip, connection.skew) == (0.0, 0.0)


def test_the_log_holds_two_hundred_lines_and_the_good_ones_are_no_fault():
    connection = Connection(lambda: NOON)
    connection.note("disk", "1")
    connection.note("busy", "2")
    for code in ("restored", "platform_restarted", "cache_rebuilt", "closed", "bye"):
        connection.note(code)
    assert connection.last_fault.about == "2"
    for _ in range(300):
        connection.note("restored")
    assert len(connection.log) == 200
    assert connection.last_fault is None


def test_at_first_nothing_is_known_of_the_platform_and_what_is_shown_may_be_old():
    new = Connection(lambda: NOON)
    assert (new.state, new.stale, new.about, list(new.log)) == (State.STARTING, True, "", [])
    known = (new.code, new.progress, new.retry_at, new.last_heard, new.round_trip, new.skew, new.cursor, new.head)
    assert {*known, new.last_frame, new.lag, new.last_fault} == {None}

"""What the screens hear of: the connection's states, the list of acts, background work."""

import asyncio
from datetime import timedelta

import pytest

from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.act_list import ActList
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.petitioner import Petitioner
from tests.kit.console import until
from tests.kit.district import NOON


def act(number: int) -> Act:
    return Act(f"cmd{number}", number, "u", "file", ("case", "c"), (), Delivery.KEPT)


def test_a_move_that_the_machine_does_not_know_is_an_error_of_ours():
    connection = Connection(lambda: NOON)
    with pytest.raises(AssertionError):
        connection.to(State.LIVE)


def test_waiting_is_stale_and_says_why_and_until_when():
    connection = Connection(lambda: NOON)
    heard = []
    connection.changed.connect(heard.append)
    connection.to(State.CONNECTING)
    connection.to(State.LIVE)
    connection.age(stale=False)
    connection.to(State.WAITING, code="unreachable", retry_at=NOON)
    assert (connection.stale, connection.code, connection.retry_at) == (True, "unreachable", NOON)
    assert len(heard) == 4
    assert [entry.state for entry in connection.log] == [State.CONNECTING, State.LIVE, State.WAITING]


def test_the_log_of_the_connection_is_bounded():
    connection = Connection(lambda: NOON)
    for number in range(1000):
        connection.note(f"n{number}")
    assert len(connection.log) == 200
    assert connection.log[-1].code == "n999"


def test_acts_are_in_the_order_given_and_the_ended_ones_bounded():
    acts = ActList()
    for number in range(300):
        acts.put(act(number))
    acts.end(act(number) for number in range(299))
    assert acts.open == (act(299),)
    assert len(acts.recent) == 200
    assert acts.recent[-1] == act(299)
    assert acts.needing == ()


async def test_work_goes_on_when_nobody_waits_for_it_any_more():
    tasks, begun, gate, done = BackgroundTasks(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await gate.wait()
        done.set()

    waiting = asyncio.ensure_future(tasks.whole(work(), "work"))
    await begun.wait()
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    assert not done.is_set()
    gate.set()
    await until(done.is_set)


@pytest.mark.expects_log("work failed")
async def test_an_error_of_ours_is_told_and_not_lost():
    tasks, told = BackgroundTasks(), []
    tasks.failed.connect(told.append)

    async def work() -> None:
        raise RuntimeError("ours")

    tasks.run(work(), "work")
    await until(lambda: told)
    assert [str(wrong) for wrong in told] == ["ours"]


def test_who_called_does_not_show_in_a_repr():
    assert "138" not in repr(Petitioner(name="王敏", phone="13800005678"))
    assert "王" not in repr(Petitioner(name="王敏", phone="13800005678"))


def test_whoever_hears_of_a_change_sees_what_has_become_of_it():
    connection, told = Connection(lambda: NOON), []

    def hear(_nothing: None) -> None:
        told.append((connection.state, connection.code, connection.progress, connection.last_heard, connection.stale))

    connection.changed.connect(hear)
    connection.to(State.CONNECTING)
    connection.to(State.SNAPSHOT)
    connection.came(3, 7)
    connection.heard(round_trip=0.25, skew=2.0)
    connection.to(State.LIVE)
    connection.age(stale=False)
    connection.age(stale=False)
    connection.note("cache_rebuilt")
    connection.to(State.WAITING, code="unreachable")
    assert told == [
        (State.CONNECTING, None, None, None, True),
        (State.SNAPSHOT, None, None, None, True),
        (State.SNAPSHOT, None, (3, 7), None, True),
        (State.SNAPSHOT, None, (3, 7), NOON, True),
        (State.LIVE, None, None, NOON, True),
        (State.LIVE, None, None, NOON, False),
        (State.LIVE, None, None, NOON, False),
        (State.WAITING, "unreachable", None, NOON, True),
    ]
    assert (connection.round_trip, connection.skew) == (0.25, 2.0)
    connection.heard()
    assert (connection.round_trip, connection.skew) == (0.25, 2.0)


def test_a_state_is_told_in_the_log_once_for_each_reason_of_it():
    connection = Connection(lambda: NOON)
    connection.to(State.CONNECTING)
    for code, about in (("busy", "1"), ("busy", "2"), ("unreachable", "3")):
        connection.to(State.WAITING, code=code, about=about)
    connection.note("restored", "4")
    assert [(entry.state, entry.code, entry.about) for entry in connection.log] == [
        (State.CONNECTING, None, ""),
        (State.WAITING, "busy", "1"),
        (State.WAITING, "unreachable", "3"),
        (State.WAITING, "restored", "4"),
    ]
    assert connection.about == "3"
    assert (connection.last_fault.code, connection.last_fault.about) == ("unreachable", "3")


def test_the_last_fault_is_the_newest_that_was_one():
    connection = Connection(lambda: NOON)
    assert connection.last_fault is None
    connection.to(State.CONNECTING)
    connection.note("restored")
    assert connection.last_fault is None
    connection.note("digest")
    connection.note("behind")
    connection.note("closed")
    assert connection.last_fault.code == "behind"


def test_how_far_the_board_is_behind_and_when_it_last_moved():
    now = [NOON]
    connection = Connection(lambda: now[0])
    assert connection.lag is None
    connection.at(10, 12)
    assert (connection.cursor, connection.head, connection.lag, connection.last_frame) == (10, 12, 2, None)
    now[0] = NOON + timedelta(seconds=1)
    connection.at(10, 13)
    assert (connection.lag, connection.last_frame) == (3, None)
    connection.at(14, 13)
    assert (connection.head, connection.lag, connection.last_frame) == (14, 0, now[0])
    connection.at(1, 1)  # a restored log
    assert (connection.cursor, connection.head, connection.last_frame) == (1, 1, now[0])


def test_what_is_live_or_comes_does_not_make_the_board_old():
    connection = Connection(lambda: NOON)
    connection.to(State.CONNECTING)
    connection.age(stale=False)
    for state in (State.SNAPSHOT, State.CONNECTING, State.LIVE, State.CONNECTING):
        connection.to(state)
        assert not connection.stale
    connection.to(State.REFUSED, code="no_role")
    assert connection.stale

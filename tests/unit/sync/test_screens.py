"""What the screens hear of: the connection's states, the list of acts, background work."""

import asyncio

import pytest

from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.acts import ActList
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.errands import Errands
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
    errands, begun, gate, done = Errands(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await gate.wait()
        done.set()

    waiting = asyncio.ensure_future(errands.whole(work(), "work"))
    await begun.wait()
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    assert not done.is_set()
    gate.set()
    await until(done.is_set)


@pytest.mark.expects_log("work: an error")
async def test_an_error_of_ours_is_told_and_not_lost():
    errands, told = Errands(), []
    errands.failed = told.append

    async def work() -> None:
        raise RuntimeError("ours")

    errands.run(work(), "work")
    await until(lambda: told)
    assert [str(wrong) for wrong in told] == ["ours"]


def test_who_called_does_not_show_in_a_repr():
    assert "138" not in repr(Petitioner(name="王敏", phone="13800005678"))
    assert "王" not in repr(Petitioner(name="王敏", phone="13800005678"))

"""What the history of outages says of each, one after the other and over the end of the program."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from commandcenter.cache.outages import MOST
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.connection import State
from commandcenter.sync.outages import Outage, OutageFile, Outages
from tests.kit.district import NOON
from tests.kit.inline_worker import InlineWorker
from tests.unit.sync.test_outages import Line

LONG = 30.0


class CountedLane(InlineWorker):
    """Knows what was done in it, and whether it was let go of."""

    def __init__(self) -> None:
        self.runs, self.is_closed = 0, False

    async def run(self, work):
        self.runs += 1
        return work()

    def close(self) -> None:
        self.is_closed = True


def on(line: Line, worker: CountedLane, folder: Path) -> Outages:
    """Another history of the same line, over `worker`."""
    file = OutageFile(folder / "other.json", worker=worker)
    return Outages(file, connection=line.connection, acts=line.acts, clock=line.clock, tasks=line.tasks)


async def written(tasks: BackgroundTasks) -> None:
    """Wait for what was begun."""
    for task in tuple(tasks._running):
        await task


async def cut_for_long(folder: Path) -> Line:
    """One whose outage has lasted for a while."""
    line = Line(folder)
    await line.live()
    line.cut()
    line.wait(LONG)
    return line


async def lived(line: Line, *spans: float) -> None:
    """Outages of so many seconds, with as much between them."""
    for span in spans:
        line.wait(span)
        line.back()
        line.cut()
        line.wait(span)
        line.back()


def spans(history: Sequence[Outage]) -> list[float | None]:
    return [None if past.until is None else (past.until - past.since).total_seconds() for past in history]


async def test_each_outage_keeps_what_was_told_of_it_when_the_next_one_comes(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.cut("timed_out")
    line.wait(10)
    first = line.do()
    line.back()
    line.wait(5)
    line.acts.end([first])
    (past,) = line.outages.history
    line.wait(60)
    line.back()
    line.cut("unreachable")
    line.wait(20)
    second = line.do()
    line.do()
    assert (
        line.outages.history[0] == past == Outage(NOON, "timed_out", past.until, 1, past.until + timedelta(seconds=5))
    )
    assert line.outages.history[1].kept == 2
    line.back()
    line.acts.put(Act(second.cmd_id, 2, "u", "file", ("case", "c"), (), Delivery.NEEDS_YOU, made_at=second.made_at))
    assert line.outages.history[0] == past
    assert (line.outages.history[1].asked, line.outages.history[1].settled_at) == (1, None)
    await line.tasks.close()


async def test_of_very_many_outages_the_last_are_told(tmp_path):
    line = Line(tmp_path)
    await line.live()
    await lived(line, *(LONG + number for number in range(MOST + 2)))
    assert spans(line.outages.history) == [LONG + number for number in range(2, MOST + 2)]
    await line.tasks.close()


@pytest.mark.parametrize(("seconds", "is_told"), [(2.5, False), (3.0, True), (3.5, True)])
async def test_an_outage_is_one_from_three_seconds_on(tmp_path, seconds, is_told):
    line = Line(tmp_path)
    await line.live()
    await lived(line, LONG)
    await lived(line, seconds)
    assert spans(line.outages.history) == ([LONG, seconds] if is_told else [LONG])
    await line.tasks.close()


async def test_a_short_outage_in_which_somebody_acted_is_told(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.cut()
    line.wait(1)
    line.do()
    line.back()
    assert [(past.kept, past.settled_at) for past in line.outages.history] == [(1, None)]
    await line.tasks.close()


async def test_whoever_hears_of_a_change_reads_it_in_the_history(tmp_path):
    line, told = Line(tmp_path), []
    await line.live()
    line.outages.changed.connect(lambda _: told.append([(past.kept, past.until) for past in line.outages.history]))
    line.cut()
    line.wait(LONG)
    line.do()
    line.back()
    assert told == [[(0, None)], [(1, None)], [(1, line.at)]]
    await line.tasks.close()


async def test_the_reason_of_an_outage_is_the_last_that_was_told_while_it_lasted(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.cut("unreachable")
    line.connection.to(State.CONNECTING, code="whatever")
    assert line.outages.current.code == "unreachable"
    line.cut("timed_out")
    assert line.outages.current.code == "timed_out"
    line.connection.to(State.WAITING)
    assert line.outages.current.code == "timed_out"
    line.back()
    line.connection.to(State.WAITING)  # without a reason
    assert line.outages.current.code == "world"
    await line.tasks.close()


@pytest.mark.parametrize(("offset", "is_counted"), [(-1.0, False), (0.0, True), (1.0, True), (None, False)])
@pytest.mark.parametrize("is_known_before", [True, False])
async def test_an_act_belongs_to_an_outage_that_was_given_since_it_began(tmp_path, offset, is_counted, is_known_before):
    """It begins with the last that was heard, `offset` seconds before the act was given."""
    line = Line(tmp_path)
    await line.live()
    made_at = None if offset is None else line.at + timedelta(seconds=offset)
    act = Act("c", 1, "u", "file", ("case", "c"), (), Delivery.KEPT, made_at=made_at)
    line.wait(LONG)
    if is_known_before:
        line.acts.put(act)
    line.cut()
    if not is_known_before:
        line.acts.put(act)
    assert line.outages.current == Outage(NOON, "unreachable", kept=int(is_counted))
    line.wait(LONG)
    line.back()
    (past,) = line.outages.history
    assert (past.kept, past.settled_at) == ((1, None) if is_counted else (0, line.at))
    await line.tasks.close()


async def test_what_was_counted_once_stays_counted(tmp_path):
    line = await cut_for_long(tmp_path)
    first = line.do()
    line.acts.end([first])
    line.do()
    assert line.outages.current.kept == 2
    await line.tasks.close()


@pytest.mark.parametrize(
    ("delivery", "asked", "is_settled"),
    [(Delivery.KEPT, 0, False), (Delivery.SENT, 0, False), (Delivery.NEEDS_YOU, 1, True), (Delivery.DONE, 0, True)],
)
async def test_an_outage_is_settled_when_nothing_of_it_is_on_its_way(tmp_path, delivery, asked, is_settled):
    line = await cut_for_long(tmp_path)
    line.do(delivery)
    line.back()
    (past,) = line.outages.history
    assert (past.asked, past.settled_at) == (asked, line.at if is_settled else None)
    line.wait(1)
    line.do(Delivery.NEEDS_YOU)  # after it, and none of it
    assert line.outages.history == (past,)
    await line.tasks.close()


async def test_an_outage_is_settled_in_the_midst_of_the_next_one_too(tmp_path):
    line = await cut_for_long(tmp_path)
    first = line.do()
    line.back()
    line.wait(LONG)
    line.back()
    line.cut()
    line.wait(LONG)
    second = line.do()
    assert [past.settled_at for past in line.outages.history] == [None, None]
    line.acts.end([first])
    assert [past.settled_at for past in line.outages.history] == [line.at, None]
    line.back()
    assert [past.settled_at for past in line.outages.history] == [line.at, None]
    line.acts.put(Act(second.cmd_id, 2, "u", "file", ("case", "c"), (), Delivery.NEEDS_YOU, made_at=second.made_at))
    assert [past.asked for past in line.outages.history] == [0, 1]
    await line.tasks.close()


@pytest.mark.parametrize("offset", [-1.0, 0.0, LONG / 2, LONG, LONG + 1, None])
async def test_after_a_new_start_an_outage_waits_for_the_acts_that_were_given_in_it(tmp_path, offset):
    line = await cut_for_long(tmp_path)
    line.do()
    line.back()
    await written(line.tasks)
    line.outages.close()
    later = Line(tmp_path)
    made_at = None if offset is None else NOON + timedelta(seconds=offset)
    later.acts.put(Act("c", 1, "u", "file", ("case", "c"), (), Delivery.KEPT, made_at=made_at))
    later.wait(2 * LONG)
    await later.live()
    (past,) = later.outages.history
    is_of_it = offset is not None and 0 <= offset <= LONG
    assert past == Outage(NOON, "unreachable", NOON + timedelta(seconds=LONG), 1, None if is_of_it else later.at)
    await later.tasks.close()


async def test_an_outage_that_outlived_the_program_waits_for_what_was_given_in_it_whatever_its_date(tmp_path):
    line = Line(tmp_path, wrong_by=timedelta(days=365))
    await line.outages.open()
    line.connection.to(State.CONNECTING)
    line.cut()
    line.wait(LONG)
    act = line.do()
    await written(line.tasks)
    line.outages.close()
    later = Line(tmp_path)
    later.acts.put(act)
    await later.live()
    (past,) = later.outages.history
    assert (past.until, past.kept, past.settled_at) == (later.at, 1, None)
    later.acts.end([act])
    assert later.outages.history[0].settled_at == later.at
    await later.tasks.close()


@pytest.mark.parametrize(("seconds", "writes"), [(0.0, 0), (2.5, 0), (3.0, 1), (9.0, 1)])
async def test_what_is_no_outage_yet_is_not_written_for_what_is_done_in_it(tmp_path, seconds, writes):
    line, worker = Line(tmp_path), CountedLane()
    await line.live()
    outages = on(line, worker, tmp_path)
    await outages.open()
    read = worker.runs
    line.cut()
    line.wait(seconds)
    line.do()
    await written(line.tasks)
    assert outages.current.kept == 1
    assert worker.runs - read == writes
    await line.tasks.close()


async def test_nothing_is_written_of_a_breath_that_is_forgotten(tmp_path):
    line, worker = Line(tmp_path), CountedLane()
    await line.live()
    outages = on(line, worker, tmp_path)
    await outages.open()
    read = worker.runs
    line.cut()
    line.wait(1)
    line.back()
    await written(line.tasks)
    assert (outages.history, worker.runs - read) == ((), 0)
    await line.tasks.close()


async def test_a_history_that_is_closed_hears_nothing_more_and_lets_go_of_its_file(tmp_path):
    line, worker = Line(tmp_path), CountedLane()
    await line.live()
    outages = on(line, worker, tmp_path)
    assert outages.history == ()
    await outages.open()
    assert not worker.is_closed
    outages.close()
    assert worker.is_closed
    line.cut()
    line.wait(LONG)
    line.do()
    assert outages.history == ()
    assert len(line.outages.history) == 1
    await line.tasks.close()

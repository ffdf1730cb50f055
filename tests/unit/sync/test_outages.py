"""The history of outages: from when to when, why, what was done meanwhile, and when all of it had its answer."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.act_list import ActList
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.outages import Outage, OutageFile, Outages
from tests.kit.console import Wire, done, hall, idle, live, seated, take, until
from tests.kit.district import NOON
from tests.kit.inline_worker import InlineWorker


class Line:
    """A connection and acts without a network; time goes on when told."""

    def __init__(self, folder: Path, *, wrong_by: timedelta = timedelta()) -> None:
        self._passed = 0.0
        begun = (NOON + wrong_by).timestamp()
        self.clock = PlatformClock(wall=lambda: begun + self._passed, mono=lambda: self._passed)
        self.connection, self.acts, self.tasks = Connection(self.clock.now), ActList(), BackgroundTasks()
        file = OutageFile(folder / "outages.json", worker=InlineWorker())
        self.outages = Outages(file, connection=self.connection, acts=self.acts, clock=self.clock, tasks=self.tasks)
        self._made = 0

    @property
    def at(self) -> datetime:
        return self.clock.now()

    async def live(self) -> None:
        await self.outages.open()
        self.connection.to(State.CONNECTING)
        self.back()

    def back(self) -> None:
        if self.connection.state is not State.CONNECTING:
            self.connection.to(State.CONNECTING)
        self.connection.to(State.LIVE)
        self.connection.heard()

    def cut(self, code: str = "unreachable") -> None:
        self.connection.to(State.WAITING, code=code)

    def wait(self, seconds: float) -> None:
        self._passed += seconds

    def do(self, delivery: Delivery = Delivery.KEPT) -> Act:
        self._made += 1
        act = Act(f"c{self._made}", self._made, "u", "file", ("case", "c"), (), delivery, made_at=self.at)
        self.acts.put(act)
        return act


async def test_an_outage_says_from_when_to_when_why_and_what_was_done_meanwhile(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.wait(10)
    line.cut()
    line.wait(60)
    acts = [line.do(), line.do()]
    assert line.outages.current == Outage(NOON, "unreachable", kept=2)
    line.wait(60)
    line.back()
    (past,) = line.outages.history
    assert (past.since, past.until, past.kept, past.settled_at) == (NOON, line.at, 2, None)
    line.wait(2)
    line.acts.end(acts)
    assert line.outages.history[0].settled_at == line.at
    await line.tasks.close()


async def test_what_comes_back_to_its_person_is_counted(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.cut()
    line.wait(9)
    act = line.do()
    line.back()
    line.acts.put(Act(act.cmd_id, 1, "u", "file", ("case", "c"), (), Delivery.NEEDS_YOU, made_at=act.made_at))
    (past,) = line.outages.history
    assert (past.kept, past.asked, past.settled_at) == (1, 1, line.at)
    await line.tasks.close()


async def test_a_breath_between_two_lines_is_no_outage(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.cut("closed")
    await line.tasks.whole(asyncio.sleep(0), "whatever was begun before comes first")
    line.wait(1)
    line.back()
    assert line.outages.history == ()
    await line.tasks.close()
    assert not (tmp_path / "outages.json").exists()


async def test_a_time_without_a_role_is_no_outage(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.connection.to(State.REFUSED, code="no_role")
    line.wait(60)
    line.back()
    assert line.outages.history == ()
    await line.tasks.close()


async def test_an_outage_outlives_the_program_and_ends_when_the_platform_is_heard(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.cut()
    line.wait(30)
    act = line.do()
    await until(lambda: (tmp_path / "outages.json").exists())
    line.outages.close()
    later = Line(tmp_path)
    later.acts.put(act)
    later.wait(300)
    await later.live()
    (past,) = later.outages.history
    assert (past.since, past.until, past.kept) == (NOON, later.at, 1)
    await line.tasks.close()
    await later.tasks.close()


@pytest.mark.parametrize("years", [40, -40])
async def test_an_outage_before_a_wrong_date_was_put_right_is_told_by_the_platforms_time(tmp_path, years):
    line = Line(tmp_path, wrong_by=timedelta(days=365 * years))
    await line.outages.open()
    line.connection.to(State.CONNECTING)
    line.cut()
    line.wait(60)
    act = line.do()
    line.clock.told(NOON + timedelta(seconds=60))
    line.back()
    (past,) = line.outages.history
    assert (past.since, past.until, past.kept, past.settled_at) == (NOON, line.at, 1, None)
    line.wait(2)
    line.acts.end([act])
    assert line.outages.history[0].settled_at == line.at
    await line.tasks.close()


async def test_an_outage_that_an_earlier_run_dated_into_the_future_began_at_the_latest_when_it_ended(tmp_path):
    line = Line(tmp_path, wrong_by=timedelta(days=365 * 40))
    await line.outages.open()
    line.connection.to(State.CONNECTING)
    line.cut()
    line.wait(60)
    line.do()
    await until(lambda: (tmp_path / "outages.json").exists())
    line.outages.close()
    later = Line(tmp_path)
    await later.live()
    assert [(past.since, past.until) for past in later.outages.history] == [(NOON, NOON)]
    await line.tasks.close()
    await later.tasks.close()


async def test_a_file_that_cannot_be_read_or_written_costs_the_history_and_nothing_else(tmp_path):
    (tmp_path / "outages.json").write_bytes(b"\xff{")
    (tmp_path / "outages.json.new").mkdir()
    line = Line(tmp_path)
    await line.live()
    line.cut()
    line.wait(30)
    line.do()
    await until(lambda: any(entry.code == "disk" for entry in line.connection.log))
    assert len(line.outages.history) == 1
    (about,) = {entry.about for entry in line.connection.log if entry.code == "disk"}
    assert about
    assert str(tmp_path) not in about  # the name of the profile is nobody's business
    await line.tasks.close()


async def test_a_cut_in_a_real_hall_is_told_with_its_acts_and_where_the_board_stands(tmp_path):
    network = Wire()
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk", network) as clerk:
        assert clerk.connection.lag == 0
        network.cut()
        await until(lambda: clerk.connection.state == "waiting")
        for _ in range(3):
            await clerk.do(take())
        network.mend()
        await idle(clerk)
        await live(clerk)
        await until(lambda: clerk.outages.history[-1].settled_at)
        (past,) = clerk.outages.history
        assert (past.kept, past.asked) == (3, 0)
        assert past.since <= past.until <= past.settled_at
        await until(lambda: clerk.connection.last_frame)
        assert clerk.connection.lag == 0
        assert clerk.connection.last_fault.code == "unreachable"
        assert clerk.position.at.epoch == 1


async def test_what_was_done_in_a_cut_counts_at_the_platform_as_done_then(tmp_path):
    network = Wire()
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk", network) as clerk:
        await done(clerk, take())
        network.cut()
        await until(lambda: clerk.connection.state == "waiting")
        away = await clerk.do(take())
        network.mend()
        await idle(clerk)
    with closing(sqlite3.connect(tmp_path / "platform" / "platform.db")) as database:
        online, offline = database.execute("SELECT acted_at, at FROM steps ORDER BY at").fetchall()
    assert online[0] == online[1]
    assert offline[0] == away.made_at.timestamp() < offline[1]


async def test_an_act_of_no_known_moment_is_of_no_outage_and_holds_none_open(tmp_path):
    line = Line(tmp_path)
    await line.live()
    line.cut()
    line.wait(60)
    act = line.do()
    line.acts.put(Act("undated", 99, "u", "file", ("case", "c"), (), Delivery.KEPT))
    line.back()
    assert (line.outages.history[0].kept, line.outages.history[0].settled_at) == (1, None)
    line.acts.end([act])
    assert line.outages.history[0].settled_at == line.at
    await line.tasks.close()

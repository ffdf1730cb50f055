"""Tests of what schedules once found broken, each without its seed."""

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import replace

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import ApplyReturn, File
from commandcenter.domain.decisions import Refused
from commandcenter.server.storage import database
from commandcenter.server.storage.epochs import shared_revision
from commandcenter.store.overlay import Act
from tests.faults.hall import prepare
from tests.kit.console import case, console, until
from tests.kit.district import seats
from tests.kit.scripted import Paper, a_case, sit


def test_after_a_restore_a_revision_counts_as_far_as_the_logs_are_one(tmp_path):
    prepare(tmp_path)
    with closing(sqlite3.connect(database.file_in(tmp_path))) as raw, raw:
        ((kept, rev),) = raw.execute("SELECT seq, rev FROM log WHERE record = 'c4' AND rev = 2").fetchall()
        raw.execute("UPDATE districts SET epoch = 2, bases = ?", (f'{{"1": 0, "2": {kept}}}',))
    with database.writing(tmp_path) as connection:
        assert shared_revision(connection, "d1", "case", "c4", seen=4, epoch=1) == rev == 2
        assert shared_revision(connection, "d1", "case", "c4", seen=1, epoch=1) == 1


async def test_an_act_whose_answer_was_lost_is_not_laid_over_a_snapshot_that_has_it(tmp_path):
    paper = Paper(seats()["east-urban"])
    given = replace(a_case("c1", 3), stage=Stage.HANDLING, responsible="east-urban")
    paper.records.append(given)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "retry"}  # equivalent to a lost answer
        act = await desk.do(ApplyReturn("c1", "不归我们"))
        assert isinstance(act, Act)
        await until(lambda: paper.batches)
        asked = case(desk, "c1").application
        paper.records[-1] = replace(given, rev=5)  # the return was applied for and denied
        paper.head, paper.scope_ver = 12, 2
        paper.raw(None)
        await until(lambda: desk.board.confirmed("case", "c1").rev == 5)
        assert asked is not None
        assert case(desk, "c1").application is None
        assert [one.cmd_id for one in desk.acts.open] == [act.cmd_id]


async def test_an_act_names_what_was_on_the_board_when_it_was_given_not_when_its_turn_came(tmp_path):
    paper = Paper(seats()["shift"])
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        async with desk._doing:
            giving = asyncio.create_task(desk.do(File("c1")))
            await until(lambda: desk._doing._waiters)
            paper.put(11, a_case(rev=2))
            await until(lambda: desk.board.confirmed("case", "c1").rev == 2)
        await giving
        await until(lambda: paper.batches)
        assert paper.batches[0]["commands"][0]["bases"] == {"case:c1": 1, "epoch": 1}
        (row,) = desk._parts.store.commands.rows
        assert json.loads(row.seen["case:c1"])["rev"] == 1  # so 需处理 shows this version as the former one


async def test_what_comes_on_to_the_board_after_the_press_was_not_pressed_at(tmp_path):
    paper = Paper(seats()["shift"])
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        async with desk._doing:
            giving = asyncio.create_task(desk.do(File("c1")))
            await asyncio.sleep(0.02)
            paper.put(11, a_case())
            await until(lambda: desk.board.find("case", "c1"))
        assert await giving == Refused("unknown_case", "c1")
        assert isinstance(await desk.do(File("c1")), Act)
        await until(lambda: paper.batches)
        assert paper.batches[0]["commands"][0]["bases"] == {"case:c1": 1, "epoch": 1}


async def test_an_act_whose_turn_comes_when_another_sits_there_is_nobodys(tmp_path):
    paper = Paper(seats()["shift"])
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        async with desk._doing:
            giving = asyncio.create_task(desk.do(File("c1")))
            await until(lambda: desk._doing._waiters)
            paper.seat = seats()["dispatcher"]
            await sit(desk, paper)
        refused = await giving
        assert isinstance(refused, Refused)
        assert refused.code == "signed_out"

"""How long the journal keeps what has come to its end: until the platform was heard on so many later days."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import RowState
from commandcenter.cache.retention import FULL_DAYS
from tests.kit.inline_worker import InlineWorker
from tests.kit.rows import row

TODAY = date(2026, 11, 24)
KEEP = 400


def opened(file: Path) -> Journal:
    return Journal(file, worker=InlineWorker(), now=lambda: 0.0, new_id=lambda: "console-1")


async def with_an_ended_act(file: Path) -> Journal:
    journal = opened(file)
    kept = await journal.keep(row(0, "c1"))
    await journal.move([replace(kept, state=RowState.DONE, epoch=1, seq=5)])
    return journal


async def hear(journal: Journal, days: int, *, first: date = TODAY) -> int:
    """How many commands are deleted when the platform is heard on each of `days` days."""
    return sum([await journal.trim(first + timedelta(days=number), keep=KEEP) for number in range(days)])


async def test_an_act_is_kept_until_the_platform_was_heard_on_as_many_days_as_a_backup_may_be_old(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    assert await hear(journal, KEEP) == 0
    assert len(await journal.ended_rows()) == 1
    assert await hear(journal, 1, first=TODAY + timedelta(days=KEEP)) == 1
    assert await journal.ended_rows() == []
    await journal.close()


async def test_a_day_counts_once_however_often_the_platform_is_heard_and_the_console_started(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    for number in range(KEEP // 4):
        for _ in range(5):
            assert await journal.trim(TODAY + timedelta(days=number), keep=KEEP) == 0
        await journal.close()
        journal = opened(tmp_path / "j.db")
    assert len(await journal.ended_rows()) == 1
    await journal.close()


async def test_what_ends_after_the_day_was_counted_counts_from_the_next_day_on(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    kept = await journal.keep(row(1, "c1"))
    days = []
    for day in (TODAY, TODAY, TODAY + timedelta(days=1)):
        await journal.trim(day, keep=KEEP)
        await journal.move([replace(kept, state=RowState.DONE)]) if not days else None
        with closing(sqlite3.connect(tmp_path / "j.db")) as connection:
            days.append(connection.execute("SELECT ended_day FROM commands ORDER BY cseq").fetchall())
    assert days == [[(1,), (None,)], [(1,), (None,)], [(1,), (2,)]]
    await journal.close()


async def test_a_platform_whose_clock_stood_in_another_century_makes_nobody_forget(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    await hear(journal, 3)
    for wrong in (date(2066, 1, 1), date(1970, 1, 2), date(2027, 1, 3), date(2466, 1, 1), TODAY):
        assert await journal.trim(wrong, keep=KEEP) == 0
    assert await hear(journal, KEEP // 2) == 0
    assert len(await journal.ended_rows()) == 1
    await journal.close()


async def test_an_act_that_is_offered_again_counts_from_its_new_end(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    await hear(journal, KEEP - 1)
    (act,) = await journal.ended_rows()
    await journal.move([replace(act, state=RowState.KEPT, epoch=None, seq=None)])
    await journal.move([replace(act, state=RowState.DONE, epoch=2, seq=7)])
    assert await hear(journal, KEEP, first=TODAY + timedelta(days=KEEP)) == 0
    assert len(await journal.ended_rows()) == 1
    await journal.close()


async def test_what_waits_for_a_person_outlives_every_count(tmp_path):
    journal = opened(tmp_path / "j.db")
    for number, state in enumerate((RowState.CONFLICT, RowState.REFUSED, RowState.HELD, RowState.KEPT, RowState.SENT)):
        kept = await journal.keep(row(number, "c1"))
        await journal.move([replace(kept, state=state, code="why")])
    assert await hear(journal, 2 * KEEP) == 0
    assert len(await journal.open_rows()) == 5
    await journal.close()


async def test_a_clock_that_goes_to_and_fro_by_a_day_counts_no_date_a_second_time(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    for _ in range(KEEP):
        assert await hear(journal, 2) == 0
    assert await hear(journal, KEEP - 2, first=TODAY + timedelta(days=2)) == 0
    assert len(await journal.ended_rows()) == 1
    assert await hear(journal, 1, first=TODAY + timedelta(days=KEEP)) == 1
    await journal.close()


async def test_days_that_a_wrong_clock_showed_first_do_not_hold_up_the_count_when_it_is_right_again(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    assert await journal.trim(date(2466, 1, 1), keep=KEEP) == 0
    assert await hear(journal, KEEP - 1) == 0
    assert await hear(journal, 1, first=TODAY + timedelta(days=KEEP)) == 1
    await journal.close()


async def test_a_count_in_which_a_bit_fell_over_makes_nobody_forget(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    await hear(journal, KEEP - 1)
    await journal.close()
    with closing(sqlite3.connect(tmp_path / "j.db")) as connection, connection:
        fallen = "UPDATE meta SET key = ? WHERE key = ?"
        assert connection.execute(fallen, ("heard:3026-11-24", f"heard:{TODAY}")).rowcount == 1
        yesterday = TODAY + timedelta(days=KEEP - 2)
        assert connection.execute(fallen, ("geard", f"heard:{yesterday}")).rowcount == 1
    journal = opened(tmp_path / "j.db")
    kept = await journal.keep(row(1, "c1"))
    await journal.move([replace(kept, state=RowState.DONE)])
    assert await hear(journal, 2, first=TODAY + timedelta(days=KEEP - 1)) == 0
    assert len(await journal.ended_rows()) == 2
    await journal.close()


async def test_a_journal_whose_count_was_lost_counts_anew(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    await hear(journal, 111)
    kept = await journal.keep(row(1, "c1"))
    await journal.move([replace(kept, state=RowState.DONE)])
    await hear(journal, 1, first=TODAY + timedelta(days=111))
    await journal.close()
    with closing(sqlite3.connect(tmp_path / "j.db")) as connection, connection:
        connection.execute("DELETE FROM meta WHERE key LIKE 'heard:%'")
    journal = opened(tmp_path / "j.db")
    assert await hear(journal, KEEP, first=TODAY + timedelta(days=112)) == 0
    assert len(await journal.ended_rows()) == 2
    assert await hear(journal, 1, first=TODAY + timedelta(days=112 + KEEP)) == 2
    await journal.close()


async def test_after_a_month_an_ended_act_is_what_a_restore_needs_of_it_and_no_record_of_then(tmp_path):
    journal = opened(tmp_path / "j.db")
    kept = await journal.keep(replace(row(0, "c1"), seen={"case:c1": b'{"id":"c1"}'}))
    await journal.move([replace(kept, state=RowState.DONE, epoch=1, seq=5, result=b"{}")])
    await hear(journal, FULL_DAYS)
    assert [(one.seen, one.result) for one in await journal.ended_rows()] == [({"case:c1": b'{"id":"c1"}'}, b"{}")]
    await hear(journal, 1, first=TODAY + timedelta(days=FULL_DAYS))
    (left,) = await journal.ended_rows()
    assert left == replace(kept, state=RowState.DONE, epoch=1, seq=5, seen={})
    assert await journal.lost_by_restore("d1", 2, {"1": 0, "2": 4}) == [left]
    await journal.close()


async def test_the_daily_trim_reads_what_it_changes_and_not_the_whole_journal(tmp_path):
    journal = await with_an_ended_act(tmp_path / "j.db")
    given: list[tuple[str, Any]] = []
    event.listen(journal._engine, "before_cursor_execute", lambda *said: given.append((said[2], said[3])))
    await journal.trim(TODAY, keep=KEEP)
    await journal.close()
    with closing(sqlite3.connect(tmp_path / "j.db")) as connection:
        asked = [(line, values) for line, values in given if "commands" in line]
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {line}", values).fetchall() for line, values in asked]
    assert len(plans) == 4
    assert all("USING INDEX commands_by_end (ended_day" in step[-1] for plan in plans for step in plan), plans

"""What the journal writes of an act, column by column, and what it gives out again: which, how many, in which order."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from commandcenter.cache import journal as journal_module
from commandcenter.cache.clock_mark import ClockMark
from commandcenter.cache.faults import Damaged, DiskFault, ReadOnly
from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import JournalRow, OnBehalfOf, RowState, row_columns
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.attestation import Attestation
from tests.kit.district import NOON
from tests.kit.inline_worker import InlineWorker
from tests.kit.rows import row

LATER = NOON + timedelta(minutes=5)
PROOF = Attestation("cmd1", NOON, {"case:c1": 3}, "mac")


def opened(file: Path) -> Journal:
    return Journal(file, worker=InlineWorker(), now=lambda: 1000.0, new_id=lambda: "console-1")


def sql(file: Path, line: str, *given: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(line, given).fetchall()


def full(number: int = 1) -> JournalRow:
    """A row that says something in every column that it has from the beginning."""
    return replace(
        row(number, "c1", "c2"),
        person=Person("王敏", Role.DISPATCHER, Scope("d1", street="east")),
        args=b'{"case":"c1"}', bases={"case:c1": 3, "epoch": 2}, dep="cmd0", acted_at=7.5, boot="boot-1",
        code="before", about="c2", epoch=2, replaces="cmd-a", seen={"case:c2": b'{"id":"c2"}'}, attested=PROOF,
        behalf=OnBehalfOf(Person("leader", Role.SHIFT_LEADER, Scope("d1")), "act-1", PROOF),
    )  # fmt: skip


async def test_an_act_comes_back_with_everything_that_was_kept_and_that_became_of_it(tmp_path):
    file = tmp_path / "j.db"
    journal = opened(file)
    kept = await journal.keep(full())
    assert await journal.find("cmd1") == kept == replace(full(), cseq=1)
    moved = replace(kept, state=RowState.DONE, code="late", about="c3", epoch=3, seq=17, result=b"{}", moved_at=LATER)
    blank = {field.name for field in fields(JournalRow) if getattr(moved, field.name) in (None, "", b"", ())}
    assert blank == set()
    await journal.move([moved])
    await journal.close()
    journal = opened(file)
    assert await journal.find("cmd1") == moved
    assert await journal.find("cmd2") is None
    assert (moved.decider.user, moved.user, moved.district) == ("leader", "王敏", "d1")
    await journal.close()
    assert sql(file, "SELECT ended_at, ended_day, user, district FROM commands") == [
        (LATER.timestamp(), None, "王敏", "d1")
    ]


async def test_of_several_records_each_is_kept_as_it_was_seen_and_an_older_journal_has_the_first(tmp_path):
    file, one, two = tmp_path / "j.db", b'{"id":"c1"}', b'{"id":"c2"}'
    journal = opened(file)
    seen = [{"case:c1": one}, {"case:c1": one, "case:c2": two}, {"case:c2": two}, {}]
    kept = [await journal.keep(replace(row(number, "c1", "c2"), seen=said)) for number, said in enumerate(seen)]
    assert await journal.open_rows() == kept
    assert sql(file, "SELECT seen FROM commands ORDER BY cseq LIMIT 2") == [(one,), (b"[%b,%b]" % (one, two),)]
    for damaged in (b"[", b"[]", b"[1, null]"):
        sql(file, "UPDATE commands SET seen = ? WHERE cmd_id = 'cmd1'", damaged)
        found = await journal.find("cmd1")
        assert found is not None
        assert [found.seen_record(ref) for ref in found.refs] == [None, None]
    await journal.close()


@pytest.mark.parametrize("state", RowState)
async def test_an_end_has_its_moment_and_what_goes_on_has_none(tmp_path, state):
    file = tmp_path / "j.db"
    journal = opened(file)
    kept = await journal.keep(row(1, "c1"))
    await journal.move([replace(kept, state=RowState.DONE, moved_at=NOON)])
    sql(file, "UPDATE commands SET ended_day = 4")
    await journal.move([replace(kept, state=state, moved_at=LATER)])
    is_end = state in (RowState.DONE, RowState.DROPPED)
    assert sql(file, "SELECT ended_at, ended_day FROM commands") == [(LATER.timestamp() if is_end else None, None)]
    assert [len(await journal.open_rows()), len(await journal.ended_rows())] == [not is_end, is_end]
    await journal.move([replace(kept, state=state, moved_at=None)])
    assert sql(file, "SELECT ended_at FROM commands") == [(None,)]
    await journal.close()


async def test_an_act_that_is_given_in_the_place_of_another_ends_that_one_at_its_own_moment(tmp_path):
    file = tmp_path / "j.db"
    journal = opened(file)
    former = await journal.keep(row(1, "c1"))
    other = await journal.keep(row(2, "c1"))
    await journal.move([replace(former, state=RowState.CONFLICT, code="why", epoch=2, moved_at=NOON)])
    sql(file, "UPDATE commands SET ended_day = 4")
    new = await journal.keep(replace(row(3, "c1"), replaces="cmd1", made_at=LATER))
    assert await journal.open_rows() == [other, new]
    assert await journal.ended_rows() == [
        replace(former, state=RowState.DROPPED, code="replaced", about="cmd3", epoch=2, moved_at=LATER)
    ]
    ended = sql(file, "SELECT ended_at, ended_day FROM commands WHERE cmd_id = 'cmd1'")
    assert ended == [(LATER.timestamp(), None)]
    await journal.close()


async def test_acts_are_given_out_in_their_order_and_of_the_ended_ones_the_last(tmp_path):
    journal = opened(tmp_path / "j.db")
    for number in range(1, 9):
        kept = await journal.keep(row(number, "c1"))
        await journal.move([replace(kept, state=RowState.DONE if number % 2 else RowState.HELD)])
    assert [one.cseq for one in await journal.open_rows()] == [2, 4, 6, 8]
    assert [one.cseq for one in await journal.ended_rows()] == [1, 3, 5, 7]
    assert [one.cseq for one in await journal.ended_rows(most=3)] == [3, 5, 7]
    await journal.close()


async def test_an_act_is_moved_with_all_of_its_kind_or_not_at_all(tmp_path):
    journal = opened(tmp_path / "j.db")
    first, second = [await journal.keep(row(number, "c1")) for number in (1, 2)]
    with pytest.raises(DiskFault):
        await journal.move([replace(first, state=RowState.SENT), replace(second, result=object())])
    assert await journal.open_rows() == [first, second]
    await journal.close()


async def test_what_was_dropped_is_asked_about_until_its_epoch_is_known_in_its_own_district_alone(tmp_path):
    journal = opened(tmp_path / "j.db")
    told = [
        (RowState.DROPPED, None, "d1"), (RowState.DROPPED, 1, "d1"), (RowState.DROPPED, 2, "d1"),
        (RowState.DROPPED, 3, "d1"), (RowState.DROPPED, 1, "d2"), (RowState.DONE, 1, "d1"), (RowState.HELD, None, "d1"),
    ]  # fmt: skip
    for number, (state, epoch, district) in enumerate(told):
        kept = await journal.keep(row(number, "c1", district=district))
        await journal.move([replace(kept, state=state, epoch=epoch)])
    assert [one.cmd_id for one in await journal.dropped_before("d1", 2)] == ["cmd0", "cmd1"]
    assert [one.cmd_id for one in await journal.dropped_before("d1", 9)] == ["cmd0", "cmd1", "cmd2", "cmd3"]
    await journal.close()


async def test_a_restore_takes_back_nothing_that_was_never_acknowledged_or_of_which_it_does_not_speak(tmp_path):
    journal = opened(tmp_path / "j.db")
    states = (RowState.SENT, RowState.DONE, RowState.KEPT, RowState.CONFLICT, RowState.DROPPED)
    for number, state in enumerate(states):
        kept = await journal.keep(row(number, "c1"))
        await journal.move([replace(kept, state=state, epoch=1, seq=9)])

    async def lost(epoch: int, bases: dict[str, int]) -> list[str]:
        return [one.cmd_id for one in await journal.lost_by_restore("d1", epoch, bases)]

    assert await lost(2, {"1": 0, "2": 8}) == ["cmd0", "cmd1"]
    assert await lost(2, {"1": 0, "2": 9}) == []
    assert await lost(3, {"1": 0, "2": 9, "3": 3}) == ["cmd0", "cmd1"]
    assert await lost(2, {"1": 0, "2": 9, "3": 3}) == []
    assert await lost(2, {"1": 0}) == []
    assert await lost(2, {"1": 0, "two": 1}) == []
    await journal.close()


async def test_what_somebody_is_writing_is_theirs_under_its_name_until_it_is_taken_away(tmp_path):
    file = tmp_path / "j.db"
    journal = opened(file)
    await journal.keep_draft("a", "intake", b"1")
    await journal.keep_draft("a", "intake", b"2")
    await journal.keep_draft("a", "report", b"3")
    await journal.keep_draft("b", "intake", b"4")
    await journal.close()
    assert sql(file, "SELECT * FROM drafts ORDER BY user, key") == [
        ("a", "intake", b"2", 1000.0), ("a", "report", b"3", 1000.0), ("b", "intake", b"4", 1000.0),
    ]  # fmt: skip
    journal = opened(file)
    await journal.keep_draft("a", "intake", None)
    drafts = [await journal.draft(user, key) for user in "ab" for key in ("intake", "report")]
    assert drafts == [None, b"3", b"4", None]
    await journal.close()


async def test_the_platforms_time_is_known_after_the_next_start_and_one_that_cannot_be_read_is_none(tmp_path):
    file = tmp_path / "j.db"
    journal = opened(file)
    assert (journal.clock_mark, journal.log_places) == (None, ())
    await journal.set_clock(ClockMark(1.0, 2.0, "boot-1"))
    await journal.set_clock(ClockMark(3.0, 4.0, "boot-1"))
    await journal.close()
    journal = opened(file)
    assert journal.clock_mark == ClockMark(3.0, 4.0, "boot-1")
    await journal.close()
    sql(file, "UPDATE meta SET value = 'x' WHERE key = 'clock'")
    journal = opened(file)
    assert journal.clock_mark is None
    await journal.close()


NEVER_CHANGES = ("cmd_id", "cseq", "user", "district", "person", "type", "args", "refs", "bases", "dep", "made_at")


@pytest.mark.parametrize("column", [*NEVER_CHANGES, "acted_at", "boot", "replaces", "behalf", "attested", "proof"])
async def test_an_act_of_which_a_bit_fell_over_is_not_shown_as_somebodys(tmp_path, column):
    file = tmp_path / "j.db"
    journal = opened(file)
    await journal.keep(full())
    ((was,),) = sql(file, f"SELECT {column} FROM commands")
    now = was + 1 if isinstance(was, (int, float)) else was[:-1] + (b"x" if isinstance(was, bytes) else "x")
    sql(file, f"UPDATE commands SET {column} = ?", now)
    with pytest.raises(Damaged) as said:
        await journal.open_rows()
    assert said.value.about == str(file)
    await journal.close()


@pytest.mark.parametrize(("column", "value"), [("state", "singing"), ("moved_at", "soon")])
async def test_an_act_in_a_state_that_there_is_not_is_damaged(tmp_path, column, value):
    file = tmp_path / "j.db"
    journal = opened(file)
    await journal.keep(row(1, "c1"))
    sql(file, f"UPDATE commands SET {column} = ?", value)
    with pytest.raises(Damaged):
        await journal.find("cmd1")
    await journal.close()


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[sqlite3.Connection]]:
    """What the journal has opened."""
    made: list[Any] = []
    real = journal_module.open_engine

    def noted(*given: Any, **more: Any) -> Any:
        engine = real(*given, **more)
        made.append(engine.raw_connection().driver_connection)
        return engine

    monkeypatch.setattr(journal_module, "open_engine", noted)
    yield made
    for one in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            one.execute("SELECT 1")


@pytest.mark.parametrize(("wrong", "told"), [(DiskFault("full"), ReadOnly), (Damaged("x"), Damaged)])
def test_a_journal_that_cannot_be_opened_is_let_go_of(tmp_path, monkeypatch, connections, wrong, told):
    def fail(_engine: object) -> None:
        raise wrong

    monkeypatch.setattr(journal_module, "migrate", fail)
    with pytest.raises(told) as said:
        opened(tmp_path / "j.db")
    assert said.value.about == ("x" if told is Damaged else str(tmp_path / "j.db"))
    assert len(connections) == 1


class Noted(InlineWorker):
    """Knows whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


async def test_a_journal_that_is_closed_lets_go_of_its_file_and_is_of_the_same_console_ever_after(
    tmp_path, connections
):
    for new_id in ("console-1", "another"):
        worker = Noted()
        made = Journal(tmp_path / "j.db", worker=worker, now=lambda: 1000.0, new_id=lambda new=new_id: new)
        assert made.console_id == "console-1"
        await made.close()
        assert worker.is_closed
    assert len(connections) == 2


@pytest.mark.parametrize("kept", [row(1, "c1"), full(), replace(full(), attested=None), replace(full(), behalf=None)])
def test_a_row_is_proven_as_programs_before_this_one_proved_it(kept):
    table = row_columns(kept)
    names = ("cmd_id", "cseq", "user", "district", "person", "type", "args", "refs", "bases", "dep", "made_at")
    first = [table[name] for name in (*names, "acted_at", "boot", "replaces")]
    later = [table[name] for name in ("behalf", "attested") if table[name]]
    assert table["proof"] == crc32(repr(first + later).encode())

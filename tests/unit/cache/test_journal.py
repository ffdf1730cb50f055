"""The journal: written before it is said, read back as it was, refused when it comes from the future."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from commandcenter.cache.faults import Damaged, NewerJournal
from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import RowState
from commandcenter.cache.journal_schema import VERSION, commands
from commandcenter.cache.log_position import KnownLogPosition
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.cache.salvage import recover, salvage
from commandcenter.domain.commands import File, Take
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import Spot
from commandcenter.protocol.codec import command_args
from tests.kit.district import NOON
from tests.kit.inline_worker import InlineWorker
from tests.kit.rows import row


def opened(file: Path, *, new_id: str = "console-1") -> Journal:
    return Journal(file, worker=InlineWorker(), now=lambda: 1000.0, new_id=lambda: new_id)


async def test_what_is_kept_is_read_back_as_it_was_after_any_end(tmp_path):
    journal = opened(tmp_path / "j.db")
    wish = Take("c1", "hotline", "water", "积水", "路口", "east", spot=Spot(117.3, 31.8))
    person = Person("王敏", Role.INTAKE_CLERK, Scope("d1", street="east"))
    first = replace(row(0, "c1"), person=person, type="take", args=command_args(wish), bases={"case:c1": 3}, dep="x")
    kept = await journal.keep(first)
    await journal.close()
    journal = opened(tmp_path / "j.db")
    (again,) = await journal.open_rows()
    assert again == kept == replace(first, cseq=1)
    assert again.command() == wish
    assert journal.console_id == "console-1"
    await journal.close()


async def test_numbers_go_on_after_everything_was_done_and_forgotten(tmp_path):
    journal = opened(tmp_path / "j.db")
    kept = await journal.keep(row(0, "c1"))
    await journal.move([replace(kept, state=RowState.DONE, epoch=1, seq=5)])
    assert [await journal.trim(date(2026, 11, day), keep=1) for day in (24, 25)] == [0, 1]
    await journal.close()
    journal = opened(tmp_path / "j.db")
    assert await journal.ended_rows() == []
    assert (await journal.keep(row(7, "c1"))).cseq == 2
    await journal.close()


async def test_what_has_become_bytes_in_the_journal_is_read_as_the_text_that_it_was(tmp_path):
    journal = opened(tmp_path / "j.db")
    await journal.keep(row(0, "c1"))
    await journal.close()
    with closing(sqlite3.connect(tmp_path / "j.db")) as damaged, damaged:
        assert damaged.execute("UPDATE meta SET value = CAST(value AS BLOB)").rowcount > 1
    journal = opened(tmp_path / "j.db", new_id="console-2")
    assert journal.console_id == "console-1"
    assert (await journal.keep(row(7, "c2"))).cseq == 2
    await journal.close()


async def test_a_replaced_command_is_dropped_in_the_same_step(tmp_path):
    journal = opened(tmp_path / "j.db")
    await journal.keep(row(1, "c1"))
    await journal.keep(replace(row(2, "c1"), replaces="cmd1"))
    assert [one.cmd_id for one in await journal.open_rows()] == ["cmd2"]
    assert [(one.cmd_id, one.state) for one in await journal.ended_rows()] == [("cmd1", RowState.DROPPED)]
    await journal.close()


async def test_a_restore_loses_what_came_after_its_backup_and_nothing_else(tmp_path):
    journal = opened(tmp_path / "j.db")
    for number, (epoch, seq, district) in enumerate([(1, 5, "d1"), (1, 9, "d1"), (2, 7, "d1"), (1, 9, "d2")]):
        kept = await journal.keep(row(number, "c1", district=district))
        await journal.move([replace(kept, state=RowState.DONE, epoch=epoch, seq=seq)])
    after = {"1": 0, "2": 6}
    assert [one.cmd_id for one in await journal.lost_by_restore("d1", 2, after)] == ["cmd1"]
    assert [one.cmd_id for one in await journal.lost_by_restore("d1", 3, after | {"3": 4})] == ["cmd0", "cmd1", "cmd2"]
    assert await journal.lost_by_restore("d1", 1, {"1": 0}) == []
    await journal.close()


async def test_a_journal_from_the_future_is_refused_and_not_a_byte_changes(tmp_path):
    file = tmp_path / "j.db"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE commands (all_new TEXT)")
        made.execute(f"PRAGMA user_version = {VERSION + 1}")
    made.close()
    before = file.read_bytes()
    with pytest.raises(NewerJournal):
        opened(file)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["j.db"]


@pytest.mark.parametrize("at", [0, 17, 100, *range(4096, 40_000, 2000)])
async def test_a_damaged_journal_is_said_and_left_as_it_is(tmp_path, at):
    file = tmp_path / "j.db"
    journal = opened(file)
    rows = [await journal.keep(row(number, f"c{number}")) for number in range(200)]
    await journal.close()
    content = bytearray(file.read_bytes())
    content[at : at + 60] = b"\xa5" * 60
    file.write_bytes(content)
    said = None
    try:
        journal = opened(file)
    except Damaged as wrong:
        said = wrong
    else:
        try:
            assert await journal.open_rows() == rows  # the damage lies where nothing is
        except Damaged as wrong:
            said = wrong
        await journal.close()
    assert at > 200 or said
    if said:
        assert file.read_bytes() == bytes(content)


async def test_the_columns_are_told_in_the_order_in_which_they_stand_on_the_disk(tmp_path):
    """A damaged journal is read without SQLite: there a column is known by its place alone."""
    journal = opened(tmp_path / "j.db")
    await journal.keep(row(1, "c1"))
    await journal.close()
    with closing(sqlite3.connect(tmp_path / "j.db")) as connection:
        there = [name for _, name, *_ in connection.execute("PRAGMA table_info(commands)")]
    assert there == [column.name for column in commands.columns]


async def test_an_empty_file_of_an_interrupted_first_start_is_a_new_journal(tmp_path):
    (tmp_path / "j.db").write_bytes(b"")
    journal = opened(tmp_path / "j.db")
    assert await journal.open_rows() == []
    await journal.close()


async def test_a_command_that_this_version_does_not_know_is_kept_all_the_same(tmp_path):
    journal = opened(tmp_path / "j.db")
    await journal.keep(replace(row(1, "c1"), type="sing", args=b'{"song":1}'))
    (kept,) = await journal.open_rows()
    assert kept.command() is None
    await journal.keep(replace(row(2, "c1"), type="file", args=b'{"case":"c1"}'))
    assert (await journal.open_rows())[1].command() == File("c1")
    await journal.close()


async def test_what_was_done_on_a_mirror_that_had_come_further_is_named_for_the_same_seat_alone(tmp_path):
    journal = opened(tmp_path / "j.db")
    here = MirrorPosition("a", "d1", "platform", 2, 1, 9)
    places = [(1, 30, "d1"), (2, 5, "d1"), (2, 7, "d1"), (2, 7, "d2"), (2, 9, "d1"), (2, 12, "d1")]
    for number, (epoch, seq, district) in enumerate(places):
        kept = await journal.keep(row(number, "c1", district=district))
        await journal.move([replace(kept, state=RowState.DONE, epoch=epoch, seq=seq)], shown=here)
    kept = await journal.keep(row(99, "c1"))
    await journal.move(
        [replace(kept, state=RowState.SENT, epoch=2, seq=20)], shown=replace(here, seq=99)
    )  # not done yet

    async def beyond(at: MirrorPosition) -> list[str]:
        return [one.cmd_id for one in await journal.done_beyond(at)]

    assert await beyond(here) == []
    assert await beyond(replace(here, seq=5)) == ["cmd2", "cmd4"]
    assert await beyond(replace(here, epoch=1, seq=29)) == ["cmd0", "cmd1", "cmd2", "cmd4"]
    for other in (replace(here, user="b", seq=5), replace(here, lineage="another", seq=5)):
        assert await beyond(other) == []
    await journal.close()


async def test_how_far_each_log_goes_and_the_time_are_known_after_the_next_start(tmp_path):
    journal = opened(tmp_path / "j.db")
    kept = await journal.keep(row(1, "c1"))
    places = [KnownLogPosition("d1", "platform", 2, 7, "2.7.x"), KnownLogPosition("d2", "other", 1, 30, "")]
    await journal.move([replace(kept, state=RowState.SENT, epoch=2, seq=7)], places=places)
    await journal.move([], places=[replace(places[1], seq=31)])
    await journal.close()
    journal = opened(tmp_path / "j.db")
    assert sorted(journal.log_places, key=lambda one: one.district) == [places[0], replace(places[1], seq=31)]
    await journal.close()


async def test_the_mirrors_place_is_kept_with_what_is_done_there_alone(tmp_path):
    journal = opened(tmp_path / "j.db")
    far, near = MirrorPosition("a", "d1", "platform", 2, 1, 90), MirrorPosition("a", "d1", "platform", 2, 1, 10)
    kept = [await journal.keep(row(number, "c1")) for number in (1, 2)]
    await journal.move([replace(kept[0], state=RowState.DONE, epoch=2, seq=80)], shown=far)
    assert [one.cmd_id for one in await journal.done_beyond(near)] == ["cmd1"]
    await journal.move([replace(kept[1], state=RowState.SENT, epoch=2, seq=5)], shown=near)
    assert [one.cmd_id for one in await journal.done_beyond(near)] == ["cmd1"]
    await journal.move([replace(kept[1], state=RowState.DONE, epoch=2, seq=5)], shown=near)
    assert [one.cmd_id for one in await journal.done_beyond(near)] == ["cmd1"]  # it has not caught up yet
    assert await journal.done_beyond(far) == []
    await journal.close()


async def test_what_each_seats_mirror_lost_is_named_whoever_sat_there_since(tmp_path):
    journal = opened(tmp_path / "j.db")
    first = MirrorPosition("a", "d1", "platform", 2, 1, 90)
    seats = [first, replace(first, user="b"), replace(first, district="d2"), replace(first, lineage="another")]
    for number, at in enumerate(seats):
        kept = await journal.keep(row(number, "c1", district=at.district))
        far = replace(at, seq=90 + number)
        await journal.move([replace(kept, state=RowState.DONE, epoch=2, seq=80 + number)], shown=far)
    beyond = [await journal.done_beyond(replace(at, seq=79 + number)) for number, at in enumerate(seats)]
    assert [[one.cmd_id for one in lost] for lost in beyond] == [
        ["cmd0", "cmd1", "cmd3"], ["cmd1", "cmd3"], ["cmd2"], ["cmd3"]
    ]  # fmt: skip
    await journal.close()


async def test_a_recovered_journal_is_of_the_same_console_and_counts_on_from_what_could_not_be_read(tmp_path):
    journal = opened(tmp_path / "j.db")
    for number in range(3):
        await journal.keep(row(number, "c1"))
    await journal.keep_draft("a", "intake", b"{}")
    await journal.close()
    found = salvage(tmp_path / "j.db")
    aside = recover(tmp_path / "j.db", replace(found, commands=found.commands[:1]), at=NOON)
    assert aside.exists()
    again = Journal(tmp_path / "j.db", worker=InlineWorker(), now=lambda: 1000.0, new_id=lambda: "another")
    assert again.console_id == "console-1"
    assert [one.cmd_id for one in await again.open_rows()] == ["cmd0"]
    assert await again.draft("a", "intake") == b"{}"
    assert (await again.keep(row(9, "c1"))).cseq == 4
    await again.close()

"""What is made of the rows of a damaged journal, and how the fresh one takes its place, also after it was cut off."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from commandcenter.cache import salvage as salvaging
from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import OPEN, RowState
from commandcenter.cache.salvage import Salvaged, finish, recover, salvage
from commandcenter.cache.sqlite_pages import Values, rows
from tests.kit.district import NOON
from tests.kit.inline_worker import InlineWorker
from tests.kit.rows import row

FIRST_VERSION = 22  # columns of a journal of the first release
WAY = ("kept", "held", "refused", "conflict", "sent", "done", "dropped")


async def journal(file: Path, many: int) -> list[Values]:
    """A journal of `many` acts, and their rows as they stand on the disk."""
    made = Journal(file, worker=InlineWorker(), now=lambda: 1000.0, new_id=lambda: "console-1")
    for number in range(1, many + 1):
        await made.keep(row(number, "c1"))
    await made.close()
    return [values for _, values in rows(file, lambda _: False) if len(values) >= FIRST_VERSION]


def come_to(values: Values, state: str, **columns: Any) -> Values:
    names = dict(zip(salvaging._NAMES, values, strict=False)) | {"state": state} | columns
    return tuple(names.values())


def read(monkeypatch: pytest.MonkeyPatch, *told: tuple[int, Values]) -> Salvaged:
    """What is made of rows of these ages."""
    monkeypatch.setattr(salvaging, "rows", lambda _file, _fits: iter(told))
    return salvage(Path("journal.db"))


async def test_of_an_act_the_row_that_was_written_last_counts_and_of_those_of_a_time_the_one_that_came_furthest(
    tmp_path, monkeypatch
):
    (act,) = await journal(tmp_path / "j.db", 1)
    for less, more in pairwise(WAY):
        for told in ((0, less), (0, more)), ((0, more), (0, less)), ((1, less), (0, more), (1, more)):
            found = read(monkeypatch, *((age, come_to(act, state)) for age, state in told))
            assert [one["state"] for one in found.commands] == [more]
        found = read(monkeypatch, (2, come_to(act, less)), (1, come_to(act, more)))
        assert [one["state"] for one in found.commands] == [less]


@pytest.mark.parametrize("state", RowState)
async def test_what_has_not_come_to_its_end_is_counted_as_open(tmp_path, monkeypatch, state):
    first, second = await journal(tmp_path / "j.db", 2)
    found = read(monkeypatch, (0, second), (0, come_to(first, state.value)))
    assert [one["cmd_id"] for one in found.commands] == ["cmd1", "cmd2"]
    assert found.open == 1 + (state in OPEN)


@pytest.mark.parametrize(
    ("numbers", "last", "lost"),
    [((1, 2, 3), None, 0), ((1, 2, 3), "3", 0), ((1, 3), "3", 1), ((2, 3), "3", 0), ((3, 4), "7", 3),
     ((2, 6), "4", 3), ((), "5", 5), ((), "0", None), ((), None, None)],
)  # fmt: skip
async def test_how_many_acts_are_missing_is_told_by_the_numbers_between_the_first_and_the_last(
    tmp_path, monkeypatch, numbers, last, lost
):
    acts = await journal(tmp_path / "j.db", 6)
    told = [] if last is None else [(0, ("last_cseq", last))]
    found = read(monkeypatch, *told, *((0, acts[number - 1]) for number in numbers))
    assert [one["cseq"] for one in found.commands] == list(numbers)
    assert found.lost == lost


async def test_what_is_no_whole_act_no_draft_and_nothing_that_a_journal_says_of_itself_is_left_out(
    tmp_path, monkeypatch
):
    (act,) = await journal(tmp_path / "j.db", 1)
    drafts = [(user, key, b"{}", 1000.0) for user in "ab" for key in ("intake", "report")]
    told = [
        (*act, "more"), act[: FIRST_VERSION - 1], come_to(act, "sung"), come_to(act, "kept", boot="other"),
        come_to(act, "kept", moved_at="soon"), come_to(act, "kept", made_at=None), ("console_id", 7),
        (b"console_id", "x"), ("console_id",), ("songs", "1"), ("last_cseq", "٣"), ("last_cseq", "-1"),
        ("last_cseq", ""), ("a", "b", "c", 1.0), ("a", "b", b"c", "1"), ("a", 1, b"c", 1.0), (1, "b", b"c", 1.0),
        ("a", "b", b"c"), (),
    ]  # fmt: skip
    assert read(monkeypatch, *((0, values) for values in told)) == Salvaged((), (), {}, None)
    good = [act, ("a", "intake", b"old", 5), *drafts, ("console_id", "c"), ("last_cseq", "0"), ("last_cseq", "1")]
    found = read(monkeypatch, *((0, values) for values in good))
    assert [one["cmd_id"] for one in found.commands] == ["cmd1"]
    assert [tuple(one.items()) for one in found.drafts] == [
        tuple(zip(("user", "key", "body", "at"), draft, strict=True)) for draft in drafts
    ]
    assert found.meta == {"console_id": "c", "last_cseq": "1"}


async def test_an_act_of_an_older_journal_has_nothing_where_that_had_no_column(tmp_path, monkeypatch):
    (act,) = await journal(tmp_path / "j.db", 1)
    assert not any(act[FIRST_VERSION:])
    (old,) = read(monkeypatch, (0, act[:FIRST_VERSION])).commands
    (new,) = read(monkeypatch, (0, act)).commands
    assert old == new
    (whole,) = read(monkeypatch, (0, come_to(act, "kept", acted_at=0, ended_at=2))).commands
    assert [type(whole[name]) for name in ("acted_at", "ended_at", "cseq", "epoch")] == [float, float, int, type(None)]


async def test_the_acts_of_a_page_whose_head_fell_over_are_found_and_nothing_that_only_looks_like_one(tmp_path):
    file = tmp_path / "journal.db"
    acts = await journal(file, 3)
    whole, raw = salvage(file), bytearray(file.read_bytes())
    for at in range(0, len(raw), 4096):
        if all(act[0].encode() in raw[at : at + 4096] and b"2026-11" in raw[at : at + 4096] for act in acts):
            raw[at : at + 8] = b"\xa5" * 8
    assert raw != file.read_bytes()
    file.write_bytes(raw)
    assert salvage(file).commands == whole.commands
    assert len(whole.commands) == 3


def content(file: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(file)) as connection:
        return {
            "commands": connection.execute("SELECT cmd_id FROM commands ORDER BY cseq").fetchall(),
            "drafts": connection.execute("SELECT user, body FROM drafts").fetchall(),
            "meta": connection.execute("SELECT key, value FROM meta ORDER BY key").fetchall(),
        }


async def test_a_fresh_journal_has_what_was_read_and_stands_alone_and_the_damaged_one_is_aside_with_its_log(tmp_path):
    file = tmp_path / "journal.db"
    await journal(file, 3)
    found = salvage(file)
    found = replace(found, drafts=({"user": "a", "key": "k", "body": b"{}", "at": 1.0},))
    was = file.read_bytes()
    sides = {"-wal": b"log", "-shm": b"shared", ".new": b"of one", ".new-wal": b"that was", ".new-shm": b"cut off"}
    for side, text in sides.items():
        file.with_name(f"journal.db{side}").write_bytes(text)
    aside = recover(file, found, at=NOON)
    assert aside == tmp_path / "journal-damaged-20261124-040000.db"
    assert {one.name for one in tmp_path.iterdir()} == {"journal.db", aside.name, f"{aside.name}-wal"}
    assert (aside.read_bytes(), (tmp_path / f"{aside.name}-wal").read_bytes()) == (was, b"log")
    acts, drafts = [("cmd1",), ("cmd2",), ("cmd3",)], [("a", b"{}")]
    told = [("console_id", "console-1"), ("last_cseq", "3")]
    assert content(file) == {"commands": acts, "drafts": drafts, "meta": told}
    assert file.read_bytes()[18:20] == b"\x01\x01"  # no log belongs to it
    again = [recover(file, replace(found, commands=(), drafts=(), meta={}), at=NOON) for _ in range(2)]
    assert [one.name for one in again] == [f"journal-damaged-20261124-040000-{number}.db" for number in (2, 3)]
    assert content(file) == {"commands": [], "drafts": [], "meta": [("last_cseq", "0")]}


async def test_what_is_set_aside_and_the_folder_are_on_the_disk_and_nothing_is_left_open(tmp_path, monkeypatch):
    file = tmp_path / "journal.db"
    await journal(file, 1)
    found = salvage(file)
    flushed, handles, raws = list[int](), set[int](), list[Any]()
    fsync, open_, close, engine = os.fsync, os.open, os.close, salvaging.open_engine

    def opened(*given: Any) -> int:
        handle = open_(*given)
        handles.add(handle)
        return handle

    def noted(*given: Any, **more: Any) -> Any:
        made = engine(*given, **more)
        raws.append(made.raw_connection().driver_connection)
        return made

    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle).st_ino) or fsync(handle))
    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "close", lambda handle: handles.discard(handle) or close(handle))
    monkeypatch.setattr(salvaging, "open_engine", noted)
    aside = recover(file, found, at=NOON)
    folder = [tmp_path.stat().st_ino] if os.name == "posix" else []
    assert flushed == [aside.stat().st_ino, *folder]
    assert handles == set()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        raws[0].execute("SELECT 1")


@pytest.mark.parametrize(("last", "then"), [("7", "7"), ("2", "3"), (None, "3")])
async def test_a_fresh_journal_counts_on_from_the_largest_number_that_was_seen(tmp_path, last, then):
    file = tmp_path / "journal.db"
    await journal(file, 3)
    recover(file, replace(salvage(file), meta={} if last is None else {"last_cseq": last}), at=NOON)
    assert content(file)["meta"] == [("last_cseq", then)]


async def test_a_recovery_that_is_ready_takes_the_place_of_the_journal_and_of_its_log_and_without_one_nothing_does(
    tmp_path, monkeypatch
):
    flushed: list[tuple[Path, bytes]] = []
    monkeypatch.setattr(
        salvaging, "flush_folder", lambda folder: flushed.append((folder, (folder / "journal.db").read_bytes()))
    )
    names = ("journal.db", "journal.db-wal", "journal.db-shm")
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    finish(tmp_path / "journal.db")
    assert {one.name for one in tmp_path.iterdir()} == set(names)
    (tmp_path / "journal.db.recovered").write_bytes(b"new")
    finish(tmp_path / "journal.db")
    assert [one.name for one in tmp_path.iterdir()] == ["journal.db"]
    assert (tmp_path / "journal.db").read_bytes() == b"new"
    assert flushed == [(tmp_path, b"new")]

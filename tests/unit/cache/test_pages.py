"""Rows read out of the pages of a SQLite file without SQLite: what SQLite wrote is read as it was written."""

import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest

from commandcenter.cache.sqlite_pages import Values, rows

WHOLE_NUMBERS = (0, 1, 2, -1, 127, -128, 128, 32767, -32769, 1 << 23, -(1 << 31), 1 << 31, 1 << 47, -(1 << 63), 1 << 40)
SIZES = (512, 1024, 4096, 65536)
WIDE = 22  # columns of the commands


@pytest.fixture(params=SIZES)
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An empty database whose pages are of one of the sizes that SQLite knows."""
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA page_size={request.param}")
        database.execute("CREATE TABLE some (a, b, c, d)")
    return path


def none(_values: Values) -> bool:
    return False


def read(path: Path, fits=none) -> list[Values]:
    """The rows of `some` that are read, without those of SQLite's own list of tables."""
    return [values for _, values in rows(path, fits) if len(values) == 4]


def write(path: Path, *given: Values) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany("INSERT INTO some VALUES (?, ?, ?, ?)", given)


def test_each_kind_of_value_is_read_as_it_was_written(file):
    given = [(number, float(number) + 0.5, f"第 {number} 件", None) for number in WHOLE_NUMBERS]
    given += [("", b"", b"\x00\xff", "积水"), (None, None, None, None), (0, 1, "", b"")]
    write(file, *given)
    assert read(file) == given


def test_a_row_of_any_length_is_read_whole_also_beyond_its_page(file):
    size = int.from_bytes(file.read_bytes()[16:18], "big")
    size = 65536 if size == 1 else size
    around = {size * times + some for times in (0, 1, 2, 3) for some in range(-60, 60, 7 if size > 1024 else 1)}
    around |= set(range(size - 60, size)) | set(range(100, 140)) | {600 * min(size, 512)}
    given = [(length, b"x" * length, f"{length}", b"y") for length in sorted(around) if length >= 0]
    write(file, *given)
    assert read(file) == given


def test_the_tables_themselves_are_read_too(file):
    (table,) = [values for _, values in rows(file, none)]
    assert table == ("table", "some", "some", 2, "CREATE TABLE some (a, b, c, d)")


def test_many_rows_on_many_pages_are_all_read_each_once(file):
    given = [(number, f"case {number}", b"z" * (number % 50), None) for number in range(600)]
    write(file, *given)
    assert sorted(read(file)) == given


def test_what_was_written_later_is_of_a_greater_age(tmp_path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("CREATE TABLE some (a, b, c, d)")
        database.execute("INSERT INTO some VALUES (1, 'kept', '', '')")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("UPDATE some SET b = 'sent'")
        database.execute("UPDATE some SET b = 'done'")
        for side in ("", "-wal"):
            shutil.copy(tmp_path / f"some.db{side}", tmp_path / f"copy.db{side}")
    told = [(age, values[1]) for age, values in rows(tmp_path / "copy.db", none) if len(values) == 4]
    assert told == [(0, "kept"), (1, "sent"), (2, "done")]


def test_a_long_row_that_stands_in_the_log_alone_is_read_whole(tmp_path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE some (a, b, c, d)")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("INSERT INTO some VALUES (1, ?, '', '')", (b"x" * 20_000,))
        database.execute("INSERT INTO some VALUES (2, '', '', '')")
        for side in ("", "-wal"):
            shutil.copy(tmp_path / f"some.db{side}", tmp_path / f"copy.db{side}")
    assert (1, b"x" * 20_000, "", "") in read(tmp_path / "copy.db")


def test_a_page_of_the_log_that_a_power_cut_left_without_its_end_says_nothing(tmp_path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE some (a, b, c, d)")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("INSERT INTO some VALUES (1, 'first', '', '')")
        database.execute("INSERT INTO some VALUES (2, 'second', '', '')")
        for side in ("", "-wal"):
            shutil.copy(tmp_path / f"some.db{side}", tmp_path / f"copy.db{side}")
    log = tmp_path / "copy.db-wal"
    assert [values[0] for values in read(tmp_path / "copy.db")] == [1, 1, 2]
    log.write_bytes(log.read_bytes()[:-1])
    assert [values[0] for values in read(tmp_path / "copy.db")] == [1]


def test_a_log_of_an_earlier_run_says_nothing(tmp_path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("CREATE TABLE some (a, b, c, d)")
        for number in range(6):
            database.execute("INSERT INTO some VALUES (?, ?, '', '')", (number, b"x" * 3000))
        database.execute("PRAGMA wal_checkpoint(RESTART)")  # the log begins anew, over what stands in it
        database.execute("INSERT INTO some VALUES (99, 'new', '', '')")
        for side in ("", "-wal"):
            shutil.copy(tmp_path / f"some.db{side}", tmp_path / f"copy.db{side}")
    log = tmp_path / "copy.db-wal"
    assert log.stat().st_size > 6 * 4096
    ages = [age for age, values in rows(tmp_path / "copy.db", none) if len(values) == 4 and values[0] == 99]
    assert ages
    assert max(age for age, _ in rows(tmp_path / "copy.db", none)) == max(ages) < 5


def test_a_log_beside_nothing_is_read_and_nothing_beside_nothing_is_nothing(tmp_path):
    assert list(rows(tmp_path / "none.db", none)) == []
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE some (a, b, c, d)")
        database.execute("INSERT INTO some VALUES (7, 'only in the log', '', '')")
        shutil.copy(tmp_path / "some.db-wal", tmp_path / "copy.db-wal")
    assert (7, "only in the log", "", "") in [values for _, values in rows(tmp_path / "copy.db", none)]


def wide(path: Path, many: int) -> list[Values]:
    """A table of as many columns as that of the commands, and the rows that are in it."""
    given = [tuple([f"{number}-{column}" for column in range(WIDE)]) for number in range(many)]
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"CREATE TABLE wide ({', '.join(f'c{number}' for number in range(WIDE))})")
        database.executemany(f"INSERT INTO wide VALUES ({', '.join('?' * WIDE)})", given)
    return given


def read_wide(path: Path, given: list[Values]) -> list[Values]:
    found = [values for _, values in rows(path, lambda values: values in given)]
    return [values for values in found if len(values) == WIDE]


def test_of_a_page_without_a_head_a_row_with_a_long_head_is_found_by_trying_every_place(tmp_path):
    path = tmp_path / "wide.db"
    given = wide(path, 20)
    raw = bytearray(path.read_bytes())
    raw[4096:4104] = b"\xa5" * 8
    path.write_bytes(raw)
    assert sorted(read_wide(path, given)) == sorted(given)
    assert [values for _, values in rows(path, none) if len(values) == WIDE] == []


def test_a_damaged_page_is_asked_for_no_row_of_fewer_columns_than_those_that_matter(tmp_path):
    path, asked = tmp_path / "some.db", []
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE some (a, b, c, d)")
        database.execute("INSERT INTO some VALUES (1, 'a', 'b', 'c')")
    raw = bytearray(path.read_bytes())
    raw[4096:4104] = b"\xa5" * 8
    path.write_bytes(raw)
    list(rows(path, lambda values: asked.append(values) or False))
    assert asked == []


def test_a_damaged_place_of_a_row_loses_that_row_alone(tmp_path):
    path = tmp_path / "wide.db"
    given = wide(path, 9)
    raw = bytearray(path.read_bytes())
    (place,) = struct.unpack_from(">H", raw, 4096 + 8 + 2 * 4)  # of the fifth row
    raw[4096 + place] = 0  # of no length
    path.write_bytes(raw)
    assert {*read_wide(path, given)} == {*given} - {given[4]}
    struct.pack_into(">H", raw, 4096 + 8 + 2 * 6, 4095)  # the place of the seventh is forgotten, and itself whole
    path.write_bytes(raw)
    assert {*read_wide(path, given)} == {*given} - {given[4]}


@pytest.mark.parametrize(("at", "byte"), [(5, 10), (5, 11), (WIDE + 4, 0xFF)])
def test_a_row_with_a_type_that_there_is_not_or_a_text_that_is_none_is_no_row(tmp_path, at, byte):
    path = tmp_path / "wide.db"
    given = wide(path, 9)
    raw = bytearray(path.read_bytes())
    (place,) = struct.unpack_from(">H", raw, 4096 + 8 + 2 * 4)  # of the fifth row: length, id, length of the head, head
    assert raw[4096 + place + 3 + WIDE : 4096 + place + 6 + WIDE] == b"4-0"
    raw[4096 + place + at] = byte
    path.write_bytes(raw)
    found = [values for _, values in rows(path, lambda values: values[1:2] == ("4-1",) or values in given)]
    assert {one for one in found if len(one) == WIDE} == {*given} - {given[4]}


def test_a_page_with_gaps_of_rows_that_were_deleted_is_whole_and_told_once(tmp_path):
    path = tmp_path / "wide.db"
    given = wide(path, 9)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("DELETE FROM wide WHERE c0 IN ('2-0', '5-0')")
    gap = int.from_bytes(path.read_bytes()[4097:4099], "big")
    assert gap
    assert gap % 256
    assert sorted(read_wide(path, given)) == sorted({*given} - {given[2], given[5]})


def test_rows_under_numbers_below_zero_are_rows(file):
    with closing(sqlite3.connect(file)) as database, database:
        for number in (-1, -(1 << 62), 3):
            database.execute("INSERT INTO some (rowid, a, b, c, d) VALUES (?, ?, 'b', 'c', 'd')", (number, number))
    assert [values[0] for values in read(file)] == [-(1 << 62), -1, 3]


def test_a_chain_of_pages_that_leads_in_a_circle_or_to_nowhere_has_an_end(tmp_path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE some (a, b, c, d)")
        database.execute("INSERT INTO some VALUES (1, ?, '', '')", (b"x" * 20_000,))
        database.execute("INSERT INTO some VALUES (2, 'short', '', '')")
    whole = path.read_bytes()
    chain = [at for at in range(8192, len(whole), 4096) if whole[at + 4 : at + 8] == b"xxxx"]
    assert len(chain) > 2
    for to in (chain[0] // 4096 + 1, 999_999):
        raw = bytearray(whole)
        raw[chain[1] : chain[1] + 4] = struct.pack(">I", to)
        path.write_bytes(raw)
        assert read(path) == [(2, "short", "", "")]


def test_a_file_of_no_size_that_pages_have_is_read_in_pages_of_the_usual_one(tmp_path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE some (a, b, c, d)")
        database.execute("INSERT INTO some VALUES (1, 'a', 'b', 'c')")
    raw = bytearray(path.read_bytes())
    for size in (b"\x00\x00", b"\x00\x03", b"\xff\xff"):
        raw[16:18] = size
        path.write_bytes(raw)
        assert read(path) == [(1, "a", "b", "c")]
    raw[16:18] = b"\x20\x00"  # a size that there is, but not of this file
    path.write_bytes(raw[: 3 * 4096] + raw[4096:8192][: 4096 * (len(raw) // 4096 % 2 == 0)])
    assert (1, "a", "b", "c") in read(path)

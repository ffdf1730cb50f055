"""A clerk brings in another system's cases: once, again, with bad rows, and while a platform runs."""

import csv
import errno
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from commandcenter.operations.import_cases import main
from commandcenter.operations.import_targets import FolderTarget
from commandcenter.protocol.codec import read_record
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.storage.database import open_readers, writing
from commandcenter.server.storage.folder_lock import hold
from commandcenter.server.storage.tables import places, records
from tests.kit.baltimore import HEAD, bring, row, says, stored
from tests.kit.district import NOON


def test_the_first_time_all_is_new_and_the_second_time_nothing(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring(table, tmp_path / "data") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "imported 5 new, 0 changed, 0 unchanged, 0 rejected"
    assert bring(table, tmp_path / "data", "--json") == 0
    counts, last = capsys.readouterr().out.splitlines()
    assert json.loads(counts)["unchanged"] == 5
    assert last == "imported 0 new, 0 changed, 5 unchanged, 0 rejected"
    assert stored(tmp_path / "data")["5"].spot_gap == "rounded_to_degrees"


def test_what_the_hall_names_otherwise_stays_and_is_told_with_its_fields(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(table, tmp_path / "data")
    with writing(tmp_path / "data") as connection:
        (kind,) = records_of_kind(connection, "kind")
        put_reference(connection, "baltimore", [replace(kind, name="脏巷")], now=NOON)
    capsys.readouterr()
    assert bring(table, tmp_path / "data", "--json") == 0
    out, err = capsys.readouterr()
    counts = json.loads(out.splitlines()[0])
    assert (counts["unchanged"], counts["rejected"], counts["not_taken"]) == (5, 0, 1)
    assert f"reference records that stay as here: 1, in {counts['rejects']}" in err
    (told,) = csv.DictReader(Path(counts["rejects"]).read_text("utf-8-sig").splitlines())
    assert (told["row"], told["external"]) == ("", f"kind:{kind.id}")
    assert told["reason"].endswith("this hall keeps its own; the other system's values were not taken (name)")
    with writing(tmp_path / "data") as connection:
        assert records_of_kind(connection, "kind")[0].name == "脏巷"


def records_of_kind(connection: Connection, kind: str) -> list[Any]:
    bodies = connection.execute(select(records.c.body).where(records.c.kind == kind)).scalars()
    return [read_record(kind, body) for body in bodies]


def test_a_case_that_the_other_system_closed_is_closed_here(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(table, tmp_path / "data")
    table.write_text(table.read_text(encoding="utf-8").replace(row("1"), row("1", status="Closed")), encoding="utf-8")
    bring(table, tmp_path / "data")
    assert capsys.readouterr().out.splitlines()[-1] == "imported 0 new, 1 changed, 4 unchanged, 0 rejected"
    assert not stored(tmp_path / "data")["1"].is_open


def test_bad_rows_are_told_with_number_and_reason_and_the_others_go_in(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with table.open("a", encoding="utf-8") as out:
        out.write(row("=6", status="Lost") + row("7"))
    assert bring(table, tmp_path / "data") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "imported 6 new, 0 changed, 0 unchanged, 1 rejected"
    rejects = (tmp_path / "requests-rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rejects == ["row,external,reason", "6,'=6,the status 'Lost' is not known"]


def test_the_new_district_can_be_shown_on_a_map(table: Path, tmp_path: Path) -> None:
    bring(table, tmp_path / "data")
    engine = open_readers(tmp_path / "data")
    with engine.connect() as connection:
        layers = {row.layer: json.loads(row.body) for row in connection.execute(places.select())}
    engine.dispose()
    assert layers["outline"]["features"][0]["properties"]["schematic"] is True
    assert set(layers) == {"outline", "streets", "grids"}


def test_one_wrong_address_does_not_stretch_the_map(table: Path, tmp_path: Path) -> None:
    near = [row(str(n), lat=f"39.3{n % 10}", lon=f"-76.6{n // 10 % 10}") for n in range(400)]
    table.write_text(HEAD + "".join(near) + row("far", lat="42.5", lon="-80.5"), encoding="utf-8")
    bring(table, tmp_path / "data")
    engine = open_readers(tmp_path / "data")
    with engine.connect() as connection:
        body = connection.execute(places.select().where(places.c.layer == "outline")).one().body
    engine.dispose()
    ring = json.loads(body)["features"][0]["geometry"]["coordinates"][0]
    assert max(lat for _, lat in ring) < 39.5
    assert min(lon for lon, _ in ring) > -77


def test_while_a_platform_holds_the_folder_nothing_is_touched(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hold(tmp_path / "data"):
        assert bring(table, tmp_path / "data") == 2
    assert "A platform is running on" in capsys.readouterr().err
    assert not (tmp_path / "data" / "platform.db").exists()


def test_an_unreadable_table_makes_no_district(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bring(tmp_path / "nothing.csv", tmp_path / "data") == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_an_unknown_mapping_names_those_that_there_are(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(table), "--mapping", "boston"]) == 2
    assert "there are: baltimore" in capsys.readouterr().err


def test_a_cell_beyond_all_measure_costs_its_own_row_alone(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with table.open("a", encoding="utf-8") as out:
        out.write(row("9" * 1_000_000))
        out.write(row("7\0"))
    assert bring(table, tmp_path / "data") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "imported 5 new, 0 changed, 0 unchanged, 2 rejected"
    told = (tmp_path / "requests-rejects.csv").read_text("utf-8-sig")
    assert "has 1,000,000 characters, more than 400" in told
    assert "has a NUL character in it" in told


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with table.open("a", encoding="utf-8") as out:
        out.write('"' + row("7") + row("8") + row("9"))
    assert bring(table, tmp_path / "data") == 2
    assert says(capsys, "opens a quotation mark in line 7 and never closes it")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.encode("utf-16"), 'set `encoding` in the mapping to "utf-16"'),
        (lambda text: text.replace("ST", "南京路").encode("gb18030"), 'to "gb18030", perhaps'),
        (lambda text: text.replace(",", ";").encode(), "has semicolons between its cells"),
        (lambda text: text.replace(",", "\t").encode(), "has tabs between its cells"),
        (lambda text: text.replace("SRType", "Type").encode(), "has no column SRType"),
        (lambda text: b"  \n", "is empty"),
    ],
)
def test_a_table_that_cannot_be_read_says_what_to_do_and_that_nothing_came_in(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Callable[[str], bytes], words: str
) -> None:
    table.write_bytes(change(table.read_text("utf-8")))
    assert bring(table, tmp_path / "data") == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.endswith("nothing was imported.\n")
    assert told.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\n\n"])
def test_line_ends_of_other_systems_are_line_ends(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ends: str
) -> None:
    table.write_bytes(b"\xef\xbb\xbf" + table.read_text("utf-8").replace("\n", ends).encode())
    assert bring(table, tmp_path / "data") == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1].startswith("imported 5 new")
    assert said.err.startswith("5 of 5 rows")


def test_a_district_has_a_plain_name(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bring(table, tmp_path / "data", "--district", "../x") == 2
    assert says(capsys, "letters and digits")


def test_the_rejects_never_go_over_the_table_nor_into_a_folder(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (table, tmp_path):
        assert bring(table, tmp_path / "data", "--rejects", str(file)) == 2
        assert says(capsys, "--rejects")
    assert table.exists()


def test_the_rejects_lie_beside_the_table_for_this_user_alone_and_over_nothing(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with table.open("a", encoding="utf-8") as out:
        out.write(row("6", status="Lost"))
    former = tmp_path / "requests-rejects.csv"
    former.write_text("mine", encoding="utf-8")
    assert bring(table, tmp_path / "data") == 0
    assert str(tmp_path / "requests-rejects-2.csv") in capsys.readouterr().err
    assert former.read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "requests-rejects-2.csv").stat().st_mode & 0o777 == 0o600
    assert list(elsewhere.iterdir()) == []
    assert bring(table, tmp_path / "data", "--rejects", str(former)) == 2
    assert says(capsys, "--rejects")
    assert former.read_text(encoding="utf-8") == "mine"


def test_a_disk_that_is_full_is_one_sentence(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FolderTarget, "carry", full)
    assert bring(table, tmp_path / "data") == 2
    assert says(capsys, "No space left on device")

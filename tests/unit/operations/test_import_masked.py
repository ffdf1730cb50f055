"""Telephone numbers in another system's rows: masked and told where a row goes in, and in no reason of a reject."""

import errno
import json
from pathlib import Path

import pytest

from commandcenter.operations.import_targets import FolderTarget
from commandcenter.protocol.imports import ImportResult
from tests.kit.baltimore import HEAD, bring, row, stored


def test_a_telephone_in_a_row_is_masked_and_told_and_the_row_goes_in(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = "13812345678"
    table.write_text(HEAD + row("1").replace("E 32ND ST", f"E 32ND ST call {phone}"), encoding="utf-8")
    assert bring(table, tmp_path / "data", "--json") == 0
    counts, last = capsys.readouterr().out.splitlines()
    assert last == "imported 1 new, 0 changed, 0 unchanged, 0 rejected"
    assert stored(tmp_path / "data")["1"].place == "1 E 32ND ST call 138****5678"
    told = Path(json.loads(counts)["rejects"]).read_text("utf-8-sig")
    assert "1,1,imported; a telephone or card number in Address was masked" in told
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file != table)
    assert phone.encode() not in kept
    assert bring(table, tmp_path / "data") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "imported 0 new, 0 changed, 1 unchanged, 0 rejected"


def test_of_rows_with_a_telephone_those_that_went_in_alone_are_told_as_masked(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table.write_text(HEAD + (row("1") + row("2")).replace("ST,", "ST call 13812345678,"), encoding="utf-8")
    told = [ImportResult("refused", code="closed here"), ImportResult("new")]
    monkeypatch.setattr(FolderTarget, "carry", lambda *_: told)
    assert bring(table, tmp_path / "data") == 0
    rejects = (tmp_path / "requests-rejects.csv").read_text("utf-8-sig").splitlines()
    masked = "2,2,imported; a telephone or card number in Address was masked"
    assert rejects == ["row,external,reason", "1,1,closed here", masked]
    assert "card numbers masked: 1," in capsys.readouterr().err


def test_rows_with_a_telephone_that_never_left_are_not_told_as_imported(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> list[ImportResult]:
        raise OSError(errno.ENOSPC, "No space left on device")

    table.write_text(HEAD + row("1").replace("ST,", "ST call 13812345678,"), encoding="utf-8")
    monkeypatch.setattr(FolderTarget, "carry", full)
    assert bring(table, tmp_path / "data") == 2
    assert not (tmp_path / "requests-rejects.csv").exists()


def test_a_telephone_in_the_place_of_a_number_is_masked_and_told(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = "13812345678"
    table.write_text(HEAD + row(phone).replace(f"{phone} E", "7 E"), encoding="utf-8")
    assert bring(table, tmp_path / "data", "--json") == 0
    counts, _ = capsys.readouterr().out.splitlines()
    told = Path(json.loads(counts)["rejects"]).read_text("utf-8-sig")
    assert "138****5678,imported; a telephone or card number in ServiceRequestNum was masked" in told
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file != table)
    assert phone.encode() not in kept
    assert bring(table, tmp_path / "data") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "imported 0 new, 0 changed, 1 unchanged, 0 rejected"


def test_the_reason_of_a_reject_holds_no_telephone(table: Path, tmp_path: Path) -> None:
    table.write_text(HEAD + row("1", status="call 13812345678"), encoding="utf-8")
    assert bring(table, tmp_path / "data") == 0
    assert "138****5678" in (tmp_path / "requests-rejects.csv").read_text("utf-8-sig")

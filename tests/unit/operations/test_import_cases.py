"""A clerk brings in another system's cases: once, again, with bad rows, and while a platform runs."""

import csv
import errno
import getpass
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import Import
from commandcenter.domain.kinds import Kind, Limit, Measure
from commandcenter.operations.import_cases import main
from commandcenter.operations.import_targets import FolderTarget, signed_in_target
from commandcenter.operations.terminal import refusal_text
from commandcenter.protocol import paths
from commandcenter.protocol.codec import read_record
from commandcenter.protocol.imports import ImportBatch, ImportResult
from commandcenter.protocol.limits import BODY_MOST
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.intake.mapping import ImportFailed
from commandcenter.server.storage.database import open_readers, writing
from commandcenter.server.storage.folder_lock import hold
from commandcenter.server.storage.tables import cases, places, records
from tests.kit.district import NOON

HEAD = "ServiceRequestNum,SRType,MethodReceived,CreatedDate,SRStatus,DueDate,CloseDate,Agency,Outcome,Address,"
HEAD += "Neighborhood,CouncilDistrict,Latitude,Longitude\n"


def row(number: str, *, status: str = "Open", lat: str = "39.32", lon: str = "-76.61") -> str:
    return (
        f"{number},SW-Dirty Alley,Phone,11/21/2017 10:25:50 AM,{status},11/26/2017 10:25:50 AM,,Solid Waste,,"
        f"{number} E 32ND ST,Charles Village,14,{lat},{lon}\n"
    )


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "requests.csv"
    located = row("1") + row("2", lat="39.33") + row("3", lon="-76.60") + row("5", lat="39")
    file.write_text(HEAD + located + row("4", status="Closed (Duplicate)"), encoding="utf-8")
    return file


def bring(table: Path, data: Path, *more: str) -> int:
    return main([str(table), "--mapping", "baltimore", "--data", str(data), *more])


def stored(data: Path) -> dict[str, Case]:
    engine = open_readers(data)
    with engine.connect() as connection:
        bodies = connection.execute(cases.select()).all()
    engine.dispose()
    records = [read_record("case", row.body) for row in bodies]
    return {case.external or "": case for case in records if isinstance(case, Case)}


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


def _says(capsys: pytest.CaptureFixture[str], words: str) -> bool:
    told = capsys.readouterr().err.splitlines()
    return len(told) == 1 and words in told[0]


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
    assert _says(capsys, "opens a quotation mark in line 7 and never closes it")
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


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "is no address of a platform"),
        ("nonsense", "is no address of a platform"),
        ("http://127.0.0.1:9", "cannot be reached"),
    ],
)
def test_an_address_without_a_platform_is_one_sentence(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, words: str
) -> None:
    (tmp_path / "password").write_text("x")
    asked = ["--mapping", "baltimore", "--url", url, "--user", "system", "--password-file", str(tmp_path / "password")]
    assert main([str(table), *asked]) == 2
    assert _says(capsys, words)


@pytest.mark.parametrize("media", ["text/html", "application/json"])
def test_a_web_page_in_a_platform_s_place_is_one_sentence(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], media: str
) -> None:
    (tmp_path / "password").write_text("x")
    with another_server(media) as url:
        asked = ["--url", url, "--user", "system", "--password-file", str(tmp_path / "password")]
        assert main([str(table), "--mapping", "baltimore", *asked]) == 2
    assert _says(capsys, "does not answer like a platform: check the address; nothing was imported.")


def test_a_password_is_never_asked_where_it_would_be_seen(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
    monkeypatch.setattr("getpass.getpass", getpass.fallback_getpass)  # type: ignore[attr-defined]
    assert main([str(table), "--mapping", "baltimore", "--url", "http://127.0.0.1:1", "--user", "system"]) == 2
    assert _says(capsys, "--password-file")


def test_a_district_has_a_plain_name(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bring(table, tmp_path / "data", "--district", "../x") == 2
    assert _says(capsys, "letters and digits")


def test_the_rejects_never_go_over_the_table_nor_into_a_folder(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (table, tmp_path):
        assert bring(table, tmp_path / "data", "--rejects", str(file)) == 2
        assert _says(capsys, "--rejects")
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
    assert _says(capsys, "--rejects")
    assert former.read_text(encoding="utf-8") == "mine"


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


def test_a_disk_that_is_full_is_one_sentence(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FolderTarget, "carry", full)
    assert bring(table, tmp_path / "data") == 2
    assert _says(capsys, "No space left on device")


@pytest.mark.parametrize(("password", "words"), [(b"\xff\xfe", "UTF-8"), (None, "--password-file")])
def test_a_password_that_nobody_can_tell(
    table: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    password: bytes | None,
    words: str,
) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    asked = [str(table), "--mapping", "baltimore", "--url", "http://127.0.0.1:1", "--user", "system"]
    if password is not None:
        (tmp_path / "password").write_bytes(password)
        asked += ["--password-file", str(tmp_path / "password")]
    assert main(asked) == 2
    assert _says(capsys, words)


def _tokens(of: str) -> dict[str, object]:
    who = {"user": "s", "role": "system", "scope": {"district": "d1"}}
    return {"access": f"a{of}", "refresh": f"r{of}", "expires_in": 900} | who


def test_an_import_beyond_the_quota_waits_as_long_as_told_and_goes_on() -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == paths.SIGN_IN:
            return httpx.Response(200, json=_tokens("1"))
        if request.url.path == paths.SIGN_OUT:
            return httpx.Response(200, json={"ended": True})
        if len(waited) == 2:
            return httpx.Response(200, json={"reference": {}, "results": [{"status": "new"}]})
        said = {"type": "x", "title": "Too much.", "status": 429, "code": "over_quota", "about": "rows"}
        headers = {"content-type": "application/problem+json", "retry-after": "7"}
        return httpx.Response(429, content=json.dumps(said), headers=headers)

    net = httpx.MockTransport(answer)
    with signed_in_target("https://platform.example", "d1", "s", lambda: "x", transport=net, sleep=wait) as goal:
        assert [fate.status for fate in goal._post(ImportBatch("d1")).results] == ["new"]
    assert waited == [7.0, 7.0]


def test_rows_and_records_of_long_texts_go_in_requests_that_a_platform_takes() -> None:
    taken: dict[str, list[str]] = {"reference": [], "commands": []}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == paths.SIGN_IN:
            return httpx.Response(200, json=_tokens("1"))
        if request.url.path == paths.SIGN_OUT:
            return httpx.Response(200, json={"ended": True})
        if len(request.content) > BODY_MOST:
            media = {"content-type": "application/problem+json"}
            said = {"type": "x", "title": "Too long.", "status": 413, "code": "too_long"}
            return httpx.Response(413, content=json.dumps(said), headers=media)
        body = json.loads(request.content)
        taken["reference"] += [kept["record"]["id"] for kept in body["reference"]]
        taken["commands"] += [wish["case"] for wish in body["commands"]]
        return httpx.Response(200, json={"reference": {}, "results": [{"status": "new"} for _ in body["commands"]]})

    kinds = [Kind(f"k{n}", 1, "水" * 400, "event", "水" * 400, Limit(1, Measure.WORKING_DAYS)) for n in range(500)]
    wishes = [Import(f"c{n}", "k", str(n), "h", Stage.FILED, Tier.STREET, NOON, text="水" * 4000) for n in range(500)]
    net = httpx.MockTransport(answer)
    with signed_in_target("https://platform.example", "d1", "s", lambda: "x", transport=net) as goal:
        goal.put_references(kinds)
        assert [fate.status for fate in goal.carry(wishes)] == ["new"] * 500
    assert taken == {"reference": [kind.id for kind in kinds], "commands": [wish.case for wish in wishes]}


def test_an_import_that_outlives_its_sign_in_is_given_the_next_pair_of_tokens() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, json.loads(request.content)))
        if request.url.path in (paths.SIGN_IN, paths.REFRESH):
            return httpx.Response(200, json=_tokens("1" if request.url.path == paths.SIGN_IN else "2"))
        if request.url.path == paths.SIGN_OUT:
            return httpx.Response(200, json={"ended": True})
        if request.headers["authorization"] != "Bearer a2":
            media = {"content-type": "application/problem+json"}
            said = {"type": "x", "title": "Sign in again.", "status": 401, "code": "signed_out"}
            return httpx.Response(401, content=json.dumps(said), headers=media)
        return httpx.Response(
            200, json={"reference": {}, "results": [{"status": "refused", "code": "worked_here", "about": "closed"}]}
        )

    with signed_in_target(
        "https://platform.example", "d1", "s", lambda: "x", transport=httpx.MockTransport(answer)
    ) as goal:
        (fate,) = goal._post(ImportBatch("d1")).results
    assert fate.status == "refused"
    why = refusal_text(fate.code, fate.about)
    assert why.endswith("this hall has acted on it; the other system's change was not taken (closed)")
    assert asked[2] == (paths.REFRESH, {"refresh": "r1"})
    assert asked[-1] == (paths.SIGN_OUT, {"refresh": "r2"})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://10.255.255.1:8765", "would send the password to 10.255.255.1 in clear"),
        ("http://hall.example", "would send the password to hall.example in clear"),
        ("http://127.0.0.1.hall.example", "in clear"),
        ("http://system:secret@127.0.0.1:9", "no user and password"),
        ("https://system:secret@hall.example:99999", "no user and password"),
        ("ftp://127.0.0.1", "is no address of a platform"),
    ],
)
def test_an_address_to_which_no_password_may_go_is_refused_before_one_is_asked_for(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, words: str
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda: pytest.fail("a password was asked for"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("somebody was called"))
    assert main([str(table), "--mapping", "baltimore", "--url", url, "--user", "system"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert words in told
    assert "secret" not in told


def test_who_sends_elsewhere_is_not_followed() -> None:
    heard: list[bytes] = []

    def listen(request: httpx.Request) -> httpx.Response:
        heard.append(request.content)
        return httpx.Response(307, headers={"location": "http://elsewhere.example/v1/sign-in"})

    way = signed_in_target("https://hall.example", "d1", "s", lambda: "x", transport=httpx.MockTransport(listen))
    with pytest.raises(ImportFailed, match="does not answer like a platform"), way:
        pytest.fail("nobody was let in")
    assert len(heard) == 1


@contextmanager
def another_server(media: str) -> Iterator[str]:
    """The address of a web server that knows nothing of us and answers 200 to everything."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", media)
            self.end_headers()
            self.wfile.write(b'{"welcome": "guest"}')

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()

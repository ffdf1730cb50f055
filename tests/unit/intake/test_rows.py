"""Another system's rows become cases, or are rejected alone with a reason that a person understands."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from commandcenter.domain.cases import Stage
from commandcenter.domain.places import Spot
from commandcenter.server.intake import table
from commandcenter.server.intake.datum import from_bd09, from_gcj02, to_gcj02
from commandcenter.server.intake.mapping import ImportFailed, Mapping, load
from commandcenter.server.intake.rows import RowReader, RowRejected
from resources import path

HEAD = "ServiceRequestNum,SRType,MethodReceived,CreatedDate,SRStatus,DueDate,CloseDate,Agency,Outcome,Address,"
HEAD += "Neighborhood,CouncilDistrict,Latitude,Longitude\n"
ROW = "17-1,SW-Dirty Alley,Phone,11/21/2017 10:25:50 AM,Open,11/26/2017 10:25:50 AM,,Solid Waste,,203 E 32ND ST,"
ROW += "Charles Village,14,39.326815,-76.614114\n"
NEW_YORK = """\
Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,Incident Address,Status,Due Date,\
Community Board,Borough,Open Data Channel Type,Latitude,Longitude
60000001,03/01/2024 09:05:09 PM,,DSNY,Department of Sanitation,Illegal Dumping,Dirty Condition,200 EAST 42 STREET,\
In Progress,,06 MANHATTAN,MANHATTAN,ONLINE,40.7509,-73.9737
"""


@pytest.fixture
def baltimore() -> Mapping:
    return load(path("mappings", "baltimore.toml"))


def read(tmp_path: Path, mapping: Mapping, text: str) -> list[dict[str, str]]:
    file = tmp_path / "requests.csv"
    file.write_text(text, encoding="utf-8")
    return [row for chunk in table.read(file, mapping).chunks for _, row in chunk]


def test_an_open_request_is_a_case_given_to_its_agency(tmp_path: Path, baltimore: Mapping) -> None:
    [row] = read(tmp_path, baltimore, HEAD + ROW)
    reader = RowReader(baltimore)
    wish = reader.read(row)
    assert wish.stage is Stage.DISPATCHED
    assert wish.received_at == datetime(2017, 11, 21, 10, 25, 50, tzinfo=ZoneInfo("America/New_York"))
    assert wish.spot == Spot(-76.614114, 39.326815)
    assert wish.superior is not None
    assert wish.superior.number == "17-1"
    names = {record.name for record in reader.made.values() if hasattr(record, "name")}
    assert {"Council District 14", "Charles Village", "Solid Waste", "Dirty Alley", "Phone"} <= names


def test_the_head_of_another_city_is_read_by_a_mapping_alone(tmp_path: Path) -> None:
    mapping = load(path("mappings", "new_york.toml"))
    [row] = read(tmp_path, mapping, NEW_YORK)
    reader = RowReader(mapping)
    wish = reader.read(row)
    assert (wish.stage, wish.place, wish.text) == (Stage.HANDLING, "200 EAST 42 STREET", "Dirty Condition")
    assert wish.received_at == datetime(2024, 3, 1, 21, 5, 9, tzinfo=ZoneInfo("America/New_York"))
    names = {record.name for record in reader.made.values() if hasattr(record, "name")}
    assert {"MANHATTAN", "06 MANHATTAN", "Department of Sanitation", "Illegal Dumping", "ONLINE"} <= names


def test_the_same_request_has_the_same_case_whatever_else_changed(tmp_path: Path, baltimore: Mapping) -> None:
    later = ROW.replace("Open", "Closed").replace("11/21/2017", "11/22/2017")
    first, second = (RowReader(baltimore).read(row) for row in read(tmp_path, baltimore, HEAD + ROW + later))
    assert first.case == second.case
    assert first.source_hash != second.source_hash


def test_a_duplicate_is_merged(tmp_path: Path, baltimore: Mapping) -> None:
    wish = RowReader(baltimore).read(read(tmp_path, baltimore, HEAD + ROW.replace(",Open,", ",Closed (Duplicate),"))[0])
    assert wish.stage is Stage.MERGED


def test_a_time_that_says_its_zone_keeps_it(tmp_path: Path, baltimore: Mapping) -> None:
    mapping = replace(baltimore, dates=("%Y-%m-%dT%H:%M:%S%z", *baltimore.dates))
    text = ROW.replace("11/21/2017 10:25:50 AM", "2017-11-21T10:25:50+08:00")
    wish = RowReader(mapping).read(read(tmp_path, mapping, HEAD + text)[0])
    assert wish.received_at == datetime(2017, 11, 21, 2, 25, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("latitude", "longitude", "gap"),
    [("39", "-76.6", "rounded_to_degrees"), ("39.0", "-77.0", "rounded_to_degrees"), ("", "", "not_given")],
)
def test_a_rounded_or_missing_position_is_kept_as_no_exact_spot(
    tmp_path: Path, baltimore: Mapping, latitude: str, longitude: str, gap: str
) -> None:
    text = ROW.replace("39.326815", latitude).replace("-76.614114", longitude)
    wish = RowReader(baltimore).read(read(tmp_path, baltimore, HEAD + text)[0])
    assert (wish.spot, wish.spot_gap) == (None, gap)


def test_an_empty_street_goes_where_the_mapping_says(tmp_path: Path, baltimore: Mapping) -> None:
    reader = RowReader(baltimore)
    wish = reader.read(read(tmp_path, baltimore, HEAD + ROW.replace(",14,", ",,"))[0])
    assert reader.made["street", wish.street or ""].name == "No council district"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("17-1,", ",", "ServiceRequestNum is empty"),
        (",Open,", ",Lost,", "the status 'Lost' is not known"),
        ("11/21/2017 10:25:50 AM", "2017-11-21", "CreatedDate '2017-11-21' is not a date"),
        ("39.326815", "north", "is not a number"),
        ("39.326815", "139.3", "is not on the earth"),
        ("39.326815", "nan", "is not on the earth"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(
    tmp_path: Path, baltimore: Mapping, old: str, new: str, reason: str
) -> None:
    [row] = read(tmp_path, baltimore, HEAD + ROW.replace(old, new, 1))
    with pytest.raises(RowRejected, match=reason):
        RowReader(baltimore).read(row)


def test_a_ragged_row_and_a_quoted_line_end_keep_their_places(tmp_path: Path, baltimore: Mapping) -> None:
    file = tmp_path / "requests.csv"
    file.write_text(HEAD + ROW.replace("203 E 32ND ST", '"203 E\n32ND ST"') + "17-2,x\n" + ROW, encoding="utf-8-sig")
    found = table.read(file, baltimore)
    rows = [pair for chunk in found.chunks for pair in chunk]
    assert [number for number, _ in rows] == [1, 2, 3]
    assert rows[1][1]["Agency"] == ""
    assert found.rows == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "has no column"),
        ("事项,状态\n积水,未结\n".encode("gb18030"), "is not written in utf-8"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(
    tmp_path: Path, baltimore: Mapping, content: bytes, sentence: str
) -> None:
    file = tmp_path / "requests.csv"
    file.write_bytes(content)
    with pytest.raises(ImportFailed, match=sentence):
        table.read(file, baltimore)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path, baltimore: Mapping) -> None:
    with pytest.raises(ImportFailed, match="is a folder"):
        table.read(tmp_path, baltimore)
    with pytest.raises(ImportFailed, match="cannot be read"):
        table.read(tmp_path / "nothing.csv", baltimore)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('external = "ServiceRequestNum"', "", "names no column for external"),
        ('place = "Address"', 'colour = "Address"', "names a column for colour"),
        ('zone = "America/New_York"', 'zone = "Mars/Olympus"', "does not exist"),
        ('datum = "wgs84"', 'datum = "mars"', "names the datum mars"),
        ('"New" = "filed"', '"New" = "lost"', "is not complete"),
        ('name = "Council District {}"', 'name = "{district}"', "does not have one {}"),
        ('id = "baltimore"', 'id = "../etc"', "letters and digits"),
        ('zone = "America/New_York"', 'zone = ""', "the time zone '', which does not exist"),
        ('prefix = "BAL"', 'prefix = ""', "letters and digits"),
        ("amount = 5", "amount = nan", "a limit of nan"),
        ("amount = 5", "amount = -5", "a limit of -5"),
        ("%m/%d/%Y", "%Q", "no form of a date"),
        ('["%m/%d/%Y %I:%M:%S %p"]', "[]", "no form of a date"),
        ("[street]", "[strasse]", "a part that does not exist"),
        ("[street]", "[street", "is not TOML"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = path("mappings", "baltimore.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ImportFailed, match=sentence) as wrong:
        load(file)
    assert str(wrong.value).endswith("; nothing was imported.")


def test_datums_of_suppliers_come_back_to_where_they_were() -> None:
    hall = Spot(117.3, 31.8)
    shifted = to_gcj02(hall)
    assert 400 < _metres(hall, shifted) < 800  # at Baohe the wrong datum is some 570 m off
    assert _metres(hall, from_gcj02(shifted)) < 0.01
    assert 1000 < _metres(hall, from_bd09(hall)) < 1500  # and BD-09 some 1,224 m


def _metres(one: Spot, other: Spot) -> float:
    return float((((one.lon - other.lon) * 94_600) ** 2 + ((one.lat - other.lat) * 111_200) ** 2) ** 0.5)

"""`district`: a hall's places, bodies, kinds and channels come from a file; all of it or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.calendar import weekly
from commandcenter.domain.people import Holder, HolderKind, Relation
from commandcenter.domain.teams import Team
from commandcenter.operations.district import main
from commandcenter.server.storage import database, tables
from commandcenter.server.storage.projections import find
from resources import path

EXAMPLE = path("districts", "example.toml")
MINE = """
[district]
id = "d1"
name = "一区"
zone = "Asia/Shanghai"
prefix = "YQ"
[[street]]
id = "east"
name = "东街"
"""


def _put(file: Path, text: str, data: Path) -> int:
    file.write_text(text, encoding="utf-8")
    return main([str(file), "--data", str(data)])


def test_the_example_makes_a_district_with_a_record_of_each_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(EXAMPLE), "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "district 12 new, 0 already there\n"
    with database.writing(tmp_path) as connection:
        kinds = connection.execute(select(tables.records.c.kind).distinct()).scalars()
        assert set(kinds) == {
            "district", "calendar", "street", "community", "grid", "power", "holder", "team", "stay", "kind", "channel"
        }  # fmt: skip
        unit = Holder(
            "mingguang-urban",
            1,
            HolderKind.UNIT,
            "明光路街道城管中队",
            "城管",
            "mingguang",
            None,
            "urban",
            Relation.ASSIGNS,
        )
        assert find(connection, "yaohai", "holder", unit.id) == unit
        team = Team("mingguang", 1, "明光路街道综合执法队", (unit.id,))
        assert find(connection, "yaohai", "team", team.id) == team
        hours = ((510, 720), (780, 1050))
        assert find(connection, "yaohai", "calendar", "week") == weekly("Asia/Shanghai", spans=hours)


def test_a_calendar_of_its_own_is_the_one_that_limits_are_counted_by(tmp_path: Path) -> None:
    own = '[[calendar]]\nid = "week"\nzone = "Asia/Shanghai"\nhours = [{ weekday = 0, start = 0, end = 60 }]\n'
    assert _put(tmp_path / "f.toml", MINE + own, tmp_path / "data") == 0
    with database.writing(tmp_path / "data") as connection:
        assert find(connection, "d1", "calendar", "week") == weekly("Asia/Shanghai", days=1, spans=((0, 60),))


def test_a_second_file_adds_what_is_missing_and_leaves_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _put(tmp_path / "f.toml", MINE, tmp_path / "data") == 0
    again = MINE.replace("东街", "新名") + '[[street]]\nid = "west"\nname = "西街"\n'
    assert _put(tmp_path / "f.toml", again, tmp_path / "data") == 0
    assert capsys.readouterr().out.endswith("district 1 new, 1 already there\n")
    with database.writing(tmp_path / "data") as connection:
        assert find(connection, "d1", "street", "east").name == "东街"
        assert find(connection, "d1", "street", "west").name == "西街"


def test_more_records_than_one_request_holds_come_in_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = "".join(f'[[community]]\nid = "c{n}"\nname = "社区"\nstreet = "east"\n' for n in range(600))
    assert _put(tmp_path / "f.toml", MINE + many, tmp_path / "data") == 0
    assert capsys.readouterr().out == "district 601 new, 0 already there\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[district", "f.toml"),
        ("", "the file cannot be read as a district"),
        (MINE.replace('prefix = "YQ"', ""), "prefix"),
        (MINE.replace('"YQ"', '""'), "a district has an id, a name, a prefix"),
        (MINE.replace("Asia/Shanghai", "Asia/Nowhere"), "a district has an id, a name, a prefix"),
        (MINE.replace('"d1"', '"d 1"'), "a district has an id, a name, a prefix"),
        (MINE.replace("[[street]]", "[[stret]]"), "stret"),
        (MINE.replace('name = "东街"', 'naem = "东街"'), "naem"),
        (MINE + '[[case]]\nid = "c"\nrev = 1\nstage = "filed"\ntier = "grid"\nchannel = "x"\n'
                'received_at = 2026-01-01T00:00:00Z\n', "only reference records can be put in (case)"),
        (MINE + '[[community]]\nid = "c"\nname = "n"\nstreet = "north"\n', "there is no such street (c: north)"),
        (MINE + '[[kind]]\nid = "k"\nname = "n"\ngroup = "event"\nclass_name = "x"\n'
                'limit = { amount = 0, measure = "working_hours" }\n', "no deadline can be counted"),
        (MINE + '[[stay]]\nid = "handling"\nwarn = 600\nalarm = 600\n', "the warning comes before the alarm"),
        (MINE + '[[team]]\nid = "north"\nname = "n"\n', "there is no such street (north: north)"),
    ],
)  # fmt: skip
def test_a_file_with_one_wrong_record_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    assert _put(tmp_path / "f.toml", text, tmp_path / "data") == 2
    said = capsys.readouterr()
    assert says in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)
    if database.has_database(tmp_path / "data"):
        with database.writing(tmp_path / "data") as connection:
            assert connection.execute(select(tables.districts.c.id)).all() == []


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.toml"), "--data", str(tmp_path / "data")]) == 2
    assert "none.toml" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_the_map_draws_the_outlines_that_the_file_names_and_no_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, ring = tmp_path / "data", [[117.2, 31.8], [117.3, 31.8], [117.3, 31.9], [117.2, 31.8]]
    data.mkdir()
    good = {"type": "Polygon", "coordinates": [ring]}
    polygons = ([["a"], [None]], [ring[:3]], [], [[*ring, [117.2, 131.8]]], [[*ring, [117.2]]], [[["117.2", 31.8]] * 4])
    spoilt = [{"type": "Point", "coordinates": [117.2, 31.8]}, None]
    spoilt += [{"type": "Polygon", "coordinates": one} for one in polygons]
    named = MINE + '[map]\n{layer} = "outline.geojson"\n'

    def put(layer: str, geometry: object) -> int:
        features = [{"type": "Feature", "properties": {"id": "d1", "name": "一区"}, "geometry": geometry}]
        told = json.dumps({"type": "FeatureCollection", "features": features})
        (tmp_path / "outline.geojson").write_text(told, encoding="utf-8")
        return _put(tmp_path / "d.toml", named.format(layer=layer), data)

    def kept() -> list[tuple[str, Any]]:
        with database.writing(data) as connection:
            asked = select(tables.places.c.layer, tables.places.c.body)
            return [(layer, json.loads(body)["features"][0]["geometry"]) for layer, body in connection.execute(asked)]

    assert [put("outline", geometry) for geometry in spoilt] == [2] * 8
    assert put("roads", good) == 2
    assert kept() == []
    assert "no layer of the map is called 'roads'" in capsys.readouterr().err
    assert put("outline", good) == 0
    assert kept() == [("outline", good)]
    assert put("outline", {"type": "MultiPolygon", "coordinates": [[ring]]}) == 0
    assert [geometry["type"] for _, geometry in kept()] == ["MultiPolygon"]


def test_each_file_that_is_put_in_leaves_one_row_of_the_audit_with_its_counts(tmp_path: Path) -> None:
    file, audit = tmp_path / "d.toml", tables.audit.c
    for text in (MINE, MINE.replace("东街", "东大街"), MINE + '[[street]]\nid = "west"\nname = "西街"\n'):
        assert _put(file, text, tmp_path / "data") == 0
    with database.writing(tmp_path / "data") as connection:
        rows = connection.execute(select(audit.user, audit.action, audit.record, audit.outcome)).all()
    assert [tuple(row) for row in rows] == [
        ("system", "district", "district:d1", "1 new, 0 changed, 0 unchanged, 0 not_taken"),
        ("system", "district", "district:d1", "0 new, 0 changed, 1 unchanged, 1 not_taken"),
        ("system", "district", "district:d1", "1 new, 0 changed, 1 unchanged, 0 not_taken"),
    ]


@pytest.mark.parametrize("table", ['map = "x"\n', "[map]\noutline = 3\n", '[map]\noutline = "long.geojson"\n'])
def test_a_map_that_names_no_file_or_one_too_long_is_a_sentence(
    tmp_path: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "long.geojson").write_text('{"features": []}' + " " * 4_000_000, encoding="utf-8")
    text = table + MINE if table.startswith("map") else MINE + table
    assert _put(tmp_path / "d.toml", text, tmp_path / "data") == 2
    assert capsys.readouterr().err.count("\n") == 1

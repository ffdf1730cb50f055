"""`main.py district`: creates a district with its streets, holders, kinds and channels from a file, or adds to it."""

import argparse
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypedDict

import msgspec

from commandcenter.domain.calendar import COUNTED_BY, OFFICE_HOURS, Calendar, weekly
from commandcenter.domain.commands.references import KEPT_HERE
from commandcenter.domain.fields import names_of
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import District
from commandcenter.domain.records import KINDS, read_ref
from commandcenter.domain.soundness import unsound
from commandcenter.operations.terminal import command_parser, finished
from commandcenter.protocol.codec import RecordEnvelope, Unreadable, decode, encode
from commandcenter.protocol.limits import REFERENCES_MOST
from commandcenter.server.command_pipeline.districts import PutResult, bring_reference, create_district, put_places
from commandcenter.server.command_pipeline.references import read_reference
from commandcenter.server.errors import HttpProblem, reason_of
from commandcenter.server.identifiers import is_valid_id
from commandcenter.server.storage.database import writing
from commandcenter.server.storage.districts import find_district
from commandcenter.server.storage.folder_lock import hold
from commandcenter.settings.folders import data_dir

_LAYER_MOST = 4_000_000  # bytes, about a hundred thousand vertices: each console loads and draws them
_Point = tuple[Annotated[float, msgspec.Meta(ge=-180, le=180)], Annotated[float, msgspec.Meta(ge=-90, le=90)]]
_Polygon = Annotated[list[Annotated[list[_Point], msgspec.Meta(min_length=4)]], msgspec.Meta(min_length=1)]


class _One(msgspec.Struct, tag_field="type", tag="Polygon"):
    coordinates: _Polygon


class _Several(msgspec.Struct, tag_field="type", tag="MultiPolygon"):
    coordinates: list[_Polygon]


class _Feature(TypedDict):
    geometry: _One | _Several
    properties: dict[str, Any]


class _Layer(TypedDict):
    features: list[_Feature]


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 when nothing was written."""
    asked = _parser().parse_args(argv)
    return finished(lambda: _create(asked.data, asked.file))


def _create(data: Path, file: Path) -> None:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        named = decode(encode(tables.pop("map", {})), dict[str, str])
        layers = {name: _layer(file.parent / of) for name, of in named.items()}
        put = _put(data, tables, layers)
    except (OSError, ValueError) as wrong:  # no such file, no TOML, no record
        raise HttpProblem(422, "bad_file", "", about=f"{file}: {reason_of(wrong)}") from wrong
    print(f"district {put.new} new, {put.unchanged} already there")


def _put(data: Path, tables: dict[str, Any], layers: dict[str, bytes]) -> PutResult:
    """Creates what is missing of the district and of its records, all or nothing; what is there stays as it is."""
    district = _district(tables.pop("district", None))
    envelopes = [_envelope(kind, row) for kind, rows in tables.items() for row in rows]
    person, parts = Person("system", Role.SYSTEM, Scope(district.id)), range(0, len(envelopes), REFERENCES_MOST)
    with hold(data), writing(data) as connection:
        given = (read_reference(connection, envelopes[at : at + REFERENCES_MOST], person) for at in parts)
        records = [record for part in given for record in part]
        if find_district(connection, district.id) is None:
            own = [one for one in records if isinstance(one, Calendar) and one.id == COUNTED_BY]
            create_district(connection, district, own[0] if own else weekly(district.zone, spans=OFFICE_HOURS))
        for layer, body in layers.items():
            put_places(connection, district.id, layer, body)
        put = bring_reference(connection, person, records, now=datetime.now(UTC), action="district")
        for one in put.not_taken:
            if one.code != KEPT_HERE:
                raise HttpProblem(422, one.code, "", about=f"{read_ref(one.record)[1]}: {one.about}")
        return put


def _layer(file: Path) -> bytes:
    """Returns a layer of the map, which replaces the former; raises Unreadable unless it is polygons that fit."""
    body = file.read_bytes()
    if len(body) > _LAYER_MOST:
        raise Unreadable(f"more than {_LAYER_MOST:,} bytes")
    decode(body, _Layer)
    return body


def _district(row: Any) -> District:
    district = decode(bytes(_envelope("district", row).record), District)
    if not is_valid_id(district.id) or unsound(district):
        raise HttpProblem(422, "bad_district", "A district has an id, a name, a prefix and a time zone.")
    return district


def _envelope(kind: str, row: Any) -> RecordEnvelope:
    """Returns a table of the file as a record; raises Unreadable when it is none, or has a field that none has."""
    fields = {"rev": 1} | decode(encode(row), dict[str, Any])
    unknown = sorted(set(fields) - set(names_of(KINDS[kind].type))) if kind in KINDS else [kind]
    if unknown:
        raise Unreadable(f"{kind}: {', '.join(unknown)}")
    return RecordEnvelope(kind, msgspec.Raw(encode(fields)))


def _parser() -> argparse.ArgumentParser:
    what = "按文件建区，或补街镇、单位、小类、渠道 · create a district from a file, or add to it"
    parser = command_parser("district", what)
    add = parser.add_argument
    add("file", type=Path, metavar="FILE.toml", help="区的文件，样例 resources/districts/example.toml · what it has")
    add("--data", type=Path, default=data_dir(), metavar="DIR", help="数据目录，平台须停 · of a stopped platform")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

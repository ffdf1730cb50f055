"""A mapping: data that says how another system's table is read as cases. See resources/mappings/README.md."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.kinds import Measure
from commandcenter.server.intake.datum import DATUMS
from commandcenter.server.names import is_plain


class Misread(ValueError):
    """A mapping or a table that cannot be used; the text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class DistrictPart:
    """The district that the table belongs to, made when it is missing."""

    id: str
    name: str
    prefix: str


@dataclass(frozen=True, slots=True)
class StreetPart:
    """How a street is called, and what an empty one means: "reject", or the name of a street that collects them."""

    name: str = "{}"
    empty: str = "reject"


@dataclass(frozen=True, slots=True)
class LimitPart:
    """The limit of kinds that the mapping makes."""

    amount: float = 5.0
    measure: Measure = Measure.WORKING_DAYS
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping. `columns` names the table's column for each field of a case; `unknown` says what happens to a value
    that a table of this mapping does not list: "reject", "take" (make it), or the value to use instead."""

    name: str
    title: str
    source: str
    zone: str
    district: DistrictPart
    columns: dict[str, str]
    dates: tuple[str, ...]
    stages: dict[str, Stage]
    street: StreetPart = StreetPart()
    limit: LimitPart = LimitPart()
    tier: Tier = Tier.DISTRICT
    datum: str = "wgs84"
    encoding: str = "utf-8"
    kinds: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    whole_degrees: str = "no_exact_spot"


NEEDED = ("external", "received_at", "stage", "kind")
FIELDS = frozenset(
    {"external", "received_at", "ended_at", "superior_due", "stage", "kind", "channel", "responsible", "text"}
    | {"street", "community", "place", "lon", "lat"}
)
_UNKNOWN_OF = frozenset({"stage", "kind", "channel", "responsible"})


def load(path: Path) -> Mapping:
    """The mapping in the TOML file `path`; Misread says what is wrong with it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise Misread(f"The mapping {path} cannot be read: {wrong.strerror}.") from wrong
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise Misread(f"The mapping {path} is not TOML in UTF-8: {wrong}.") from wrong
    return _checked(_shaped(raw, path), path)


def _shaped(raw: dict[str, Any], path: Path) -> Mapping:
    known = set(Mapping.__slots__)
    strange = sorted(set(raw) - known)
    if strange:
        raise Misread(f"The mapping {path} has a part that does not exist: {', '.join(strange)}.")
    try:
        return msgspec.convert(raw, Mapping)
    except msgspec.ValidationError as wrong:
        raise Misread(f"The mapping {path} is not complete: {wrong}.") from wrong


def _checked(mapping: Mapping, path: Path) -> Mapping:
    for name in NEEDED:
        if name not in mapping.columns:
            raise Misread(f"The mapping {path} names no column for {name}.")
    for name in sorted(set(mapping.columns) - FIELDS):
        raise Misread(f"The mapping {path} names a column for {name}, which a case does not have.")
    for name in sorted(set(mapping.unknown) - _UNKNOWN_OF):
        raise Misread(f"The mapping {path} says what to do with an unknown {name}, which has no table.")
    if mapping.street.name.count("{}") != 1 or set("{}") & set(mapping.street.name.replace("{}", "")):
        raise Misread(f"The mapping {path} calls a street {mapping.street.name!r}, which does not have one {{}}.")
    if not is_plain(mapping.district.id):
        raise Misread(f"The mapping {path} calls its district {mapping.district.id!r}: letters and digits, please.")
    if mapping.datum not in DATUMS:
        raise Misread(f"The mapping {path} names the datum {mapping.datum}; known are {', '.join(DATUMS)}.")
    try:
        ZoneInfo(mapping.zone)
    except (KeyError, ValueError, OSError) as wrong:
        raise Misread(f"The mapping {path} names the time zone {mapping.zone}, which does not exist.") from wrong
    return mapping

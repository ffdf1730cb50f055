"""Loads mappings: data that say how another system's table is read as cases (see resources/mappings/README.md)."""

import math
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.kinds import Measure
from commandcenter.server.identifiers import is_valid_id
from commandcenter.server.intake.datum import DATUMS


class ImportFailed(ValueError):
    """A mapping or table that cannot be used, or an import that cannot go on; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class DistrictPart:
    """The district that the table belongs to, created when it is missing; `prefix` is that of its case numbers."""

    id: str
    name: str
    prefix: str


@dataclass(frozen=True, slots=True)
class StreetPart:
    """The name pattern of a street, with `{}` for the table's text, and what a row without a street means.

    `empty` is "reject", or the name of a street that collects such rows.
    """

    name: str = "{}"
    empty: str = "reject"


@dataclass(frozen=True, slots=True)
class LimitPart:
    """The time limit of the kinds that the mapping creates."""

    amount: float = 5.0
    measure: Measure = Measure.WORKING_DAYS
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping from a table to cases.

    `columns` names the table's column for each field of a case; `dates` are formats of strptime, tried in order.
    `unknown` says per field what happens to a value that a table of this mapping does not list: "reject", "take"
    (create a record of that name), or the value to use instead.
    """

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


_MOMENT = datetime(2020, 2, 29, 13, 14, 15, 161718, tzinfo=UTC)
_AMOUNT_MOST = 100_000
NEEDED = ("external", "received_at", "stage", "kind")
FIELDS = frozenset(
    {"external", "received_at", "ended_at", "superior_due", "stage", "kind", "channel", "responsible", "text"}
    | {"street", "community", "place", "lon", "lat"}
)
_UNKNOWN_OF = frozenset({"stage", "kind", "channel", "responsible"})


def load(path: Path) -> Mapping:
    """Returns the mapping in the TOML file `path`.

    Raises ImportFailed, which says what is wrong and that nothing was imported.
    """
    try:
        return _checked(_shaped(_read(path)))
    except ImportFailed as wrong:
        raise ImportFailed(f"The mapping {path} {wrong}; nothing was imported.") from wrong


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise ImportFailed(f"cannot be read: {wrong.strerror}") from wrong
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise ImportFailed(f"is not TOML in UTF-8: {wrong}") from wrong


def _shaped(raw: dict[str, Any]) -> Mapping:
    if strange := sorted(set(raw) - set(Mapping.__slots__)):
        raise ImportFailed(f"has a part that does not exist: {', '.join(strange)}")
    try:
        return msgspec.convert(raw, Mapping)
    except msgspec.ValidationError as wrong:
        raise ImportFailed(f"is not complete: {wrong}") from wrong


def _checked(mapping: Mapping) -> Mapping:
    """Returns the mapping; raises ImportFailed, whose text goes on after the mapping's name, when it is no good."""
    for name in NEEDED:
        if name not in mapping.columns:
            raise ImportFailed(f"names no column for {name}")
    for name in sorted(set(mapping.columns) - FIELDS):
        raise ImportFailed(f"names a column for {name}, which a case does not have")
    for name in sorted(set(mapping.unknown) - _UNKNOWN_OF):
        raise ImportFailed(f"says what to do with an unknown {name}, which has no table")
    if mapping.street.name.count("{}") != 1 or set("{}") & set(mapping.street.name.replace("{}", "")):
        raise ImportFailed(f"calls a street {mapping.street.name!r}, which does not have one {{}}")
    if not is_valid_id(mapping.district.id):
        raise ImportFailed(f"calls its district {mapping.district.id!r}: letters and digits, please")
    if mapping.datum not in DATUMS:
        raise ImportFailed(f"names the datum {mapping.datum}; known are {', '.join(DATUMS)}")
    if not is_valid_id(mapping.district.prefix):
        raise ImportFailed(f"has the prefix {mapping.district.prefix!r}: letters and digits, please")
    if not (math.isfinite(mapping.limit.amount) and 0 < mapping.limit.amount <= _AMOUNT_MOST):
        raise ImportFailed(f"has a limit of {mapping.limit.amount}: more than 0, at most {_AMOUNT_MOST}")
    _check_times(mapping)
    return mapping


def _check_times(mapping: Mapping) -> None:
    try:
        ZoneInfo(mapping.zone)
    except (KeyError, ValueError, OSError) as wrong:
        raise ImportFailed(f"names the time zone {mapping.zone!r}, which does not exist") from wrong
    if not mapping.dates:
        raise ImportFailed("names no form of a date in `dates`")
    for form in mapping.dates:
        try:
            datetime.strptime(_MOMENT.strftime(form), form)  # noqa: DTZ007  # only whether it can be read at all
        except ValueError as wrong:
            raise ImportFailed(f"names {form!r} in `dates`, which is no form of a date") from wrong

"""Declares each kind of record of a dispatch hall once, by the name that it has in messages, databases and caches."""

from collections.abc import Iterable
from dataclasses import dataclass

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.channels import Channel
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from commandcenter.domain.places import Community, District, Grid, Street
from commandcenter.domain.teams import Crew

Ref = tuple[str, str]  # (kind, id) of a record
Record = Case | Crew | District | Street | Community | Grid | Holder | Kind | Channel | Calendar


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: its name, its type, and how its records are treated.

    `is_live`: each is seen only where it lies, and changes all the time; all others are reference data of the whole
    district, by whose names, limits and hours the live ones are shown. `is_supplied`: other systems put them in as they
    are. `has_history`: consoles keep their facts. `has_steps`: their facts are steps, from which figures are counted.
    `is_versioned`: former versions are kept, since past steps are measured by them. `is_telemetry`: devices report them
    all the time, and nobody waits for a single report. `codes` and `times` are the fields
    that the board has as columns: words that repeat, and moments.
    """

    name: str
    type: type[Record]
    is_live: bool = False
    is_supplied: bool = True
    has_history: bool = True
    is_versioned: bool = False
    has_steps: bool = False
    is_telemetry: bool = False
    codes: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


_DECLARED = (
    RecordKind("district", District, is_supplied=False),
    RecordKind("calendar", Calendar, is_versioned=True),
    RecordKind("street", Street),
    RecordKind("community", Community),
    RecordKind("grid", Grid),
    RecordKind("channel", Channel),
    RecordKind("kind", Kind),
    RecordKind("holder", Holder),
    RecordKind("crew", Crew, is_live=True, has_history=False, is_telemetry=True),
    RecordKind(
        "case",
        Case,
        is_live=True,
        is_supplied=False,
        has_steps=True,
        codes=("stage", "tier", "channel", "kind", "street", "responsible"),
        times=("received_at", "filed_at", "due", "green_until", "reported_at", "ended_at"),
    ),
)
KINDS = {kind.name: kind for kind in _DECLARED}
KIND_OF: dict[type, RecordKind] = {kind.type: kind for kind in _DECLARED}


def kind_of(record: Record) -> str:
    """Returns the name of the record's kind."""
    return KIND_OF[type(record)].name


def is_live(kind: str) -> bool:
    """Returns whether the kind is live; one that this version does not know counts as live."""
    return kind not in KINDS or KINDS[kind].is_live


def ref_of(record: Record) -> Ref:
    """Returns (kind, id) of the record."""
    return kind_of(record), record.id


def ref_text(kind: str, key: str) -> str:
    """Returns the record's name in one text, "kind:id"."""
    return f"{kind}:{key}"


def ref_texts(refs: Iterable[Ref]) -> str:
    """Returns the records' names in one text, separated by spaces."""
    return " ".join(ref_text(*ref) for ref in refs)


def read_ref(text: str) -> Ref:
    """Returns (kind, id) of "kind:id"."""
    kind, _, key = text.partition(":")
    return kind, key

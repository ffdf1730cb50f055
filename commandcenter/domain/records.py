"""Declares each kind of record of a dispatch hall once, by the name that it has in messages, databases and caches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.channels import Channel
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from commandcenter.domain.places import Community, District, Grid, Street
from commandcenter.domain.powers import Power
from commandcenter.domain.reference import Reference
from commandcenter.domain.rosters import Roster
from commandcenter.domain.stays import Stay
from commandcenter.domain.tasks import Task
from commandcenter.domain.teams import Crew, Team

Ref = tuple[str, str]  # (kind, id) of a record
Audience = Mapping[str, tuple[str, ...]]  # by the kind of token the fields that name who sees a record
WHOLE_DISTRICT: Audience = MappingProxyType({})  # of what everybody of the district sees
Record = (
    Case
    | Task
    | Crew
    | Roster
    | District
    | Street
    | Community
    | Grid
    | Holder
    | Team
    | Kind
    | Power
    | Stay
    | Channel
    | Calendar
)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: its name, its type, and how its records are treated.

    `audience`: who sees a record, as the fields that name them, one or several, by the kind of their token (see
    `domain.visibility`).
    `is_live`: each changes all the time; all others are reference data, by whose names, limits and hours the live ones
    are shown; their former versions are kept. `is_supplied`: other systems put them in as they are. `has_history`:
    consoles keep their facts. `has_steps`: their facts are steps of a case, from which figures are counted.
    `may_be_secret`: its petitioner may have asked for secrecy (see `domain.secrecy`). `ended` is the field with the
    moment since when a record has ended and leaves the boards; empty when its records do not end. `street` and `holder`
    are the fields that name the street and the holder to which a record belongs. `names` are the kinds of the records
    that it names, by the field with an id or several. `tells_of` is the kind of the record of the same id that one
    tells more of, empty when it tells of none: what is decided about the one is decided by the other too. `fixed` are
    the fields that nobody changes, `reported` those that a device reports all the time, so that nobody waits for a
    single report, or that follow from edits, and `decided` those that commands of the hall alone change, whoever
    supplies or edits the record; administrators edit the others. `codes` and `times` are the fields that the board has
    as columns: words that repeat, and moments. `shown` are the fields that a person is shown of a record and of its
    versions, in reading order; of them `loose` do not tell two versions of it apart.
    """

    name: str
    type: type[Record]
    audience: Audience
    is_live: bool = False
    is_supplied: bool = True
    has_history: bool = True
    has_steps: bool = False
    may_be_secret: bool = False
    ended: str = ""
    street: str = ""
    holder: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    tells_of: str = ""
    fixed: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()

    @property
    def is_reported(self) -> bool:
        """Whether devices report its live records all the time."""
        return self.is_live and bool(self.reported)

    @property
    def of_work(self) -> tuple[str, ...]:
        """The fields that tell what a record does at the moment, which no edit touches and no administrator sees."""
        return (*self.reported, *self.decided)

    @property
    def edited(self) -> frozenset[str]:
        """The fields that administrators edit; none of what is no reference record."""
        names = {field.name for field in fields(self.type)} if issubclass(self.type, Reference) else set()
        return frozenset(names - {"id", "rev", "pinned", *self.fixed, *self.of_work})


_DECLARED = (
    RecordKind(
        "district",
        District,
        WHOLE_DISTRICT,
        is_supplied=False,
        fixed=("zone", "prefix"),
        shown=("name", "retired"),
    ),
    RecordKind("calendar", Calendar, WHOLE_DISTRICT, reported=("former",), shown=("zone", "hours", "retired")),
    RecordKind("street", Street, WHOLE_DISTRICT, street="id", shown=("name", "retired")),
    RecordKind(
        "community",
        Community,
        WHOLE_DISTRICT,
        street="street",
        names={"street": "street"},
        shown=("name", "street", "retired"),
    ),
    RecordKind(
        "grid",
        Grid,
        WHOLE_DISTRICT,
        street="street",
        names={"street": "street", "community": "community"},
        fixed=("street",),
        shown=("name", "street", "community", "since", "until", "retired"),
    ),
    RecordKind("channel", Channel, WHOLE_DISTRICT, shown=("name", "by_hand", "retired")),
    RecordKind("power", Power, WHOLE_DISTRICT, shown=("name", "order", "in_every_street", "retired")),
    RecordKind("stay", Stay, WHOLE_DISTRICT, shown=("warn", "alarm", "retired")),
    RecordKind(
        "kind",
        Kind,
        WHOLE_DISTRICT,
        shown=("name", "group", "class_name", "limit", "check", "powers", "hints", "questions", "retired"),
    ),
    RecordKind(
        "holder",
        Holder,
        WHOLE_DISTRICT,
        street="street",
        holder="id",
        names={"street": "street", "grid": "grid"},
        fixed=("kind", "street"),
        shown=("name", "short", "street", "grid", "power", "relation", "phone", "retired"),
    ),
    RecordKind(
        "team",
        Team,
        WHOLE_DISTRICT,
        street="id",
        names={"id": "street", "units": "holder"},
        shown=("name", "units", "retired"),
    ),
    RecordKind(
        "crew",
        Crew,
        {"cs": ("street", "helped_streets"), "cu": ("unit", "helped")},
        is_live=True,
        street="street",
        holder="unit",
        names={"street": "street", "unit": "holder"},
        has_history=False,
        reported=("spot", "seen_at", "status", "status_since"),
        decided=("assignments", "loan"),
        shown=("name", "unit", "street", "status", "assignments", "loan", "retired"),
    ),
    RecordKind(
        "roster",
        Roster,
        {"cs": ("street",), "cu": ("unit",)},
        street="street",
        holder="unit",
        names={"id": "crew", "street": "street", "unit": "holder"},
        tells_of="crew",
        shown=("unit", "street", "shifts", "members", "retired"),
    ),
    RecordKind(
        "task",
        Task,
        {"s": ("street",), "h": ("seen_by",)},
        is_live=True,
        is_supplied=False,
        has_history=False,
        ended="ended_at",
        street="street",
        holder="holder",
        names={"case": "case", "holder": "holder", "lead": "holder", "street": "street"},
        shown=("case", "kind", "holder", "state", "due", "finding", "objection", "lead"),
        loose=("due", "lead"),
    ),
    RecordKind(
        "case",
        Case,
        {"s": ("street",), "h": ("responsible", "helpers"), "g": ("grid",), "p": ("taken_by",)},
        is_live=True,
        is_supplied=False,
        has_steps=True,
        may_be_secret=True,
        ended="ended_at",
        names={
            **{name: name for name in ("channel", "street", "community", "grid", "kind")},
            "responsible": "holder",
        },
        codes=("stage", "tier", "channel", "kind", "street", "responsible"),
        times=("received_at", "filed_at", "due", "green_until", "queued_as", "reported_at", "ended_at"),
        shown=(
            *("stage", "responsible", "tier", "kind", "due", "application", "tasks", "finding", "returns"),
            *("street", "place", "text", "merged_into"),
        ),
        loose=("due", "street", "place", "text", "merged_into"),
    ),
)
KINDS = {kind.name: kind for kind in _DECLARED}
KIND_OF: dict[type, RecordKind] = {kind.type: kind for kind in _DECLARED}


def kind_of(record: Record) -> str:
    """Returns the name of the record's kind."""
    return KIND_OF[type(record)].name


def ended_at(record: Record) -> datetime | None:
    """Returns the moment since when the record has ended; None while it has not, or when its kind does not end."""
    name = KIND_OF[type(record)].ended
    return getattr(record, name) if name else None


def is_live(kind: str) -> bool:
    """Returns whether the kind is live; one that this version does not know counts as live."""
    return kind not in KINDS or KINDS[kind].is_live


def edited_fields(kind: str) -> frozenset[str]:
    """Returns the fields that administrators edit of records of `kind`; none of what are no reference records."""
    return KINDS[kind].edited if kind in KINDS else frozenset()


def companions(kind: str) -> tuple[str, ...]:
    """Returns the kinds of which a record with the id of one of `kind` tells more of that, or that of it."""
    own = KINDS[kind].tells_of if kind in KINDS else ""
    return tuple(one.name for one in KINDS.values() if one.name == own or one.tells_of == kind)


def shown_fields(kind: str) -> tuple[str, ...]:
    """Returns the fields shown of records of `kind`, in reading order; none of a kind unknown to this version."""
    return KINDS[kind].shown if kind in KINDS else ()


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

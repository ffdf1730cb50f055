"""Lists the kinds of record of a dispatch hall by the names that they have in messages, databases and caches."""

from collections.abc import Iterable

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.channels import Channel
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from commandcenter.domain.places import Community, District, Grid, Street
from commandcenter.domain.teams import Crew

Ref = tuple[str, str]  # (kind, id) of a record
Record = Case | Crew | District | Street | Community | Grid | Holder | Kind | Channel | Calendar

KINDS: dict[str, type[Record]] = {
    "district": District,
    "calendar": Calendar,
    "street": Street,
    "community": Community,
    "grid": Grid,
    "channel": Channel,
    "kind": Kind,
    "holder": Holder,
    "crew": Crew,
    "case": Case,
}
_NAME_OF = {kind: name for name, kind in KINDS.items()}


def kind_of(record: Record) -> str:
    """Returns the name of the record's kind."""
    return _NAME_OF[type(record)]


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

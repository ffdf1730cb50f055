"""Decides which reference records a command may name."""

from typing import Any, TypeVar

from commandcenter.domain.decisions import Refused, View
from commandcenter.domain.people import Person
from commandcenter.domain.places import District
from commandcenter.domain.records import KIND_OF, KINDS
from commandcenter.domain.reference import Reference

R = TypeVar("R", bound=Reference)
RETIRED = "retired"


def named(view: View, shape: type[R], key: str) -> R | Refused:
    """Returns the record of that type with the id `key`, or the refusal: there is none, or it was retired."""
    kind: str = KIND_OF[shape].name
    found = view.find(kind, key)
    if not isinstance(found, shape):
        return Refused(f"unknown_{kind}", key)
    return Refused(RETIRED, key) if found.retired else found


def name_refusal(view: View, kind: str, key: str) -> Refused | None:
    """Returns why a command may not name the record; None when it may."""
    shape: Any = KINDS[kind].type
    found = named(view, shape, key)
    return found if isinstance(found, Refused) else None


def district_refusal(view: View, by: Person) -> Refused | None:
    """Refuses what would begin in a district that was retired; what is there already is settled."""
    district = view.find("district", by.scope.district)
    is_retired = isinstance(district, District) and district.retired
    return Refused("district_retired", by.scope.district) if is_retired else None

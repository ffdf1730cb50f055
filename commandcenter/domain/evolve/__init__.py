"""Applies facts to records, the only way a record changes: `evolve(record, fact) -> record`, one revision higher."""

from collections.abc import Callable
from typing import Any

from commandcenter.domain import facts as past
from commandcenter.domain.evolve import cases, crews
from commandcenter.domain.facts import BEGINNINGS, Fact
from commandcenter.domain.records import Record

_Evolve = Callable[[Any, Any], Record]

_WHO_ANSWERS: dict[type[Fact], _Evolve] = {
    past.Taken: cases.taken,
    past.Filed: cases.filed,
    past.Dispatched: cases.dispatched,
    past.Accepted: cases.accepted,
    past.Reported: cases.reported,
    past.Closed: cases.closed,
    past.ReturnApplied: cases.return_applied,
    past.ReturnApproved: cases.return_approved,
    past.ReturnDenied: cases.return_denied,
    past.Imported: cases.imported,
    past.CrewLocated: crews.located,
}


def evolve(record: Record | None, fact: Fact) -> Record:
    """Returns the record after `fact`; `record` is None when the fact creates it."""
    return _WHO_ANSWERS[type(fact)](record, fact)


def evolve_known(record: Record | None, fact: Fact) -> Record | None:
    """Returns the record after `fact`; an unknown record stays unknown, unless `fact` is the beginning of a case."""
    return evolve(record, fact) if record is not None or isinstance(fact, BEGINNINGS) else None

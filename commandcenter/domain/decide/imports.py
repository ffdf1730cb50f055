"""Decisions on cases that another system tells of: new, changed, or as before."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from commandcenter.domain import commands as wish
from commandcenter.domain import facts as fact
from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.deadlines import GREEN_SHARE, moments
from commandcenter.domain.decide.view import Refused, View
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Person
from commandcenter.domain.powers import why_not

_COPIED = tuple(f.name for f in fields(wish.Import) if f.name != "case")


def take_over(view: View, command: wish.Import, by: Person, at: datetime) -> tuple[fact.Fact, ...] | Refused:
    """A new case, the new content of a known one, or no fact when the row is as it was.

    What the hall has begun to work on is never overwritten: the hall's own stages win over the other system's.
    """
    code = why_not("import", by, None)
    if code:
        return Refused(code, by.role)
    for kind, key in (("street", command.street), ("kind", command.kind), ("holder", command.responsible)):
        if key is not None and view.find(kind, key) is None:
            return Refused(f"unknown_{kind}", key)
    known = view.find("case", command.case)
    if isinstance(known, Case) and (known.source_hash == command.source_hash or is_worked_here(known)):
        return ()
    number = known.number if isinstance(known, Case) else view.new_number(command.received_at)
    content: dict[str, Any] = {name: getattr(command, name) for name in _COPIED} | _limit(view, command)
    return (fact.Imported(case=command.case, by=by.user, at=at, number=number, **content),)


def is_worked_here(case: Case) -> bool:
    """Whether somebody of this hall has acted on an imported case."""
    return case.dispatched_at is not None or case.accepted_at is not None


def _limit(view: View, command: wish.Import) -> dict[str, datetime]:
    """The due moment: what the order from above says, else what the kind's limit gives."""
    if command.stage is Stage.RECEIVED:
        return {}
    begun = command.received_at
    if command.superior is not None and command.superior.due is not None:
        due = command.superior.due
        return {"filed_at": begun, "due": due, "green_until": begun + max(due - begun, timedelta()) * GREEN_SHARE}
    kind, calendar = view.find("kind", command.kind or ""), view.find("calendar", "week")
    if not isinstance(kind, Kind) or not isinstance(calendar, Calendar):
        return {"filed_at": begun}
    due, green_until = moments(begun, kind.limit, calendar)
    return {"filed_at": begun, "due": due, "green_until": green_until}

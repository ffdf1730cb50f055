"""Who may see what: one rule for a record, and the same rule as a filter in the query (domain.powers.sees decides)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, true

from commandcenter.domain.people import Scope
from commandcenter.server.keeping.tables import cases, log


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands for the question who sees it: its street, and who holds it (a crew: its unit)."""

    street: str | None
    holder: str | None


def sees(scope: Scope, kind: str, place: Place) -> bool:
    """Whether a record of `kind` that stands at `place` lies in `scope`. Reference records lie in everybody's."""
    if kind == "case":
        return place.holder == scope.holder if scope.holder is not None else scope.street in (None, place.street)
    if kind == "crew":
        return _sees_crew(scope, place)
    return True


def case_filter(scope: Scope) -> ColumnElement[bool]:
    """The cases of `scope`, as a condition on the table of cases."""
    inside = cases.c.district == scope.district
    if scope.holder is not None:
        return and_(inside, cases.c.responsible == scope.holder)
    return inside if scope.street is None else and_(inside, cases.c.street == scope.street)


def log_filter(scope: Scope) -> ColumnElement[bool]:
    """The rows of the log that `scope` is told of: what it sees now, and what it saw before."""
    if scope.holder is None and scope.street is None:
        return log.c.district == scope.district
    on_cases = or_(*(_case_at(scope, street, holder) for street, holder in _BEFORE_AND_NOW))
    on_crews = or_(*(_crew_at(scope, street, holder) for street, holder in _BEFORE_AND_NOW))
    told = or_(
        and_(log.c.kind == "case", on_cases),
        and_(log.c.kind == "crew", on_crews),
        log.c.kind.not_in(("case", "crew")),
    )
    return and_(log.c.district == scope.district, told)


_BEFORE_AND_NOW = ((log.c.street, log.c.holder), (log.c.was_street, log.c.was_holder))


def _case_at(scope: Scope, street: ColumnElement[str], holder: ColumnElement[str]) -> ColumnElement[bool]:
    return holder == scope.holder if scope.holder is not None else street == scope.street


def _crew_at(scope: Scope, street: ColumnElement[str], holder: ColumnElement[str]) -> ColumnElement[bool]:
    if scope.street is not None:
        return street == scope.street
    if scope.unit is not None:
        return holder == scope.unit
    return true() if scope.holder is None else false()


def _sees_crew(scope: Scope, place: Place) -> bool:
    if scope.street is not None:
        return place.street == scope.street
    if scope.unit is not None:
        return place.holder == scope.unit
    return scope.holder is None

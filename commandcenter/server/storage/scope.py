"""Who may see a record: the rule of domain.visibility for a record's place, and the same rule as a query filter."""

from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, and_, or_, true

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Scope
from commandcenter.domain.records import KINDS
from commandcenter.domain.teams import Crew
from commandcenter.server.storage.tables import IS_REFERENCE, cases, log


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """What decides who sees a record: its street, and its holder (of a crew: its unit)."""

    street: str | None
    holder: str | None


def sees(scope: Scope, kind: str, place: RecordPlace) -> bool:
    """Returns whether a record of `kind` at `place` lies in `scope`; reference records lie in every scope."""
    if KINDS[kind].type is Case:
        return place.holder == scope.holder if scope.holder is not None else scope.street in (None, place.street)
    if KINDS[kind].type is Crew:
        return _sees_crew(scope, place)
    return True


def case_filter(scope: Scope) -> ColumnElement[bool]:
    """Returns the condition on the table of cases that selects those in `scope`."""
    inside = cases.c.district == scope.district
    if scope.holder is not None:
        return and_(inside, cases.c.responsible == scope.holder)
    return inside if scope.street is None else and_(inside, cases.c.street == scope.street)


def log_filter(scope: Scope) -> ColumnElement[bool]:
    """Returns the condition that selects the log rows of records that lay in `scope` before or after the entry."""
    return and_(log.c.district == scope.district, or_(*log_index_conditions(scope)))


def log_index_conditions(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Returns the same condition, less the district, in parts: each is one range of an index (tables.LOG_INDEXES)."""
    if scope.holder is None and scope.street is None:
        return (true(),)
    return (IS_REFERENCE, *_of_cases(scope), *_of_crews(scope))


_NowAndBefore = tuple[Column[str | None], Column[str | None]]
_STREET: _NowAndBefore = (log.c.street, log.c.was_street)
_HOLDER: _NowAndBefore = (log.c.holder, log.c.was_holder)


def _of_cases(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    if scope.holder is not None:
        return _at("case", _HOLDER, scope.holder)
    return _at("case", _STREET, scope.street)


def _of_crews(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    if scope.street is not None:
        return _at("crew", _STREET, scope.street)
    return () if scope.unit is None else _at("crew", _HOLDER, scope.unit)


def _at(kind: str, columns: _NowAndBefore, value: str | None) -> tuple[ColumnElement[bool], ...]:
    """Returns two conditions: a record is at `value` after the entry; it was there before and no longer is."""
    now, before = columns
    left = and_(log.c.kind == kind, before == value, before.is_distinct_from(now))
    return and_(log.c.kind == kind, now == value), left


def _sees_crew(scope: Scope, place: RecordPlace) -> bool:
    if scope.street is not None:
        return place.street == scope.street
    if scope.unit is not None:
        return place.holder == scope.unit
    return scope.holder is None

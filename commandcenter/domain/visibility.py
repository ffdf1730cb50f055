"""Decides who sees which case."""

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Person


def sees(by: Person, case: Case) -> bool:
    """Whether the case lies in the person's scope: in their district or street, or with their holder."""
    scope = by.scope
    if scope.holder is not None:
        return case.responsible == scope.holder
    return scope.street is None or case.street == scope.street

"""Whose a thing is: whether it concerns the seat of a person who sees its record."""

from commandcenter.domain.awaiting import waits_for
from commandcenter.domain.cases import Case
from commandcenter.domain.people import Person, Role
from commandcenter.domain.tasks import Task
from commandcenter.domain.teams import Crew

_SENDERS = frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER})


def next_of_case(by: Person, case: Case) -> bool:
    """Whether `by` may give the step that the case waits for."""
    return waits_for(by, case)


def coordinates(by: Person, record: Case | Task) -> bool:
    """Whether `by` decides who leads and who helps."""
    return by.role is Role.COORDINATOR


def sends_to_case(by: Person, case: Case) -> bool:
    """Whether `by` sends crews to the case."""
    return by.role in _SENDERS or (by.role is Role.UNIT and by.scope.unit == case.responsible)


def was_asked(by: Person, task: Task) -> bool:
    """Whether the body of `by` was asked."""
    return by.scope.holder == task.holder


def was_asked_or_coordinates(by: Person, task: Task) -> bool:
    """Whether the body of `by` was asked, or `by` may pass over it."""
    return was_asked(by, task) or coordinates(by, task)


def was_asked_or_whistles(by: Person, task: Task) -> bool:
    """Whether the body of `by` was called, or `by` calls bodies."""
    return was_asked(by, task) or by.role in (Role.COORDINATOR, Role.STREET_DISPATCHER)


def is_unit_of_crew(by: Person, crew: Crew) -> bool:
    """Whether the crew is of the unit of `by`."""
    return by.role is Role.UNIT and by.scope.unit == crew.unit


def has_to_agree(by: Person, crew: Crew) -> bool:
    """Whether `by` speaks for one of the two streets of a loan that has not agreed yet."""
    loan, street = crew.loan, by.scope.street
    if loan is None or by.role is not Role.STREET_DISPATCHER:
        return False
    return street in (crew.street, loan.street) and street not in loan.agreed


def sends_crew(by: Person, crew: Crew) -> bool:
    """Whether `by` sends the crew: a dispatcher of its own street, or of the district, or its unit."""
    return is_unit_of_crew(by, crew) or (by.role in _SENDERS and by.scope.street in (None, crew.street))

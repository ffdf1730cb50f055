"""Defines the 4+X teams of the streets with their units, and the crews of these: position, status and cases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from commandcenter.domain.places import Spot
from commandcenter.domain.reference import Reference

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CrewStatus(StrEnum):
    """What a crew is doing."""

    OFF_DUTY = "off_duty"
    AVAILABLE = "available"
    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    HANDLING = "handling"
    RETURNING = "returning"


POSITION_OLD = 600.0  # seconds, from which on nobody relies on a position
FREE = frozenset({CrewStatus.AVAILABLE, CrewStatus.RETURNING})  # of a crew without an order and a job


@dataclass(frozen=True, slots=True)
class Team(Reference):
    """The 4+X team 综合执法队 of the street whose id it has, so that a street has one at most.

    `units` are the ids of its units, in their order. How the street stands to each of them is the unit's `relation`: a
    unit is of one street alone, whether it is in the team or not.
    """

    id: str
    rev: int
    name: str
    units: tuple[str, ...] = ()


class AssignmentState(StrEnum):
    """How far a crew is with a case to which it was sent."""

    BOOKED = "booked"  # for later; until then the crew is free for others
    ORDERED = "ordered"  # its unit has not answered yet
    CURRENT = "current"
    PAUSED = "paused"  # it left the case for another


@dataclass(frozen=True, slots=True)
class Assignment:
    """A case to which a crew was sent: `holder` is responsible for it, `street` is where it lies.

    `booked_for` is the moment for which a booked crew is to be there; None for all others. `sent_at` is when it was
    sent or booked, which tells no two apart; None where that was not kept.
    """

    case: str
    holder: str
    street: str | None
    state: AssignmentState
    booked_for: datetime | None = None
    sent_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Loan:
    """A crew that helps in another `street`, or is to: it counts as soon as both streets have `agreed`.

    `until` is when it ends; None: when the crew is given back. `asked_at` is when it was asked for, which tells no two
    apart; None where that was not kept.
    """

    street: str
    agreed: tuple[str, ...] = ()
    until: datetime | None = None
    asked_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Crew(Reference):
    """A crew 执法小组 of a unit: position as of `seen_at`, status since `status_since` (1970: no report so far).

    At most one of its `assignments` is current, and at most one is ordered; the one that it left last is the last.
    """

    id: str
    rev: int
    name: str
    unit: str
    street: str
    status: CrewStatus = CrewStatus.OFF_DUTY
    status_since: datetime = _NEVER
    spot: Spot | None = None
    seen_at: datetime | None = None
    assignments: tuple[Assignment, ...] = ()
    loan: Loan | None = None

    @property
    def job(self) -> str | None:
        """The case at which it works; None without one."""
        return next(self._in(AssignmentState.CURRENT), None)

    @property
    def order(self) -> str | None:
        """The case to which it was sent and for which its unit has not answered yet; None without one."""
        return next(self._in(AssignmentState.ORDERED), None)

    @property
    def paused(self) -> tuple[str, ...]:
        """The cases that it left for another, the last one last."""
        return tuple(self._in(AssignmentState.PAUSED))

    @property
    def booked(self) -> tuple[str, ...]:
        """The cases for which it is booked."""
        return tuple(self._in(AssignmentState.BOOKED))

    @property
    def helped(self) -> tuple[str, ...]:
        """The holders of its cases, who see it for as long."""
        return tuple(one.holder for one in self.assignments)

    @property
    def helped_streets(self) -> tuple[str, ...]:
        """The streets of its cases and the one that it helps or is to help, which see it for as long."""
        lent = () if self.loan is None else (self.loan.street,)
        return (*lent, *(one.street for one in self.assignments if one.street is not None))

    def loan_at(self, at: datetime) -> Loan | None:
        """Returns its loan, agreed or not, that has not ended at `at`; None without one."""
        loan = self.loan
        return None if loan is None or (loan.until is not None and loan.until <= at) else loan

    def is_lent_to(self, street: str, at: datetime) -> bool:
        """Returns whether it helps in `street` at `at`."""
        loan = self.loan_at(at)
        return loan is not None and loan.street == street and {street, self.street} <= set(loan.agreed)

    def street_at(self, at: datetime) -> str:
        """Returns the street in which it counts at `at`: the one that it helps, otherwise its own."""
        return self.loan.street if self.loan is not None and self.is_lent_to(self.loan.street, at) else self.street

    def position_age(self, at: datetime) -> float | None:
        """Returns how many seconds before `at` it was last seen; None if it never was."""
        return None if self.seen_at is None else (at - self.seen_at).total_seconds()

    def has_old_position(self, at: datetime) -> bool:
        """Returns whether nobody relies on its position at `at` any more."""
        age = self.position_age(at)
        return age is None or age >= POSITION_OLD

    def _in(self, state: AssignmentState) -> Iterator[str]:
        return (one.case for one in self.assignments if one.state is state)

    @property
    def has_reported(self) -> bool:
        """Whether the crew's status is known since a moment."""
        return self.status_since != _NEVER

    @property
    def is_on_duty(self) -> bool:
        """Whether the crew works this shift."""
        return self.status is not CrewStatus.OFF_DUTY

"""Defines the rule of a command: who may give it, to which cases, and what else holds for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.people import HOLDER_ROLES, Person, Role
from commandcenter.domain.visibility import sees

# returns None when it holds for the person and the case, otherwise the code of the reason
Condition = Callable[[Person, Case], str | None]

OFFLINE = "offline"  # code: it cannot be given without a live connection


class Offline(StrEnum):
    """What becomes of a command that is given without a live connection."""

    KEPT = "kept"  # it is sent later
    ASKED = "asked"  # it is sent later; its author is asked first when that takes hours
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule of a command; every part has to be given, so that none holds because it was forgotten.

    `stages`: those of the case at which it may be given; empty when it is no step of a case that exists.
    `where`: what else has to hold for the case and for whoever gives the command, in the order in which it is checked.
    `four_eyes`: who acted on the case in another person's place may not give it.
    `offline`: what becomes of it at a console that has no live connection.
    """

    roles: frozenset[Role]
    stages: frozenset[Stage]
    where: tuple[Condition, ...]
    four_eyes: bool
    offline: Offline

    def refusal_code(self, by: Person, case: Case | None) -> str | None:
        """Returns None when `by` may give the command to `case` now; otherwise the code of the reason.

        Codes: `role`, `scope`, `stage`, and those of the conditions. Without a case only the role counts.
        """
        if by.role not in self.roles:
            return "role"
        if case is None:
            return None
        if not sees(by, case):
            return "scope"
        if self.stages and case.stage not in self.stages:
            return "stage"
        return next(filter(None, (condition(by, case) for condition in self.where)), None)


def refuse_unless_held(by: Person, case: Case) -> str | None:
    """Refuses a holder that is not responsible for the case."""
    return "not_yours" if by.role in HOLDER_ROLES and case.responsible != by.scope.holder else None


def refuse_unless_sent(by: Person, case: Case) -> str | None:
    """Refuses a case to which no crew was sent."""
    return None if case.crews else "no_crew"


def refuse_unless_of_district(by: Person, case: Case) -> str | None:
    """Refuses a case that the district does not settle."""
    return None if case.tier is Tier.DISTRICT else "not_of_district"


def refuse_unless_tasks(by: Person, case: Case) -> str | None:
    """Refuses a case without sub-tasks."""
    return None if case.tasks else "no_tasks"


def refuse_unless_open_tasks(by: Person, case: Case) -> str | None:
    """Refuses a case whose co-handlers have all done their parts."""
    return None if case.open_tasks else "no_open_tasks"


def refuse_if_open_tasks(by: Person, case: Case) -> str | None:
    """Refuses a case with a co-handler whose part is not done."""
    return "tasks_open" if case.open_tasks else None


def refuse_unless_applied(by: Person, case: Case) -> str | None:
    """Refuses a case without an open application to return it."""
    return "no_application" if case.application is None else None


def refuse_if_applied(by: Person, case: Case) -> str | None:
    """Refuses a case with an open application to return it."""
    return None if case.application is None else "application_open"


def refuse_if_of_district(by: Person, case: Case) -> str | None:
    """Refuses a street's person a case that the district settles."""
    return "other_tier" if by.scope.street is not None and case.tier is Tier.DISTRICT else None

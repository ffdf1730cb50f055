"""Defines the rule of a command: who may give it, to which cases, and what else holds for it."""

from dataclasses import dataclass

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.people import Person, Role
from commandcenter.domain.visibility import sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule of a command; every part has to be given, so that none holds because it was forgotten.

    `stages`: those of the case at which it may be given; empty when it is no step of a case that exists.
    `own`: only the holder that has the case may give it.
    `application`: whether the case has to have an open application to return it (True), may have none (False), or
    either (None).
    `four_eyes`: who acted on the case in another person's place may not give it.
    `asked_when_old`: its author is asked first when it could not be sent for hours.
    `creates`: it gives a new record its id, which may be taken by a record out of its author's scope.
    """

    roles: frozenset[Role]
    stages: frozenset[Stage]
    own: bool
    application: bool | None
    four_eyes: bool
    asked_when_old: bool
    creates: bool

    def refusal_code(self, by: Person, case: Case | None) -> str | None:
        """Returns None when `by` may give the command to `case` now; otherwise the code of the reason.

        Codes: `role`, `scope`, `stage`, `not_yours`, `no_application`, `application_open`. Without a case only the
        role counts.
        """
        if by.role not in self.roles:
            return "role"
        if case is None:
            return None
        if not sees(by, case):
            return "scope"
        if self.stages and case.stage not in self.stages:
            return "stage"
        if self.own and case.responsible != by.scope.holder:
            return "not_yours"
        if self.application is None or self.application == (case.application is not None):
            return None
        return "no_application" if self.application else "application_open"

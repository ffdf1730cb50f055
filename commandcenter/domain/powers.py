"""Defines the stage × role table: who may give which command to a case at which stage. Tests cover every cell."""

from dataclasses import dataclass

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.people import HOLDER_ROLES, Person, Role

_SYSTEMS = frozenset({Role.CHANNEL, Role.SYSTEM})  # not people at a seat: their acts cannot be adopted


@dataclass(frozen=True, slots=True)
class Power:
    """Which roles may give a command at which stages; with `own` only to cases of the person's own holder."""

    roles: frozenset[Role]
    stages: frozenset[Stage]
    own: bool = False


TABLE: dict[str, Power] = {
    "take": Power(frozenset({Role.INTAKE_CLERK, Role.GRID_LEADER, Role.CHANNEL}), frozenset()),
    "file": Power(frozenset({Role.SHIFT_LEADER}), frozenset({Stage.RECEIVED})),
    "dispatch": Power(frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER}), frozenset({Stage.FILED})),
    "accept": Power(HOLDER_ROLES, frozenset({Stage.DISPATCHED}), own=True),
    "report": Power(HOLDER_ROLES, frozenset({Stage.HANDLING}), own=True),
    "close": Power(frozenset({Role.SHIFT_LEADER, Role.INTAKE_CLERK}), frozenset({Stage.REPORTED})),
    "apply_return": Power(HOLDER_ROLES, WITH_HOLDER, own=True),
    "approve_return": Power(frozenset({Role.DISPATCHER}), WITH_HOLDER),
    "deny_return": Power(frozenset({Role.DISPATCHER}), WITH_HOLDER),
    "import": Power(frozenset({Role.CHANNEL, Role.SYSTEM}), frozenset()),
    "locate_crew": Power(frozenset({Role.UNIT, Role.SYSTEM}), frozenset()),
}


def refusal_code(name: str, by: Person, case: Case | None) -> str | None:
    """Returns None when `by` may give the command `name` to `case` now; otherwise the code of the reason.

    Codes: `role`, `scope`, `stage`, `not_yours`, `no_application`, `application_open`. Without a case only the role
    counts.
    """
    power = TABLE[name]
    if by.role not in power.roles:
        return "role"
    if case is None:
        return None
    if not sees(by, case):
        return "scope"
    if power.stages and case.stage not in power.stages:
        return "stage"
    if power.own and case.responsible != by.scope.holder:
        return "not_yours"
    return _application_hinders(name, case)


def _application_hinders(name: str, case: Case) -> str | None:
    if name in ("approve_return", "deny_return"):
        return None if case.application else "no_application"
    if name in ("report", "apply_return") and case.application:
        return "application_open"
    return None


def next_commands(by: Person, case: Case) -> tuple[str, ...]:
    """Returns the names of the commands that `by` may give to `case` now, in the order of the table."""
    acts = (name for name, power in TABLE.items() if power.stages)
    return tuple(name for name in acts if refusal_code(name, by, case) is None)


def may_adopt(leader: Person, other: Person) -> bool:
    """Whether `leader` may act in the place of `other`: a shift leader whose district or street covers them.

    Acts of another system (CHANNEL) or of a platform administrator (SYSTEM) cannot be adopted.
    """
    over, under = leader.scope, other.scope
    is_over = over.holder is None and over.district == under.district and over.street in (None, under.street)
    is_other_person = leader.user != other.user and other.role not in _SYSTEMS
    return leader.role is Role.SHIFT_LEADER and is_other_person and is_over


def sees(by: Person, case: Case) -> bool:
    """Whether the case lies in the person's scope: in their district or street, or with their holder."""
    scope = by.scope
    if scope.holder is not None:
        return case.responsible == scope.holder
    return scope.street is None or case.street == scope.street

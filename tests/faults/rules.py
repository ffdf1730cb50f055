"""The rules of the hall, written by hand from the documents: who may do what, who sees what, what guards what.

The judges use only these; nothing is imported from the program under test. Roles, scopes and the like are compared by
their text, so that a wrong table in the program is not repeated here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

HOLDERS = frozenset({"unit", "department", "grid_leader"})
CREWS = {f"{street}-crew": (street, f"{street}-urban") for street in ("east", "west")}  # of the small district
NEW = "new"  # the change of a command that creates a record: everything, for an author who has not seen it


@dataclass(frozen=True, slots=True)
class Power:
    """Which roles may give a command at which stages (none: the record is created); `own`: the holder alone."""

    roles: frozenset[str]
    stages: frozenset[str] = frozenset()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules need of a case.

    `applied`: an application to return it is open; `secret`: the petitioner asked for secrecy; `taken_by`: the user who
    took it.
    """

    stage: str
    street: str | None
    holder: str | None = None
    applied: bool = False
    secret: bool = False
    taken_by: str | None = None


def _power(stages: str, roles: str, *, own: bool = False) -> Power:
    return Power(frozenset(roles.split()), frozenset(stages.split()), own)


POWERS = {
    "take": _power("", "intake_clerk grid_leader channel"),
    "import": _power("", "channel system"),
    "locate_crew": _power("", "unit system"),
    "file": _power("received", "shift_leader"),
    "dispatch": _power("filed", "dispatcher street_dispatcher"),
    "accept": _power("dispatched", "unit department grid_leader", own=True),
    "recall": _power("dispatched handling", "dispatcher street_dispatcher"),
    "report": _power("handling", "unit department grid_leader", own=True),
    "close": _power("reported", "shift_leader intake_clerk"),
    "apply_return": _power("dispatched handling", "unit department grid_leader", own=True),
    "approve_return": _power("dispatched handling", "dispatcher"),
    "deny_return": _power("dispatched handling", "dispatcher"),
}
_GUARDS = {  # protocol.md: assign {unit, stage} · close, return {stage} · an answer to an application: that application
    "file": "stage",
    "dispatch": "stage holder",
    "accept": "stage holder",
    "recall": "stage holder",
    "report": "stage holder",
    "close": "stage",
    "apply_return": "stage holder",
    "approve_return": "stage holder applied",
    "deny_return": "stage holder applied",
}
GUARDS = {name: frozenset(fields.split()) for name, fields in _GUARDS.items()}
COMMANDS = {  # by fact the command that it results from
    "taken": "take",
    "filed": "file",
    "dispatched": "dispatch",
    "accepted": "accept",
    "recalled": "recall",
    "reported": "report",
    "closed": "close",
    "return_applied": "apply_return",
    "return_approved": "approve_return",
    "return_denied": "deny_return",
    "imported": "import",
    "crew_located": "locate_crew",
}
CHANGES = {  # by fact the guarded fields that it changes
    "taken": frozenset({NEW}),
    "imported": frozenset({NEW}),
    "filed": frozenset({"stage"}),
    "dispatched": frozenset({"stage", "holder"}),
    "accepted": frozenset({"stage"}),
    "recalled": frozenset({"stage", "holder"}),
    "reported": frozenset({"stage"}),
    "closed": frozenset({"stage"}),
    "return_applied": frozenset({"applied"}),
    "return_approved": frozenset({"stage", "holder", "applied"}),
    "return_denied": frozenset({"applied"}),
    "crew_located": frozenset(),
}
_AFTER: dict[str, Callable[[Case, Any], Case]] = {
    "filed": lambda case, said: replace(case, stage="filed"),
    "dispatched": lambda case, said: replace(case, stage="dispatched", holder=said["to"]),
    "accepted": lambda case, said: replace(case, stage="handling"),
    "recalled": lambda case, said: replace(case, stage="filed", holder=None),
    "reported": lambda case, said: replace(case, stage="reported"),
    "closed": lambda case, said: replace(case, stage="closed"),
    "return_applied": lambda case, said: replace(case, applied=True),
    "return_approved": lambda case, said: replace(case, stage="filed", holder=None, applied=False),
    "return_denied": lambda case, said: replace(case, applied=False),
}


def after(case: Case | None, fact: str, said: Any) -> Case | None:
    """Returns the case after the fact; None for the facts of other records."""
    if fact == "taken":
        return Case("received", said["street"], secret=said["secret"], taken_by=said["by"])
    if fact == "imported":
        return Case(said["stage"], said.get("street"), said.get("responsible"))
    return None if case is None or fact not in _AFTER else _AFTER[fact](case, said)


def changed(facts: Iterable[str]) -> frozenset[str]:
    """Returns the guarded fields that the facts change together."""
    return frozenset().union(*(CHANGES[fact] for fact in facts))


def collides(command: str, fields: frozenset[str]) -> bool:
    """Returns whether `command` conflicts with a change of `fields` that its author has not seen."""
    guards = GUARDS.get(command, frozenset())
    return bool(guards) and (NEW in fields or bool(guards & fields))


def holder_of(scope: Any) -> str | None:
    """Returns the unit, department or grid team to which the scope is limited; None without one."""
    return next((one for one in (scope.unit, scope.department, scope.grid) if one is not None), None)


def sees(scope: Any, kind: str, street: str | None, holder: str | None) -> bool:
    """Returns whether `scope` includes a record of its district that lies in `street` and is held by `holder`.

    A district scope sees everything; a street scope what lies in the street; a holder its own cases, in any street.
    A crew is seen by its street and its unit; a department or a grid team without a street sees none. Everybody sees
    reference records.
    """
    own = holder_of(scope)
    if kind not in ("case", "crew") or (own is None and scope.street is None):
        return True
    if kind == "crew":
        return street == scope.street if scope.street is not None else holder == scope.unit is not None
    return holder == own if own is not None else street == scope.street


def reads(person: Any, case: Case) -> bool:
    """Returns whether `person` may read the petitioner's text of `case`.

    A secret case is readable for its holder, for shift leaders who see it and for the user who took it.
    """
    holds, leads = holder_of(person.scope) is not None, str(person.role) == "shift_leader"
    has_it = sees(person.scope, "case", case.street, case.holder) and (holds or leads)
    return not case.secret or has_it or person.user == case.taken_by


def as_read(person: Any, case: Case | None, shown: Any) -> Any:
    """Returns `shown`, a record or fact about `case`, as `person` may read it."""
    if case is None or reads(person, case):
        return shown
    return as_hidden(shown)


def as_hidden(shown: Any) -> Any:
    """Returns `shown` for a reader without access to secret fields."""
    return {name: _HIDDEN.get(name, value) for name, value in shown.items()}


_HIDDEN = {"text": "", "external": None, "petitioner": None}  # replacement values of the secret fields


def why_not(command: str, person: Any, case: Case | None, street: str | None = None) -> str | None:
    """Returns why `person` may not give the command to `case` (None: a new one, in `street`); None when they may."""
    power, scope = POWERS[command], person.scope
    if str(person.role) not in power.roles:
        return f"a {person.role} may not {command}"
    if case is None:
        return None if scope.street in (None, street) else f"{scope.street} may not {command} in {street}"
    if not sees(scope, "case", case.street, case.holder):
        return f"{person} does not see {case}"
    if power.stages and case.stage not in power.stages:
        return f"it is {case.stage}, not {' or '.join(sorted(power.stages))}"
    if power.own and case.holder != holder_of(scope):
        return f"it is {case.holder}'s, not {holder_of(scope)}'s"
    return _application(command, case)


def _application(command: str, case: Case) -> str | None:
    if command in ("approve_return", "deny_return"):
        return None if case.applied else "nobody has applied for it"
    return "an application is open" if case.applied and command in ("report", "apply_return") else None


def may_adopt(leader: Any, owner: Any) -> bool:
    """Returns whether `leader` may take over what `owner` left: a shift leader within their scope, from seats only."""
    over = leader.scope
    reaches = over.district == owner.scope.district and over.street in (None, owner.scope.street)
    is_leader = str(leader.role) == "shift_leader" and holder_of(over) is None
    is_seat = str(owner.role) not in ("channel", "system", "system_admin", "security_admin", "audit_admin")
    return is_leader and reaches and leader.user != owner.user and is_seat

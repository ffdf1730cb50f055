"""The rules of the hall, written by hand from the documents: who may do what, who sees what, what guards what.

The judges use only these; nothing is imported from the program under test. Roles, scopes and the like are compared by
their text, so that a wrong table in the program is not repeated here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

TEAM_GRIDS = {f"{street}-team": f"{street}-1" for street in ("east", "west")}  # of the small district
HOLDERS = frozenset({"unit", "department", "grid_leader"})
CREWS = {f"{street}-crew": (street, f"{street}-urban") for street in ("east", "west")}  # of the small district
LIVE = ("case", "task", "crew")
ENDED = ("closed", "merged", "void")
NEW = "new"  # the change of a command that creates a record: everything, for an author who has not seen it


@dataclass(frozen=True, slots=True)
class Power:
    """Which roles may give a command at which stages (none: it creates one); `own`: of holders the case's alone."""

    roles: frozenset[str]
    stages: frozenset[str] = frozenset()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules need of a case.

    `applied`: an application to return it is open; `secret`: the petitioner asked for secrecy; `taken_by`: the user who
    took it; `grid`: the basic grid that it lies in.
    """

    stage: str
    street: str | None
    holder: str | None = None
    applied: bool = False
    secret: bool = False
    taken_by: str | None = None
    tier: str = "grid"
    id: str = ""
    grid: str | None = None
    crews: tuple[str, ...] = ()
    tasks: frozenset["CaseTask"] = frozenset()

    @property
    def place(self) -> "Place":
        """What decides who sees it."""
        helpers = {CREWS[key][1] for key in self.crews} | {one.holder for one in self.tasks if one.state in _SEEN}
        return Place(self.street, self.holder, self.grid, self.taken_by, frozenset(helpers))


@dataclass(frozen=True, slots=True)
class Crew:
    """What the rules need of a crew: the case of its order, its job, and the jobs that it left, the last one last.

    `booked`: the cases for which it is booked, with the moments; `sent`: each of its cases with its holder and street.
    """

    order: str | None = None
    job: str | None = None
    paused: tuple[str, ...] = ()
    booked: frozenset[tuple[str, str]] = frozenset()
    sent: frozenset[tuple[str, str, str | None]] = frozenset()
    loan: tuple[str, frozenset[str], str | None] | None = None  # where it helps or is to, who agreed, until when

    @property
    def cases(self) -> frozenset[str]:
        """The cases to which it is sent."""
        booked = (case for case, _ in self.booked)
        return frozenset(key for key in (self.order, self.job, *self.paused, *booked) if key is not None)

    def place(self, key: str) -> "Place":
        """What decides who sees the crew `key`."""
        holders, streets = (frozenset(one[at] for one in self.sent) for at in (1, 2))
        lent = frozenset() if self.loan is None else frozenset({self.loan[0]})
        return Place(*CREWS[key], helps=holders, helped=streets | lent)

    def streets(self, key: str) -> frozenset[str]:
        """The streets in which the crew `key` may be sent to cases."""
        own = frozenset({CREWS[key][0]})
        return own | {self.loan[0]} if self.loan is not None and self.loan[1] == own | {self.loan[0]} else own


class CaseTask(NamedTuple):
    """A sub-task as its case names it: who was asked, what for, how far it is."""

    holder: str
    kind: str
    state: str


class Task(NamedTuple):
    """What the rules need of a sub-task: its case and that case's street and holder; `ended`: it is history."""

    case: str
    told: CaseTask
    street: str | None
    lead: str | None
    ended: bool = False

    @property
    def place(self) -> "Place":
        """What decides who sees it."""
        asked = {self.told.holder} if self.told.state in _SEEN else set()
        return Place(self.street, helps=frozenset(asked | {self.lead} - {None}))


class Place(NamedTuple):
    """What decides who sees a record: of a crew its street and unit, of a case also the grid and the taker.

    `helps`: the bodies that help with a case, whom a crew helps, or who see a sub-task; `helped`: the streets of the
    cases of a crew.
    """

    street: str | None = None
    holder: str | None = None
    grid: str | None = None
    taken_by: str | None = None
    helps: frozenset[str] = frozenset()
    helped: frozenset[str | None] = frozenset()


def _power(stages: str, roles: str, *, own: bool = False) -> Power:
    return Power(frozenset(roles.split()), frozenset(stages.split()), own)


_SEEN = ("waiting", "working", "reported")  # the states in which who was asked sees the case
_OPEN = ("waiting", "working")
_ANY = "received filed dispatched handling reported closed merged void"
OF_TASKS = {  # by command of the body that was asked: of which kind the sub-task is, and in which states
    "accept_task": ("co_handling", ("waiting",)),
    "refuse_task": ("co_handling", _OPEN),
    "report_task": ("co_handling", ("working",)),
    "arrive": ("whistle", ("waiting",)),
}
POWERS = {
    "take": _power("", "intake_clerk grid_leader channel"),
    "import": _power("", "channel system"),
    "locate_crew": _power("", "unit system"),
    "ask_crew": _power("", "dispatcher street_dispatcher"),
    "agree_loan": _power("", "street_dispatcher"),
    "end_loan": _power("", "dispatcher street_dispatcher"),
    "create_reference": _power("", "system_admin"),
    "change_reference": _power("", "system_admin"),
    "retire_reference": _power("", "system_admin"),
    "revert_reference": _power("", "system_admin"),
    "file": _power("received", "shift_leader"),
    "dispatch": _power("filed", "dispatcher street_dispatcher"),
    "accept": _power("dispatched", "unit department grid_leader", own=True),
    "recall": _power("dispatched handling", "dispatcher street_dispatcher"),
    "send_crew": _power("dispatched handling", "dispatcher street_dispatcher unit", own=True),
    "accept_order": _power("dispatched handling", "unit"),
    "refuse_order": _power("dispatched handling", "unit"),
    "release_crew": _power(_ANY, "dispatcher street_dispatcher unit"),
    "reorder": _power("dispatched handling", "dispatcher street_dispatcher unit department grid_leader", own=True),
    "urge": _power("dispatched handling", "intake_clerk shift_leader dispatcher street_dispatcher coordinator leader"),
    "set_lead": _power("filed", "coordinator"),
    "change_lead": _power("dispatched handling", "coordinator"),
    "refuse_lead": _power("dispatched", "unit department grid_leader", own=True),
    "add_co_handler": _power("filed dispatched handling", "coordinator"),
    "remove_co_handler": _power("filed dispatched handling reported", "coordinator"),
    "override_tasks": _power("dispatched handling", "coordinator"),
    "whistle": _power("dispatched handling", "street_dispatcher coordinator"),
    **{name: _power("filed dispatched handling reported", "unit department grid_leader") for name in OF_TASKS},
    "escalate": _power("filed dispatched handling reported", "grid_leader street_dispatcher", own=True),
    "send_down": _power("filed dispatched handling reported", "dispatcher street_dispatcher coordinator"),
    "report": _power("handling", "unit department grid_leader", own=True),
    "close": _power("reported", "shift_leader intake_clerk"),
    "reopen": _power("closed", "shift_leader"),
    "apply_return": _power("dispatched handling", "unit department grid_leader", own=True),
    "approve_return": _power("dispatched handling", "dispatcher"),
    "deny_return": _power("dispatched handling", "dispatcher"),
}
OF_TESTS = {"swap": _power("dispatched handling", "dispatcher street_dispatcher")}  # two cases: tests.kit.swapping
_CREW = "order job paused booked"  # of a crew, by every order to it
_GUARDS = {  # protocol.md: assign {unit, stage} · close, return {stage} · an answer to an application: that application
    "file": "stage",
    "dispatch": "stage holder tier",
    "accept": "stage holder",
    "recall": "stage holder",
    "send_crew": f"stage holder {_CREW}",
    "accept_order": f"stage {_CREW}",
    "refuse_order": f"stage {_CREW}",
    "release_crew": _CREW,
    "reorder": "holder",
    **dict.fromkeys(("ask_crew", "agree_loan", "end_loan"), "loan"),
    **dict.fromkeys(("set_lead", "change_lead", "refuse_lead"), "stage holder tier"),
    **dict.fromkeys(("add_co_handler", "remove_co_handler", "override_tasks", "whistle"), "stage holder tasks"),
    "escalate": "stage holder tier",
    "send_down": "stage holder tier",
    "report": "stage holder",
    "close": "stage",
    "reopen": "stage",
    "apply_return": "stage holder",
    "approve_return": "stage holder applied",
    "deny_return": "stage holder applied",
    "swap": "stage holder",
}
_GUARDED = ("stage", "holder", "applied", "tier", "tasks")
_CREW_GUARDED = (*_CREW.split(), "loan")
GUARDS = {name: frozenset(fields.split()) for name, fields in _GUARDS.items()}
COMMANDS = {  # by fact the command that it results from
    "taken": "take",
    "filed": "file",
    "dispatched": "dispatch",
    "accepted": "accept",
    "recalled": "recall",
    "crew_sent": "send_crew",
    "order_accepted": "accept_order",
    "order_refused": "refuse_order",
    "crew_released": "release_crew",
    "reordered": "reorder",
    "crew_asked": "ask_crew",
    "loan_agreed": "agree_loan",
    "loan_ended": "end_loan",
    "urged": "urge",
    "lead_set": "set_lead",
    "lead_refused": "refuse_lead",
    "task_asked": "add_co_handler",
    "task_accepted": "accept_task",
    "task_refused": "refuse_task",
    "task_reported": "report_task",
    "task_cancelled": "remove_co_handler",
    "tasks_overridden": "override_tasks",
    "escalated": "escalate",
    "sent_down": "send_down",
    "reported": "report",
    "closed": "close",
    "reopened": "reopen",
    "return_applied": "apply_return",
    "return_approved": "approve_return",
    "return_denied": "deny_return",
    "imported": "import",
    "crew_located": "locate_crew",
    "reference_created": "create_reference",
    "reference_changed": "change_reference",
    "reference_retired": "retire_reference",
    "reference_reverted": "revert_reference",
    "swapped": "swap",
}
_NO_APPLICATION = (
    "report",
    "recall",
    "escalate",
    "send_down",
    "apply_return",
    "change_lead",
    "refuse_lead",
    "urge",
)  # while one is open
_TIERS = ("grid", "street", "district")  # from the lowest to the highest
_AFTER: dict[str, Callable[[Case, Any], Case]] = {
    "filed": lambda case, said: replace(case, stage="filed"),
    "dispatched": lambda case, said: replace(case, stage="dispatched", holder=said["to"], tier=said["tier"]),
    "accepted": lambda case, said: replace(case, stage="handling"),
    "recalled": lambda case, said: replace(case, stage="filed", holder=None),
    "escalated": lambda case, said: _filed_at(_TIERS.index(case.tier) + 1, case),
    "sent_down": lambda case, said: _filed_at(_TIERS.index(case.tier) - 1, case),
    "crew_sent": lambda case, said: replace(case, crews=(*_without(case, said["crew"]).crews, said["crew"])),
    "order_accepted": lambda case, said: case,
    "reordered": lambda case, said: case,
    "urged": lambda case, said: case,
    "lead_set": lambda case, said: replace(case, stage="dispatched", holder=said["to"], tier="district"),
    "lead_refused": lambda case, said: replace(case, stage="filed", holder=None),
    "task_asked": lambda case, said: _with_task(case, said, "waiting"),
    "task_accepted": lambda case, said: _with_task(case, said, "working"),
    "task_refused": lambda case, said: _with_task(case, said, "refused"),
    "task_reported": lambda case, said: _with_task(case, said, "reported"),
    "task_cancelled": lambda case, said: replace(case, tasks=case.tasks - _of_task(case, said["task"])),
    "tasks_overridden": lambda case, said: case,
    "order_refused": lambda case, said: _without(case, said["crew"]),
    "crew_released": lambda case, said: _without(case, said["crew"]),
    "reported": lambda case, said: replace(case, stage="reported"),
    "closed": lambda case, said: replace(case, stage="closed"),
    "reopened": lambda case, said: replace(case, stage="handling", tasks=frozenset()),  # whoever had it is there
    "return_applied": lambda case, said: replace(case, applied=True),
    "return_approved": lambda case, said: replace(case, stage="filed", holder=None, applied=False),
    "return_denied": lambda case, said: replace(case, applied=False),
    "swapped": lambda case, said: replace(
        case, stage="dispatched", holder=said["to" if case.id == said["case"] else "other_to"]
    ),
}


def _asked_of(task: str) -> tuple[str, str]:
    """Returns the body and the kind that the id of a sub-task names."""
    _, holder, *kind = task.split(".")
    return holder, kind[0] if kind else "co_handling"


def _of_task(case: Case, task: str) -> frozenset[CaseTask]:
    return frozenset(one for one in case.tasks if one[:2] == _asked_of(task))


def _with_task(case: Case, said: Any, state: str) -> Case:
    return replace(case, tasks=case.tasks - _of_task(case, said["task"]) | {CaseTask(*_asked_of(said["task"]), state)})


_TASK_STATES = {
    "task_asked": "waiting",
    "task_accepted": "working",
    "task_refused": "refused",
    "task_reported": "reported",
    "task_cancelled": "cancelled",
}


def task_after(task: Task | None, fact: str, said: Any) -> Task | None:
    """Returns the sub-task after the fact."""
    if fact == "task_begun":
        return Task(said["case"], CaseTask(*_asked_of(said["task"]), "waiting"), said["street"], said["lead"])
    if task is None or fact == "task_ended":
        return task and task._replace(ended=True)
    if fact == "task_kept":
        return task._replace(lead=said["lead"])
    told = task.told._replace(state=_TASK_STATES[fact])
    return task._replace(told=told, ended=told.state == "cancelled")


FOLLOWING = frozenset({"task_begun", "task_kept", "task_ended"})  # facts that follow from others alone
ALSO = {"lead_set": "change_lead", "task_asked": "whistle", "task_reported": "arrive"}  # by fact its other command


def command_of(fact: str, said: Any, before: Case | None) -> str:
    """Returns the name of the command whose first fact this is."""
    is_change = fact == "lead_set" and before is not None and before.stage != "filed"
    is_whistle = fact in ("task_asked", "task_reported") and said["task"].endswith(".whistle")
    return ALSO[fact] if is_change or is_whistle else COMMANDS[fact]


def _without(case: Case, crew: str) -> Case:
    return replace(case, crews=tuple(key for key in case.crews if key != crew))


def crew_after(crew: Crew, fact: str, said: Any) -> Crew:
    """Returns the crew after the fact."""
    if fact in _LOANS:
        return replace(crew, loan=_LOANS[fact](crew.loan, said))
    case = said.get("case")
    sent = frozenset(one for one in crew.sent if one[0] != case)
    others = frozenset(one for one in crew.booked if one[0] != case)
    if fact == "crew_sent":
        sent |= {(case, said["holder"], said["street"])}
        if said["booked_for"] is None:
            return replace(crew, order=case, booked=others, sent=sent)
        return replace(crew, booked=others | {(case, said["booked_for"])}, sent=sent)
    if fact == "order_accepted":
        paused = crew.paused if crew.job is None else (*crew.paused, crew.job)
        return Crew(None if crew.order == case else crew.order, case, paused, others, crew.sent, crew.loan)
    if fact not in ("order_refused", "crew_released"):
        return crew
    at = [key for key in (*crew.paused, crew.job) if key not in (None, case)]  # the last one is where it is now
    order = None if crew.order == case else crew.order
    return Crew(order, at[-1] if at else None, tuple(at[:-1]), others, sent, crew.loan)


_LOANS: dict[str, Callable[[Any, Any], Any]] = {
    "crew_asked": lambda loan, said: (said["street"], frozenset({said["agreed"]} - {None}), said["until"]),
    "loan_agreed": lambda loan, said: (loan[0], loan[1] | {said["street"]}, loan[2]),
    "loan_ended": lambda loan, said: None,
}


def lending(command: str, person: Any, key: str, before: Crew, now: Crew, at: datetime) -> str | None:
    """Returns why `person` may not do this at `at` with the loan of the crew `key`; None when they may."""
    own, there = CREWS[key][0], (now.loan or before.loan or ("",))[0]
    if person.scope.street not in (None, own, there) or own == there:
        return f"{person} is of none of the two streets {own} and {there}"
    if command == "ask_crew":
        return "it is lent already" if before.loan is not None and not _is_over(before.loan, at) else None
    if before.loan is None:
        return "nobody asked for it"
    if command == "agree_loan" and _is_over(before.loan, at):
        return f"it was asked for until {before.loan[2]}"
    if command == "agree_loan":
        is_new = person.scope.street is not None and person.scope.street not in before.loan[1]
        return None if is_new else f"{person.scope.street} has agreed"
    return "it is at work there" if any(one[2] == there for one in before.sent) else None


def _is_over(loan: tuple[str, frozenset[str], str | None], at: datetime) -> bool:
    return loan[2] is not None and datetime.fromisoformat(loan[2]) <= at


def _filed_at(tier: int, case: Case) -> Case:
    return replace(case, stage="filed", holder=None, tier=_TIERS[tier])


def after(case: Case | None, fact: str, said: Any) -> Case | None:
    """Returns the case after the fact; None for the facts of other records."""
    if fact == "taken":
        grid, taker = said.get("grid"), said["by"]
        return Case("received", said["street"], None, False, said["secret"], taker, id=said["case"], grid=grid)
    if fact == "imported":
        return Case(said["stage"], said.get("street"), said.get("responsible"), tier=said["tier"], id=said["case"])
    return None if case is None or fact not in _AFTER else _AFTER[fact](case, said)


def changed(before: Case | Crew | None, now: Case | Crew | None) -> frozenset[str]:
    """Returns the guarded fields in which a record differs from before; NEW for a new case, none of another record."""
    if before is None or now is None:
        return frozenset({NEW} if now is not None else ())
    names = _GUARDED if isinstance(now, Case) else _CREW_GUARDED
    return frozenset(name for name in names if getattr(before, name) != getattr(now, name))


def collides(command: str, fields: frozenset[str]) -> bool:
    """Returns whether `command` conflicts with a change of `fields` that its author has not seen."""
    guards = GUARDS.get(command, frozenset())
    return bool(guards) and (NEW in fields or bool(guards & fields))


def holder_of(scope: Any) -> str | None:
    """Returns the unit, department or grid team to which the scope is limited; None without one."""
    return next((one for one in (scope.unit, scope.department, scope.grid) if one is not None), None)


def sees(person: Any, kind: str, place: Place) -> bool:
    """Returns whether `person` sees a record of their district at `place`.

    A district scope sees everything; a street scope what lies in the street, an administrator nothing; a holder its own
    cases and those with which its crews help, in any street; a grid leader also what lies in the team's grid and what
    the user took in. A crew is seen by its street and its unit, and by the streets and holders of the cases to which it
    was sent. Everybody sees reference records.
    """
    scope, (street, holder, grid, taken_by) = person.scope, place[:4]
    own = holder_of(scope)
    if kind not in LIVE or (own is None and scope.street is None):
        return True
    if scope.street == "":
        return False
    if kind == "crew" and scope.street is not None:
        return street == scope.street or scope.street in place.helped
    if kind == "crew":
        return own == holder or own in place.helps
    if own is None:
        return street == scope.street
    is_of_grid = grid is not None and grid == TEAM_GRIDS.get(scope.grid)
    is_taken = str(person.role) == "grid_leader" and taken_by == person.user
    return own in (holder, *place.helps) or is_taken or is_of_grid


def told(kind: str, place: Place) -> frozenset[str]:
    """Returns the tokens under which the platform tells of a record at `place`."""
    if kind not in LIVE:
        return frozenset({"*"})
    names = ("cs", "cu") if kind == "crew" else ("s", "h", "g", "p")
    named = [*zip(names, place[:4], strict=False), *((names[1], key) for key in place.helps)]
    named += [("cs", key) for key in place.helped]
    return frozenset({"d", *(f"{name}:{key}" for name, key in named if key is not None)})


def reads(person: Any, case: Case) -> bool:
    """Returns whether `person` may read the petitioner's text of `case`.

    A secret case is readable for its holder, for shift leaders who see it and for the user who took it, as long as they
    are one who takes cases in; not for a grid leader in whose grid another holder has it.
    """
    holds = case.holder is not None and case.holder == holder_of(person.scope)
    leads = str(person.role) == "shift_leader" and sees(person, "case", case.place)
    took = str(person.role) in POWERS["take"].roles and person.user == case.taken_by
    return not case.secret or holds or leads or took


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
    power, scope = (POWERS | OF_TESTS)[command], person.scope
    if str(person.role) not in power.roles:
        return f"a {person.role} may not {command}"
    if case is None:
        return None if scope.street in (None, street) else f"{scope.street} may not {command} in {street}"
    if not sees(person, "case", case.place):
        return f"{person} does not see {case}"
    if power.stages and case.stage not in power.stages:
        return f"it is {case.stage}, not {' or '.join(sorted(power.stages))}"
    if power.own and str(person.role) in HOLDERS and case.holder != holder_of(scope):
        return f"it is {case.holder}'s, not {holder_of(scope)}'s"
    if command in ("accept_order", "refuse_order", "release_crew") and not case.crews:
        return "no crew was sent to it"
    return _application(command, case) or _tier(command, scope, case) or _tasks(command, scope, case)


def _application(command: str, case: Case) -> str | None:
    if command in ("approve_return", "deny_return"):
        return None if case.applied else "nobody has applied for it"
    return "an application is open" if case.applied and command in _NO_APPLICATION else None


def _tasks(command: str, scope: Any, case: Case) -> str | None:
    is_open = any(one.kind == "co_handling" and one.state in _OPEN for one in case.tasks)
    if command == "report" and is_open:
        return "a co-handler has not done its part"
    if command == "override_tasks" and not is_open:
        return "every co-handler has done its part"
    if command == "remove_co_handler" and not case.tasks:
        return "nobody was asked"
    kind, states = OF_TASKS.get(command, ("", ()))
    mine = any(one.holder == holder_of(scope) and one.kind == kind and one.state in states for one in case.tasks)
    return f"{holder_of(scope)} was not asked, or did it" if kind and not mine else None


def _tier(command: str, scope: Any, case: Case) -> str | None:
    if command in ("set_lead", "change_lead", "refuse_lead", "add_co_handler") and case.tier != _TIERS[-1]:
        return "it is not the district's"
    if command == "escalate":
        return "there is no tier above" if case.tier == _TIERS[-1] else None
    if command == "send_down" and case.tier == _TIERS[0]:
        return "there is no tier below"
    sent = command in ("dispatch", "recall", "send_down", "reopen", "reorder")
    alone = sent and scope.street is not None and case.tier == _TIERS[-1]
    return "the district alone says who gets it" if alone else None


def may_adopt(leader: Any, owner: Any) -> bool:
    """Returns whether `leader` may take over what `owner` left: a shift leader within their scope, from seats only."""
    over = leader.scope
    reaches = over.district == owner.scope.district and over.street in (None, owner.scope.street)
    is_leader = str(leader.role) == "shift_leader" and holder_of(over) is None
    is_seat = str(owner.role) not in ("channel", "system", "system_admin", "security_admin", "audit_admin")
    return is_leader and reaches and leader.user != owner.user and is_seat

"""Cases of the district of `tests.kit.hall` with leads, co-handlers and whistles, made to measure."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from commandcenter.domain.cases import Case, LeadObjection, Stage, Tier
from commandcenter.domain.people import Holder
from commandcenter.domain.tasks import CaseTask, Objection, Task, TaskKind, TaskState, task_id
from tests.kit import hall

URBAN, HOUSING, LABOUR, DATA = "d-urban", "d-housing", "d-labour", "d-data"
DEPARTMENTS = (URBAN, HOUSING, LABOUR, DATA)
POWERS = {URBAN: "urban", HOUSING: "housing", LABOUR: "labour", DATA: "data"}


def departments() -> list[Holder]:
    """Returns the four departments of the hall, each with its power."""
    return [replace(one, power=POWERS[one.id]) for one in hall.holders() if one.id in POWERS]


def waiting(number: int, *, minutes: float = 30, **changes: object) -> Case:
    """Returns a case that nobody has led for so many minutes."""
    since = {"waits_since": hall.NOW - timedelta(minutes=minutes)}
    return hall.case(number, **{"tier": Tier.DISTRICT} | since | changes)


def led(number: int, lead: str = HOUSING, stage: Stage = Stage.HANDLING, **changes: object) -> Case:
    """Returns a case that a body leads since 40 minutes."""
    at = {"dispatched_at": hall.NOW - timedelta(minutes=40), "responsible": lead, "hops": 1}
    return hall.case(number, **{"tier": Tier.DISTRICT, "stage": stage} | at | changes)


def refused(case: Case, holder: str, code: Objection = Objection.NOT_OUR_DUTY, reason: str = "") -> Case:
    """Returns the case with the objection of a body to lead it."""
    return replace(case, objection=LeadObjection(holder, code, reason), hops=case.hops + 1)


def helped(case: Case, *parts: Task) -> list[Case | Task]:
    """Returns the case with its sub-tasks, and these."""
    named = tuple(CaseTask(one.holder, one.kind, one.state) for one in parts)
    return [replace(case, tasks=named), *parts]


def part(
    case: Case,
    holder: str,
    state: TaskState = TaskState.WORKING,
    *,
    kind: TaskKind = TaskKind.CO_HANDLING,
    minutes: float | None = 60,
    **changes: object,
) -> Task:
    """Returns the sub-task of a body, due in so many minutes (None: at no moment)."""
    due = None if minutes is None else hall.NOW + timedelta(minutes=minutes)
    key = task_id(case.id, holder, kind)
    asked = {"asked_at": hall.NOW - timedelta(minutes=30), "green_until": _green(due)}
    return Task(key, 1, case.id, kind, holder, state, case.street, case.responsible, due=due, **asked | changes)


def _green(due: datetime | None) -> datetime | None:
    return None if due is None else due - timedelta(minutes=20)


def everywhere(count: int = 3_589, *, seed: int = 7) -> list[Case | Task]:
    """Returns `count` cases of the district at every stage of coordination, with their sub-tasks."""
    chance, found = random.Random(seed), []
    for case in hall.cases(count, seed=seed):
        found += _coordinated(chance, replace(case, tier=Tier.DISTRICT, application=None, crews=()))
    return found


def _coordinated(chance: random.Random, case: Case) -> list[Case | Task]:
    lead = chance.choice(DEPARTMENTS)
    if case.stage is Stage.RECEIVED:
        ended = hall.NOW - timedelta(minutes=chance.randrange(600))
        case = replace(case, stage=Stage.CLOSED, responsible=lead, hops=1, filed_at=ended - timedelta(hours=6))
        case = replace(case, dispatched_at=ended - timedelta(hours=5), ended_at=ended)
    elif case.stage is Stage.FILED:
        case = replace(case, waits_since=hall.NOW - timedelta(minutes=chance.randrange(1, 90)))
        if chance.random() < 0.2:
            case = refused(case, lead, chance.choice(list(Objection)))
    else:
        case = replace(case, responsible=lead, hops=chance.choice((1, 1, 1, 2, 3)))
    others = [one for one in DEPARTMENTS if one != case.responsible]
    chosen = chance.sample(others, chance.choice((0, 0, 1, 1, 2, 3)))
    states = [TaskState.WAITING, TaskState.WORKING, TaskState.WORKING, TaskState.REPORTED, TaskState.REFUSED]
    return helped(case, *(_part(chance, case, holder, chance.choice(states)) for holder in chosen))


def _part(chance: random.Random, case: Case, holder: str, state: TaskState) -> Task:
    is_done = case.stage in (Stage.REPORTED, Stage.CLOSED)
    kind = TaskKind.WHISTLE if chance.random() < 0.1 else TaskKind.CO_HANDLING
    why = chance.choice(list(Objection)) if state is TaskState.REFUSED and not is_done else None
    state = TaskState.REPORTED if is_done or (kind is TaskKind.WHISTLE and why is not None) else state
    why = why if state is TaskState.REFUSED else None
    if kind is TaskKind.WHISTLE and state is TaskState.WORKING:
        state = TaskState.WAITING
    return part(case, holder, state, kind=kind, minutes=chance.randrange(-20, 200), objection=why)

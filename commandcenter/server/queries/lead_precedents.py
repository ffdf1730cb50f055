"""Reads precedents from the cases of the district and their steps: who led in the end, who helped, who refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from commandcenter.domain.cases import ENDED, Case, Stage, Tier
from commandcenter.domain.commands.leading import LeadRefused, LeadSet
from commandcenter.domain.facts import Dispatched, ReturnApproved
from commandcenter.domain.records import KIND_OF
from commandcenter.domain.tasks import TaskKind, TaskState
from commandcenter.domain.text import snake_case
from commandcenter.protocol.codec import read_record
from commandcenter.recommendation.lead_questions import Precedent
from commandcenter.server.storage.tables import cases, log, steps

MOST = 40_000  # precedents kept of a district, the newest

_CASE = KIND_OF[Case].name
_TOGETHER = 500  # cases asked for at once, by their ids
_GIVEN = frozenset(snake_case(fact.__name__) for fact in (LeadSet, Dispatched))
_BACK = frozenset(snake_case(fact.__name__) for fact in (LeadRefused, ReturnApproved))
_NO_PRECEDENT = ENDED - {Stage.CLOSED}


@dataclass(frozen=True, slots=True)
class LeadCourse:
    """How a case came to its lead: when it was given to the last body, and which refused or returned it before."""

    at: float | None = None
    refused: tuple[str, ...] = ()


def all_precedents(connection: Connection, district: str) -> dict[str, Precedent]:
    """Returns the precedents of a district by their cases, the newest of them."""
    of_district = and_(cases.c.district == district, cases.c.tier == Tier.DISTRICT.value)
    newest = select(cases.c.id, cases.c.body).where(of_district).order_by(cases.c.received_at.desc()).limit(MOST)
    found = connection.execute(newest).all()
    ids = [row.id for row in found]
    return dict(_precedents(found, courses(connection, district, ids)))


def changed_precedents(connection: Connection, district: str, after: int) -> dict[str, Precedent | None]:
    """Returns what the precedents are now of the cases that changed after the log entry `after`; None for no more."""
    moved = select(log.c.record).where(log.c.district == district, log.c.seq > after, log.c.kind == _CASE).distinct()
    ids = connection.execute(moved).scalars().all()
    found = [row for some in _portions(ids) for row in _bodies(connection, district, some)]
    told = dict(_precedents(found, courses(connection, district, [row.id for row in found])))
    return {key: told.get(key) for key in ids}


def courses(connection: Connection, district: str, ids: Sequence[str]) -> dict[str, LeadCourse]:
    """Returns by case how it came to its lead, of those that have such steps."""
    found: dict[str, LeadCourse] = {}
    for some in _portions(ids):
        wanted = and_(steps.c.district == district, steps.c.case.in_(some), steps.c.verb.in_(_GIVEN | _BACK))
        rows = connection.execute(
            select(steps.c.case, steps.c.verb, steps.c.holder, steps.c.acted_at)
            .where(wanted)
            .order_by(steps.c.case, steps.c.rev)
        )
        found |= {key: _course(of_case) for key, of_case in groupby(rows, key=lambda row: row.case)}
    return found


def _bodies(connection: Connection, district: str, ids: Sequence[str]) -> Sequence[Row[Any]]:
    here = and_(cases.c.district == district, cases.c.id.in_(ids), cases.c.tier == Tier.DISTRICT.value)
    return connection.execute(select(cases.c.id, cases.c.body).where(here)).all()


def _course(told: Iterable[Row[Any]]) -> LeadCourse:
    at: float | None = None
    holder: str | None = None
    refused: list[str] = []
    for step in told:
        if step.verb in _BACK and holder is not None:
            refused.append(holder)
        holder = step.holder
        at = step.acted_at if step.verb in _GIVEN else at
    return LeadCourse(at, tuple(dict.fromkeys(refused)))


def _precedents(found: Iterable[Row[Any]], known: dict[str, LeadCourse]) -> Iterator[tuple[str, Precedent]]:
    for row in found:
        case = read_record(_CASE, row.body)
        if isinstance(case, Case) and case.responsible is not None and _is_settled(case):
            yield case.id, _precedent(case, case.responsible, known.get(case.id, LeadCourse()))


def _is_settled(case: Case) -> bool:
    """Whether the lead stands: it accepted the case, or settled it."""
    is_done = case.accepted_at is not None or case.stage in (Stage.REPORTED, Stage.CLOSED)
    return is_done and case.stage not in _NO_PRECEDENT


def _precedent(case: Case, lead: str, course: LeadCourse) -> Precedent:
    at = case.received_at.timestamp() if course.at is None else course.at
    helped = (one for one in case.tasks if one.kind is TaskKind.CO_HANDLING and one.state is not TaskState.REFUSED)
    return Precedent(
        case=case.id,
        kind=case.kind,
        street=case.street,
        grid=case.grid,
        text="" if case.secret else case.text,  # what some may not read tells nobody anything
        at=at,
        lead=lead,
        helpers=tuple(one.holder for one in helped),
        refused=tuple(body for body in course.refused if body != lead),
        seconds=None if case.reported_at is None else max(case.reported_at.timestamp() - at, 0.0),
    )


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + _TOGETHER] for at in range(0, len(ids), _TOGETHER))

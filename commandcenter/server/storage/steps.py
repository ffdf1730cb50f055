"""The steps of cases, from which figures are counted: one row for each fact, as the log has it."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice, zip_longest
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import evolve_known
from commandcenter.domain.facts import Fact, name_of
from commandcenter.domain.records import KIND_OF
from commandcenter.domain.responsibility import carrier, helpers
from commandcenter.protocol.codec import read_facts, read_record
from commandcenter.server.storage import event_log
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.tables import districts, log, records, steps

_CASE, _CALENDAR = KIND_OF[Case].name, KIND_OF[Calendar].name

Trail = Sequence[tuple[Fact, Any, Any]]  # (fact, the case before or None, the case after), in order
StepRow = dict[str, Any]
STEP_COLUMNS = tuple(column.name for column in steps.columns)
_TOGETHER = 5000  # rows
_ADD = PreparedStatement(steps.insert(), columns=STEP_COLUMNS)
_is_calendar = and_(
    records.c.district == districts.c.id, records.c.kind == bindparam("k"), records.c.id == bindparam("w")
)
_is_step = and_(steps.c.district == districts.c.id, steps.c.case == bindparam("c"))
_LAST = PreparedStatement(
    select(steps.c.cycle, steps.c.acted_at, records.c.body)
    .select_from(districts.outerjoin(records, _is_calendar).outerjoin(steps, _is_step))
    .where(districts.c.id == bindparam("d"))
    .order_by(steps.c.rev.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class ActContext:
    """Who acted in which `role`, when the platform executed it (`at`), and when it was done, as the console says.

    `seen` has the revisions that its author had seen, by "kind:id".
    """

    role: str
    at: datetime
    given_at: datetime
    seen: Mapping[str, int]


def append(connection: Connection, district: str, trail: Trail, act: ActContext) -> float:
    """Writes the steps of one case that `act` made; returns when they count as done."""
    _, before, after = trail[0]
    last, calendar = _last(connection, district, after.id) if before is not None or len(trail) > 1 else (None, None)
    acted_at = _acted_at(connection, district, after.id, act, last)
    how: dict[str, Any] = {"role": act.role, "at": act.at.timestamp(), "acted_at": acted_at, "calendar": calendar}
    rows: list[StepRow] = []
    for fact, was, now in trail:
        last = step_row(district, last, fact, was, now, **how)
        rows.append(last)
    _ADD.run_all(connection, rows)
    return acted_at


def step_row(
    district: str,
    last: Mapping[str, Any] | None,
    fact: Fact,
    before: Case | None,
    after: Case,
    *,
    role: str | None,
    at: float,
    acted_at: float,
    calendar: Calendar | None,
) -> StepRow:
    """Returns the row of `fact`, which made `after` of `before`, in the order of the table's columns.

    `last` is the row of the step before it, None for the first.
    """
    is_reopened = before is not None and not before.is_open and after.is_open
    carries = None if before is None else carrier(before)
    return {
        "district": district,
        "case": after.id,
        "rev": after.rev,
        "cycle": 1 if last is None else last["cycle"] + is_reopened,
        "verb": name_of(fact),
        "actor": fact.by,
        "role": role,
        "holder": after.responsible,
        "due": None if after.due is None else after.due.timestamp(),
        "at": at,
        "acted_at": acted_at,
        "worked": None if last is None or calendar is None else calendar.between(last["acted_at"], acted_at),
        "carrier": None if carries is None else carries[0],
        "helpers": "" if before is None else " ".join(helpers(before)),
    }


def rebuild(connection: Connection, district: str) -> int:
    """Replaces the steps of `district` by what its log says; returns their number."""
    connection.execute(steps.delete().where(steps.c.district == district))
    derived, count = _derived(connection, district), 0
    while rows := list(islice(derived, _TOGETHER)):
        _ADD.run_all(connection, rows)
        count += len(rows)
    return count


def are_as_logged(connection: Connection, district: str) -> bool:
    """Returns whether the steps of `district` are what its log says."""
    stored = select(steps).where(steps.c.district == district).order_by(steps.c.case, steps.c.rev)
    rows = (dict(row) for row in connection.execute(stored).yield_per(_TOGETHER).mappings())
    return all(kept == said for kept, said in zip_longest(rows, _derived(connection, district)))


def _derived(connection: Connection, district: str) -> Iterator[StepRow]:
    """Yields the steps that the log has, case by case."""
    calendar_at = _calendars(connection, district)
    entries = (
        select(log.c.record, log.c.seq, log.c.facts, log.c.role, log.c.at, func.coalesce(log.c.acted_at, log.c.at))
        .where(log.c.district == district, log.c.kind == _CASE)
        .order_by(log.c.record, log.c.seq, log.c.part)
    )
    rows = connection.execute(entries).yield_per(_TOGETHER)
    for _, of_case in groupby(rows, key=lambda row: row.record):
        case: Case | None = None
        last: StepRow | None = None
        for _, seq, facts, role, at, acted_at in of_case:
            for fact in read_facts(event_log.decode_facts([facts])):
                before, after = case, evolve_known(case, fact)
                if isinstance(after, Case):
                    how = {"role": role, "at": at, "acted_at": acted_at, "calendar": calendar_at(seq)}
                    case, last = after, step_row(district, last, fact, before, after, **how)
                    yield last


def _last(connection: Connection, district: str, case: str) -> tuple[StepRow | None, Calendar | None]:
    """Returns the last step of the case and the calendar in force, in one statement."""
    named = {"d": district, "c": case, "k": _CALENDAR, "w": COUNTED_BY}
    cycle, acted_at, body = _LAST.run(connection, named).one()
    last = None if cycle is None else {"cycle": cycle, "acted_at": acted_at}
    return last, None if body is None else _calendar(body)


@lru_cache(maxsize=64)
def _calendar(body: bytes) -> Calendar:
    read = read_record(_CALENDAR, body)
    assert isinstance(read, Calendar)
    return read


def _acted_at(connection: Connection, district: str, case: str, act: ActContext, last: StepRow | None) -> float:
    """Returns when the act was done: not before the last step that its author had seen, never after it was executed.

    A platform whose clock was set back has steps that lie ahead of it.
    """
    done = min(act.given_at, act.at).timestamp()
    if last is None or done >= last["acted_at"]:
        return done
    seen = and_(steps.c.district == district, steps.c.case == case, steps.c.rev <= act.seen.get(f"case:{case}", 0))
    bound: float | None = connection.execute(select(func.max(steps.c.acted_at)).where(seen)).scalar()
    return min(max(done, float(last["acted_at"] if bound is None else bound)), act.at.timestamp())


def _calendars(connection: Connection, district: str) -> Callable[[int], Calendar | None]:
    """Returns which calendar was in force at a sequence number; the oldest that is known stands for those before it."""
    is_here = (
        log.c.district == district,
        log.c.kind == _CALENDAR,
        log.c.record == COUNTED_BY,
        log.c.after.is_not(None),
    )
    rows = connection.execute(select(log.c.seq, log.c.changed, log.c.after).where(*is_here).order_by(log.c.seq)).all()
    found = [_calendar(row.after) for row in rows]
    seqs = [0 if not at and row.changed != event_log.NEW else row.seq for at, row in enumerate(rows)]
    return lambda seq: found[at - 1] if (at := bisect_right(seqs, seq)) else None

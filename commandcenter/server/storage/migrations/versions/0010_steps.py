"""Adds the steps of cases, derived from the log, and to the log the role of whoever acted and when the act was done.

The roles of earlier entries come from the audit; their acts count as done when the platform executed them.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TABLE = """CREATE TABLE steps (district VARCHAR NOT NULL, "case" VARCHAR NOT NULL, rev INTEGER NOT NULL,
    cycle INTEGER NOT NULL, verb VARCHAR NOT NULL, actor VARCHAR NOT NULL, role VARCHAR, holder VARCHAR, due FLOAT,
    "at" FLOAT NOT NULL, acted_at FLOAT NOT NULL, worked FLOAT, PRIMARY KEY (district, "case", rev)) WITHOUT ROWID"""
_ROLES = """UPDATE log SET role = a.role FROM audit AS a
            WHERE a.district = log.district AND a.cmd_id = log.cmd_id AND a.outcome = 'applied'
              AND a.on_behalf_of IS NULL"""
_IMAGES = """UPDATE log SET "after" = r.body FROM records AS r
             WHERE log.kind = 'calendar' AND log."after" IS NULL AND r.district = log.district AND r.kind = log.kind
               AND r.id = log.record AND r.rev = log.rev"""
_CALENDARS = """SELECT district, seq, changed, "after" FROM log
                WHERE kind = 'calendar' AND record = 'week' AND "after" IS NOT NULL ORDER BY seq"""
_ENTRIES = """SELECT district, seq, record, rev, "at", COALESCE(on_behalf_of, actor), role, holder, facts
              FROM log WHERE kind = 'case' ORDER BY district, seq, part"""
_ADD = f"INSERT INTO steps VALUES ({', '.join('?' * 12)})"
_ENDED = frozenset({"closed", "merged", "void"})
_MONDAY = datetime(2000, 1, 3, tzinfo=UTC).timestamp()


def upgrade() -> None:
    """Fills the table from the log."""
    connection = op.get_bind()
    for column in (sa.Column("role", sa.String), sa.Column("acted_at", sa.Float)):
        op.add_column("log", column)
    for statement in (_ROLES, _IMAGES, _TABLE):
        op.execute(statement)
    rows = _steps(connection)
    while together := list(islice(rows, 10_000)):
        connection.exec_driver_sql(_ADD, together)
    op.create_index("ix_steps_holder", "steps", ["district", "holder", "acted_at"])


def _steps(connection: sa.Connection) -> Iterator[tuple[Any, ...]]:
    calendars: dict[str, list[tuple[int, Callable[[float], float]]]] = {}  # by district; from which entry on
    for district, seq, changed, body in connection.exec_driver_sql(_CALENDARS):
        known = calendars.setdefault(district, [])
        known.append((seq if known or changed == "*" else 0, _elapsed_by(json.loads(body))))
    last: dict[tuple[str, str], tuple[float, int, float | None, bool]] = {}  # when, cycle, due, has it ended
    entries = connection.execute(sa.text(_ENTRIES).execution_options(yield_per=10_000))
    for district, seq, case, rev, at, actor, role, holder, facts in entries:
        happened = json.loads(facts)
        for before, said in enumerate(happened, 1 - len(happened)):
            verb, fact = said["type"], said["fact"]
            then, cycle, due, had_ended = last.get((district, case), (None, 1, None, False))
            if "due" in fact:
                due = None if fact["due"] is None else datetime.fromisoformat(fact["due"]).timestamp()
            has_ended = verb == "closed" or fact.get("stage") in _ENDED
            cycle += had_ended and not has_ended
            elapsed = next((one for since, one in reversed(calendars.get(district, [])) if since <= seq), None)
            worked = None if then is None or elapsed is None else round(max(elapsed(at) - elapsed(then), 0.0), 3)
            last[district, case] = (at, cycle, due, has_ended)
            yield district, case, rev + before, cycle, verb, actor, role, holder, due, at, at, worked


def _elapsed_by(calendar: dict[str, Any]) -> Callable[[float], float]:
    """Returns what counts the working seconds from a Monday in the past to a moment (seconds since 1970)."""
    hours = ((one["weekday"] * 1440 + one["start"], one["weekday"] * 1440 + one["end"]) for one in calendar["hours"])
    spans = sorted((start * 60, end * 60) for start, end in hours)
    starts, zone = [start for start, _ in spans], ZoneInfo(calendar["zone"])
    before: list[float] = [0, *accumulate(end - start for start, end in spans)]

    @lru_cache(maxsize=65536)
    def offset(quarter: float) -> float:
        return datetime.fromtimestamp(quarter * 900, zone).utcoffset().total_seconds() - _MONDAY  # type: ignore[union-attr]

    def elapsed(at: float) -> float:
        weeks, rest = divmod(at + offset(at // 900), 7 * 86400)
        number = bisect_right(starts, rest) - 1
        inside = 0.0 if number < 0 else before[number] + min(rest, spans[number][1]) - starts[number]
        return weeks * before[-1] + inside

    return elapsed

"""Counts in the database what happened to the cases that a seat sees: what came in, and each step of it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, exists, func, select

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.facts import NAMES
from commandcenter.domain.people import Person
from commandcenter.domain.visibility import DISTRICT, tokens_of
from commandcenter.protocol.codec import read_record
from commandcenter.protocol.messages import Count, Summary
from commandcenter.server.storage.scope import case_filter
from commandcenter.server.storage.tables import cases, records, steps

_STAGES = {name: fact.counted_as for name, fact in NAMES.items() if fact.counted_as is not None}  # by the step's verb
_REFUSALS = {name for name, fact in NAMES.items() if fact.is_refusal}


def summary(connection: Connection, seat: Person, *, since: datetime, until: datetime) -> Summary:
    """Returns what happened in [since, until) to the cases that `seat` sees (see `Summary`).

    What came in is counted by when it was received, merged and void cases included; what was done by the steps, by
    when it was done, so that nothing that happens to a case later takes away from it.
    """
    since_at, until_at = since.timestamp(), until.timestamp()
    inside = and_(case_filter(seat), cases.c.received_at >= since_at, cases.c.received_at < until_at)
    then = of_steps_seen(seat, since, until)
    tier = _counts(connection, inside, cases.c.tier)
    done = _counts(connection, and_(then, steps.c.verb.in_({*_STAGES, *_REFUSALS})), steps.c.verb)
    stages = Counter[Stage]()
    for verb in done.keys() & _STAGES.keys():
        stages[_STAGES[verb]] += done[verb]  # several verbs lead to one stage
    stages[Stage.RECEIVED] = sum(tier.values())
    names = _names(connection, seat.scope.district)
    return Summary(
        total=stages[Stage.RECEIVED],
        tier={one.value: tier.get(one.value, 0) for one in Tier},
        stage={one.value: stages[one] for one in Stage},
        channel=tuple(_named(_counts(connection, inside, cases.c.channel), names["channel"])),
        kind=tuple(_named(_counts(connection, inside, cases.c.kind), names["kind"])),
        street=tuple(_named(_counts(connection, inside, cases.c.street), names["street"])),
        responsible=tuple(_named(_counts(connection, inside, cases.c.responsible), names["holder"])),
        refused=sum(done[verb] for verb in done.keys() & _REFUSALS),
    )


def of_steps_seen(seat: Person, since: datetime, until: datetime) -> ColumnElement[bool]:
    """Returns the condition on the steps done in [since, until) of the cases that `seat` sees."""
    at = steps.c.acted_at
    inside = and_(steps.c.district == seat.scope.district, at >= since.timestamp(), at < until.timestamp())
    if DISTRICT in tokens_of(seat):  # none of its cases has to be asked
        return inside
    return and_(inside, exists().where(cases.c.id == steps.c.case, case_filter(seat)))


def _counts(connection: Connection, inside: ColumnElement[bool], column: Column[Any]) -> dict[str, int]:
    counted = select(column, func.count()).where(inside, column.is_not(None)).group_by(column)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _names(connection: Connection, district: str) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {kind: {} for kind in ("channel", "kind", "street", "holder")}
    wanted = select(records.c.kind, records.c.id, records.c.body)
    for row in connection.execute(wanted.where(records.c.district == district, records.c.kind.in_(names))):
        names[row.kind][row.id] = getattr(read_record(row.kind, row.body), "name", row.id)
    return names


def _named(counts: dict[str, int], names: dict[str, str]) -> Iterable[Count]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return (Count(id=key, name=names.get(key, key), count=count) for key, count in ordered)

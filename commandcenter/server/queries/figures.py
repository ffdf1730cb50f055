"""Counts the cases that a seat sees in the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, func, select

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.people import Person
from commandcenter.protocol.codec import read_record
from commandcenter.protocol.messages import Count, Summary
from commandcenter.server.storage.scope import case_filter
from commandcenter.server.storage.tables import cases, records


def summary(connection: Connection, seat: Person, *, since: datetime, until: datetime) -> Summary:
    """Returns the counts of all cases that `seat` sees, received in [since, until), merged and void ones included."""
    received = cases.c.received_at
    inside = and_(case_filter(seat), received >= since.timestamp(), received < until.timestamp())
    tier, stage = (_counts(connection, inside, column) for column in (cases.c.tier, cases.c.stage))
    names = _names(connection, seat.scope.district)
    by_name = {
        name: tuple(_named(_counts(connection, inside, column), names[kind]))
        for name, kind, column in (
            ("channel", "channel", cases.c.channel),
            ("kind", "kind", cases.c.kind),
            ("street", "street", cases.c.street),
            ("responsible", "holder", cases.c.responsible),
        )
    }
    return Summary(
        total=sum(stage.values()),
        tier={one.value: tier.get(one.value, 0) for one in Tier},
        stage={one.value: stage.get(one.value, 0) for one in Stage},
        **by_name,
    )


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

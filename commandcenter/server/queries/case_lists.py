"""Lists the cases of a scope by filter and text, newest or oldest first, one page at a time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, func, null, or_, select

from commandcenter.domain.cases import RUNNING, Stage, Tier
from commandcenter.domain.lights import THRESHOLDS, Light
from commandcenter.domain.people import Person
from commandcenter.protocol.messages import CasePage
from commandcenter.server.errors import HttpProblem
from commandcenter.server.storage import search
from commandcenter.server.storage.scope import case_filter
from commandcenter.server.storage.secrecy import body_readable_by
from commandcenter.server.storage.tables import cases


class SortOrder(StrEnum):
    """The order of a list, by the time at which a case was received."""

    NEWEST = "-received_at"
    OLDEST = "received_at"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """The filter of a list: empty parts do not restrict, several values of one part are alternatives.

    `since` (inclusive) and `until` (exclusive) are aware; `q` is the text that a case must contain.
    """

    stage: tuple[Stage, ...] = ()
    tier: tuple[Tier, ...] = ()
    street: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    light: tuple[Light, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""


def page(
    connection: Connection,
    person: Person,
    wanted: CaseFilter,
    *,
    order: SortOrder,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> CasePage:
    """Returns at most `limit` cases after `cursor` as `person` reads them, the total of all matches, the next cursor.

    Raises HttpProblem 422 (bad_cursor) for a text that is no cursor of such a list.
    """
    fit = and_(case_filter(person), *_conditions(wanted, person, now))
    total = connection.execute(select(func.count()).select_from(cases).where(fit)).scalar_one()
    keys = (cases.c.received_at, cases.c.key)
    ordered = [key.desc() if order is SortOrder.NEWEST else key.asc() for key in keys]
    rows = connection.execute(
        select(cases.c.body, *keys).where(fit, _behind(cursor, order)).order_by(*ordered).limit(limit + 1)
    ).all()
    items = tuple(msgspec.Raw(body_readable_by(person, row.body)) for row in rows[:limit])
    following = f"{rows[limit - 1].received_at!r}_{rows[limit - 1].key}" if len(rows) > limit else None
    return CasePage(items=items, total=total, next=following)


def light_condition(light: Light, now: datetime) -> ColumnElement[bool]:
    """Returns domain.lights.light as a condition: the cases that have `light` at `now`."""
    at = now.timestamp()
    runs = cases.c.stage.in_(sorted(RUNNING))
    moment = case((runs, at), else_=func.coalesce(cases.c.reported_at, cases.c.ended_at, at))
    if light is Light.NONE:
        return cases.c.due.is_(None)
    passed = ((moment > cases.c[field], shown.value) for shown, field in THRESHOLDS)
    return and_(cases.c.due.is_not(None), case(*passed, else_=Light.ON_TIME.value) == light.value)


def _conditions(wanted: CaseFilter, person: Person, now: datetime) -> list[ColumnElement[bool]]:
    some = {
        cases.c.stage: wanted.stage,
        cases.c.tier: wanted.tier,
        cases.c.street: wanted.street,
        cases.c.kind: wanted.kind,
    }
    conditions: list[ColumnElement[bool]] = [column.in_(values) for column, values in some.items() if values]
    if wanted.light:
        conditions.append(or_(*(light_condition(light, now) for light in wanted.light)))
    if wanted.since is not None:
        conditions.append(cases.c.received_at >= wanted.since.timestamp())
    if wanted.until is not None:
        conditions.append(cases.c.received_at < wanted.until.timestamp())
    if wanted.q.strip():
        conditions.append(search.condition(wanted.q, person))
    return conditions


def _behind(cursor: str | None, order: SortOrder) -> ColumnElement[bool]:
    if cursor is None:
        return null().is_(None)
    moment, key = _read(cursor)
    same = cases.c.received_at == moment
    if order is SortOrder.NEWEST:
        return or_(cases.c.received_at < moment, and_(same, cases.c.key < key))
    return or_(cases.c.received_at > moment, and_(same, cases.c.key > key))


def _read(cursor: str) -> tuple[float, int]:
    moment, _, key = cursor.partition("_")
    try:
        place = float(moment), int(key)
    except ValueError as wrong:
        raise HttpProblem(422, "bad_cursor", "The cursor is not one of this list's.", about="cursor") from wrong
    if not (abs(place[0]) < 1e12 and abs(place[1]) < 2**62):
        raise HttpProblem(422, "bad_cursor", "The cursor is not one of this list's.", about="cursor")
    return place

"""Times of the queries of every seat over the archive of eight months: visible head, a street's list, counts."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select

from commandcenter.demonstration import seed
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.queries import case_lists, figures
from commandcenter.server.queries.case_lists import CaseFilter, SortOrder
from commandcenter.server.storage import database, event_log
from commandcenter.server.storage.tables import cases, districts, log

NAMES = ("platform.visible_head", "platform.street_list", "platform.summary")
ROUNDS = 5
PAGE = 200
MOVED = 200_000  # log entries added at the end, which can be streamed
_COUNTED = (cases.c.tier, cases.c.stage, cases.c.channel, cases.c.kind, cases.c.street, cases.c.responsible)


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields a row for each name that begins with `only`: milliseconds, best of five, peer and ours in turn."""
    wanted = [name for name in NAMES if only is None or name.startswith(only)]
    if not wanted:
        return
    with _archive() as engine, engine.connect() as connection, connection.begin():
        seat = Person("x", Role.DISPATCHER, Scope(connection.execute(select(districts.c.id)).scalar_one()))
        made = {
            "platform.visible_head": _visible_head,
            "platform.street_list": _street_list,
            "platform.summary": _summary,
        }
        for name in wanted:
            yield made[name](connection, seat)


def _of_street(seat: Person, street: str) -> Person:
    return replace(seat, scope=replace(seat.scope, street=street))


def _visible_head(connection: Connection, seat: Person) -> dict[str, Any]:
    floor = connection.execute(select(districts.c.floor)).scalar_one()
    quiet = _of_street(seat, "nowhere")

    def scan() -> int:
        is_told = or_(*(column.contains(token) for column in (log.c.was, log.c.now) for token in ("s:nowhere", "*")))
        told = select(log.c.seq).where(log.c.district == seat.scope.district, is_told, log.c.seq >= floor)
        return connection.execute(told.order_by(log.c.seq.desc()).limit(1)).scalar() or floor - 1

    def ours() -> int:
        return event_log.visible_head(connection, quiet, floor)

    return _row("platform.visible_head", ours, "the same by reading the log backwards", scan, most=2.0)


def _street_list(connection: Connection, seat: Person) -> dict[str, Any]:
    many = select(cases.c.street).where(cases.c.street.is_not(None)).group_by(cases.c.street)
    street = connection.execute(many.order_by(func.count().desc()).limit(1)).scalar_one()
    now = datetime.now(UTC)

    def listed(at: Person) -> Callable[[], object]:
        how = {"order": SortOrder.NEWEST, "limit": PAGE, "cursor": None, "now": now}
        return lambda: case_lists.page(connection, at, CaseFilter(), **how).total > 0

    ours = listed(_of_street(seat, street))
    return _row("platform.street_list", ours, "the whole district's list", listed(seat), most=20.0)


def _summary(connection: Connection, seat: Person) -> dict[str, Any]:
    since = datetime.fromtimestamp(0, UTC)
    until = datetime.now(UTC) + timedelta(days=1)

    def ours() -> int:
        return figures.summary(connection, seat, since=since, until=until).total

    def peer() -> int:
        counted = [Counter(column) for column in zip(*connection.execute(select(*_COUNTED)), strict=True)]
        return counted[0].total()

    return _row("platform.summary", ours, "six columns read and counted in Python", peer, most=300.0)


def _row(
    name: str, ours: Callable[[], object], peer: str, theirs: Callable[[], object], *, most: float
) -> dict[str, Any]:
    assert ours() == theirs(), name
    times = [(_ms(ours), _ms(theirs)) for _ in range(ROUNDS)]
    value, peer_value = (min(column) for column in zip(*times, strict=True))
    return {
        "name": name,
        "value": value,
        "unit": "ms",
        "peer": peer,
        "peer_value": peer_value,
        "ratio": value / peer_value,
        "bound": f"<= {most:g} ms",
        "holds": value <= most,
    }


@contextmanager
def _archive() -> Iterator[Engine]:
    """Yields an engine over the seeded archive, with many new log entries of a street that other streets do not see."""
    with tempfile.TemporaryDirectory() as folder:
        seed.seed(Path(folder), full=True, tell=lambda line: None)
        with database.writing(Path(folder)) as connection:
            connection.exec_driver_sql(_MOVE, (MOVED,))
            connection.exec_driver_sql(_TELL, (MOVED,))
            connection.execute(districts.update().values(head=districts.c.head + MOVED))
        engine = database.open_readers(Path(folder))
        try:
            yield engine
        finally:
            engine.dispose()


_MOVE = """
WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ?)
INSERT INTO log (district, seq, part, at, actor, cmd_id, kind, record, rev, changed, was, now, facts, after)
SELECT id, head + n, 0, 0, 'x', '', 'case', 'c' || n, 1, '', 's:elsewhere', 's:elsewhere', '[]', '{}'
FROM districts, more
"""
_TELL = """
WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ?)
INSERT INTO log_audience SELECT id, 's:elsewhere', head + n FROM districts, more
"""


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000

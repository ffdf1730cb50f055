"""Counts from the log what a holder did in a period, so that later changes of a case take nothing away."""

from collections.abc import Iterable
from datetime import datetime
from statistics import median

from sqlalchemy import Connection, select

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Accepted, Dispatched, Fact, Reported
from commandcenter.domain.records import KIND_OF
from commandcenter.protocol.codec import read_facts, read_record
from commandcenter.protocol.messages import SeatDay
from commandcenter.server.storage import event_log
from commandcenter.server.storage.tables import STREAMED, log

EMPTY_DAY = SeatDay(accepted=0, wait=None, reported=0, on_time=0)


def seat_day(connection: Connection, district: str, holder: str, *, since: datetime, until: datetime) -> SeatDay:
    """Returns the acceptances and reports of `holder` in [since, until).

    Only entries that can still be streamed are counted: the period has to begin within them.
    """
    here = (log.c.district == district, log.c.kind == KIND_OF[Case].name, log.c.holder == holder, STREAMED)
    inside = (log.c.at >= since.timestamp(), log.c.at < until.timestamp())
    rows = connection.execute(select(log.c.record, log.c.facts, log.c.after).where(*here, *inside).order_by(log.c.seq))
    accepted: set[str] = set()
    on_time: list[bool] = []
    for row in rows:
        for fact in _facts(row.facts):
            if isinstance(fact, Accepted):
                accepted.add(row.record)
            elif isinstance(fact, Reported):
                on_time.append(_is_on_time(row.after, fact.at))
    waits = [wait for key in accepted for wait in _waits(connection, district, key, holder, since=since, until=until)]
    return SeatDay(
        accepted=len(waits), wait=median(waits) if waits else None, reported=len(on_time), on_time=sum(on_time)
    )


def _waits(
    connection: Connection, district: str, case: str, holder: str, *, since: datetime, until: datetime
) -> Iterable[float]:
    """Yields for each acceptance of the case by `holder` in the period the seconds since it was dispatched to them."""
    dispatched: Dispatched | None = None
    for _, _, facts in event_log.changes_since(connection, district, "case", case, base=0):
        for fact in _facts(facts):
            if isinstance(fact, Dispatched):
                dispatched = fact if fact.to == holder else None
            elif isinstance(fact, Accepted) and dispatched is not None and since <= fact.at < until:
                yield (fact.at - dispatched.at).total_seconds()


def _facts(stored: bytes) -> tuple[Fact, ...]:
    return read_facts(event_log.decode_facts([stored]))


def _is_on_time(after: bytes, at: datetime) -> bool:
    case = read_record("case", after)
    assert isinstance(case, Case)
    return case.due is None or at <= case.due

"""What many seats ask again and again is answered from indexes, however long the log and the archive are."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server import schedule
from commandcenter.server.platform import Platform
from commandcenter.server.queries import case_lists, figures, seat_days
from commandcenter.server.queries.case_lists import CaseFilter, SortOrder
from commandcenter.server.queries.lead_advice import LeadAdvisor
from commandcenter.server.storage import event_log
from commandcenter.server.storage.tables import CASE_INDEXES, LOG_INDEXES, STEP_INDEXES
from commandcenter.server.streaming import snapshots
from commandcenter.server.streaming.digests import Digests
from tests.kit.district import NOON

STREET = Person("x", Role.STREET_DISPATCHER, Scope("d1", street="east"))
WEST = replace(STREET, scope=Scope("d1", street="west"))
ALL = Person("x", Role.DISPATCHER, Scope("d1"))
SEATS = [
    ALL,
    STREET,
    WEST,
    replace(STREET, scope=Scope("d1", street="nowhere")),
    Person("x", Role.UNIT, Scope("d1", street="east", unit="east-urban")),
    Person("x", Role.UNIT, Scope("d1", unit="east-police")),
    Person("x", Role.DEPARTMENT, Scope("d1", department="housing")),
    Person("x", Role.GRID_LEADER, Scope("d1", street="east", grid="east-team"), "east-1"),
]
_READ_ALL = ("SCAN log", "SCAN cases", "SCAN audience", "TEMP B-TREE FOR ORDER BY")


def test_a_quiet_seat_does_not_read_what_the_others_did(platform: Platform) -> None:
    def steps(connection: Connection) -> list[int]:
        return [_steps(connection, partial(event_log.visible_head, connection, seat, 1)) for seat in SEATS]

    few = platform.readers.now(steps)
    platform.writer.submit(lambda connection: [_entry(connection) for _ in range(1_000)]).result()
    assert max(platform.readers.now(steps)) <= max(few) + 20


def test_an_editor_is_told_of_a_conflict_without_reading_where_the_crew_drove_before(platform: Platform) -> None:
    def effort(drives: int, edits: int) -> int:
        """How much it takes to tell the newest edits of those after so many drives."""
        changes, found = [*["spot seen_at"] * drives, *["name"] * edits], []
        base = platform.writer.submit(lambda connection: [_driven(connection, one) for one in changes]).result()[-1]
        of_crew = {"district": "d1", "kind": "crew", "key": "east-crew", "base": base - edits, "most": 50}
        count = platform.readers.now(
            lambda connection: _steps(connection, lambda: found.extend(event_log.edits_since(connection, **of_crew)))
        )
        assert len(found) == min(edits, 50)
        return count

    few = effort(10, 2)
    assert effort(2_000, 2) <= few + 20
    assert effort(0, 500) < 4 * effort(0, 50)  # the places of the others are passed by, their facts are not read


@pytest.mark.parametrize("seat", SEATS, ids=str)
def test_a_list_is_read_in_the_order_of_an_index(platform: Platform, seat: Person) -> None:
    for order in SortOrder:
        plan = _plan(platform, lambda connection, order=order: _listed(connection, seat, order))
        assert not [line for line in plan if any(words in line for words in _READ_ALL)], plan
        assert all(_index_of(seat) in line for line in plan if "cases" in line), plan
        assert all("PRIMARY KEY (district=? AND token=?)" in line for line in plan if "audience" in line), plan


@pytest.mark.parametrize("seat", SEATS, ids=str)
def test_cases_are_counted_without_their_bodies(platform: Platform, seat: Person) -> None:
    days = timedelta(days=300)
    plan = _plan(platform, lambda connection: figures.summary(connection, seat, since=NOON - days, until=NOON + days))
    asked_one_by_one = [line for line in plan if "cases_1 (district=? AND id=?)" in line]
    counting = [line for line in plan if "cases" in line and line not in asked_one_by_one]
    assert len(counting) == 5
    assert all("USING COVERING INDEX" in line for line in counting), plan
    if seat == ALL:  # all that there is: only the three tiers are sorted to be counted
        assert len([line for line in plan if "TEMP B-TREE" in line]) == 1, plan
        assert asked_one_by_one == []


@pytest.mark.parametrize("seat", SEATS, ids=str)
def test_of_the_steps_those_of_the_period_alone_are_counted(platform: Platform, seat: Person) -> None:
    plan = _plan(platform, lambda connection: figures.summary(connection, seat, since=NOON, until=NOON))
    of_period = "SEARCH steps USING COVERING INDEX ix_steps_verb (district=? AND verb=? AND acted_at>? AND acted_at<?)"
    assert [line for line in plan if "steps" in line] == [of_period], plan


def test_the_day_of_a_unit_is_counted_without_reading_the_days_of_others(platform: Platform) -> None:
    day = {"since": NOON, "until": NOON + timedelta(days=1)}
    plan = _plan(platform, lambda connection: seat_days.seat_day(connection, "d1", "east-urban", **day))
    assert [line for line in plan if "steps" in line] == [
        "SEARCH steps USING PRIMARY KEY (district=? AND case=?)",
        "SEARCH steps USING INDEX ix_steps_holder (district=? AND holder=? AND acted_at>? AND acted_at<?)",
        "SEARCH steps USING INDEX ix_steps_carrier (district=? AND carrier=? AND acted_at>? AND acted_at<?)",
        "SEARCH steps USING INDEX ix_steps_helpers (district=? AND acted_at>? AND acted_at<?)",
    ]


def test_who_should_lead_a_case_is_answered_without_reading_the_archive(platform: Platform) -> None:
    case, advisor = Case("c", 1, Stage.FILED, Tier.DISTRICT, "hotline", NOON, street="east"), LeadAdvisor()
    platform.readers.now(lambda connection: advisor.advise(connection, ALL, case))
    platform.writer.submit(_entry).result()
    plan = _plan(platform, lambda connection: advisor.advise(connection, ALL, case))
    assert not [line for line in plan if "SCAN" in line], plan
    assert [line for line in plan if "cases" in line] == [
        "SEARCH cases USING INDEX sqlite_autoindex_cases_1 (district=? AND id=?)",
        "SEARCH cases USING INDEX ix_cases_open (district=? AND ended_at=?)",
    ]
    assert "seq>?" in next(line for line in plan if "log" in line)


def test_answers_that_are_past_their_time_are_found_by_their_age(platform: Platform) -> None:
    plan = _plan(platform, lambda connection: schedule.trim(connection, NOON), writing=True)
    assert [line for line in plan if "dedupe" in line] == ["SEARCH dedupe USING INDEX ix_dedupe_at (at<?)"]


def test_what_all_of_a_street_should_hold_is_worked_out_once(
    sit: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests, made, digest = Digests(), [], snapshots.digest
    monkeypatch.setattr(snapshots, "digest", lambda connection, seat: made.append(seat) or digest(connection, seat))
    first = platform.readers.now(lambda connection: digests.now(connection, STREET))
    assert [platform.readers.now(lambda connection: digests.now(connection, STREET)) for _ in range(3)] == [first] * 3
    assert made == [STREET]
    platform.readers.now(lambda connection: digests.now(connection, WEST))
    assert made == [STREET, WEST]


async def test_whatever_is_written_gives_the_seat_another_digest(sit: Any, platform: Platform) -> None:
    clerk, digests = await sit("clerk"), Digests()
    before = platform.readers.now(lambda connection: digests.now(connection, STREET))
    await clerk.take("east")
    after = platform.readers.now(lambda connection: digests.now(connection, STREET))
    assert after[0] == before[0] + 1
    assert after[1] == platform.readers.now(lambda connection: snapshots.digest(connection, STREET)) != before[1]


def test_an_upgraded_database_has_the_indexes_of_a_seeded_one(platform: Platform) -> None:
    def columns(connection: Connection) -> dict[str, Any]:
        names = [index.name for index in (*CASE_INDEXES, *LOG_INDEXES, *STEP_INDEXES)]
        made = {name: connection.execute(text(f"PRAGMA index_info({name})")).all() for name in names}
        return made | {"where": [connection.execute(_SQL, {"n": name}).scalar() for name in names]}

    def anew(connection: Connection) -> None:
        for index in (*CASE_INDEXES, *LOG_INDEXES, *STEP_INDEXES):
            index.drop(connection)
            index.create(connection)

    upgraded = platform.readers.now(columns)
    platform.writer.submit(anew).result()
    seeded = platform.readers.now(columns)
    assert all(upgraded[name] for name in upgraded)
    assert [_condition(sql) for sql in upgraded.pop("where")] == [_condition(sql) for sql in seeded.pop("where")]
    assert upgraded == seeded


_SQL = text("SELECT sql FROM sqlite_master WHERE name = :n")


def _condition(sql: str) -> str:
    return re.sub(r'log\.|["()]', "", sql.partition(" WHERE ")[2])


def _entry(connection: Connection) -> None:
    """One more in the log: a case of the west."""
    seq, west = event_log.next_seq(connection, "d1"), frozenset({"d", "s:west", "h:west-urban", "g:west-1", "p:clerk"})
    part = event_log.RecordChange("case", "c", seq, "stage", west, west, facts=b"[]", after=b"{}")
    event_log.append(connection, "d1", event_log.LogEntry(seq, NOON, "x", "", (part,)))


def _driven(connection: Connection, changed: str) -> int:
    """One more revision of a crew of the east in the log; its number."""
    seq, east = event_log.next_seq(connection, "d1"), frozenset({"d", "cs:east", "cu:east-urban"})
    part = event_log.RecordChange("crew", "east-crew", seq, changed, east, east, facts=b"[]", after=b"{}")
    event_log.append(connection, "d1", event_log.LogEntry(seq, NOON, "x", "", (part,)))
    return seq


def _index_of(seat: Person) -> str:
    is_street = seat.scope.holder is None and seat.scope.street is not None
    return "ix_cases_street" if is_street else "INDEX ix_cases_"


def _listed(connection: Connection, seat: Person, order: SortOrder) -> object:
    return case_lists.page(connection, seat, CaseFilter(), order=order, limit=50, cursor=None, now=NOON)


def _plan(platform: Platform, work: Callable[[Connection], object], *, writing: bool = False) -> list[str]:
    """How SQLite finds what `work` asks for, a line a table."""

    def look(connection: Connection) -> list[str]:
        asked: list[tuple[str, Any]] = []

        @event.listens_for(connection, "before_cursor_execute")
        def _heard(_1: Any, _2: Any, statement: str, parameters: Any, _3: Any, _4: Any) -> None:
            asked.append((statement, parameters))

        work(connection)
        raw = connection.connection.cursor()
        told = [(statement, parameters) for statement, parameters in asked if not statement.startswith("PRAGMA")]
        return [line for said in told for *_, line in raw.execute(f"EXPLAIN QUERY PLAN {said[0]}", said[1])]

    return platform.writer.submit(look).result() if writing else platform.readers.now(look)


def _steps(connection: Connection, work: Callable[[], object]) -> int:
    """How many tens of instructions SQLite needs for `work`: its effort, whatever the machine does beside it."""
    raw: Any = connection.connection.driver_connection
    count = 0

    def one_more() -> int:
        nonlocal count
        count += 1
        return 0

    raw.set_progress_handler(one_more, 10)
    try:
        work()
    finally:
        raw.set_progress_handler(None, 0)
    return count

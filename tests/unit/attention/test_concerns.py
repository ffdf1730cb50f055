"""What a seat has to look at, told from the records alone: whose it is, since when, and when nobody acted."""

from dataclasses import replace
from datetime import timedelta

from commandcenter.attention.book import AttentionBook
from commandcenter.attention.causes import CAUSES, Concern, Level, concerns
from commandcenter.domain import facts
from commandcenter.domain.cases import Application, Stage, Tier
from commandcenter.domain.commands.leading import LeadRefused
from commandcenter.domain.commands.lending import CrewAsked, LoanAgreed
from commandcenter.domain.commands.orders import OrderRefused
from commandcenter.domain.commands.sending import CrewSent
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.records import Record
from commandcenter.domain.stays import Stay
from commandcenter.domain.tasks import Objection, TaskKind, TaskState
from commandcenter.domain.teams import CrewStatus
from commandcenter.store.board import Board
from tests.kit import coordinated, hall
from tests.kit.coordinated import DATA, HOUSING
from tests.kit.street_crews import crew
from tests.unit.attention.reading import at_once
from tests.unit.attention.seats import COORDINATOR, DISPATCHER, LEADER, OTHER_STREET, STREET, UNIT, body

NOW = hall.NOW
MINUTE = timedelta(minutes=1)


def told(record: Record, by: Person, *, after: float = 0) -> list[str]:
    """Returns the causes that hold for `by` so many minutes from now, "!" on what was escalated."""
    at = NOW + after * MINUTE
    return [f"{one.cause}{'!' * one.is_escalated}" for one in concerns(record, by) if one.since <= at]


def standing(record: Record, by: Person, *, after: float = 0) -> list[Concern]:
    """Returns what stands for `by` on a board with this record alone."""
    board = Board()
    board.replace([record])
    return at_once(AttentionBook(board, by), NOW + after * MINUTE)


def test_a_case_that_waits_concerns_who_goes_on_with_it_and_nobody_else() -> None:
    filed = hall.case(tier=Tier.STREET)
    assert told(filed, DISPATCHER) == told(filed, STREET) == ["new"]
    assert told(filed, OTHER_STREET) == told(filed, UNIT) == told(filed, COORDINATOR) == []
    given = replace(filed, stage=Stage.DISPATCHED, responsible="s03-urban", dispatched_at=NOW)
    assert told(given, UNIT) == ["new"]
    assert told(given, DISPATCHER) == []
    at_work = replace(given, stage=Stage.HANDLING, accepted_at=NOW)
    assert told(at_work, UNIT) == []
    reported = replace(at_work, stage=Stage.REPORTED, reported_at=NOW)
    assert told(reported, LEADER) == ["new"]
    assert told(replace(reported, stage=Stage.CLOSED, ended_at=NOW), LEADER) == []


def test_one_case_is_one_thing_that_grows() -> None:
    due = hall.case(tier=Tier.STREET, green_until=NOW + 10 * MINUTE, due=NOW + 20 * MINUTE)
    shown = [standing(due, DISPATCHER, after=minutes) for minutes in (0, 11, 21)]
    assert [[one.cause for one in found] for found in shown] == [["new"], ["soon"], ["breached"]]
    assert [found[0].level for found in shown] == [Level.NOTICE, Level.IMPORTANT, Level.URGENT]


def test_what_nobody_acts_upon_comes_to_the_shift_leader_of_the_place() -> None:
    held = hall.case(tier=Tier.STREET, stage=Stage.HANDLING, responsible="s03-urban")
    late = replace(held, due=NOW, dispatched_at=NOW - MINUTE)
    assert told(late, LEADER, after=9) == []
    assert told(late, LEADER, after=10) == ["breached!"]
    elsewhere = Person("l05", Role.SHIFT_LEADER, Scope("baohe", street="s05"))
    assert told(late, elsewhere, after=10) == []
    acted = replace(late, application=Application("u12", "没有抽水泵", NOW + MINUTE))
    assert "breached!" not in told(acted, LEADER, after=10)
    assert told(acted, LEADER, after=32) == ["return_applied!"]


def test_an_application_waits_for_the_hall_until_it_is_answered() -> None:
    applied = hall.case(
        tier=Tier.STREET,
        stage=Stage.HANDLING,
        responsible="s03-urban",
        application=Application("u12", "没有抽水泵", NOW),
    )
    assert told(applied, DISPATCHER) == ["return_applied"]
    assert told(replace(applied, application=None), DISPATCHER) == []


def test_a_refused_order_stays_until_a_crew_is_sent() -> None:
    case = hall.case(tier=Tier.STREET, stage=Stage.HANDLING, responsible="s03-urban")
    order = CrewSent(case.id, "c-1", "d07", NOW, "s03-urban", "s03-urban", "s03")
    assert told(order.evolve(case), DISPATCHER) == []
    refused = OrderRefused(case.id, "c-1", "u12", NOW, "车坏了").evolve(order.evolve(case))
    assert told(refused, DISPATCHER) == told(refused, STREET) == told(refused, UNIT) == ["order_refused"]
    assert told(refused, LEADER, after=30) == ["order_refused!"]
    assert told(order.evolve(refused), DISPATCHER) == []
    assert told(facts.Reported(case.id, "u12", NOW, "已抽排").evolve(refused), DISPATCHER) == []


def test_a_refused_lead_and_a_refused_part_go_to_the_coordinator() -> None:
    led = coordinated.led(421, HOUSING, Stage.DISPATCHED)
    refused = LeadRefused(led.id, "h", NOW, HOUSING, Objection.NO_POWER).evolve(led)
    assert told(refused, COORDINATOR) == ["lead_refused"]
    assert told(refused, body(HOUSING)) == []
    part = coordinated.part(led, DATA, TaskState.REFUSED, done_at=NOW, objection=Objection.NO_POWER)
    assert told(part, COORDINATOR) == ["part_refused"]
    assert told(part, DISPATCHER) == []


def test_a_whistle_concerns_who_is_called_and_then_who_called() -> None:
    led = coordinated.led(421, HOUSING)
    call = coordinated.part(led, DATA, TaskState.WAITING, kind=TaskKind.WHISTLE, minutes=15)
    assert told(call, body(DATA)) == ["whistled"]
    assert told(call, STREET) == told(call, COORDINATOR) == []
    assert [one.cause for one in standing(call, body(DATA), after=16)] == ["absent"]
    assert told(call, STREET, after=16) == told(call, COORDINATOR, after=16) == ["absent"]
    assert told(replace(call, state=TaskState.REPORTED), STREET, after=16) == []


def test_a_crew_that_stays_too_long_concerns_who_sends_it() -> None:
    waits = crew(status=CrewStatus.EN_ROUTE, minutes=0)
    assert told(waits, DISPATCHER, after=14) == []
    assert [one.cause for one in standing(waits, DISPATCHER, after=15)] == ["stays_long"]
    assert [one.cause for one in standing(waits, STREET, after=30)] == ["stays_too_long"]
    assert told(waits, OTHER_STREET, after=30) == []
    assert told(waits, LEADER, after=60) == ["stays_too_long!"]


def test_a_threshold_that_an_administrator_sets_counts_from_then_on() -> None:
    board = Board()
    board.replace([crew(status=CrewStatus.EN_ROUTE, minutes=0)])
    book = AttentionBook(board, DISPATCHER)
    board.changed.connect(book.hear)
    assert at_once(book, NOW + 6 * MINUTE) == []
    board.apply([Stay("en_route", 2, 300, 600)])
    assert [one.cause for one in at_once(book, NOW + 6 * MINUTE)] == ["stays_long"]
    assert [one.cause for one in at_once(book, NOW + 10 * MINUTE)] == ["stays_too_long"]


def test_a_crew_that_is_asked_for_waits_for_the_street_that_has_not_agreed() -> None:
    asked = CrewAsked("c", "s05", NOW, "s05", "s05", "人手不够").evolve(crew())
    assert told(asked, STREET) == ["loan_asked"]
    assert told(asked, OTHER_STREET) == told(asked, DISPATCHER) == []
    assert told(asked, LEADER, after=30) == ["loan_asked!"]
    assert told(LoanAgreed("c", "s03", NOW, "s03").evolve(asked), STREET) == []


def test_an_order_waits_for_the_answer_of_the_unit() -> None:
    case = hall.case(tier=Tier.STREET, stage=Stage.HANDLING, responsible="s03-urban")
    free = crew(status=CrewStatus.HANDLING, minutes=50)
    ordered = CrewSent(case.id, free.id, "d07", NOW, "s03-urban", "s03-urban", "s03").evolve(free)
    assert "ordered" in told(ordered, UNIT)
    assert "ordered!" not in told(ordered, LEADER, after=29)
    assert "ordered!" in told(ordered, LEADER, after=30)


def test_each_cause_is_declared_once_and_one_thing_grows_in_the_order_of_the_table() -> None:
    assert len({cause.id for cause in CAUSES}) == len(CAUSES)
    for topic in {cause.topic for cause in CAUSES}:
        levels = [cause.level for cause in CAUSES if cause.topic == topic]
        assert levels == sorted(set(levels))

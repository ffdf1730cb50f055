"""The time that each body carried of a case: as the oracle counts it, and as an example by hand."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from commandcenter.domain import responsibility
from commandcenter.domain.cases import Tier
from commandcenter.domain.commands.leading import LeadRefused, LeadSet
from commandcenter.domain.commands.task_changes import TaskAccepted, TaskAsked, TaskReported
from commandcenter.domain.commands.tiers import Escalated
from commandcenter.domain.facts import Accepted, Closed, Filed, Reported, Taken
from commandcenter.domain.responsibility import Share, Span, spans, totals
from commandcenter.domain.tasks import Objection, TaskKind
from tests.faults.simulate import fresh
from tests.ribbon.ribbon import CALENDAR, compared

HERE = ZoneInfo("Asia/Shanghai")


def test_random_cases_are_counted_as_the_oracle_counts_them() -> None:
    seed = fresh()
    assert not [told for told in compared(250, seed) if told], f"main.py test ribbon --cases 250 --seed {seed}"


def test_an_oracle_that_never_differs_would_prove_nothing(monkeypatch) -> None:
    real = responsibility._carriers
    monkeypatch.setattr(responsibility, "_carriers", lambda case: (who for who in real(case) if who[1] != Share.TASK))
    assert any(compared(40, 7))


def at(clock: str, day: int = 24) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=HERE)  # a Tuesday


def test_two_leads_and_a_co_handler_by_hand() -> None:
    facts = (
        Taken("c", "clerk", at("9:00"), None, "hotline", "water", "水黄", "路口", "east"),
        Filed("c", "shift", at("9:30"), "water", at("17:00"), at("16:00")),
        Escalated("c", "east-desk", at("10:00"), Tier.DISTRICT, "街镇协调不了"),
        LeadSet("c", "coordinator", at("10:40"), "housing"),
        LeadRefused("c", "housing", at("11:30"), "housing", Objection.DUTY_OF_ANOTHER),
        LeadSet("c", "coordinator", at("13:20"), "water"),  # midday rest from 12:00 to 13:00
        TaskAsked("c", "coordinator", at("13:30"), "c.health", TaskKind.CO_HANDLING, "health"),
        Accepted("c", "water", at("14:00")),
        TaskAccepted("c", "c.health", "health", at("15:00")),
        TaskReported("c", "c.health", "health", at("9:00", 25)),  # the office closes at 17:30 and opens at 8:30
        Reported("c", "water", at("10:00", 25), "修好"),
        Closed("c", "clerk", at("10:30", 25)),
    )
    found = totals(spans(facts), CALENDAR, at("12:00", 25))
    assert {f"{body} {share}": seconds / 60 for (body, share), seconds in found.items()} == {
        "shift_leader hall": 30,
        "dispatcher hall": 30,
        "coordinator hall": 40 + 50,
        "housing lead": 50,
        "water lead": 250 + 90,
        "health task": 240 + 30,
        "intake_clerk hall": 30,
    }


def test_what_is_open_is_counted_until_now() -> None:
    begun = (Taken("c", "clerk", at("9:00"), None, "hotline", "water", "水黄", "路口", "east"),)
    assert spans(begun) == (Span("shift_leader", Share.HALL, at("9:00")),)
    assert totals(spans(begun), CALENDAR, at("9:45")) == {("shift_leader", Share.HALL): 45 * 60}
    assert spans((*begun, replace(begun[0], at=at("9:00")))) == spans(begun)

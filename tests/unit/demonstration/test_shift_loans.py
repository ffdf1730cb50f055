"""How the streets of the shift help each other: both have to agree, and nobody lends what it needs itself."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from commandcenter.demonstration import shift_loans
from commandcenter.demonstration.shift_loans import LoanActions
from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.commands import name_of
from commandcenter.domain.people import Role, Scope
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import Assignment, AssignmentState, Crew, CrewStatus, Loan
from commandcenter.sync.demo_accounts import DemoAccount

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def a_crew(number: int, street: str = "east", **more: Any) -> Crew:
    status = more.pop("status", CrewStatus.AVAILABLE)
    return Crew(f"c{number}", 1, f"{number} 组", f"{street}-urban", street, status, NOW, Spot(117.3, 31.8), NOW, **more)


def staff() -> list[DemoAccount]:
    people = [("dispatcher", Role.DISPATCHER, Scope("baohe"))]
    people += [(f"{one}.desk", Role.STREET_DISPATCHER, Scope("baohe", one)) for one in ("east", "west")]
    return [DemoAccount(user, "a password", role.value, scope) for user, role, scope in people]


def done(monkeypatch: pytest.MonkeyPatch, way: str, *crews: Crew) -> set[tuple[str, str, str]]:
    """Returns (who, command, crew) of all that is done in many turns, when only `way` happens."""
    watch = ShiftView(set())
    watch.crews.update({one.id: one for one in crews})
    monkeypatch.setattr(shift_loans, "_PACE", dict.fromkeys(shift_loans._PACE, 0.0) | {way: 1.0})
    actions = LoanActions(watch, staff(), random.Random(3))
    given = [action for _ in range(40) for action in actions.next(NOW, share=1.0)]
    return {(by.user, name_of(one.command), getattr(one.command, "crew", "")) for by, one in given}


THREE = (a_crew(1), a_crew(2), a_crew(3))


@pytest.mark.parametrize(("way", "who"), [("offer", "east.desk"), ("ask", "dispatcher")])
def test_a_crew_is_lent_of_a_unit_that_has_enough(monkeypatch: pytest.MonkeyPatch, way: str, who: str) -> None:
    assert done(monkeypatch, way, *THREE) == {(who, "ask_crew", crew.id) for crew in THREE}
    assert done(monkeypatch, way, *THREE[:2]) == set()  # the street needs them itself
    lent = [a_crew(number, "west", loan=Loan("east")) for number in (8, 9)]
    assert done(monkeypatch, way, *THREE, *lent) == set()  # no more at a time


def test_whoever_has_not_agreed_yet_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = a_crew(1, loan=Loan("west", ("east",)))
    assert done(monkeypatch, "agree", asked) == {("west.desk", "agree_loan", "c1")}
    assert done(monkeypatch, "refuse", asked) == {("west.desk", "end_loan", "c1")}
    assert done(monkeypatch, "agree", a_crew(1, loan=Loan("west", ("east", "west")))) == set()


def test_a_crew_goes_home_when_it_has_nothing_to_do_there(monkeypatch: pytest.MonkeyPatch) -> None:
    loan = Loan("west", ("east", "west"))
    assert done(monkeypatch, "end", a_crew(1, loan=loan)) == {("west.desk", "end_loan", "c1")}
    at_work = (Assignment("c", "west-urban", "west", AssignmentState.CURRENT),)
    assert done(monkeypatch, "end", a_crew(1, loan=loan, assignments=at_work)) == set()
    assert done(monkeypatch, "end", a_crew(1, loan=Loan("west", ("east",)))) == set()

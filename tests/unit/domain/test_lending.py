"""A crew helps in another street as long as both streets agree, is sent to its cases by then, and is given back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import Command
from commandcenter.domain.commands.lending import AgreeLoan, AskCrew, EndLoan
from commandcenter.domain.commands.orders import ReleaseCrew, SendCrew
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import Street
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.domain.visibility import sees
from tests.kit.deciding import Deciding
from tests.kit.district import NOON

DISTRICT = Person("dispatcher", Role.DISPATCHER, Scope("d1"))
EAST, WEST, NORTH = (
    Person(f"{street}-desk", Role.STREET_DISPATCHER, Scope("d1", street=street)) for street in ("east", "west", "north")
)
ASK = AskCrew("c", "west", "交警无人在岗")


class Hall(Deciding):
    """A crew of the east, and a case of the west."""

    def __init__(self) -> None:
        held = {"street": "west", "responsible": "west-traffic"}
        crew = Crew("c", 1, "交警一组", "east-traffic", "east", CrewStatus.AVAILABLE)
        case = Case("w", 1, Stage.HANDLING, Tier.STREET, "hotline", NOON, **held)
        super().__init__((crew, case, *(Street(one, 1, one) for one in ("east", "west", "north"))))

    def all(self, *acts: tuple[Command, Person]) -> None:
        for command, by in acts:
            assert self.does(command, by) is None, command

    @property
    def crew(self) -> Crew:
        return self.find("crew", "c")


def test_a_crew_is_sent_across_when_both_streets_have_agreed_and_not_before() -> None:
    hall = Hall()
    assert hall.does(SendCrew("w", "c"), DISTRICT) == "crew_of_other_street"
    hall.all((ASK, DISTRICT))
    assert sees(WEST, hall.crew)
    assert not sees(NORTH, hall.crew)
    for by in (EAST, WEST):
        assert hall.does(SendCrew("w", "c"), DISTRICT) == "crew_of_other_street"
        assert hall.does(AgreeLoan("c"), by) is None
    hall.all((SendCrew("w", "c"), WEST))
    assert hall.crew.order == "w"
    assert hall.does(EndLoan("c", "忙完了"), EAST) == "crew_at_work_there"
    hall.all((ReleaseCrew("w", "c"), WEST), (EndLoan("c", "忙完了"), EAST))
    assert (hall.crew.loan, hall.does(SendCrew("w", "c"), DISTRICT)) == (None, "crew_of_other_street")
    assert not sees(WEST, hall.crew)


def test_who_offers_or_asks_has_agreed_and_a_street_may_refuse() -> None:
    hall = Hall()
    hall.all((ASK, EAST))
    assert (hall.crew.loan.agreed, hall.does(AgreeLoan("c"), EAST)) == (("east",), "agreed_already")  # type: ignore[union-attr]
    hall.all((EndLoan("c", "不需要"), WEST))
    assert hall.crew.loan is None


def test_a_loan_ends_by_itself_at_its_moment_for_new_orders() -> None:
    hall = Hall()
    hall.all((replace(ASK, until=NOON + timedelta(hours=2)), DISTRICT), (AgreeLoan("c"), EAST), (AgreeLoan("c"), WEST))
    later = NOON + timedelta(hours=2)
    assert hall.does(SendCrew("w", "c"), DISTRICT, at=later) == "crew_of_other_street"
    assert hall.does(SendCrew("w", "c"), DISTRICT, at=later - timedelta(seconds=1)) is None


def test_a_loan_that_is_over_is_not_agreed_to_and_another_one_may_be_asked_for() -> None:
    hall, end = Hall(), NOON + timedelta(hours=2)
    hall.all((replace(ASK, until=end), EAST))
    assert hall.does(ASK, DISTRICT, at=end - timedelta(seconds=1)) == "lent_already"
    assert hall.does(AgreeLoan("c"), WEST, at=end) == "time_past"
    assert hall.does(replace(ASK, street="north"), DISTRICT, at=end) is None
    assert (hall.crew.loan.street, hall.crew.loan.agreed, hall.crew.loan.until) == ("north", (), None)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "command", "by", "code"),
    [
        ((), replace(ASK, street="east"), DISTRICT, "not_between_streets"),
        ((), replace(ASK, street="nowhere"), DISTRICT, "unknown_street"),
        ((), replace(ASK, reason=" "), DISTRICT, "nothing_said"),
        ((), replace(ASK, until=NOON), DISTRICT, "time_past"),
        ((), ASK, WEST, "unknown_crew"),  # it sees no crew of another street
        ((), AgreeLoan("c"), EAST, "not_asked_for"),
        ((), EndLoan("c", "忙完了"), DISTRICT, "not_asked_for"),
        (((ASK, DISTRICT),), ASK, DISTRICT, "lent_already"),
        (((ASK, DISTRICT),), AgreeLoan("c"), DISTRICT, "role"),
        (((ASK, DISTRICT),), AgreeLoan("c"), NORTH, "unknown_crew"),
    ],
)
def test_what_cannot_be_lent_is_refused(before: Any, command: Command, by: Person, code: str) -> None:
    hall = Hall()
    hall.all(*before)
    known = dict(hall.records)
    assert (hall.does(command, by), hall.records) == (code, known)

"""Stories of crews that help in another street: both agree, it works there and goes home."""

from datetime import timedelta

import pytest

from commandcenter.domain.cases import Case
from commandcenter.domain.commands.lending import AgreeLoan, AskCrew, EndLoan
from commandcenter.domain.commands.orders import AcceptOrder, ReleaseCrew, SendCrew
from commandcenter.domain.teams import Crew
from tests.kit.story import Story

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_street_lends_a_crew_that_works_there_and_goes_home(hall: Story) -> None:
    case, crew = await hall.dispatched("west-urban"), hall.crew()
    await hall.sees("dispatcher", Case, case)
    assert await hall.refused("dispatcher", SendCrew(case, crew)) == ("crew_of_other_street", crew)
    await hall.does("east-desk", AskCrew(crew, "west", "西边两处积水"))
    assert await hall.refused("dispatcher", SendCrew(case, crew)) == ("crew_of_other_street", crew)  # one agreed so far
    await hall.does("west-desk", AgreeLoan(crew))
    await hall.does("dispatcher", SendCrew(case, crew))
    await hall.does("east-urban", AcceptOrder(case, crew))
    seen = await hall.sees("west-desk", Crew, crew, when=lambda crew: crew.job)
    assert seen.job == case
    assert await hall.refused("east-desk", EndLoan(crew, "要用人")) == ("crew_at_work_there", case)
    await hall.does("east-urban", ReleaseCrew(case, crew))
    await hall.does("west-desk", EndLoan(crew, "已抽排完"))
    assert (await hall.sees("east-desk", Crew, crew, when=lambda crew: crew.loan is None)).job is None
    await hall.loses("west-desk", "crew", crew)


async def test_a_street_that_needs_its_crew_itself_says_no(hall: Story) -> None:
    crew = hall.crew()
    await hall.does("dispatcher", AskCrew(crew, "west", "西边缺人"))
    await hall.sees("west-desk", Crew, crew)
    await hall.does("east-desk", EndLoan(crew, "本街有大型活动"))
    await hall.loses("west-desk", "crew", crew)
    assert (await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.loan is None)).helped_streets == ()


async def test_the_district_asks_two_streets_and_each_has_to_agree(hall: Story) -> None:
    crew = hall.crew()
    await hall.does("dispatcher", AskCrew(crew, "west", "西边缺一支"))
    await hall.does("west-desk", AgreeLoan(crew))
    assert not (await hall.sees("dispatcher", Crew, crew)).is_lent_to("west", hall.clock())
    await hall.does("east-desk", AgreeLoan(crew))
    lent = await hall.sees("dispatcher", Crew, crew, when=lambda crew: len(crew.loan.agreed) == 2)
    assert lent.is_lent_to("west", hall.clock())


async def test_help_that_was_agreed_until_a_moment_counts_no_longer_than_that(hall: Story) -> None:
    case, crew = await hall.dispatched("west-urban"), hall.crew()
    await hall.does("east-desk", AskCrew(crew, "west", "到五点", until=hall.clock() + timedelta(hours=1)))
    await hall.does("west-desk", AgreeLoan(crew))
    await hall.can("dispatcher", SendCrew(case, crew))
    hall.passes(hours=1, minutes=1)
    assert await hall.refused("dispatcher", SendCrew(case, crew)) == ("crew_of_other_street", crew)


async def test_the_district_asks_for_a_crew_that_its_street_lends_meanwhile_and_is_told_so(hall: Story) -> None:
    crew = hall.crew()
    await hall.sees("dispatcher", Crew, crew)
    hall.wires["dispatcher"].cut()
    await hall.keeps("dispatcher", AskCrew(crew, "west", "值班调度"))
    await hall.does("east-desk", AskCrew(crew, "west", "西边缺人"))
    hall.wires["dispatcher"].mend()
    act = await hall.waiting("dispatcher")
    assert act.compared == ("crew", crew)
    await hall.drops("dispatcher", act)
    loan = (await hall.sees("dispatcher", Crew, crew, when=lambda crew: crew.loan)).loan
    assert loan is not None
    assert loan.agreed == ("east",)

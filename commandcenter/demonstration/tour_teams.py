"""Scenes of the tour about who is sent and who leads: the queues of the 4+X teams, and the lead/co-handler board."""

from collections.abc import Callable

from commandcenter.demonstration.tour_player import TourPlayer
from commandcenter.demonstration.tour_steps import TourState, case_of, cases, change_user, connected, wait_for_cases
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.people import Role


async def queues_of_the_teams(play: TourPlayer, shift: TourState) -> None:
    """The queues of the 4+X teams: a key dispatches a case that waits, with the crew that is proposed first."""
    await play.press("Shift+F6")
    await play.until("the map shows which powers are missing", lambda: play.said("map.coverage"))
    await play.picture("coverage")
    await play.press("Shift+F6", "F3")
    await play.until("the queues are there", lambda: play.said("teams"))
    waiting = _waiting(play, lambda case: case.tier is not Tier.DISTRICT)

    def is_given() -> bool:
        return case_of(play, waiting.id).stage is not Stage.FILED

    play.choose(waiting.id)
    await play.until("somebody is proposed for it, with reasons", lambda: play.said("teams.proposal"))
    await play.picture("teams")
    await play.press("1")
    await play.until(
        "it goes to the crew, or why the crew is to leave its job is asked", lambda: is_given() or play.said("dialog")
    )
    if play.said("dialog"):
        await play.type("这一件更急")
        await play.press("Ctrl+Return")
    await play.until("it waits no longer", is_given)
    await play.until("it came into force", lambda: not play.desk.acts.open)
    await play.press("Ctrl+1")


async def leads_and_co_handlers(play: TourPlayer, shift: TourState) -> None:
    """The coordinator's seat: who leads, who helps, what they wait for; a case goes to the lead that is named first."""
    await change_user(play, play.others.account("coordinator"))
    person = play.desk.person
    play.check("the coordinator sits here", person is not None and person.role is Role.COORDINATOR)
    await wait_for_cases(play)
    await connected(play)
    await play.until("the board of leads is there", lambda: play.said("leads"))
    waiting = _waiting(play, lambda case: case.tier is Tier.DISTRICT)
    play.choose(waiting.id)
    await play.until("bodies that could lead are named", lambda: play.said("leads.candidate"))
    await play.picture("lead-board")
    await play.press("1")
    await play.until("it has a lead", lambda: case_of(play, waiting.id).responsible)
    await play.until("it came into force", lambda: not play.desk.acts.open)


async def attention_and_handover(play: TourPlayer, shift: TourState) -> None:
    """What the seat has to look at stands under the bell; the report of the shift is ready to be handed over."""
    await play.press("F12")
    await play.until("what to look at is listed", lambda: play.said("attention"))
    await play.picture("attention")
    await play.press("Escape", "Ctrl+Shift+J")
    await play.until("the report is there", lambda: play.said("handover"))
    await play.picture("handover")
    await play.press("Ctrl+1", "Shift+F8")
    await play.until("who carried how much is told", lambda: play.said("carried"))
    await play.picture("time-carried")


def _waiting(play: TourPlayer, fits: Callable[[Case], bool]) -> Case:
    """Returns the case that has waited longest to be given to somebody, of those that fit."""
    waiting = [case for case in cases(play.desk) if case.stage is Stage.FILED and fits(case)]
    return min(waiting, key=lambda case: case.filed_at or case.received_at)

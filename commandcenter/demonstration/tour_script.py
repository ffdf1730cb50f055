"""The script of the tour: the scenes of one shift, for a player that operates a real window."""

from collections import Counter
from datetime import timedelta

from commandcenter.demonstration.tour_outage import killing_and_restoring, mending, outage
from commandcenter.demonstration.tour_player import TourPlayer
from commandcenter.demonstration.tour_steps import (
    Scene,
    TourState,
    case_of,
    cases,
    change_user,
    connected,
    delivered,
    dispatched,
    kinds_of,
    new_case,
    sign_in,
    wait_for_cases,
)
from commandcenter.demonstration.tour_teams import attention_and_handover, leads_and_co_handlers, queues_of_the_teams
from commandcenter.domain import commands
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.lights import Light, light
from commandcenter.domain.people import Role
from commandcenter.sync.desk import Desk

URBAN = "urban"  # the power 城管


async def signing_in(play: TourPlayer, shift: TourState) -> None:
    """A clerk signs in: a wrong password is reported below its field, the right one opens the desk."""
    await play.until("the sign-in asks who is there", lambda: play.said("signin"))
    await play.picture("sign-in")
    clerk = play.others.account("intake_clerk")
    await play.fill("signin.user", clerk.user)
    await play.fill("signin.password", "not-the-password")
    await play.press("Return")
    await play.until("the wrong password is told beneath the field", lambda: play.said("signin.password.error"))
    await play.picture("wrong-password")
    await sign_in(play, clerk)
    await wait_for_cases(play)
    await connected(play)


async def taking_a_case(play: TourPlayer, shift: TourState) -> None:
    """A call is taken: address by pinyin, a kind suggested from the text, similar cases nearby shown."""
    await play.press("F2")
    await play.until("the form is open", lambda: play.said("intake"))
    street = play.others.unit_streets[0]
    today = play.desk.now() - timedelta(hours=20)
    fresh = [one for one in cases(play.desk) if one.is_open and one.received_at > today and one.spot]
    told = Counter(one.place for one in cases(play.desk))
    here = (one for one in fresh if one.street == street and told[one.place] == 1)
    own = kinds_of(play.desk, URBAN)  # of the unit to which it will be dispatched
    known = min(here, key=lambda one: one.kind not in own)
    await play.fill("intake.place", known.place)
    await play.press("Return")
    await play.fill("intake.text", known.text)
    await play.until("a kind is suggested from the text", lambda: play.said("intake.kind"))
    await play.until("cases alike are shown while typing", lambda: play.said("intake.findings"))
    await play.picture("intake")
    before = {case.id for case in cases(play.desk)}
    await play.press("Ctrl+Return")
    await play.until("the case is kept and chosen", lambda: new_case(play.desk, before))
    shift.case = new_case(play.desk, before)
    await play.until("the platform gave it a number", lambda: case_of(play, shift.case).number)
    await play.press("Escape")
    await play.until("the act came into force", lambda: not play.desk.acts.open)
    play.check("the queue shows the new case as chosen", play.said("queue.chosen") == shift.case)


async def filing(play: TourPlayer, shift: TourState) -> None:
    """The shift leader files the case at another seat; this window sees its time limit begin."""
    await play.others.act(play.others.account("shift_leader"), commands.File(shift.case))
    await play.until("it is filed, seen here", lambda: case_of(play, shift.case).stage is Stage.FILED)
    await play.until("its limit runs", lambda: case_of(play, shift.case).due)


async def changing_users(play: TourPlayer, shift: TourState) -> None:
    """The dispatcher takes over the seat: another account in the same window."""
    await change_user(play, play.others.account("dispatcher"))
    person = play.desk.person
    play.check("the dispatcher's desk is there", person is not None and person.role is Role.DISPATCHER)
    await wait_for_cases(play)
    await play.until("the map is drawn", lambda: play.said("map.drawn"))
    await connected(play)
    urgent = _overdue(play.desk)
    play.choose(urgent.id)
    await play.until("the case panel shows it", lambda: (urgent.number or "") in play.said("case"))
    await play.press("W")
    await play.until("why this deadline is told span by span", lambda: play.said("case.why"))
    await play.picture("desk")
    await play.press("W")


def _overdue(desk: Desk) -> Case:
    """Returns the case that became overdue last: what a dispatcher looks at first."""
    late = [case for case in cases(desk) if light(case, desk.now()) is Light.OVERDUE and case.is_open and case.spot]
    return max(late, key=lambda case: case.due or case.received_at)


async def finding_it(play: TourPlayer, shift: TourState) -> None:
    """The case is found by its number; queue, map and case panel select the same case."""
    number = case_of(play, shift.case).number or ""
    await play.press("Ctrl+F")
    await play.type(number[-5:])
    await play.until("the search offers it", lambda: number[-5:] in play.said("finder"))
    await play.picture("search")
    await play.press("Return")
    await play.until("the case panel shows it", lambda: number in play.said("case"))
    play.check("the queue has it chosen", play.said("queue.chosen") == shift.case)
    play.check("the map has it chosen", play.said("map.chosen") == shift.case)
    await play.press("W")
    await play.until("why this deadline is told span by span", lambda: play.said("case.why"))
    await play.picture("case-and-why")


async def dispatching(play: TourPlayer, shift: TourState) -> None:
    """The case is dispatched from the command line: pd, the end of its number, the unit's initials."""
    case = case_of(play, shift.case)
    shift.unit = f"u-{case.street}-{URBAN}"
    await play.press("Ctrl+K")
    await play.type(f"pd {(case.number or '')[-5:]} cg")
    named = ("城管", "City Management")  # in either language
    await play.until("the sentence names the unit", lambda: any(name in play.said("command") for name in named))
    play.check("the sentence names the case", (case.number or "?") in play.said("command"))
    await play.picture("command-line")
    await play.press("Return")
    await play.until("it is dispatched", lambda: case_of(play, shift.case).stage is Stage.DISPATCHED)
    play.check("to the unit of the case's own street", case_of(play, shift.case).responsible == shift.unit)
    await play.until("it came into force", lambda: delivered(play, shift))


async def seeing_it_accepted(play: TourPlayer, shift: TourState) -> None:
    """The unit accepts at its seat and applies to return the case; this window sees both."""
    unit = play.others.account("unit", holder=shift.unit)
    await play.others.act(unit, commands.Accept(shift.case))
    await play.until("handling, seen here", lambda: case_of(play, shift.case).stage is Stage.HANDLING)
    await play.others.act(unit, commands.ApplyReturn(shift.case, "现场要大型机械，本队没有，建议区城管局办理。"))
    await play.until("the application is shown", lambda: case_of(play, shift.case).application)
    await play.until("the case panel tells the reason", lambda: "大型机械" in play.said("case"))
    await play.picture("return-applied")


async def approving_the_return(play: TourPlayer, shift: TourState) -> None:
    """Y approves the return; the case waits for dispatch again, and Shift+P asks to which holder."""
    await play.press("Y")
    await play.until("it waits to be dispatched again", lambda: case_of(play, shift.case).stage is Stage.FILED)
    play.check("the return is counted", case_of(play, shift.case).returns == 1)
    await play.until("it came into force", lambda: delivered(play, shift))
    await play.press("Shift+P")
    await play.until("who shall have it is asked", lambda: play.said("dialog"))
    await play.type("城管")
    await play.picture("choose-holder")
    await play.press("Down", "Return")  # no machine is free at the bureau, which is offered first now
    await play.until("a holder is marked or it is done", lambda: play.said("dialog") or dispatched(play, shift))
    if play.said("dialog"):
        await play.press("Ctrl+Return")
    await play.until("it is dispatched again", lambda: dispatched(play, shift))
    await play.until("it came into force", lambda: delivered(play, shift))
    shift.unit = case_of(play, shift.case).responsible or ""


async def at_the_units_seat(play: TourPlayer, shift: TourState) -> None:
    """The unit signs in to the same program: its inbox with large buttons and little else."""
    await change_user(play, play.others.account("unit", holder=shift.unit))
    await play.until("the inbox is there", lambda: play.said("inbox"))
    await play.until("its case has come", lambda: play.desk.board.find("case", shift.case))
    play.choose(shift.case)
    await connected(play)
    await play.picture("unit-seat")
    await play.press("Q")
    await play.until("accepted", lambda: case_of(play, shift.case).stage is Stage.HANDLING)
    await play.press("F")
    await play.until("what was done is asked", lambda: play.said("dialog"))
    await play.type("已清运两车，地面冲洗干净，现场照片两张。")
    await play.picture("report")
    await play.press("Ctrl+Return")
    await play.until("reported", lambda: case_of(play, shift.case).stage is Stage.REPORTED)
    await play.until("it came into force", lambda: delivered(play, shift))
    await play.picture("unit-seat-reported")


async def looking_around(play: TourPlayer, shift: TourState) -> None:
    """The trend, the status panel, an empty filter and the list of keys are shown."""
    await play.press("F8")
    await play.until("the trend is drawn", lambda: play.said("trend"))
    await play.picture("trend")
    await play.press("F9")
    await play.until("what is going on is told", lambda: play.words("平台") in play.said("going"))
    await play.picture("what-is-going-on")
    await play.press("Ctrl+1", "L")
    await play.type("没有这样的地方")
    await play.until("the empty filter says so", lambda: play.words("这个筛选下没有案件") in play.said("queue.vacancy"))
    await play.picture("empty-filter")
    await play.press("Escape", "Escape")
    await play.until("the filter is cleared", lambda: not play.said("queue.vacancy"))
    await play.press("F1")
    await play.until("all keys are listed", lambda: "ja" in play.said("keys"))
    await play.picture("keys")
    await play.press("Escape")
    await play.until("the sheet is closed", lambda: not play.said("keys"))


async def changing_appearance(play: TourPlayer, shift: TourState) -> None:
    """Theme, language and window size change while running; theme and language change back."""
    await play.press("Ctrl+Shift+T")
    await play.picture("other-theme")
    await play.press("Ctrl+Shift+L")
    await play.until("the bar speaks the other language", lambda: play.words("已连接") in play.said("status"))
    await play.picture("other-language")
    await play.press("Ctrl+Shift+L", "Ctrl+Shift+T")
    await play.until("the bar speaks as before", lambda: play.words("已连接") in play.said("status"))
    await play.resize(1366, 768)
    await play.picture("small-screen")


SCENES: tuple[Scene, ...] = (
    signing_in,
    taking_a_case,
    filing,
    changing_users,
    finding_it,
    dispatching,
    seeing_it_accepted,
    approving_the_return,
    queues_of_the_teams,
    leads_and_co_handlers,
    attention_and_handover,
    at_the_units_seat,
    outage,
    mending,
    killing_and_restoring,
    looking_around,
    changing_appearance,
)

"""The outage scenes of the tour: the network is cut, the platform killed and a backup restored through the drill."""

import re

from commandcenter.demonstration.tour_player import TourPlayer
from commandcenter.demonstration.tour_steps import (
    TourState,
    case_of,
    cases,
    change_user,
    connected,
    new_case,
    order,
    wait_for_cases,
)
from commandcenter.domain import commands
from commandcenter.domain.cases import Case, Stage
from commandcenter.store.overlay import Act, Delivery


async def outage(play: TourPlayer, shift: TourState) -> None:
    """The network is cut: a case is taken and one is closed offline, and another seat closes the same case."""
    await change_user(play, play.others.account("intake_clerk"))
    await connected(play)
    await wait_for_cases(play)
    await play.others.desk(play.others.account("shift_leader"))
    await order(play, "dw")
    await play.until("the panel is there", lambda: play.said("drill"))
    await play.until("the strip says offline", lambda: play.words("离线工作中") in play.said("banner"))
    shift.taken = await _taken(play)
    await play.until("it is kept here, to be sent", lambda: _delivery(play, shift.taken) is Delivery.KEPT)
    shift.disputed = _reported_last(play).id
    await _close(play, shift.disputed)
    await play.until("the closing is kept too", lambda: _delivery(play, shift.disputed) is Delivery.KEPT)
    await play.until("the bar counts both", lambda: sum(play.desk.unsent.values()) == 2)
    await _closed_elsewhere(play, shift.disputed)
    await play.until("the panel counts them too", lambda: re.search("[，,] ?2 ", play.said("drill")))
    await play.picture("outage")


async def mending(play: TourPlayer, shift: TourState) -> None:
    """The network is back: the new case gets its number, the second closing conflicts and needs a decision."""
    await order(play, "hw")
    await connected(play)
    await play.until("the case taken offline has its number", lambda: case_of(play, shift.taken).number)
    await play.until("nothing is unsent", lambda: not sum(play.desk.unsent.values()))
    await play.until("the second closing needs its person", lambda: [act.ref[1] for act in play.desk.acts.needing])
    (act,) = play.desk.acts.needing
    play.check("it is the closing of the case that somebody else closed", act.ref[1] == shift.disputed)
    play.check("the case is as the other seat left it", case_of(play, shift.disputed).stage is Stage.CLOSED)
    await play.until("the strip is gone", lambda: not play.said("banner"))
    play.choose(shift.disputed)
    await play.press("F7")
    await play.picture("needs-you")
    await play.press("F4")
    await play.until(
        "what each side made of it stands side by side", lambda: play.words("我的") in play.said("versions")
    )
    await play.picture("versions")
    await play.press("F4")
    await play.desk.decisions.drop(act.cmd_id)
    await play.until("decided: it is not wanted any more", lambda: not play.desk.acts.open)


async def killing_and_restoring(play: TourPlayer, shift: TourState) -> None:
    """The platform is killed and restarts; a backup is restored, and later commands are sent again."""
    late = _reported_last(play)  # reported before the backup, so it still is after the restore
    await order(play, "bf")
    await play.until("there is a backup", lambda: "MB" in play.said("drill"))
    await order(play, "zz")
    await play.until("the platform is gone", lambda: play.words("平台没有在运行") in play.said("drill"))
    await _close(play, late.id)
    await play.until("its closing is kept", lambda: _closing(play, late.id))
    closing = _closing(play, late.id)
    await play.until("it is back by itself", lambda: play.words("一切正常") in play.said("drill"))
    await play.until("and has what was done meanwhile", lambda: not play.desk.acts.open)
    play.check("the case is closed", case_of(play, late.id).stage is Stage.CLOSED)
    await play.picture("killed-and-back")
    await order(play, "hf")
    await play.until("the backup is restored", lambda: "restored" in [entry.code for entry in play.desk.connection.log])
    await connected(play)
    await play.until("what was offered again is done, or asks", lambda: _is_settled(play, closing))
    play.check("the case is closed once more, not twice", case_of(play, late.id).stage is Stage.CLOSED)
    await play.picture("restored")
    await play.press("Ctrl+Shift+Y", "Escape")


async def _taken(play: TourPlayer) -> str:
    """Takes a case in the form while the platform is unreachable; returns its id."""
    before = {case.id for case in cases(play.desk)}
    known = _reported_last(play)
    await play.press("F2")
    await play.until("the form is open", lambda: play.said("intake"))
    await play.fill("intake.place", known.place)
    await play.press("Return")
    await play.fill("intake.text", known.text)
    await play.until("a kind is suggested from the text", lambda: play.said("intake.kind"))
    await play.press("Ctrl+Return")
    await play.until("the case is kept and chosen", lambda: new_case(play.desk, before))
    await play.press("Escape")
    return new_case(play.desk, before)


async def _close(play: TourPlayer, key: str) -> None:
    play.choose(key)
    await order(play, f"ja {(case_of(play, key).number or '')[-5:]}")


async def _closed_elsewhere(play: TourPlayer, key: str) -> None:
    """Closes the case at the shift leader's seat, unless the hall has closed it already."""
    leader = play.others.account("shift_leader")
    case = await play.others.case(leader, key)
    if case is not None and case.stage is Stage.REPORTED:
        await play.others.act(leader, commands.Close(key))


def _reported_last(play: TourPlayer) -> Case:
    """Returns the case reported last: the hall closes the older ones first."""
    waiting = [case for case in cases(play.desk) if case.stage is Stage.REPORTED and case.number and case.reported_at]
    return max(waiting, key=lambda case: case.reported_at or case.received_at)


def _delivery(play: TourPlayer, key: str) -> Delivery | None:
    return play.desk.board.delivery("case", key)


def _closing(play: TourPlayer, key: str) -> str:
    mine = (act.cmd_id for act in reversed(play.desk.acts.recent) if act.ref[1] == key and act.name == "close")
    return next(mine, "")


def _is_settled(play: TourPlayer, cmd_id: str) -> bool:
    """Whether an act is done or needs a decision, that is, no longer under way."""
    found: list[Act] = [act for act in play.desk.acts.recent if act.cmd_id == cmd_id]
    return [act.delivery in (Delivery.DONE, Delivery.NEEDS_YOU) for act in found] == [True]

"""代办: what a shift leader may do for another, said before the click; who may not is told why; both are named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from commandcenter.cache.journal_row import OnBehalfOf, RowState
from commandcenter.domain.commands import Accept, Dispatch
from commandcenter.domain.facts import Dispatched
from commandcenter.domain.people import Role
from commandcenter.store.overlay import Act
from tests.gui.inbox.conftest import MINE, Waiting, filed
from tests.gui.inbox.test_room import listed
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from tests.kit.turns import settled
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.case_parts import case_history
from ui.kit.seat import tasks
from ui.kit.texts.words import speak
from ui.status import columns

Opened = Callable[[], InboxRoom]
CONTROL = Qt.KeyboardModifier.ControlModifier


def left(waiting: Waiting, *, state: RowState = RowState.KEPT, **given: Any) -> Act:
    """What the dispatcher of the former shift left at this seat."""
    return waiting.row(Dispatch(filed(421).id, MINE), filed(421), state=state, user="dispatcher", **given)


def lead(desk: FakeDesk, **scope: str) -> None:
    desk.person = replace(person(Role.SHIFT_LEADER, **scope), user="shift_leader")


async def test_a_leader_reads_what_it_would_do_and_does_it(
    desk: FakeDesk, waiting: Waiting, opened: Opened, seat: FakeHall, qtbot: Any
) -> None:
    lead(desk)
    act = left(waiting)
    waiting.row(Accept(filed(421).id), filed(421), state=RowState.KEPT, user="dispatcher")
    room = opened()
    room.list.choose(act.cmd_id)
    choices = room.versions.choices
    assert choices.sentence("adopt") == (
        "代派遣员派遣至望湖·城管，按现在的案件送出，两个人都记名；环节由已立案转为已派遣；"
        "排在后面的 1 步一并代办；原来那一条不再送出。"
    )
    assert room.versions.texts()[1] == "本人在这里登录后自动送达；等不了，值班长可以代办。"
    assert choices.foot() == "代办由平台再核对：本人的那一条若已生效，不会做第二次。"
    assert not choices.button("again").isEnabled()
    qtbot.keyClick(room.list.view, Qt.Key.Key_D, CONTROL)
    await settled()
    assert desk.decided == [("adopt", act.cmd_id)]
    assert seat.told == [("00421 道路积水 代派遣员派遣，已存待发", "ok")]
    await tasks.close()


async def test_who_may_not_is_told_why(desk: FakeDesk, waiting: Waiting, opened: Opened, qtbot: Any) -> None:
    left(waiting)
    room = opened()
    choices = room.versions.choices
    assert choices.sentence("adopt") == "只有管到派遣员的值班长能代办。"
    lead(desk, street="340111002")
    room.refresh()
    assert not choices.button("adopt").isEnabled()
    assert choices.button("adopt").isVisible()
    qtbot.keyClick(room.list.view, Qt.Key.Key_D, CONTROL)
    await settled()
    assert desk.decided == []
    await tasks.close()


async def test_what_the_rules_forbid_by_now_is_said(desk: FakeDesk, waiting: Waiting, opened: Opened) -> None:
    lead(desk)
    waiting.clash(user="dispatcher")
    choices = opened().versions.choices
    assert choices.sentence("adopt") == "现在不能代办：案件现在的环节不能做这一步。"
    assert not choices.button("adopt").isEnabled()
    await tasks.close()


async def test_the_own_acts_of_a_leader_are_not_offered_for_it(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    lead(desk)
    waiting.clash(user="shift_leader")
    room = opened()
    assert not room.versions.choices.button("adopt").isVisible()
    assert room.versions.choices.button("drop").isVisible()
    await tasks.close()


async def test_what_was_taken_over_names_whose_it_was_and_can_be_given_back(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    lead(desk)
    behalf = OnBehalfOf(replace(person(), user="dispatcher"), "cmd0")
    act = waiting.row(
        Dispatch(filed(421).id, MINE), filed(421), state=RowState.REFUSED, code="unknown_user", user="shift_leader",
        behalf=behalf,
    )  # fmt: skip
    room = opened()
    assert "代派遣员" in listed(room)[1]
    assert room.versions.choices.sentence("drop") == "不再代办，退回给派遣员，等本人决定。"
    assert columns.about(desk.board, act).endswith("→ 望湖·城管  代派遣员")
    speak("en")
    assert columns.about(desk.board, act).endswith("for Dispatcher")
    await tasks.close()


async def test_who_gets_it_back_decides(desk: FakeDesk, waiting: Waiting, opened: Opened) -> None:
    desk.person = replace(person(), user="dispatcher")
    left(waiting, state=RowState.HELD, code="given_back")
    room = opened()
    assert listed(room)[1].startswith("退回 00421")
    assert room.versions.texts()[0] == "代办没有成，退回给你决定"
    assert room.versions.choices.button("again").isEnabled()
    await tasks.close()


async def test_two_in_a_row_that_came_back_go_together_but_the_second_never_by_itself(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    desk.person = replace(person(), user="dispatcher")
    first = left(waiting, state=RowState.HELD, code="given_back")
    waiting.row(Accept(filed(421).id), filed(421), state=RowState.HELD, code="given_back", user="dispatcher")
    room = opened()
    room.list.choose(first.cmd_id)
    assert "排在后面的 1 步按序跟着送出" in room.versions.choices.sentence("again")
    assert "排在后面" not in room.versions.choices.sentence("drop")
    await tasks.close()


def test_the_timeline_names_both(desk: FakeDesk) -> None:
    case = filed(421)
    fact = Dispatched(case.id, "dispatcher", desk.now(), MINE, case.tier, hand="shift_leader")
    assert case_history.fact_entries(desk.board, (fact,), fact_words)[0].who == "派遣员 · 由值班长代办"

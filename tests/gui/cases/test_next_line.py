"""The line at the foot of a case: what comes next and why, the receipt of what was given, and 10 seconds to undo it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.commands.leading import SetLead
from commandcenter.domain.lead_advice import Argument, LeadAdvice, LeadReason, ProposedBody
from commandcenter.domain.people import Role
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.store.overlay import Delivery
from tests.kit import hall
from tests.kit.case_panel import at_stage, timeline
from tests.kit.painted import PaintCounter
from tests.kit.room_windows import activate
from tests.kit.turns import turns
from ui.cases.case import CasePanel
from ui.cases.next_button import LINES
from ui.kit.texts.words import speak

AT = Spot(117.30, 31.80)


def crew(key: str, name: str, *, east: float, **more: Any) -> Crew:
    made = Crew(key, 1, name, "s03-urban", "s03", CrewStatus.AVAILABLE, hall.NOW - timedelta(minutes=5))
    return replace(made, spot=Spot(AT.lon + east, AT.lat), seen_at=hall.NOW, **more)


@pytest.fixture
async def filed(open_case: Callable[..., Any]) -> tuple[CasePanel, Any]:
    """A filed case with two crews near it, of which one is nearer."""
    panel, seat = open_case(at_stage(Stage.FILED, spot=AT))
    seat.desk.board.apply([crew("far", "城管一队", east=0.02), crew("near", "城管二队", east=0.01)])
    seat.desk.pass_time(5)
    panel._turn()
    return panel, seat


async def test_what_the_line_says_is_given_by_its_key_and_told_until_it_is_in_force(filed: Any) -> None:
    panel, seat = filed
    case = panel._case
    assert panel.line.text() == "派遣 → 望湖·城管 二队，最近，直线 0.9 km，在办 0"
    seat.desk.board.apply([replace(crew("across", "城管四队", east=0.005), unit="s04-urban", street="s04")])
    seat.desk.board.apply([replace(case, rev=case.rev + 1)])
    await turns()
    assert panel.line.text() == "派遣 → 望湖·城管 二队，本街镇最近，直线 0.9 km，在办 0"
    seat.desk.board.apply([crew("nearest", "城管三队", east=0.0)])
    panel._turn()
    assert "二队" in panel.line.text()  # what is read does not change under the hand
    panel.line.button.click()
    await turns()
    assert seat.desk.heard == [wish.Dispatch(panel._case.id, "s03-urban", crew="near")]
    assert panel.line.text() == "派遣至望湖·城管，派队 城管二队，已存待发 15:42:13"
    assert seat.told == []  # no notification says the same
    (act,) = seat.desk.acts.open
    seat.desk.acts.put(replace(act, delivery=Delivery.SENT))
    assert "已送达" in panel.line.text()
    seat.desk.acts.end([replace(act, delivery=Delivery.DONE)])
    assert "已生效 15:42:13" in panel.line.text()
    assert panel.line.receipt.undo.isVisible()
    platform = replace(act.facts[0], at=act.facts[0].at + timedelta(seconds=1))  # by a clock that is ahead
    seat.desk._historyquery = lambda _query: (replace(platform, at=hall.NOW - timedelta(hours=2)), platform)
    seat.desk.board.apply([replace(panel._case, rev=panel._case.rev + 1)])
    await turns()
    assert "已生效 15:42:14" in panel.line.text()  # receipt and history name one time
    assert any(row.startswith("15:42:14 派遣") for row in timeline(panel))
    seat.desk.pass_time(10)
    panel._turn()
    assert panel.line.text() == "等望湖·城管签收，派出 不到 1 分，限 11-25 09:42"


async def test_a_proposal_that_changes_under_the_hand_is_asked_about(filed: Any) -> None:
    panel, seat = filed
    taken = seat.desk.board.find("crew", "near")
    seat.desk.board.apply([replace(taken, rev=2, status=CrewStatus.OFF_DUTY)])
    panel._turn()
    assert "一队" in panel.line.text()
    assert seat.lines.offered(panel._case.id, "dispatch") == ()
    seat.desk.pass_time(1)
    assert seat.lines.offered(panel._case.id, "dispatch") == (wish.Dispatch(panel._case.id, "s03-urban", crew="far"),)


async def test_a_unit_that_has_given_the_case_back_is_proposed_with_a_warning(filed: Any) -> None:
    panel, seat = filed
    seat.desk.board.apply([replace(panel._case, rev=panel._case.rev + 1, returns=1, returned_by="s03-urban")])
    await turns()
    assert panel.line.text() == "派遣 → 望湖·城管 二队，最近，直线 0.9 km，在办 0，退回过这件"
    other = replace(seat.desk.board.find("holder", "s03-urban"), id="s03-other", name="望湖街道市容队")
    seat.desk.board.apply([other, replace(crew("third", "市容一队", east=0.03), unit="s03-other")])
    seat.desk.pass_time(30)
    panel._turn()
    assert "市容" in panel.line.text()
    assert "退回过这件" not in panel.line.text()


async def test_for_ten_seconds_it_is_taken_back_also_from_another_case(filed: Any) -> None:
    panel, seat = filed
    case = panel._case
    panel.act("dispatch")
    await turns()
    seat.desk.pass_time(9)
    seat.focus.choose(hall.cases(30)[0].id, by="test")
    panel._turn()
    panel.line.undo()
    await turns()
    assert seat.focus.case == case.id  # what happens to it is seen
    assert [type(one) for one in seat.desk.heard] == [wish.Dispatch, Recall]
    assert panel._case.stage is Stage.FILED
    assert panel.line.text() == "撤回，等待再派：刚给出就撤销，收队 城管二队，已存待发 15:42:22"
    assert not panel.line.receipt.undo.isVisible()
    panel.line.undo()
    assert seat.told == [("没有可撤销的操作", "ok")]


async def test_what_another_seat_does_meanwhile_is_told_and_may_end_the_undo(filed: Any) -> None:
    panel, seat = filed
    panel.resize(370, 664)
    panel.act("dispatch")
    await turns()
    given = seat.desk.board.find("case", panel._case.id)
    seat.desk.board.hide_act(seat.desk.acts.open[0].cmd_id)
    for stage, may_undo in ((Stage.HANDLING, True), (Stage.REPORTED, False)):
        seat.desk.board.apply([replace(given, rev=given.rev + 2, stage=stage)])
        await turns()
        panel._turn()
        assert f"其间：{ {'handling': '处置中', 'reported': '已反馈'}[stage] }" in panel.line.text()
        assert panel.line.receipt.undo.isVisible() is may_undo
        meanwhile = panel.line.receipt._meanwhile
        assert meanwhile.width() >= meanwhile.sizeHint().width()  # also where the panel is narrow


async def test_undo_takes_back_no_dispatch_of_another_seat_and_no_work_that_nobody_has_seen(filed: Any) -> None:
    panel, seat = filed
    panel.act("dispatch")
    await turns()
    given, board = seat.desk.board.find("case", panel._case.id), seat.desk.board
    board.hide_act(seat.desk.acts.open[0].cmd_id)
    seat.focus.choose(hall.cases(30)[0].id, by="test")
    board.apply([replace(given, rev=given.rev + 2, stage=Stage.HANDLING)])
    await turns()
    panel.line.undo()
    await turns()
    assert (seat.focus.case, len(seat.desk.heard)) == (given.id, 1)
    assert "其间：处置中" in panel.line.text()
    assert panel.line.receipt.undo.isVisible()
    board.apply([replace(given, rev=given.rev + 5, responsible="s03-traffic", hops=given.hops + 1)])
    await turns()
    assert not panel.line.receipt.undo.isVisible()
    panel.line.undo()
    await turns()
    assert len(seat.desk.heard) == 1
    assert seat.told == [("没有可撤销的操作", "ok")]


async def test_a_key_pressed_twice_gives_what_the_line_says_once_and_undoes_nothing(filed: Any, qtbot: QtBot) -> None:
    panel, seat = filed
    await activate(panel)
    panel.focus_steps()
    assert panel.line.button.hasFocus()
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        await turns()
    assert [type(one) for one in seat.desk.heard] == [wish.Dispatch]
    assert panel.line.receipt.hasFocus()
    qtbot.keyClick(panel.line.receipt, Qt.Key.Key_Tab)
    assert panel.line.receipt.undo.hasFocus()
    qtbot.keyClick(panel.line.receipt.undo, Qt.Key.Key_Space)
    await turns()
    assert panel.line.receipt.hasFocus()
    seat.desk.pass_time(4)
    panel._turn()
    assert panel.line.button.hasFocus()
    with qtbot.assertNotEmitted(panel.line.asked):  # the press was meant for the receipt that stood there
        qtbot.mouseClick(panel.line.button, Qt.MouseButton.LeftButton)
    seat.desk.pass_time(1)
    with qtbot.waitSignal(panel.line.asked):
        qtbot.mouseClick(panel.line.button, Qt.MouseButton.LeftButton)


async def test_the_second_press_of_a_double_click_is_for_nothing_that_came_meanwhile(filed: Any, qtbot: QtBot) -> None:
    panel, seat = filed
    await activate(panel)
    qtbot.mouseClick(panel.line.button, Qt.MouseButton.LeftButton)
    await turns()
    receipt, steps = panel.line.receipt, panel._steps
    under = (receipt.undo, *(steps.buttons[name] for name in steps.offered()))
    assert {"recall", "urge"} & set(steps.offered())
    for button in under:
        qtbot.mouseDClick(button, Qt.MouseButton.LeftButton)
        qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
        await turns()
    assert [type(one) for one in seat.desk.heard] == [wish.Dispatch]
    qtbot.mouseClick(receipt.undo, Qt.MouseButton.LeftButton)
    await turns()
    assert [type(one) for one in seat.desk.heard] == [wish.Dispatch, Recall]


async def test_what_needs_the_person_stands_in_the_line_until_it_is_decided(filed: Any, qtbot: QtBot) -> None:
    panel, seat = filed
    panel.act("dispatch")
    await turns()
    (act,) = seat.desk.acts.open
    seat.desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="changed"))
    assert seat.lines.shows(act.cmd_id)
    seat.desk.pass_time(60)
    panel._turn()
    assert "需处理" in panel.line.text()
    with qtbot.waitSignal(panel.decided) as opened:
        panel.line.receipt.decide.click()
    assert opened.args == [act.cmd_id]
    seat.desk.acts.end([replace(act, state="dropped")])
    assert "需处理" not in panel.line.text()


async def test_a_case_that_is_settled_says_what_still_waits_for_the_person(open_case: Any, qtbot: QtBot) -> None:
    panel, seat = open_case(at_stage(Stage.REPORTED), Role.SHIFT_LEADER)
    case = panel._case
    act = await seat.desk.do(wish.Close(case.id))  # from the list of another room, with no receipt here
    seat.desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="changed"))
    seat.desk.board.hide_act(act.cmd_id)
    seat.desk.board.apply([replace(case, rev=9, stage=Stage.CLOSED, ended_at=hall.NOW)])
    await turns()
    panel._turn()
    assert panel._case.stage is Stage.CLOSED
    assert "需处理" in panel.line.text()
    with qtbot.waitSignal(panel.decided) as opened:
        panel.line.receipt.decide.click()
    assert opened.args == [act.cmd_id]
    seat.desk.acts.end([replace(act, state="dropped", delivery=Delivery.DONE)])
    assert panel.line.text().startswith("已办完，只供查看")


async def test_behind_a_room_that_covers_it_the_line_takes_nothing(filed: Any) -> None:
    panel, seat = filed
    assert seat.lines.offered(panel._case.id, "dispatch")
    cover = QWidget(panel)
    cover.setAutoFillBackground(True)
    cover.setGeometry(panel.rect())
    cover.show()
    assert seat.lines.offered(panel._case.id, "dispatch") == ()
    cover.hide()
    assert seat.lines.offered(panel._case.id, "dispatch")
    panel.setWindowState(Qt.WindowState.WindowMinimized)
    assert seat.lines.offered(panel._case.id, "dispatch") == ()
    panel.setWindowState(Qt.WindowState.WindowNoState)
    assert seat.lines.offered(panel._case.id, "dispatch")
    panel.hide()
    assert seat.lines.offered(panel._case.id, "dispatch") == ()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_sentence_is_never_cut_in_a_narrow_panel_and_a_second_paints_only_what_runs(
    filed: Any, request: Any, language: str
) -> None:
    request.addfinalizer(lambda: speak("zh"))
    speak(language)
    panel, seat = filed
    panel.resize(330, 560)
    panel.retell()
    await turns()
    button = panel.line.button
    for room in (110, 160, 220, button.width() - 60):  # where a reason has no room it is left out whole
        layout = button._laid(room, ("tx1", "tx1"))
        assert layout.lineCount() <= LINES
        assert panel.line.text().startswith(layout.text())
    panel.act("dispatch")
    await turns()
    painted = PaintCounter(panel.line)
    for _ in range(3):
        seat.desk.pass_time(1)
        painted.clear()
        panel.line.turn()
        QApplication.processEvents()
        assert {widget for widget in painted.painted if not widget.findChildren(QWidget)} == {
            panel.line.receipt._seconds,
            panel.line.receipt._bar,
        }


async def test_whom_the_platform_proposes_as_lead_is_set_by_its_key_with_its_rank(open_case: Any) -> None:
    case = at_stage(Stage.FILED, tier=Tier.DISTRICT, spot=AT)
    panel, seat = open_case(case, Role.COORDINATOR)
    assert panel.line.text().startswith("定主办，没有现成的建议，选一家")
    fits, full = Argument(LeadReason.LED_SIMILAR, 7, 9), Argument(LeadReason.LOADED, 12, 5)
    bodies = (ProposedBody("nobody", 0.9), ProposedBody("d-housing", 0.8, (fits,), (full,)))
    seat.desk.advice = LeadAdvice(case.id, case.rev, bodies)
    seat.focus.choose(None, by="test")
    seat.desk.board.apply([replace(case, rev=2)])
    seat.focus.choose(case.id, by="test")
    await turns()
    assert panel.line.text().startswith("定主办 → 区住建局，")
    assert panel._steps.otherwise.isVisible()
    panel.act("set_lead")
    await turns()
    assert seat.desk.heard == [SetLead(case.id, "d-housing", rank=2)]

"""The case: its buttons follow from role and stage, its clock from the calendar, its history from the platform."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from commandcenter.cache.mirror import MirrorPosition
from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Stage, Superior, Tier
from commandcenter.domain.commands.tiers import Escalate
from commandcenter.domain.deadlines import due
from commandcenter.domain.kinds import Limit, Measure
from commandcenter.domain.people import Role
from commandcenter.domain.rules import Offline
from commandcenter.protocol.codec import NewerFact
from commandcenter.sync.connection import State
from commandcenter.sync.queries import CaseQuery
from tests.faults import rules
from tests.kit import hall
from tests.kit.case_panel import APPLIED, UNIT, answer_main, at_stage, offered, the_sheet, timeline
from tests.kit.coordinated import led
from tests.kit.fake_desk import person
from tests.kit.layouts import LayoutCounter
from tests.kit.shown import clocks, head
from tests.kit.standing_out import faint_in
from tests.kit.turns import turns
from ui.cases import acts
from ui.cases.case import CasePanel
from ui.cases.ranking import Asked, RankedHolders
from ui.cases.why import why_lines
from ui.cases.words import waits_words
from ui.kit.search.search_list import SearchList
from ui.kit.texts.words import speak


@pytest.mark.parametrize(
    ("stage", "role", "scope"),
    [
        (Stage.RECEIVED, Role.SHIFT_LEADER, {}),
        (Stage.FILED, Role.DISPATCHER, {}),
        (Stage.FILED, Role.STREET_DISPATCHER, {"street": "s03"}),
        (Stage.FILED, Role.LEADER, {}),
        (Stage.DISPATCHED, Role.UNIT, UNIT),
        (Stage.HANDLING, Role.UNIT, UNIT),
        (Stage.REPORTED, Role.SHIFT_LEADER, {}),
        (Stage.REPORTED, Role.INTAKE_CLERK, {}),
        (Stage.HANDLING, Role.DISPATCHER, {}),
    ],
)
async def test_the_buttons_are_what_may_be_done(open_case, stage, role, scope) -> None:
    panel, seat = open_case(at_stage(stage), role, **scope)
    await turns()
    buttons = offered(panel)
    case = rules.Case(stage, "s03", panel._case.responsible, tier=panel._case.tier)
    steps = {name for name, power in rules.POWERS.items() if power.stages} - {"reorder"}  # it has no button
    assert set(buttons) == {name for name in steps if rules.why_not(name, seat.desk.person, case) is None}
    assert set(buttons) == set(seat.desk.may(panel._case)) - {"reorder"}
    assert panel.line.text()  # what comes next, or whom it waits for
    for name in panel._steps.offered():
        assert panel._steps.buttons[name].isVisible()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [340, 440])
async def test_every_button_has_room_for_its_words_and_its_key(open_case, request, width: int, language: str) -> None:
    request.addfinalizer(lambda: speak("zh"))
    speak(language)
    panel, _ = open_case(led(1), Role.COORDINATOR)
    panel.setFixedWidth(width)
    await turns()
    buttons = [panel._steps.buttons[name] for name in panel._steps.offered()]
    assert len(buttons) > 4
    for button in buttons:
        assert button.width() >= button.sizeHint().width()
        assert button.mapTo(panel, button.rect().bottomRight()).x() < width


async def test_what_waits_for_no_connection_says_so_on_its_button_and_to_its_key(open_case, monkeypatch) -> None:
    monkeypatch.setattr(wish.Dispatch, "rule", replace(wish.Dispatch.rule, offline=Offline.REFUSED))
    panel, seat = open_case(at_stage(Stage.FILED))
    await turns()
    assert panel.line.button.isEnabled()
    seat.desk.connection.to(State.WAITING)
    panel._turn()
    button = panel.line.button
    assert (button.isEnabled(), button.isVisible()) == (False, True)
    assert panel.line.text() == "派遣，现在离线，这一步连上平台才能做，没有存"
    panel.act("dispatch")
    await turns()
    assert panel.line.text() == "没有派遣：现在离线，这一步连上平台才能做，没有存"
    seat.desk.pass_time(8)
    assert seat.desk.heard == []
    seat.desk.connection.to(State.CONNECTING)
    seat.desk.connection.to(State.LIVE)
    panel._turn()
    assert (button.isEnabled(), panel.line.text()) == (True, "派遣 → 望湖·城管，在办 0，暂无可派的队组")


async def test_the_step_that_the_case_waits_for_stands_in_the_line_and_other_main_steps_first_below(
    open_case, monkeypatch
) -> None:
    monkeypatch.setattr(Escalate, "entry", replace(Escalate.entry, main=True))
    panel, _ = open_case(at_stage(Stage.FILED), Role.STREET_DISPATCHER, street="s03")
    await turns()
    assert offered(panel)[:2] == ("dispatch", "escalate")
    assert panel.line.button.key == wish.Dispatch.entry.key
    assert panel._steps.buttons["escalate"].property("role") == "primary"


async def test_where_no_step_is_the_main_one_none_stands_out(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.DISPATCHED))
    await turns()
    roles = {name: panel._steps.buttons[name].property("role") for name in panel._steps.offered()}
    assert "recall" in roles
    assert set(roles.values()) == {"secondary"}


async def test_an_application_is_answered_by_the_words_that_its_verbs_have(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.HANDLING, application=APPLIED))
    await turns()
    shown = {name: (button.text(), button.key) for name, button in panel._application.buttons.items()}
    assert shown == {"approve_return": ("同意退回", "Y"), "deny_return": ("不同意退回", "N")}
    assert [button.property("role") for button in panel._application.buttons.values()] == ["secondary"] * 2
    assert panel.line.text() == "同意退回，u12：本队无抽排泵，不同意按 N"


async def test_an_application_is_answered_in_its_box(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.HANDLING, application=APPLIED))
    await turns()
    assert panel._application.texts() == "u12 · 15:33 本队无抽排泵"
    assert panel._steps.offered() == ("send_crew",)
    assert panel.line.step == "approve_return"
    panel._application.asked.emit("approve_return")
    await turns()
    assert seat.desk.heard == [wish.ApproveReturn(panel._case.id)]
    assert not panel._application.isVisible()  # at once, before the platform said so
    assert panel.line.text() == "同意退回，等待再派，已存待发 15:42:08"
    assert not panel.line.receipt.undo.isVisible()  # nothing takes an answer back
    seat.desk.pass_time(10)
    panel._turn()
    assert panel.line.step == "dispatch"


async def test_only_a_dispatcher_sees_the_answers(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.HANDLING, application=APPLIED), Role.UNIT, **UNIT)
    await turns()
    assert not any(button.isVisible() for button in panel._application.buttons.values())
    assert panel.line.text() == "等派遣员批申请，签收 40 分，限 11-25 09:42"


@pytest.mark.parametrize(
    ("stage", "waits"),
    [
        (Stage.RECEIVED, "等值班长立案"),
        (Stage.FILED, "等派遣员或街镇派遣"),
        (Stage.DISPATCHED, "等望湖·城管签收"),
        (Stage.HANDLING, "等望湖·城管反馈"),
        (Stage.REPORTED, "等受理员或值班长结案"),
        (Stage.CLOSED, "已办完，只供查看"),
    ],
)
def test_a_case_waits_for_whoever_has_its_next_step(stage: Stage, waits: str) -> None:
    assert str(waits_words(hall.board(0), at_stage(stage))) == waits


async def test_what_a_step_may_have_but_does_not_need_is_not_asked_for(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.RECEIVED), Role.SHIFT_LEADER)
    panel.act("file")  # may have a kind
    await turns()
    assert seat.desk.heard == [wish.File(panel._case.id)]


async def test_dispatching_asks_to_whom_nearest_first(open_case, qtbot: QtBot) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    panel.act_otherwise()
    await turns()
    assert faint_in(the_sheet(), showing=frozenset({"edge of a field"})) == {}
    search = the_sheet().findChild(SearchList)
    assert search.current().text == "第 07 网格"  # the grid of the case comes first
    qtbot.keyClicks(search.edit, "wh cg")
    assert search.current().text == "望湖·城管"
    qtbot.keyClick(search.edit, Qt.Key.Key_Return)
    await turns()
    assert seat.desk.heard == [wish.Dispatch(panel._case.id, to="s03-urban")]
    assert panel.line.text() == "派遣至望湖·城管，已存待发 15:42:08"
    assert panel._case.stage is Stage.DISPATCHED


async def test_a_streets_dispatcher_is_offered_the_own_street_alone() -> None:
    board = hall.board(0)
    street = person(Role.STREET_DISPATCHER, street="s03")
    found = RankedHolders(Asked(board, hall.case(), street, hall.NOW, lambda _key: True)).like("")
    assert {candidate.thing.street for candidate in found} == {"s03"}
    case = replace(hall.case(), returned_by=found[0].thing.id)
    again = RankedHolders(Asked(board, case, street, hall.NOW, lambda _key: True)).like("")
    assert found[0].thing.id not in {candidate.thing.id for candidate in again[:3]}
    assert [candidate.aside for candidate in again if candidate.thing.id == case.returned_by] == ["退回过这件 · 在办 0"]


async def test_a_case_of_the_district_without_a_lead_waits_for_the_coordinator() -> None:
    case = replace(at_stage(Stage.FILED), tier=Tier.DISTRICT)
    assert str(waits_words(hall.board(0), case)) == "等统筹员定主办"
    assert str(waits_words(hall.board(0), replace(case, tier=Tier.STREET))) == "等派遣员或街镇派遣"


async def test_a_report_wants_words_and_keeps_them_when_refused(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.HANDLING), Role.UNIT, **UNIT)
    panel.act("report")
    await turns()
    editor = the_sheet().findChild(QPlainTextEdit)
    editor.setPlainText("已抽排，路面恢复。")
    seat.desk.board.apply([replace(panel._case, rev=9, application=APPLIED)])  # meanwhile
    answer_main()
    await turns()
    assert panel.line.text() == "没有反馈：有申请还没批"
    assert the_sheet().findChild(QPlainTextEdit).toPlainText() == "已抽排，路面恢复。"
    assert seat.desk.heard == []


async def test_a_dispatch_keeps_its_note_when_refused(open_case, qtbot: QtBot) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    panel.act_otherwise()
    await turns()
    note = the_sheet().findChildren(QLineEdit)[-1]
    note.setText("门禁找物业")
    seat.desk.board.apply([replace(panel._case, rev=9, stage=Stage.DISPATCHED)])  # meanwhile
    qtbot.keyClick(the_sheet().findChild(SearchList).edit, Qt.Key.Key_Return)
    await turns()
    assert panel.line.text().startswith("没有派遣：")
    note = the_sheet().findChildren(QLineEdit)[-1]
    assert note.text() == "门禁找物业"
    note.setText("字" * 4001)
    qtbot.keyClick(the_sheet().findChild(SearchList).edit, Qt.Key.Key_Return)
    await turns()
    assert the_sheet().isVisible()
    assert (seat.told, seat.desk.heard) == ([], [])


async def test_a_kind_that_needs_a_check_is_not_closed(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.REPORTED, kind="c0101"), Role.SHIFT_LEADER)
    assert (panel.line.text(), panel.line.button.isEnabled()) == ("结案，这一小类要先核查才能结案", False)
    panel.act("close")
    await turns()
    answer_main()
    await turns()
    assert panel.line.text() == "没有结案：这一小类要先核查才能结案"


async def test_what_may_not_be_done_is_said_before_anything_is_asked(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.HANDLING))
    await acts.act(seat, panel._case, "dispatch")
    assert panel.line.text() == "没有派遣：案件现在的环节不能做这一步"
    panel.hide()
    await acts.act(seat, panel._case, "dispatch")
    assert seat.told == [("没有派遣：案件现在的环节不能做这一步", "bad")]  # where nobody sees the line


async def test_the_timeline_is_the_platforms_with_own_acts_on_top(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    await turns()
    assert timeline(panel) == ["14:42:08 立案，道路积水 4 工作时 l01", "14:36:08 受理，12345 i03"]
    await seat.desk.do(wish.Dispatch(panel._case.id, "s03-urban", note="带泵"))
    await turns()
    assert timeline(panel)[0] == "15:42:08 派遣至望湖·城管：带泵 d07"
    assert panel.course.model.rows[0].delivery == "kept"


async def test_the_timeline_says_that_something_happened_which_this_program_does_not_know(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    seat.desk._historyquery = lambda _query: (NewerFact(hall.NOW, "d07"),)
    seat.focus.choose(None, by="test")
    seat.focus.choose(hall.case().id, by="test")
    await turns()
    assert timeline(panel) == ["15:42:08 这个程序还不认识的一步 d07"]


async def test_without_an_answer_the_record_tells_what_it_knows(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    seat.desk.offline = True
    seat.focus.choose(None, by="test")
    seat.focus.choose(hall.case().id, by="test")
    await turns()
    assert timeline(panel) == ["14:42:08 立案，道路积水 4 工作时", "14:36:08 受理，12345"]
    assert panel.course.source.text() == "平台没有应答，只列本机所知"


async def test_the_clock_runs_and_says_why(open_case) -> None:
    case = at_stage(Stage.FILED, superior=Superior("h12345", "1124-08817", hall.NOW + timedelta(hours=20)))
    panel, seat = open_case(case)
    await turns()
    assert "3:00:00 11-25 09:42" in clocks(panel._clocks)
    seat.desk.pass_time(2)
    panel._turn()
    assert "2:59:58" in clocks(panel._clocks)
    assert panel._clocks._upper.time.text() == "19:59:58"
    panel.toggle_why()
    assert "依据：道路积水 = 4 工作时 · 规则第 1 版" in clocks(panel._clocks)


async def test_a_deadline_that_came_with_the_case_is_not_explained_by_a_rule_of_the_hall(open_case) -> None:
    ordered = hall.NOW + timedelta(hours=20)
    panel, _ = open_case(at_stage(Stage.FILED, due=ordered, superior=Superior("h12345", "1124-08817", ordered)))
    await turns()
    panel.toggle_why()
    assert clocks(panel._clocks).endswith("依据：上级单 1124-08817 的期限，不由本级规则算出")
    assert panel._clocks._why.isHidden()


async def test_a_second_that_passes_moves_nothing_in_the_case(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.FILED, superior=Superior("h12345", "1124", hall.NOW + timedelta(hours=20))))
    panel.show()
    await turns()
    layouts = LayoutCounter(panel._clocks)
    for _ in range(3):
        seat.desk.pass_time(1)
        panel._turn()
    assert panel._clocks._upper.time.text() == "19:59:57"
    assert layouts.count == 0
    panel._clocks._own.time.set_words("超 1,234 天 23:59:59")
    assert layouts.count > 0  # more room is made when it is needed
    assert panel._clocks._own.time.width() >= panel._clocks._own.time.sizeHint().width()


DAY = 7 * 3600  # the seconds of a working day in the hall


def test_why_tells_what_counted_and_what_did_not() -> None:
    filed = hall.NOW.replace(hour=13, minute=58, second=40)
    lines = why_lines(due(filed, Limit(4, Measure.WORKING_HOURS), hall.CALENDAR), hall.ZONE, DAY)
    assert [(str(line.label), line.words, line.amount) for line in lines] == [
        ("起算", "11-24 14:00  立案 11-24 13:58:40 在休息时间，顺延", ""),
        ("计入", "11-24 14:00 – 17:30", "3:30:00"),
        ("不计", "11-24 17:30 – 11-25 08:30  夜间", "—"),
        ("计入", "11-25 08:30 – 09:00", "0:30:00"),
        ("期限", "11-25 周三 09:00:00", "4:00:00"),
    ]


def test_the_spans_that_counted_add_up_to_the_limit_to_the_second() -> None:
    filed = hall.NOW.replace(hour=10, minute=34, second=56, microsecond=600_000)
    lines = why_lines(due(filed, Limit(4, Measure.WORKING_HOURS), hall.CALENDAR), hall.ZONE, DAY)
    assert [line.amount for line in lines if line.amount not in ("", "—")] == ["1:25:03", "2:34:57", "4:00:00"]


def test_a_long_limit_is_folded() -> None:
    lines = why_lines(due(hall.NOW, Limit(7, Measure.WORKING_DAYS), hall.CALENDAR), hall.ZONE, DAY)
    assert len(lines) == 8
    assert lines[4].words.startswith("其间")
    assert lines[-1].amount == "7日 00:00"


async def test_markup_in_texts_is_shown_as_text(open_case) -> None:
    bad = "<img src=/etc/passwd><b>x</b>"
    panel, _ = open_case(at_stage(Stage.HANDLING, text=bad, place=bad, application=replace(APPLIED, reason=bad)))
    await turns()
    assert ("诉求", bad) in panel._facts.texts()
    assert bad in panel._application.texts()
    assert any(bad in row for row in timeline(panel))
    assert panel._application._reason.textFormat() is Qt.TextFormat.PlainText


SECRET = {"secret": True, "petitioner": "p1", "external": "WX-880099", "text": "我是楼上的租客"}


async def test_words_that_are_withheld_are_said_to_be_and_leave_no_hole(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.DISPATCHED, **SECRET))
    await turns()
    assert ("诉求", "保密，内容不显示") in panel._facts.texts()
    assert ("诉求人", "要求保密") in panel._facts.texts()
    assert not any("租客" in part or "880099" in part for part in _told(panel))
    try:
        speak("en")
        await turns()
        assert ("Request", "Withheld on request") in panel._facts.texts()
    finally:
        speak("zh")


async def test_who_may_read_it_is_shown_the_words_of_a_secret_case(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.DISPATCHED, **SECRET), Role.UNIT, **UNIT)
    await turns()
    assert ("诉求", "我是楼上的租客") in panel._facts.texts()
    assert ("诉求人", "已密封，要求保密") in panel._facts.texts()


def _told(panel: CasePanel) -> list[str]:
    """Every word of the panel."""
    facts = [word for line in panel._facts.texts() for word in line]
    return [*facts, head(panel._top), *timeline(panel)]


async def test_before_the_first_snapshot_a_case_is_being_fetched_not_gone(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    seat.desk.board.replace(())
    await turns()
    assert "正在取案件" in panel._vacant.accessibleName()
    seat.desk.board.replace([at_stage(Stage.FILED)])
    await turns()
    assert panel._stack.currentIndex() == 1


async def test_without_a_role_no_case_is_being_fetched(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    seat.desk.has_role = False
    seat.desk.board.replace(())
    seat.desk.connection.to(State.REFUSED, code="no_role")
    await turns()
    assert "现在取不到这件案件" in panel._vacant.accessibleName()
    assert "没有角色" in panel._vacant.accessibleName()


async def test_a_case_that_leaves_the_board_is_said(open_case) -> None:
    panel, seat = open_case(at_stage(Stage.FILED))
    seat.desk.position.at = MirrorPosition("d07", "baohe", "key", epoch=1, scope_ver=1, seq=9)
    seat.desk.board.apply([], [("case", hall.case().id)])
    await turns()
    assert panel._stack.currentIndex() == 0
    assert "看不到这件案件" in panel._vacant.accessibleName()
    assert seat.desk.asked.count(CaseQuery(hall.case().id)) == 0  # a frame said so


async def test_the_number_can_be_copied(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.FILED))
    panel._top.copy_number()
    assert QApplication.clipboard().text() == "包河-20261124-00421"


async def test_it_follows_the_language(open_case) -> None:
    panel, _ = open_case(at_stage(Stage.FILED))
    await turns()
    try:
        speak("en")
        await turns()
        assert "Filed" in head(panel._top)
        assert ("Place", hall.case().place) in panel._facts.texts()
    finally:
        speak("zh")


async def test_a_long_kind_in_english_stays_within_a_narrow_panel(open_case) -> None:
    speak("en")
    superior = Superior(channel="h12345", number="S-1", due=hall.NOW)
    panel, seat = open_case(at_stage(Stage.HANDLING, returns=2, superior=superior))
    kind = seat.desk.board.find("kind", panel._case.kind)
    seat.desk.board.apply([replace(kind, name="Unpermitted street vending at a public intersection", rev=2)])
    panel.resize(370, 640)
    panel.retell()
    await turns()
    assert panel._top.minimumSizeHint().width() <= 330
    assert panel._clocks.minimumSizeHint().width() <= 330
    assert panel._top._title.toolTip().startswith("Unpermitted")
    speak("zh")

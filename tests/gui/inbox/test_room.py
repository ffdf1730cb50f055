"""需处理: three versions field by field, who and when, what each choice would do before the click, and what it does."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel

from commandcenter.cache.journal_row import RowState
from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands.references import ReferenceChanged, RetireReference
from commandcenter.domain.facts import Dispatched
from commandcenter.domain.powers import Power
from commandcenter.domain.records import KINDS, Record, kind_of, ref_of, ref_text
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.domain.stays import Stay
from commandcenter.domain.tasks import Objection, Task, TaskKind, TaskState
from commandcenter.domain.teams import Crew, CrewStatus, Team
from commandcenter.store.overlay import Act
from commandcenter.store.touched import Touched
from commandcenter.sync.connection import State
from commandcenter.sync.outages import Outage
from commandcenter.sync.versions import WITHHELD
from tests.gui.inbox.conftest import MINE, THEIRS, Waiting, filed
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.ordering import Order, ordering
from tests.kit.seat import FakeHall
from tests.kit.swapping import Swap, swapping
from tests.kit.turns import settled, turns
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.feedback.states import StateCard
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow
from ui.kit.texts.names import heading
from ui.kit.texts.words import speak, terms
from ui.status import columns
from ui.status.watch import StatusWatch

Opened = Callable[[], InboxRoom]


def listed(room: InboxRoom) -> list[str]:
    return [str(room.list.model.index(row).data()) for row in range(room.list.model.rowCount())]


async def test_each_field_is_told_in_three_versions_with_who_and_when(waiting: Waiting, opened: Opened) -> None:
    waiting.clash()
    room = opened()
    assert room.versions.texts() == (
        "1 个字段相撞：承办",
        "望湖街道 街镇 15:40:08 已派遣至望湖·派出所。你的这一步没有丢，也没有覆盖谁。",
    )
    rows = {row[0]: row[1:] for row in room.versions.table.rows()}
    assert rows["承办 相撞"] == ("没有", "望湖·城管", "望湖·派出所 望湖街道 街镇 15:40:08")
    assert rows["环节 两边一致"][:2] == ("已立案", "已派遣")
    before, mine, theirs = (head.text() for head in room.versions.table.heads)
    assert before.startswith("原来 做的时候看到的\n第")
    assert mine == "我的 15:37:08 存下\n15:41:08 送达"
    assert theirs.startswith("他人 现在\n第")
    await tasks.close()


async def test_of_the_same_step_of_both_it_is_told_whose_came_first_not_who_made_it_first(
    waiting: Waiting, opened: Opened
) -> None:
    waiting.clash(to=MINE)  # mine was made three minutes before theirs, which reached the platform before it
    room = opened()
    assert room.versions.texts()[0] == "同样的一步，别人的先到平台"
    speak("en")
    QCoreApplication.processEvents()
    assert room.versions.texts()[0] == "Somebody else's same step reached the platform first"
    await tasks.close()


async def test_of_an_act_on_two_cases_the_one_that_changed_meanwhile_is_compared(
    desk: FakeDesk, waiting: Waiting, opened: Opened, seat: FakeHall
) -> None:
    one, two = (
        replace(filed(key), stage=Stage.DISPATCHED, responsible=to) for key, to in ((421, MINE), (422, "s03-market"))
    )
    desk.board.apply([one, replace(two, rev=two.rev + 1, responsible="s03-police")])
    with swapping():
        waiting.row(Swap(one.id, two.id), one, two, state=RowState.CONFLICT)
        room = opened()
        title = str(heading(desk.board, two))
        assert title in [label.text() for label in room.versions.head.findChildren(QLabel)]
        assert title in listed(room)[1]
        rows = {row[0]: row[1:] for row in room.versions.table.rows()}
        assert rows["承办 相撞"] == ("望湖·市场监管", "望湖·城管", "望湖·派出所")
        assert seat.focus.case == two.id
    await tasks.close()


_PART = ("c", TaskKind.CO_HANDLING, "s03-urban", TaskState.REFUSED, "s03", "s04-urban", hall.NOW, hall.NOW)
TASK = replace(Task("c.s03-urban", 2, *_PART), objection=Objection.NO_POWER, finding="无此职权")
TEAM = (
    Power("urban", 1, "城管", 1, in_every_street=True),
    Stay("handling", 1, 3600, 7200),
    Team("s03", 1, "望湖综合执法队", (MINE,)),
)
CREW = Crew("crew-1", 3, "一组", MINE, "s03", CrewStatus.AVAILABLE)
ROSTER = Roster("crew-1", 1, MINE, "s03", (Shift(hall.NOW, hall.NOW + timedelta(hours=8)),), ("王强",))


def _ordered(desk: FakeDesk, waiting: Waiting, there: Crew | None, **given: Any) -> Act:
    """My order of a crew to a case, which the platform set the crew against: as it is `there`, None out of sight."""
    case = replace(filed(421), stage=Stage.DISPATCHED, responsible=MINE)
    desk.board.apply([case, there or CREW])
    act = waiting.row(Order(case.id, CREW.id), case, CREW, state=RowState.CONFLICT, **given)
    if there is None:
        desk.board.apply((), [("crew", CREW.id)])
    return act


async def test_of_an_order_to_a_crew_that_changed_meanwhile_the_crew_is_named_and_compared(
    desk: FakeDesk, waiting: Waiting, opened: Opened, seat: FakeHall
) -> None:
    now = replace(CREW, rev=4, name="二组", status=CrewStatus.ON_SCENE)
    edited = ReferenceChanged("crew:crew-1", "ops", desk.now(), replace(now, status=CREW.status))
    with ordering():
        act = _ordered(desk, waiting, now, since=(edited,))
        room = opened()
        assert "队组 二组" in [label.text() for label in room.versions.head.findChildren(QLabel)]
        assert "队组 二组" in listed(room)[1]
        assert room.versions.texts() == (
            "队组 二组：1 个字段相撞：状态",
            "ops 15:42:08 已修改。你的这一步没有丢，也没有覆盖谁。",
        )
        rows = {row[0]: row[1:] for row in room.versions.table.rows()}
        assert rows["名称 他人已改"] == ("一组", "未改", "二组 ops 15:42:08")
        assert rows["状态 相撞"] == ("待命", "已派", "到场")
        assert rows["任务 只这步改"] == ("—", "00421 道路积水 在办", "未改")
        assert rows["机构 没有人动"][0] == "望湖·城管"
        assert room.side._kind.text() == "队组现在"
        assert ("名称", "二组") in room.side.now.texts()
        assert ("状态", "到场") in room.side.now.texts()
        choices = room.versions.choices
        assert "按现在的队组送出" in choices.sentence("again")
        assert choices.sentence("drop") == "队组保持现在的样子；你的这一步不送出，记录里留一笔。"
        room.side.show_time_left("按时 1:00:00")  # a crew has none
        assert ("名称", "二组") in room.side.now.texts()
        assert seat.focus.case == act.ref[1]  # the case of the order is shown elsewhere
        assert columns.about(desk.board, act) == "order  00421  道路积水  队组 二组"
        speak("en")
        QApplication.processEvents()
        assert room.versions.texts()[0] == "crew 二组: Fields that clash (1): Status"
    await tasks.close()


async def test_what_changed_of_a_crew_without_a_clash_names_the_crew_not_a_case(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    with ordering():
        _ordered(desk, waiting, replace(CREW, rev=4, name="二组"))
        room = opened()
        assert room.versions.texts()[0] == "别人先动了：队组 二组"
        assert not [said for said in room.versions.texts() if "案件" in said]
    await tasks.close()


async def test_a_crew_out_of_sight_is_told_as_a_crew(desk: FakeDesk, waiting: Waiting, opened: Opened) -> None:
    with ordering():
        _ordered(desk, waiting, None)
        desk.board.apply([replace(CREW, id="other")])
        row = desk.rows[0]
        desk.rows[0] = replace(row, refs=row.refs[::-1], result=None)
        room = opened()
        room._touch(Touched(everything=True))
        assert room.versions.texts()[1] == "队组已不在本席范围；你的这一步没有丢，也没有送成。"
        assert room.side.now.texts() == [("现在", "不在本席范围")]
    await tasks.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_record_of_any_kind_is_named_and_shown_by_its_fields(
    kind: str, desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    known: tuple[Record, ...] = (CREW, ROSTER, TASK, *TEAM, filed(421), *hall.reference())
    record = next(one for one in known if kind_of(one) == kind)
    desk.board.apply([record])
    waiting.row(RetireReference(ref_text(*ref_of(record))), record, state=RowState.REFUSED, code="role")
    room = opened()
    said = terms()["record_kind"][kind]["zh"]
    assert room.side._kind.text() == f"{said}现在"
    named = {"task": "望湖·城管", "roster": "望湖·城管", "stay": "handling"}
    called = named.get(kind, getattr(record, "name", "道路积水"))
    assert called in str(room.list.model.index(1).data()) or kind == "calendar"
    assert room.side.now.texts()
    if kind != "case":
        names = [terms()["record"][name]["zh"] for name in KINDS[kind].shown]
        assert [name for name, _ in room.side.now.texts()] == names
        values = [value for _, value in room.side.now.texts()]
        assert not [value for value in values if "(" in value or value in ("True", "False", "")]
    await tasks.close()


async def test_what_a_comparison_may_not_show_is_said_to_be_withheld(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    full = replace(filed(421), secret=True, text="我是楼上的租客", external="WX-1", petitioner="p1")
    desk.board.apply([replace(full, rev=full.rev + 1, stage=Stage.DISPATCHED, responsible="s03-police")])
    waiting.row(wish.Dispatch(full.id, MINE), full, state=RowState.CONFLICT)
    room = opened()
    assert ("诉求", "保密，内容不显示") in room.side.now.texts()
    told = "\n".join(cell for row in room.versions.table.rows() for cell in row)
    assert "承办" in told
    assert "租客" not in told
    assert "诉求" not in told  # nobody changed it: only who reads it differs
    assert str(room.side._wording.value("text", WITHHELD)) == "保密，内容不显示"
    await tasks.close()


async def test_the_course_tells_the_cut_and_what_both_did_in_it(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    act = waiting.clash()
    assert act.made_at is not None
    since = act.made_at - timedelta(seconds=30)
    desk.outages.history = (Outage(since, "unreachable", since + timedelta(minutes=4), 1),)
    room = opened()
    told = room.versions.course.text()
    order = ("15:37:08 已存待发", "15:40:08 望湖街道 街镇 派遣至望湖·派出所", "15:41:08 已送达", "需处理")
    assert [told.index(part) for part in order] == sorted(told.index(part) for part in order)
    assert [line.split()[1] for line in room.side.lines()][:2] == ["平台答复", "重新连上"]
    assert "本机断开" in room.side.lines()[-1]
    await tasks.close()


async def test_what_a_choice_would_do_is_said_before_the_click(waiting: Waiting, opened: Opened) -> None:
    waiting.clash()
    choices = opened().versions.choices
    assert choices.sentence("again") == "现在不能再做：案件现在的环节不能做这一步（案件现在：已派遣）。"
    assert not choices.button("again").isEnabled()
    assert choices.sentence("drop").startswith("案件保持现在的样子（已派遣，承办：望湖·派出所）；你的这一步不送出")
    assert "先放弃这一条" in choices.foot()
    await tasks.close()


async def test_again_is_offered_when_the_rules_allow_it_and_gives_a_new_command(
    desk: FakeDesk, waiting: Waiting, opened: Opened, seat: FakeHall, qtbot: Any
) -> None:
    act = waiting.clash()
    room = opened()
    desk.board.apply([replace(filed(421), rev=9, returns=1)])  # it was given back meanwhile
    room.refresh()
    room._touch(Touched(everything=True))
    said = room.versions.choices.sentence("again")
    assert said == "派遣至望湖·城管，作为新的一步按现在的案件送出；环节由已立案转为已派遣。"
    qtbot.keyClick(room.list.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await settled()
    assert desk.decided == [("again", act.cmd_id)]
    assert desk.heard == [wish.Dispatch(filed(421).id, MINE)]
    assert seat.told == [("00421 道路积水 派遣，已存待发", "ok")]
    assert listed(room)[0] == "已决定 1"
    assert listed(room)[1].startswith("已重做 00421 道路积水")
    await tasks.close()


async def test_drop_by_its_key_leaves_the_case_and_goes_on_to_the_next(
    desk: FakeDesk, waiting: Waiting, opened: Opened, seat: FakeHall, qtbot: Any
) -> None:
    waiting.clash(422, minutes=9)
    newer = waiting.clash(421)
    room = opened()
    assert room.shown is not None
    assert room.shown.act.cmd_id == newer.cmd_id
    qtbot.keyClick(room.list.view, Qt.Key.Key_Delete)
    await settled()
    assert desk.decided == [("drop", newer.cmd_id)]
    assert desk.heard == []
    assert "已放弃：00421 道路积水 派遣" in seat.told[0][0]
    assert room.shown.act.ref == ("case", filed(422).id)
    await tasks.close()


async def test_a_refused_choice_cannot_be_taken_by_its_key(
    desk: FakeDesk, waiting: Waiting, opened: Opened, qtbot: Any
) -> None:
    waiting.clash()
    room = opened()
    qtbot.keyClick(room.list.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await settled()
    assert desk.decided == []
    await tasks.close()


async def test_newest_consequence_first_what_waits_behind_it_after_it_others_apart(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    waiting.clash(422, minutes=9)
    first = waiting.clash(421)
    held = waiting.row(
        wish.ApproveReturn(filed(421).id), filed(421), state=RowState.HELD, code="held", about=first.cmd_id
    )
    waiting.row(
        wish.Dispatch(filed(423).id, MINE), filed(423), state=RowState.KEPT, code="other_user", user="王敏",
        made_at=desk.now() - timedelta(minutes=1),
    )  # fmt: skip
    room = opened()
    assert [row.split(" ")[0] for row in listed(room)] == ["待我处理", "冲突", "排队", "冲突", "他人留在本机", "他人"]
    room.list.choose(held.cmd_id)
    assert room.versions.texts()[0] == "排在前一步之后：派遣"
    assert room.versions.choices.sentence("again") == "要先处理它前面的那一步。"
    room.versions.blocker.click()
    assert room.shown is not None
    assert room.shown.act.cmd_id == first.cmd_id
    assert "排在后面的 1 步" in room.versions.choices.sentence("drop")
    room.list.view.setCurrentIndex(room.list.model.index(5))
    assert room.versions.texts()[0] == "王敏留在本机的操作，还没有送出"
    assert not room.versions.choices.button("drop").isEnabled()
    assert "一条不少" in room.versions.choices.foot()
    QAbstractItemModelTester(room.list.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    await tasks.close()


async def test_no_row_moves_under_the_pointer(
    waiting: Waiting, opened: Opened, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.clash(422, minutes=9)
    room = opened()
    before = listed(room)
    monkeypatch.setattr(room.list.view.viewport(), "underMouse", lambda: True)
    waiting.clash(421)
    room.refresh()
    assert listed(room) == before
    assert room.list.arrived.text() == "新到 1 条，暂未插入"
    qtbot.mouseClick(room.list.arrived, Qt.MouseButton.LeftButton)
    assert len(listed(room)) == len(before) + 1
    assert room.shown is not None
    assert room.shown.act.ref == ("case", filed(422).id)  # what is looked at stays
    assert room.list.arrived.isHidden()
    waiting.clash(423, minutes=1)
    room.refresh()
    QApplication.sendEvent(room.list.view.viewport(), QEvent(QEvent.Type.Leave))
    assert len(listed(room)) == len(before) + 2
    await tasks.close()


async def test_nothing_needs_you_is_said_with_what_is_true_and_the_way_back(
    desk: FakeDesk, opened: Opened, qtbot: Any
) -> None:
    desk.unsent = {"d07": 2}
    room = opened()
    assert _card(room) == "没有需要你处理的 未送达 2 条，连上后按序送出。"
    with qtbot.waitSignal(room.gone):
        qtbot.keyClick(room, Qt.Key.Key_Escape)
    assert room.isHidden()
    await tasks.close()


async def test_offline_the_history_is_what_this_machine_knows_and_choices_are_kept_here(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    waiting.clash()
    desk.offline = True
    desk.connection.to(State.WAITING, code="unreachable")
    desk.board.apply([replace(filed(421), rev=9)])
    room = opened()
    await settled()
    assert room.side.note.text() == "只有本机知道的经过：没有应答"
    assert "先存在本机" in room.versions.choices.foot()
    assert any("派遣至望湖·派出所" in line for line in room.side.lines())
    await tasks.close()


async def test_a_case_out_of_sight_and_an_old_dispatch_have_their_own_words(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    old = waiting.row(wish.Dispatch(filed(421).id, MINE), filed(421), state=RowState.HELD, code="old")
    gone = waiting.row(wish.Dispatch(filed(422).id, MINE), filed(422), state=RowState.REFUSED, code="unknown_case")
    desk.board.apply((), [("case", filed(422).id)])
    desk.rows[1] = replace(desk.rows[1], result=None)
    room = opened()
    room.list.choose(old.cmd_id)
    assert room.versions.texts() == ("存得太久，发送前先问你", "案件可能已经变了，请看一眼再决定。")
    assert room.versions.choices.button("again").isEnabled()
    room.list.choose(gone.cmd_id)
    assert room.versions.texts()[0] == "没有接受：案件已不在本席范围"
    assert "不在本席范围" in room.versions.texts()[1]
    assert room.versions.table.rows()[0][3] == "—"
    await tasks.close()


async def test_it_speaks_english_and_gives_way_on_a_small_screen(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    act = waiting.clash()
    assert isinstance(act.command, wish.Dispatch)
    at = desk.now() - timedelta(minutes=2)
    since = Dispatched(act.command.case, "s03.street_dispatcher", at, THEIRS, Tier.STREET)
    desk._historyquery = lambda _query: (since,)
    room = opened()
    speak("en")
    QApplication.processEvents()
    assert room.versions.texts()[0] == "Fields that clash (1): Holder"
    assert room.versions.choices.sentence("again").startswith("Cannot be done again now")
    assert listed(room)[1].startswith("Conflict 00421")
    room.resize(1330, 696)
    await turns(5)
    course = room.versions.course
    assert "15:40:08" in course.text()  # what the other hall did
    assert course.visibleRegion().boundingRect() == course.rect()  # the fields and how it came about, at one glance
    room.resize(1100, 640)
    QApplication.processEvents()
    assert room.side.isHidden()
    assert room.versions.choices.button("drop").isVisible()
    await tasks.close()


async def test_looking_at_an_act_chooses_its_case_everywhere(waiting: Waiting, opened: Opened, seat: FakeHall) -> None:
    waiting.clash()
    opened()
    assert seat.focus.case == hall.case(421).id
    assert seat.desk.board.find("case", seat.focus.case).stage is Stage.DISPATCHED  # type: ignore[union-attr]
    await tasks.close()


def _card(room: InboxRoom) -> str:
    card = room.versions.findChild(StateCard)
    assert card is not None
    return card.accessibleName()


async def test_what_is_not_on_the_board_any_more_is_not_told_from_memory(
    desk: FakeDesk, waiting: Waiting, opened: Opened
) -> None:
    waiting.clash()
    room = opened()
    await turns()
    assert "受理" in room.side.lines()[-1]
    desk.board.replace(())  # no role at this moment
    await turns()
    assert not [line for line in room.side.lines() if "受理" in line or "立案" in line]
    await tasks.close()


async def test_an_answer_that_comes_when_the_room_is_gone_harms_nothing(
    desk: FakeDesk, seat: FakeHall, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.clash()
    follow, watch, gate, ask = Follow(desk.board), StatusWatch(desk), asyncio.Event(), desk.ask

    async def slow(query: Any) -> Any:
        await gate.wait()
        return await ask(query)

    monkeypatch.setattr(desk, "ask", slow)
    room = InboxRoom(seat, follow=follow, watch=watch, tell=fact_words, left=lambda case: "", done=seat.tell_act)
    room.open()
    room.decide("drop")
    room.close_following()
    QCoreApplication.sendPostedEvents(room, QEvent.Type.DeferredDelete)
    gate.set()
    await turns()
    assert not tasks.running()
    assert desk.decided
    watch.close()
    follow.close()

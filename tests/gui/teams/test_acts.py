"""What is dragged or moved in the lanes: the words before it, the command that follows, and why something cannot be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from commandcenter.domain.commands import Command, Dispatch
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.commands.queueing import Reorder
from commandcenter.domain.people import Role
from commandcenter.domain.teams import CrewStatus
from tests.gui.teams.conftest import POLICE, URBAN, Opened, held
from tests.kit import hall
from tests.kit.case_panel import answer_main, the_sheet
from tests.kit.crews import assigned
from tests.kit.standing_out import faint_in
from tests.kit.street_crews import crew
from tests.kit.turns import seen, settled
from ui.kit.command_line.saying import line_of
from ui.teams.layout import Part
from ui.teams.view import LaneView

Open = Callable[..., Opened]
LEFT = Qt.MouseButton.LeftButton
SMALL = (1860, 640)  # pixels, where all that is painted is measured
DRAGGED = frozenset({"edge"})  # of the target and of the ghost


def spot(view: LaneView, part: Part, key: str) -> QPoint:
    found = view.layout_now.find((part, key))
    assert found is not None
    return view.rect_of(found).center()


def column(view: LaneView, unit: str) -> QPoint:
    """Returns the middle of the head of the column in which a unit stands."""
    for item in view.layout_now.items():
        if item.part is Part.HEAD and unit in view.lanes[item.lane].columns[item.column].units:
            return view.rect_of(item).center()
    raise AssertionError(unit)


def drag(view: LaneView, start: QPoint, end: QPoint) -> str:
    """Drags from `start` to `end` without letting go; returns what is said there."""
    if not view.viewport().rect().contains(end):
        view.verticalScrollBar().setValue(view.top + end.y() - 300)
        end = QPoint(end.x(), 300)
    ground = view.viewport()
    QTest.mousePress(ground, LEFT, pos=start)
    for at in (start + QPoint(20, 20), end):
        QTest.mouseMove(ground, at)
        view._drag_to(at)  # the virtual screen tells of no button that is held during a move
    return "" if view.dragging.offer is None else str(view.dragging.offer.told)


async def given(stage: Opened) -> list[Command]:
    """Lets go, and returns the commands that the desk has heard then."""
    QTest.mouseRelease(stage.room.view.viewport(), LEFT, pos=stage.room.view.dragging.spot)
    await settled()
    return stage.desk.heard


async def test_a_case_that_waits_is_dispatched_to_the_unit_on_which_it_is_put(opened: Open) -> None:
    case = hall.case(1)
    stage = opened(case, held(2, due=hall.NOW + timedelta(minutes=5)))
    view = stage.room.view
    said = drag(view, spot(view, Part.CASE, case.id), column(view, URBAN))
    assert said == "派遣至望湖·城管，排第 2 位"
    offer = view.dragging.offer
    assert offer is not None
    assert (line_of(stage.desk.board, offer.first), str(offer.doubt)) == ("pd 00001 望湖·城管", "")
    assert await given(stage) == [Dispatch(case.id, URBAN)]
    assert [text for text, _ in stage.seat.told] == ["00001 派遣，已存待发"]
    placed = view.layout_now.find((Part.CASE, case.id))
    assert placed is not None


async def test_a_unit_without_the_power_may_have_it_and_is_doubted(opened: Open) -> None:
    case = hall.case(1, kind=next(kind.id for kind in hall.kinds() if kind.powers == ("urban",)))
    view = opened(case, size=SMALL).room.view
    drag(view, spot(view, Part.CASE, case.id), column(view, POLICE))
    offer = view.dragging.offer
    assert offer is not None
    assert offer.may
    assert str(offer.doubt) == "这一小类一般不归它管，请确认"
    assert faint_in(view, showing=DRAGGED) == {}


async def test_a_case_put_on_a_crew_goes_to_its_unit_with_it(opened: Open) -> None:
    case, free = hall.case(1), crew(1)
    stage = opened(case, free)
    view = stage.room.view
    said = drag(view, spot(view, Part.CASE, case.id), spot(view, Part.CREW, free.id))
    assert said == "派遣至望湖·城管，一队出动"
    assert await given(stage) == [Dispatch(case.id, URBAN, crew=free.id)]
    assert stage.seat.taught == ["pd 00001 城管一队"]


async def test_a_crew_is_sent_to_the_case_on_which_it_is_put(opened: Open) -> None:
    case, free = held(1), crew(1, POLICE)
    stage = opened(case, free)
    view = stage.room.view
    assert drag(view, spot(view, Part.CREW, free.id), spot(view, Part.CASE, case.id)) == "派望湖·派出所 一队去"
    assert await given(stage) == [SendCrew(case.id, free.id)]


async def test_a_crew_at_work_leaves_it_for_a_reason_alone(opened: Open) -> None:
    case, other = held(1), held(2)
    busy = crew(1, status=CrewStatus.HANDLING, **assigned(other.id, holder=URBAN, street="s03"))
    stage = opened(case, other, busy)
    view = stage.room.view
    said = drag(view, spot(view, Part.CREW, busy.id), spot(view, Part.CASE, case.id))
    assert said == "派望湖·城管 一队去；它有任务，要写原因"
    QTest.mouseRelease(view.viewport(), LEFT, pos=view.dragging.spot)
    await answer("积水没过脚踝")
    await settled()
    assert stage.desk.heard == [SendCrew(case.id, busy.id, "积水没过脚踝")]
    assert stage.seat.taught == ["du 00001 城管一队"]


async def answer(text: str) -> None:
    """Writes the reason that is asked for, and gives it."""
    await seen(lambda: any(one.isVisible() and one.inherits("QDialog") for one in QApplication.topLevelWidgets()))
    the_sheet().findChild(QPlainTextEdit).setPlainText(text)
    answer_main()


async def test_a_case_goes_back_to_wait_with_a_reason(opened: Open) -> None:
    case = held(1)
    stage = opened(case)
    view = stage.room.view
    first = next(item for item in view.layout_now.items() if item.part is Part.HEAD and item.lane == 2)
    said = drag(view, spot(view, Part.CASE, case.id), view.rect_of(first).center())
    assert said == "撤回到待派，要写原因"
    QTest.mouseRelease(view.viewport(), LEFT, pos=view.dragging.spot)
    await answer("派错了")
    await settled()
    assert stage.desk.heard == [Recall(case.id, "派错了")]


async def test_from_one_unit_to_another_it_is_taken_back_first(opened: Open) -> None:
    case = held(1)
    stage = opened(case)
    view = stage.room.view
    said = drag(view, spot(view, Part.CASE, case.id), column(view, POLICE))
    assert said == "先撤回，再派遣至望湖·派出所，排第 1 位"
    QTest.mouseRelease(view.viewport(), LEFT, pos=view.dragging.spot)
    await answer("归派出所")
    await settled()
    assert stage.desk.heard == [Recall(case.id, "归派出所"), Dispatch(case.id, POLICE)]


async def test_what_cannot_be_says_why_and_does_nothing(opened: Open) -> None:
    case, off = held(1), crew(1, status=CrewStatus.OFF_DUTY)
    stage = opened(case, off)
    view = stage.room.view
    assert drag(view, spot(view, Part.CREW, off.id), spot(view, Part.CASE, case.id)) == "这个队组离岗"
    assert await given(stage) == []
    assert stage.seat.told == [("这个队组离岗", "warn")]
    assert drag(view, spot(view, Part.CREW, off.id), column(view, POLICE)) == "放到一件案件上"


async def test_a_shift_leader_leads_and_does_not_dispatch(opened: Open) -> None:
    case = hall.case(1)
    view = opened(case, role=Role.SHIFT_LEADER, size=SMALL).room.view
    said = drag(view, spot(view, Part.CASE, case.id), column(view, URBAN))
    assert said != ""
    assert not view.dragging.offer.may  # type: ignore[union-attr]
    assert faint_in(view, showing=DRAGGED) == {}


async def test_esc_gives_up_what_is_dragged_and_stays_in_the_room(opened: Open) -> None:
    case = hall.case(1)
    stage = opened(case)
    view = stage.room.view
    drag(view, spot(view, Part.CASE, case.id), column(view, URBAN))
    assert not view.grab().isNull()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.dragging.is_on
    assert not stage.room.isHidden()
    assert await given(stage) == []


def queue(*minutes: float) -> list:
    return [held(at, due=hall.NOW + timedelta(minutes=many)) for at, many in enumerate(minutes, 1)]


def shown(view: LaneView) -> list[str]:
    return [key[-1] for lane in view.lanes for one in lane.columns for key in one.queue]


@pytest.mark.parametrize(
    ("moved", "keys", "order"),
    [(1, "down", "2134"), (4, "up", "1243"), (3, "up up", "3124"), (1, "down down down", "2341"), (1, "up", "1234")],
)
async def test_ctrl_and_an_arrow_move_a_case_by_one_place(opened: Open, moved: int, keys: str, order: str) -> None:
    stage = opened(*queue(10, 20, 30, 40))
    view = stage.room.view
    for key in keys.split():
        stage.room.view.choose_case(held(moved).id)
        QTest.keyClick(view, Qt.Key.Key_Up if key == "up" else Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
        await settled()
        stage.room.refresh()
    assert "".join(shown(view)) == order


async def test_a_row_dropped_in_its_queue_takes_that_place_and_its_own_again(opened: Open) -> None:
    stage = opened(*queue(10, 20, 30))
    view = stage.room.view
    assert drag(view, spot(view, Part.CASE, held(3).id), spot(view, Part.CASE, held(1).id)) == "放在第 1 位"
    heard = await given(stage)
    assert heard == [Reorder(held(3).id, hall.NOW + timedelta(minutes=9))]
    stage.room.refresh()
    assert shown(view) == ["3", "1", "2"]
    said = drag(view, spot(view, Part.CASE, held(3).id), spot(view, Part.CASE, held(2).id))
    assert said == "回到按余时的第 3 位"
    assert (await given(stage))[-1] == Reorder(held(3).id, None)


async def test_in_the_column_of_several_units_each_can_be_chosen(opened: Open) -> None:
    case = hall.case(1)
    other = next(unit for unit in hall.holders() if unit.id == "s03-urban")
    health = replace(other, id="s03-health", power="health", short="望湖·卫生")
    stage = opened(case, health, size=SMALL)
    view = stage.room.view
    start, top = spot(view, Part.CASE, case.id), column(view, "s03-health")
    assert drag(view, start, top + QPoint(0, 20)) == "派遣至望湖·卫生，排第 1 位"
    view._let_go(act=False)
    assert drag(view, start, top + QPoint(0, 48)) == "派遣至望湖·住建，排第 1 位"
    assert faint_in(view, showing=DRAGGED) == {}
    assert await given(stage) == [Dispatch(case.id, "s03-housing")]

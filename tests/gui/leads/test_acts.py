"""What is done at the board: by keys, by the buttons beside it, and by dragging a body on to a card."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Command
from commandcenter.domain.commands.co_handling import AddCoHandler
from commandcenter.domain.commands.leading import ChangeLead, SetLead
from commandcenter.domain.people import Role
from commandcenter.domain.tasks import TaskState
from tests.gui.leads.conftest import Opened
from tests.kit import hall
from tests.kit.case_panel import answer_main, the_sheet
from tests.kit.coordinated import DATA, HOUSING, LABOUR, URBAN, helped, led, part, refused, waiting
from tests.kit.standing_out import faint_in
from tests.kit.turns import seen, settled
from ui.leads.handle import Handle
from ui.leads.layout import LEAD
from ui.leads.targets import BETWEEN, SLOT

Open = Callable[..., Awaitable[Opened]]
SMALL = (1300, 640)  # pixels, where all that is painted is measured
DRAGGED = frozenset({"edge"})  # of the places of the card and of the ghost
ON_LEAD, ON_HELPER, ABOVE = LEAD + SLOT // 2, LEAD + SLOT + BETWEEN + SLOT // 2, 10  # pixels below the top of a card


def handle(stage: Opened, body: str) -> Handle:
    """Returns what stands for a body at the side."""
    panel = stage.room.side.bodies
    return next(one for one in (*panel.boxes, *panel.rows) if one.body == body and one.isVisible())


def send(widget: Handle, kind: QEvent.Type, spot: QPoint) -> None:
    """Sends what a mouse would: the virtual screen tells of no button that is held during a move."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    buttons = (
        none if kind is QEvent.Type.MouseMove else left,
        none if kind is QEvent.Type.MouseButtonRelease else left,
    )
    where = (QPointF(widget.mapFromGlobal(spot)), QPointF(spot))
    QApplication.sendEvent(widget, QMouseEvent(kind, *where, *buttons, Qt.KeyboardModifier.NoModifier))


def drag(stage: Opened, body: str, number: int, down: int) -> list[str]:
    """Drags a body on to a card, `down` pixels below its top; returns what is said beside it."""
    view, taken = stage.room.view, handle(stage, body)
    card = view.rect_of_card(hall.case(number).id)
    spot = view.viewport().mapToGlobal(QPoint(card.left() + 60, card.top() + down))
    send(taken, QEvent.Type.MouseButtonPress, taken.mapToGlobal(QPoint(5, 5)))
    for at in (taken.mapToGlobal(QPoint(30, 30)), spot):
        send(taken, QEvent.Type.MouseMove, at)
    return [said for said, _ in stage.room.dragging.ghost.lines]


async def dropped(stage: Opened, body: str) -> list[Command]:
    """Lets go, and returns the commands that the desk has heard then."""
    send(handle(stage, body), QEvent.Type.MouseButtonRelease, stage.room.dragging._spot)
    await settled()
    return stage.desk.heard


@pytest.mark.parametrize(
    ("down", "said", "line", "given"),
    [
        (ON_LEAD, "松手定区城管局为主办", "命令：zb 00001 区城管局", SetLead(hall.case(1).id, URBAN)),
        (ON_HELPER, "松手请区城管局协办", "命令：xb 00001 区城管局", AddCoHandler(hall.case(1).id, URBAN)),
        (ABOVE, "松手定区城管局为主办", "命令：zb 00001 区城管局", SetLead(hall.case(1).id, URBAN)),
    ],
)
async def test_a_body_put_on_a_place_of_a_card_gets_that_part(
    opened: Open, down: int, said: str, line: str, given: Command
) -> None:
    stage = await opened(waiting(1), waiting(2))
    assert drag(stage, URBAN, 1, down) == ["区城管局", said, line]
    assert not stage.room.grab().isNull()
    assert await dropped(stage, URBAN) == [given]
    assert not stage.room.dragging.ghost.isVisible()


async def test_above_both_places_of_a_case_that_is_led_a_body_is_asked_to_help(opened: Open) -> None:
    stage = await opened(led(1, HOUSING), size=SMALL)
    assert drag(stage, URBAN, 1, ABOVE)[1] == "松手请区城管局协办"
    assert faint_in(stage.room, showing=DRAGGED) == {}
    assert await dropped(stage, URBAN) == [AddCoHandler(hall.case(1).id, URBAN)]


async def test_the_ghost_stands_beside_the_card_and_covers_neither_place(opened: Open) -> None:
    stage = await opened(waiting(1), led(2, stage=Stage.REPORTED, reported_at=hall.NOW), size=(1500, 800))
    view = stage.room.view
    for number, down in ((1, ON_LEAD), (1, ON_HELPER), (2, ON_LEAD)):
        drag(stage, LABOUR, number, down)
        corner = view.viewport().mapTo(stage.room, QPoint())
        card = view.rect_of_card(hall.case(number).id).translated(corner)
        ghost = stage.room.dragging.ghost.geometry()
        assert not ghost.intersects(card)
        assert stage.room.rect().contains(ghost)
        stage.room.dragging.cancel()


async def test_another_lead_than_before_needs_a_reason(opened: Open) -> None:
    stage = await opened(led(1, HOUSING))
    assert drag(stage, URBAN, 1, ON_LEAD)[1] == "松手改由区城管局主办，要写原因"
    send(handle(stage, URBAN), QEvent.Type.MouseButtonRelease, QPoint())
    await seen(lambda: any(one.isVisible() and one.inherits("QDialog") for one in QApplication.topLevelWidgets()))
    the_sheet().findChild(QPlainTextEdit).setPlainText("权属查明")
    answer_main()
    await settled()
    assert stage.desk.heard == [ChangeLead(hall.case(1).id, URBAN, "权属查明")]


async def test_among_the_bodies_the_lead_of_the_chosen_case_is_marked(opened: Open) -> None:
    stage = await opened(waiting(1), led(2, URBAN))
    panel, said = stage.room.side.bodies, "本案主办 · 在办 1"
    stage.seat.focus.choose(hall.case(1).id, by="test")
    await settled()
    last = [row.body for row in panel.rows if row.isVisible()][-1]
    stage.desk.board.apply([replace(led(1, last), rev=2)])
    await seen(lambda: said in [row.load.text() for row in panel.rows if row.body == last])
    await settled()
    (load,) = [row.load for row in panel.rows if row.body == last and row.isVisible()]
    assert load.width() >= load.sizeHint().width()


async def test_where_it_cannot_be_let_go_it_says_why_and_does_nothing(opened: Open) -> None:
    case = led(1, HOUSING)
    stage = await opened(*helped(case, part(case, URBAN)), size=SMALL)
    assert drag(stage, HOUSING, 1, ON_LEAD)[1:] == ["改由区住建局主办，要写原因", "已经是主办"]
    assert faint_in(stage.room, showing=DRAGGED) == {}
    assert await dropped(stage, HOUSING) == []
    assert stage.seat.told == [("已经是主办", "warn")]
    assert drag(stage, URBAN, 1, ON_HELPER)[2] == "已经请过"
    assert await dropped(stage, URBAN) == []


async def test_off_the_cards_nothing_happens_and_esc_gives_up(opened: Open) -> None:
    stage = await opened(waiting(1), size=SMALL)
    said = drag(stage, URBAN, 1, 700)
    assert said == ["区城管局", "放到一张案件卡上：上为主办位，下为协办位", "Esc 放弃"]
    assert faint_in(stage.room, showing=DRAGGED) == {}
    assert await dropped(stage, URBAN) == []
    drag(stage, URBAN, 1, ON_LEAD)
    QTest.keyClick(stage.room.view, Qt.Key.Key_Escape)
    assert not stage.room.dragging.is_on
    assert not stage.room.isHidden()
    assert await dropped(stage, URBAN) == []


async def test_who_does_not_coordinate_drags_nobody(opened: Open) -> None:
    stage = await opened(waiting(1), role=Role.SHIFT_LEADER)
    drag(stage, URBAN, 1, ON_LEAD)
    assert not stage.room.dragging.is_on


async def test_the_column_under_a_dragged_body_scrolls_at_its_edge(opened: Open) -> None:
    stage = await opened(*(waiting(at) for at in range(1, 30)))
    view = stage.room.view
    drag(stage, URBAN, 1, view.viewport().height() - view.rect_of_card(hall.case(1).id).top() - 10)
    stage.room.dragging._scroll()
    assert view.offsets[0] > 0


@pytest.mark.parametrize(
    ("lead", "key", "shift", "given"),
    [
        ("", Qt.Key.Key_1, False, "SetLead"),
        ("", Qt.Key.Key_2, False, "SetLead"),
        ("", Qt.Key.Key_1, True, "AddCoHandler"),
        (LABOUR, Qt.Key.Key_1, False, "AddCoHandler"),
    ],
)
async def test_keys_give_the_case_to_the_first_bodies(
    opened: Open, lead: str, key: Qt.Key, shift: bool, given: str
) -> None:
    stage = await opened(led(1, lead) if lead else waiting(1))
    body = stage.room.side.bodies.boxes[0 if key == Qt.Key.Key_1 else 1].body
    stage.seat.window.activateWindow()
    await seen(lambda: stage.seat.window.isActiveWindow())
    QTest.keyClick(stage.room.view, key, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)
    await seen(lambda: stage.desk.heard != [])
    await settled()
    assert [(type(one).__name__, one.to) for one in stage.desk.heard] == [(given, body)]


async def test_by_key_nobody_is_asked_to_help_with_an_overdue_case_before_a_moment_is_given(opened: Open) -> None:
    stage = await opened(led(1, LABOUR, due=hall.NOW - timedelta(hours=1)))
    stage.seat.window.activateWindow()
    await seen(lambda: stage.seat.window.isActiveWindow())
    QTest.keyClick(stage.room.view, Qt.Key.Key_1)
    await seen(lambda: stage.seat.told != [])
    assert (str(stage.seat.told[-1][0]), stage.desk.heard) == ("案件已逾期，按 A 写明协办到什么时候", [])


async def test_the_keys_walk_over_the_cards_and_the_side_follows(opened: Open) -> None:
    stage = await opened(waiting(1), led(2), led(3))
    view, side = stage.room.view, stage.room.side
    assert (stage.seat.focus.case, view.current) == (hall.case(1).id, hall.case(1).id)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert stage.seat.focus.case == hall.case(3).id
    assert side.head._note.text() == "1124-00003 道路积水"
    assert str(side.stands.text()).startswith("办理中；")
    assert view.accessibleDescription().startswith("办理中：00003 道路积水")
    wanted: list[str] = []
    stage.room.opened.connect(wanted.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert wanted == [hall.case(3).id]


async def test_a_case_chosen_elsewhere_is_gone_to(opened: Open) -> None:
    stage = await opened(*(waiting(at) for at in range(1, 30)), led(31))
    view = stage.room.view
    stage.seat.focus.choose(hall.case(29).id, by="command")
    assert view.current == hall.case(29).id
    card = view.rect_of_card(hall.case(29).id)
    assert view.viewport().rect().contains(card)


async def test_the_side_says_what_each_sub_task_is_about(opened: Open) -> None:
    case = refused(waiting(1), HOUSING, reason="泵房属小区")
    told = [part(case, URBAN, TaskState.REPORTED, note="取水样", finding="水样合格"), part(case, DATA, note="查权属")]
    stage = await opened(*helped(case, *told))
    side = stage.room.side
    assert side.objection.text() == "区住建局不主办：非本部门职责 泵房属小区"
    rows = [(row.name.text(), row.said.text(), row.detail.text()) for row in side.tasks.rows]
    assert rows == [
        ("协办 区城管局", "已报", "附言：取水样\n反馈：水样合格"),
        ("协办 区数据资源局", "在办 1:00:00", "附言：查权属"),
    ]
    stage.pass_time(1)
    assert side.tasks.rows[1].said.text() == "在办 0:59:59"


async def test_reasons_stand_beside_each_of_the_first_three(opened: Open) -> None:
    case = refused(waiting(1), URBAN)
    stage = await opened(*helped(case, part(case, HOUSING)), *(led(at, LABOUR) for at in range(2, 8)))
    panel = stage.room.side.bodies
    told = {box.body: box.reasons.texts() for box in panel.boxes}
    assert told[HOUSING][0] == "+ 已请它协办"
    assert URBAN not in told  # it refused: it stands below the others with the duty
    assert [row.body for row in panel.rows if row.isVisible()] == [DATA, LABOUR, URBAN]


async def test_buttons_of_steps_say_why_they_cannot_be_pressed(opened: Open) -> None:
    stage = await opened(waiting(1), led(2))
    buttons = stage.room.side.steps.buttons
    assert {name for name, one in buttons.items() if one.isVisible() and one.isEnabled()} == {
        "set_lead",
        "add_co_handler",
    }
    assert buttons["override_tasks"].accessibleDescription() == "案件现在的环节不能做这一步"
    assert stage.room.side.steps.line.text().startswith("命令：zb 00001 ")
    stage.room.view.go_to(hall.case(2).id)
    assert buttons["change_lead"].isVisible()
    assert not buttons["set_lead"].isVisible()
    assert buttons["override_tasks"].accessibleDescription() == "协办都已办完"


async def test_esc_closes_the_dialog_of_a_step_at_once(opened: Open) -> None:
    stage = await opened(led(1))
    stage.room.side.steps.buttons["whistle"].click()
    await seen(lambda: any(one.isVisible() and one.inherits("QDialog") for one in QApplication.topLevelWidgets()))
    QTest.keyClick(the_sheet().focusWidget(), Qt.Key.Key_Escape)
    await settled()
    assert not any(one.isVisible() and one.inherits("QDialog") for one in QApplication.topLevelWidgets())
    assert stage.desk.heard == []

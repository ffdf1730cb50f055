"""The board as it is shown: what a card says, what a second changes, which cases the tabs and the filter leave."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Stage
from commandcenter.domain.people import Role
from commandcenter.domain.tasks import Objection, TaskKind, TaskState
from commandcenter.sync.connection import State
from tests.gui.leads.conftest import Opened
from tests.kit import coordinated, hall
from tests.kit.coordinated import DATA, HOUSING, LABOUR, URBAN, helped, led, part, refused, waiting
from tests.kit.turns import seen, settled
from ui.kit.texts.words import speak
from ui.leads.ground import REST
from ui.theme import apply_theme, paint

Open = Callable[..., Awaitable[Opened]]


def lines(stage: Opened, number: int) -> list[tuple[str, str, str]]:
    """The bodies on a card: the shape of their state, their name and what is said of them."""
    wording = stage.room.view._wording
    case = wording.case(hall.case(number).id)
    assert case is not None
    return [(one.glyph or one.icon, one.name, one.said) for one in (wording.lead(case), *wording.lines(case))]


async def test_a_case_without_a_lead_says_how_long_the_coordinator_has_it(opened: Open) -> None:
    stage = await opened(refused(waiting(1, minutes=9), URBAN, Objection.OUTSIDE_OUR_AREA))
    assert lines(stage, 1) == [("flag", "无主办，统筹员计时", "0:09:00"), ("task.refused", "区城管局", "不在辖区")]
    stage.pass_time(5)
    assert lines(stage, 1)[0][2] == "0:09:05"
    assert stage.room.view.sentence.startswith("待定主办：00001 道路积水，按时 ")


async def test_the_head_of_the_column_sums_the_coordinators_time(opened: Open) -> None:
    stage = await opened(waiting(1, minutes=9), waiting(2, minutes=21), led(3))
    view = stage.room.view
    assert view._wording.hint(view.columns[0], "stages") == ("统筹员计时，合计 0:30:00", "warn")
    stage.pass_time(1)
    assert view._wording.hint(view.columns[0], "stages")[0] == "统筹员计时，合计 0:30:02"


async def test_times_on_the_board_are_told_in_working_days_from_one_on(opened: Open) -> None:
    urgent = next(kind.id for kind in hall.kinds() if kind.limit.is_urgent)
    kinds = enumerate((hall.case().kind, urgent), 1)
    stage = await opened(*(waiting(n, minutes=60 * 24 * 3, kind=kind) for n, kind in kinds))
    assert [lines(stage, n)[0][2] for n in (1, 2)] == ["1日 05:12", "3日 00:00"]  # since Saturday: 12:12 of 7 a day
    view = stage.room.view
    assert view._wording.hint(view.columns[0], "stages")[0] == "统筹员计时，合计 12日 00:12"


async def test_a_card_says_how_often_its_case_was_passed_on_and_nothing_of_none(opened: Open) -> None:
    stage = await opened(waiting(1), led(2), led(3, hops=3))
    wording = stage.room.view._wording
    assert [wording.foot(wording.case(hall.case(n).id))[0] for n in (1, 2, 3)] == ["", "转过 1 次", "转过 3 次"]


async def test_cases_of_several_days_with_one_short_number_are_told_apart_by_their_day(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also once the second of them comes."""
    stage = await opened(replace(waiting(1), number="包河-20261121-00262"), led(2))
    view, said = stage.room.view, list[str]()
    monkeypatch.setattr(paint, "words", lambda _pen, _box, text, **_how: said.append(text))
    view.viewport().render(QImage(view.viewport().size(), QImage.Format.Format_RGB32))
    assert {"00262", "00002"} <= set(said)
    stage.desk.board.apply([replace(led(3), number="包河-20261124-00262")])
    await seen(lambda: len(view.layout_now.places) == 3)
    said.clear()
    view.viewport().render(QImage(view.viewport().size(), QImage.Format.Format_RGB32))
    assert {"1121-00262", "1124-00262", "00002"} <= set(said)
    assert "00262" not in said


async def test_each_co_handler_has_its_own_state_and_time(opened: Open) -> None:
    case = led(1, HOUSING)
    late = part(case, LABOUR, TaskState.WORKING, minutes=-4)
    parts = [
        part(case, URBAN, TaskState.WAITING, minutes=70),
        part(case, DATA, TaskState.REPORTED, finding="已查", done_at=hall.NOW),
        late,
    ]
    stage = await opened(*helped(case, *parts))
    assert lines(stage, 1) == [
        ("flag", "区住建局", "0:40:00"),
        ("task.waiting", "区城管局", "待接 1:10:00"),
        ("task.reported", "区数据资源局", "已报"),
        ("task.overdue", "区人社局", "超 0:04:00"),
    ]
    stage.pass_time(3)
    assert [said for _, _, said in lines(stage, 1)] == ["0:40:03", "待接 1:09:57", "已报", "超 0:04:03"]


async def test_a_whistle_says_when_the_body_has_to_be_there(opened: Open) -> None:
    case = led(1)
    call = part(case, URBAN, TaskState.WAITING, kind=TaskKind.WHISTLE, minutes=18)
    stage = await opened(*helped(case, call))
    assert lines(stage, 1)[1:] == [("task.waiting", "区城管局", "16:00 到 0:18:00")]
    stage.pass_time(18 * 60 + 5)
    assert lines(stage, 1)[1:] == [("task.overdue", "区城管局", "超 0:00:05")]
    came = replace(call, rev=2, state=TaskState.REPORTED, done_at=hall.NOW)
    stage.desk.board.apply(helped(replace(case, rev=2), came))
    await seen(lambda: stage.room.side.tasks.rows[0].said.text() == "已到")
    assert lines(stage, 1)[1:] == [("task.reported", "区城管局", "已到")]


def painted(stage: Opened) -> QImage:
    return stage.room.view.viewport().grab().toImage()


async def test_a_second_changes_the_times_and_nothing_else(opened: Open) -> None:
    case = led(2)
    stage = await opened(waiting(1), *helped(case, part(case, URBAN)))
    view = stage.room.view
    before = painted(stage)
    stage.pass_time(1)
    QApplication.processEvents()
    after = painted(stage)
    card = view.rect_of_card(case.id)
    changed = [
        (x, y)
        for x in range(card.left(), card.right())
        for y in range(card.top(), card.bottom())
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert changed
    assert min(x for x, _ in changed) > card.left() + card.width() // 3  # no name, no shape, no edge
    titles = range(card.top() + 30, card.top() + 66)  # what it is about, and where
    assert not [y for _, y in changed if y in titles]


async def test_outside_working_hours_nothing_is_painted_again_but_what_counts_by_the_clock(opened: Open) -> None:
    case = led(1, stage=Stage.REPORTED, reported_at=hall.NOW)
    called = led(2)
    call = part(called, URBAN, TaskState.WAITING, kind=TaskKind.WHISTLE, minutes=600)
    stage = await opened(case, waiting(3), *helped(called, call))
    view = stage.room.view
    stage.pass_time(4 * 3600)  # it is evening
    QApplication.processEvents()
    stage.room.view.repaint_all()
    QApplication.processEvents()
    stage.desk.pass_time(1)
    stage.seat.clock.turn()
    regions = {
        slot.card.id: view.painter.time_region(view.rect_of(at, slot), slot).boundingRect()
        for at, slot in view._visible()
    }
    assert [key[-1] for key, rect in regions.items() if not rect.isEmpty()] == ["2"]
    assert regions[called.id].height() == 20  # its whistle alone


async def test_only_what_changed_is_painted_again_as_if_all_were(opened: Open) -> None:
    stage = await opened(*coordinated.everywhere(60))
    view = stage.room.view
    for _ in range(3):
        stage.pass_time(1)
        QApplication.processEvents()
    late = painted(stage)
    view.painter.forget()
    assert painted(stage) == late


async def test_a_case_that_gets_a_lead_goes_to_the_next_column(opened: Open) -> None:
    stage = await opened(waiting(1), waiting(2))
    view = stage.room.view
    stage.desk.board.apply([replace(led(1, stage=Stage.DISPATCHED), rev=2)])
    await seen(lambda: [len(one.cards) for one in view.columns] == [1, 1, 0, 0, 0, 0])
    assert stage.room.head.tabs.tabText(0) == "按协调环节 2"


async def test_tabs_and_filter_narrow_the_board(opened: Open, qtbot: QtBot) -> None:
    case = led(2, URBAN)
    stage = await opened(waiting(1), *helped(case, part(case, DATA, TaskState.REFUSED)), led(3, HOUSING))
    view, head = stage.room.view, stage.room.head
    head.tabs.choose("conflicts")
    assert [[card.id for card in one.cards] for one in view.columns if one.cards] == [[case.id]]
    head.tabs.choose("leads")
    assert [view._wording.title(one, "leads") for one in view.columns] == ["待定主办", "区住建局", "区城管局"]
    head.tabs.choose("stages")
    qtbot.keyClicks(head.field, "sjzy")  # 数据资源, the co-handler of case 2
    await seen(lambda: [card.id for one in view.columns for card in one.cards] == [case.id])
    QTest.keyClick(head.field, Qt.Key.Key_Escape)
    await seen(lambda: len(view.layout_now.places) == 3)
    assert stage.seat.window.focusWidget() is view


async def test_nothing_to_show_says_why_and_what_to_do(opened: Open) -> None:
    stage = await opened()
    empty = stage.room._empty
    assert empty.isVisible()
    assert "没有区级统筹的案件" in empty.accessibleName()
    stage.desk.board.apply([waiting(1)])
    await seen(lambda: stage.room.view.isVisible())
    assert stage.seat.focus.case == waiting(1).id
    stage.room.head.tabs.choose("whistles")
    assert empty.accessibleName().strip() == "这里没有符合的案件"
    stage.room.head.show_all()
    assert stage.room.view.isVisible()


async def test_while_the_first_cases_come_the_board_is_loading(opened: Open) -> None:
    stage = await opened()
    stage.desk.connection.to(State.WAITING)
    stage.desk.connection.to(State.CONNECTING)
    stage.room.refresh()
    assert stage.room._loading.isVisible()
    assert stage.room._loading.accessibleName() == "正在取案件"


def wheel(stage: Opened, at: QPoint, notches: int) -> None:
    """Turns the wheel over a point of the board."""
    ground = stage.room.view.viewport()
    turned = QPoint(0, -120 * notches)
    where = (at.toPointF(), ground.mapToGlobal(at).toPointF())
    none = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase)
    QApplication.sendEvent(ground, QWheelEvent(*where, QPoint(), turned, *none, False))


async def test_each_column_scrolls_by_itself(opened: Open) -> None:
    stage = await opened(*(waiting(at) for at in range(1, 30)), *(led(at) for at in range(31, 60)))
    view = stage.room.view
    wheel(stage, QPoint(40, 300), 3)
    assert (view.offsets[0] > 0, view.offsets[1:]) == (True, [0] * 5)
    wheel(stage, QPoint(40, 300), 500)
    strip = view.layout_now.strips[0]
    assert view.offsets[0] == strip.height - view._room  # the last card, and no farther
    wheel(stage, QPoint(40, 300), -500)
    assert view.offsets == [0] * 6


async def test_a_chosen_card_that_goes_to_another_column_stays_whole_in_sight(opened: Open) -> None:
    far = [hall.NOW + timedelta(days=days) for days in (40, 50)]
    stage = await opened(waiting(1), *(led(at) for at in range(31, 60)), led(60, due=far[1]))
    view, case = stage.room.view, hall.case(1).id
    view.choose_case(case)
    stage.desk.board.apply([replace(led(1), rev=9, due=far[0])])
    await seen(lambda: view.layout_now.places[case][0] == 2)
    card, body = view.rect_of_card(case), view.viewport().rect()
    assert view.offsets[2] > 0
    assert card.top() >= 0
    assert card.bottom() < body.bottom() - REST  # above the line that counts the cards below


async def test_the_bar_of_a_column_is_pulled_to_where_it_is_wanted(opened: Open) -> None:
    stage = await opened(*(waiting(at) for at in range(1, 30)))
    view = stage.room.view
    strip, foot = view.layout_now.strips[0], view.viewport().height() - 2
    bar = QPoint(strip.width - 3, foot)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=bar)
    assert view.offsets[0] == strip.height - view._room
    QTest.mouseMove(view.viewport(), QPoint(strip.width - 3, 60))
    await seen(lambda: view.offsets[0] == 0)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(strip.width - 3, 60))
    QTest.mouseMove(view.viewport(), bar)
    await settled()
    assert view.offsets[0] == 0
    assert stage.seat.focus.case == hall.case(1).id


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1330, 660), (1860, 1000), (2500, 1360)])
async def test_it_is_painted_in_any_theme_language_and_size(
    opened: Open, qapp: QApplication, theme: str, language: str, size: tuple[int, int]
) -> None:
    apply_theme(qapp, theme)
    speak(language)
    stage = await opened(*coordinated.everywhere(80), size=size)
    assert not stage.room.grab().isNull()
    sides = [one for one in (stage.room.side.steps, stage.room.side.bodies.boxes[0]) if one.isVisible()]
    assert all(one.minimumSizeHint().width() <= stage.room.side.width() for one in sides)
    await settled()


async def test_a_street_sees_its_own_cases_and_may_only_whistle(opened: Open) -> None:
    case = led(1)
    stage = await opened(case, role=Role.STREET_DISPATCHER, street="s03")
    stage.room.view.go_to(case.id)
    shown = [name for name, button in stage.room.side.steps.buttons.items() if button.isVisible()]
    assert shown == ["whistle"]
    assert stage.room.side.steps.buttons["whistle"].isEnabled()
    assert not stage.room.side.bodies.boxes[0].buttons[0].isVisible()


async def test_a_card_whose_words_are_withheld_shows_kind_and_place(opened: Open) -> None:
    stage = await opened(waiting(1, secret=True, text="我是楼上的租客"), role=Role.DISPATCHER)
    assert stage.room.side.text.text() == "保密，内容不显示"
    assert "租客" not in stage.room.view.sentence
    assert "道路积水" in stage.room.view.sentence

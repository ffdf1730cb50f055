"""The lanes on the screen: what the keyboard and the pointer reach, what is told, and that they follow the board."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Stage
from commandcenter.domain.people import Role
from commandcenter.domain.teams import CrewStatus
from commandcenter.store.touched import Touched
from tests.gui.teams.conftest import POLICE, URBAN, Opened, held, item
from tests.kit import hall
from tests.kit.crews import assigned
from tests.kit.street_crews import crew
from tests.kit.turns import seen
from ui.teams.layout import Part
from ui.teams.view import LaneView

Open = Callable[..., Opened]


def middle(view: LaneView, part: Part, key: str) -> QPoint:
    return view.rect_of(item(view, part, key)).center()


async def test_the_chosen_case_of_the_seat_is_where_the_keyboard_is(opened: Open) -> None:
    stage = opened(held(1), held(2, POLICE), hall.case(3))
    view = stage.room.view
    stage.seat.focus.choose(held(2, POLICE).id, by="queue")
    assert view.current is not None
    assert view.current.key == held(2, POLICE).id
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert stage.seat.focus.case == held(1).id
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert stage.seat.focus.case == hall.case(3).id


async def test_each_item_is_told_in_one_sentence(opened: Open) -> None:
    busy = crew(1, POLICE, CrewStatus.EN_ROUTE, minutes=16, seen=700, **assigned(held(1, POLICE).id))
    view = opened(held(1, POLICE), busy).room.view
    view.go_to(item(view, Part.CASE, held(1, POLICE).id))
    assert view.accessibleDescription() == "望湖街道 派出所：第 1 位，00001 道路积水，按时 3:00:00"
    QTest.keyClick(view, Qt.Key.Key_Down)
    told = "望湖街道 派出所：派出所一队，在途 0:16:00 00001 道路积水 11 分前的位置，超过 0:15:00"
    assert view.accessibleDescription() == told
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.accessibleDescription() == "望湖街道，没有执法队：在办 1，在岗 1 组"


async def test_under_the_pointer_all_of_a_row_is_told_and_what_can_be_done_with_it(opened: Open) -> None:
    view = opened(held(1), crew(1)).room.view
    told = view.tip(item(view, Part.CASE, held(1).id)).splitlines()
    assert told[0] == "望湖街道 城管：第 1 位，00001 道路积水，按时 3:00:00"
    assert told[1] == held(1).place
    assert "Ctrl ↑ ↓ 调序" in told[2]
    assert view.tip(item(view, Part.CREW, f"c-{URBAN}-1")).splitlines()[1].endswith("拖到一件案件上派它去")
    assert view.tip(None) == ""


async def test_enter_and_a_double_click_open_the_case_and_fold_the_lane(opened: Open, qtbot: QtBot) -> None:
    room = opened(held(1)).room
    view = room.view
    view.go_to(item(view, Part.CASE, held(1).id))
    with qtbot.waitSignal(room.opened) as heard:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert heard.args == [held(1).id]
    with qtbot.waitSignal(room.opened):
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, Part.CASE, held(1).id))
    view.go_to(item(view, Part.LANE, "s03"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.layout_now.find((Part.CASE, held(1).id)) is None
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, Part.LANE, "s03"))
    assert view.layout_now.find((Part.CASE, held(1).id)) is not None


async def test_ctrl_and_an_arrow_fold_and_unfold_all_lanes(opened: Open) -> None:
    view = opened(held(1)).room.view
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert {one.part for one in view.layout_now.items()} == {Part.LANE}
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert view.layout_now.find((Part.CASE, held(1).id)) is not None


async def test_enter_at_a_crew_goes_to_its_case(opened: Open) -> None:
    stage = opened(held(1, POLICE), crew(1, status=CrewStatus.HANDLING, **assigned(held(1).id)), crew(2))
    view = stage.room.view
    view.go_to(item(view, Part.CREW, f"c-{URBAN}-1"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert stage.seat.focus.case == held(1).id
    view.go_to(item(view, Part.CREW, f"c-{URBAN}-2"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.current == item(view, Part.CREW, f"c-{URBAN}-2")


async def test_changes_that_follow_one_another_closely_are_shown_together(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened(hall.case(1), hall.case(2))
    shown: list[frozenset[str] | None] = []
    monkeypatch.setattr(stage.room, "refresh", shown.append)
    for number in (1, 2, 1):
        stage.follow.touched.emit(Touched(frozenset({("case", hall.case(number).id)})))
    await seen(lambda: len(list(filter(None, shown))) == 2)
    assert list(filter(None, shown)) == [  # beside what each second is read
        frozenset({hall.case(1).id}),
        frozenset({hall.case(1).id, hall.case(2).id}),
    ]


async def test_a_folded_lane_stays_folded_while_the_room_is_left(opened: Open) -> None:
    room = opened(held(1)).room
    room.view.fold("s03")
    room.leave()
    room.open()
    assert room.view.layout_now.find((Part.CASE, held(1).id)) is None


async def test_the_line_below_a_long_queue_opens_it(opened: Open) -> None:
    view = opened(*(held(number) for number in range(1, 9))).room.view
    more = next(one for one in view.layout_now.items() if one.part is Part.MORE)
    assert more.place == 4
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.rect_of(more).center())
    assert view.layout_now.find((Part.CASE, held(8).id)) is not None


async def test_a_case_that_is_chosen_elsewhere_is_shown_though_its_queue_is_long(opened: Open) -> None:
    stage = opened(*(held(number) for number in range(1, 9)))
    view = stage.room.view
    assert view.layout_now.find((Part.CASE, held(8).id)) is None
    stage.seat.focus.choose(held(8).id, by="search")
    assert view.current == item(view, Part.CASE, held(8).id)
    stage.room.view.fold("s03")
    stage.seat.focus.choose(held(7).id, by="search")
    assert view.current is None


async def test_it_follows_the_board_while_it_is_open(opened: Open) -> None:
    stage = opened(hall.case(1), crew(1))
    view = stage.room.view
    assert item(view, Part.CASE, hall.case(1).id).column == 0
    stage.desk.board.apply([held(1, rev=2)])
    stage.follow.touched.emit(Touched(frozenset({("case", held(1).id)})))
    assert item(view, Part.CASE, held(1).id).column == 1
    stage.room.leave()
    stage.desk.board.apply([held(1, rev=3, stage=Stage.REPORTED)])
    stage.follow.touched.emit(Touched(frozenset({("case", held(1).id)})))
    stage.room.open()
    assert view.layout_now.find((Part.CASE, held(1).id)) is None


async def test_a_light_that_time_turned_is_counted_with_the_second(opened: Open) -> None:
    stage = opened(held(1, green_until=hall.NOW), crew(1))
    assert sum(lane.counts.soon for lane in stage.room.view.lanes) == 0
    stage.desk.pass_time(1)
    stage.seat.clock.turn()
    stage.follow.second.emit()
    assert sum(lane.counts.soon for lane in stage.room.view.lanes) == 1


async def test_a_street_has_one_lane(opened: Open) -> None:
    stage = opened(held(1), crew(1), role=Role.STREET_DISPATCHER, street="s03")
    assert [lane.id for lane in stage.room.view.lanes] == ["s03"]


async def test_esc_leaves_the_room(opened: Open, qtbot: QtBot) -> None:
    room = opened(held(1)).room
    with qtbot.waitSignal(room.dismissed):
        QTest.keyClick(room.view, Qt.Key.Key_Escape)


async def test_a_crew_chosen_on_the_map_is_where_the_keyboard_is_and_the_other_way_round(opened: Open) -> None:
    stage = opened(held(1), crew(1), crew(2), crew(1, POLICE))
    view, heard = stage.room.view, []
    stage.seat.focus.crew_changed.connect(lambda key, by: heard.append((key, by)))
    stage.seat.focus.choose_crew(f"c-{URBAN}-1", by="map")
    assert view.current is not None
    assert view.current.key == f"c-{URBAN}-1"
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert heard == [(f"c-{URBAN}-1", "map"), (f"c-{URBAN}-2", "teams")]
    stage.room.leave()
    stage.seat.focus.choose_crew(f"c-{POLICE}-1", by="map")
    stage.room.open()
    assert view.current.key == f"c-{POLICE}-1"

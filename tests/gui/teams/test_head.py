"""The bar above the lanes: tabs with counts, the legend, and the rows that match what was typed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from commandcenter.domain.teams import CrewStatus
from tests.gui.teams.conftest import POLICE, URBAN, Opened, held
from tests.kit import hall
from tests.kit.street_crews import crew
from tests.kit.turns import seen
from ui.kit.feedback.states import StateCard
from ui.kit.texts.words import speak

Open = Callable[..., Opened]


def tabs(stage: Opened) -> list[str]:
    bar = stage.room.head.tabs
    return [bar.tabText(at) for at in range(bar.count())]


def crews(stage: Opened) -> list[str]:
    return [key for lane in stage.room.view.lanes for one in lane.columns for key in one.crews]


def queued(stage: Opened) -> list[str]:
    return [key for lane in stage.room.view.lanes for one in lane.columns for key in one.queue]


async def test_tabs_and_legend_count_the_crews(opened: Open) -> None:
    stage = opened(
        crew(1), crew(2, status=CrewStatus.HANDLING, minutes=61), crew(3, status=CrewStatus.OFF_DUTY), crew(1, POLICE)
    )
    assert tabs(stage) == ["按街镇 13", "按职权 5", "待命 2", "超阈值 1"]
    assert "待命 2  已派 0  在途 0  到场 0  处置 1  返回 0  离岗 1" in stage.room.head.legend.accessibleName()
    speak("en")
    QApplication.processEvents()
    assert "Handling 1" in stage.room.head.legend.accessibleName()


async def test_a_crew_is_counted_as_too_long_from_the_second_on_that_it_is(opened: Open) -> None:
    stage = opened(crew(1, status=CrewStatus.DISPATCHED, minutes=2.99))
    assert tabs(stage)[-1] == "超阈值 0"
    stage.desk.pass_time(1)
    stage.seat.clock.turn()
    stage.follow.second.emit()
    assert tabs(stage)[-1] == "超阈值 1"


async def test_a_tab_shows_its_crews_alone(opened: Open) -> None:
    stage = opened(crew(1), crew(2, status=CrewStatus.HANDLING, minutes=61), held(1))
    stage.room.head.tabs.choose("available")
    assert crews(stage) == [f"c-{URBAN}-1"]
    stage.room.head.tabs.choose("strained")
    assert crews(stage) == [f"c-{URBAN}-2"]
    stage.room.head.tabs.choose("powers")
    assert [lane.id for lane in stage.room.view.lanes] == list(hall.POWERS)


async def test_what_is_typed_leaves_what_matches_by_number_kind_place_or_pinyin(opened: Open) -> None:
    flooded, other = held(1), held(2, kind="e0101", place="机场路 21 号门前")
    stage = opened(flooded, other, crew(1, POLICE))
    for typed, found in (("00001", [flooded]), ("机场路", [other]), ("dljs", [flooded]), ("派出所", [])):
        stage.room.head.field.setText(typed)
        await seen(lambda found=found: queued(stage) == [case.id for case in found])
    assert crews(stage) == [f"c-{POLICE}-1"]


async def test_where_nothing_matches_the_room_says_so_and_leads_back(opened: Open) -> None:
    stage = opened(held(1))
    stage.room.head.field.setText("没有这样的")
    card = stage.room.findChild(StateCard)
    await seen(lambda: not card.isHidden())
    assert card.accessibleName().startswith("没有符合的案件或队组")
    stage.room.head.field.setFocus()
    QTest.keyClick(stage.room.head.field, Qt.Key.Key_Escape)
    await seen(card.isHidden)
    assert stage.room.view.lanes
    assert not stage.room.isHidden()


async def test_before_the_first_snapshot_the_room_says_what_will_be_there(opened: Open) -> None:
    stage = opened()
    stage.desk.board.replace(())
    stage.room.refresh()
    card = stage.room.findChild(StateCard)
    assert not card.isHidden()
    assert card.accessibleName().startswith("还没有街镇的单位")

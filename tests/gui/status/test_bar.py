"""The status bar: connection, data age, unsent, scope, person and clock are always there and always true."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain import commands as wish
from commandcenter.domain.people import Role
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.connection import State
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.status.bar import StatusBar
from ui.status.hint import CommandHint
from ui.status.watch import CATCHING_UP, StatusWatch
from ui.theme.current_theme import current


@pytest.fixture
def bar(desk: FakeDesk, follow: Follow, watch: StatusWatch, qtbot: Any) -> StatusBar:
    desk.connection.age(stale=False)
    desk.connection.heard(round_trip=0.018, skew=-0.3)
    made = StatusBar(desk, follow, watch, CommandHint())  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1920, 28)
    made.show()
    return made


def test_all_is_well(bar: StatusBar) -> None:
    assert bar.connection.text() == "已连接 往返 18 ms"
    assert bar.age.text() == "数据 0 秒前"
    assert bar.unsent.text() == "未送达 0"
    assert bar.scope.text() == "范围 全区"
    assert bar.person.text() == "派遣员 d07"
    assert bar.clock.text() == "平台时钟 2026-11-24 周二 15:42:08 本机 −0.3 秒"


def test_until_the_platform_has_told_its_time_the_clock_is_this_machines(bar: StatusBar, desk: FakeDesk) -> None:
    desk.connection.skew = None
    for width in (1920, 1366):
        bar.resize(width, 28)
        bar.refresh()
        assert bar.clock.text().startswith("本机时钟 ")


def test_seconds_age_the_data(bar: StatusBar, desk: FakeDesk) -> None:
    desk.pass_time(45)
    bar.refresh()
    assert bar.age.text() == "数据 45 秒前"


def test_cut_off_and_when_it_tries_again(bar: StatusBar, desk: FakeDesk) -> None:
    desk.connection.to(State.WAITING, code="unreachable", retry_at=desk.now() + timedelta(seconds=12))
    bar.refresh()
    assert bar.connection.text() == "已断开 12 秒后重连"


def test_each_segment_stays_where_the_eye_looks_for_it(bar: StatusBar, desk: FakeDesk) -> None:
    bar.refresh()
    places = [segment.x() for segment in (bar.age, bar.unsent, bar.needs)]
    desk.connection.heard(round_trip=0.7, skew=-0.3)
    desk.pass_time(45)
    desk.connection.to(State.CONNECTING)
    bar.refresh()
    QApplication.processEvents()
    assert [segment.x() for segment in (bar.age, bar.unsent, bar.needs)] == places


@pytest.mark.parametrize("told", [False, True])
def test_of_one_outage_one_place_alone_is_in_the_colour_of_alarm(
    desk: FakeDesk, follow: Follow, watch: StatusWatch, qtbot: Any, told: bool
) -> None:
    bar = StatusBar(desk, follow, watch, CommandHint(), is_told=lambda: told)  # type: ignore[arg-type]
    qtbot.addWidget(bar)
    bar.resize(1920, 28)
    bar.show()
    desk.connection.age(stale=False)
    desk.connection.heard(round_trip=0.018, skew=-75.0)
    bar.refresh()
    assert bar.clock.text().endswith("本机慢 1 分 15 秒")
    assert calls(bar.clock) is not told
    desk.connection.to(State.WAITING, code="unreachable", retry_at=desk.now() + timedelta(seconds=12))
    desk.unsent = {"d07": 3}
    desk.pass_time(45)
    bar.refresh()
    for segment in (bar.connection, bar.age, bar.unsent):
        assert calls(segment) is not told, segment.text()
    assert bar.clock.text().endswith("本机慢 1 分 15 秒")
    assert not calls(bar.clock)  # an outage is one call


def calls(widget: QWidget) -> bool:
    """Returns whether something in it has the colour of alarm."""
    return bool({current().warn.lower(), current().bad.lower()} & colours_in(widget))


def colours_in(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_unsent_acts_are_counted_and_told_by_person(bar: StatusBar, desk: FakeDesk) -> None:
    desk.unsent = {"d07": 3, "d08": 1}
    bar.refresh()
    assert bar.unsent.text() == "未送达 4 d07 3，d08 1"
    assert "d08  1" in bar.unsent.toolTip()
    desk.unsent = {"王敏": 3}
    bar.refresh()
    assert bar.unsent.text() == "未送达 3 王敏 3"
    desk.unsent = {"王敏": 3, "d07": 1, "d09": 9}
    bar.refresh()
    assert bar.unsent.text() == "未送达 13 3 人"


async def test_what_needs_the_person_is_counted_and_opens_with_a_click(
    bar: StatusBar, desk: FakeDesk, qtbot: Any
) -> None:
    assert bar.needs.text() == "需处理 0"
    act = await desk.do(wish.Dispatch(hall.case(421).id, to="s03-urban"))
    desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="changed"))  # type: ignore[type-var]
    desk.acts.put(Act("x", 9, "d08", "file", ("case", "c"), (), Delivery.NEEDS_YOU))
    bar.refresh()
    assert bar.needs.text() == "需处理 1"
    with qtbot.waitSignal(bar.needed):
        qtbot.mouseClick(bar.needs, Qt.MouseButton.LeftButton)


def test_a_fresh_line_may_catch_up_before_its_data_count_as_old(desk: FakeDesk, watch: StatusWatch) -> None:
    desk.connection.to(State.CONNECTING)
    desk.connection.to(State.LIVE)
    desk.connection.age(stale=True)
    assert not watch.is_stale
    desk.pass_time(CATCHING_UP + 1)
    assert watch.is_stale


def test_on_a_narrow_screen_the_date_gives_way_and_the_time_stays(bar: StatusBar) -> None:
    bar.resize(1366, 28)
    assert bar.clock.text() == "15:42:08 本机 −0.3 秒"


def test_it_speaks_english(bar: StatusBar) -> None:
    speak("en")
    QApplication.processEvents()
    assert bar.connection.text() == "Connected round trip 18 ms"
    assert bar.person.text() == "Dispatcher d07"


def test_a_unit_s_scope_is_its_name(follow: Follow, qtbot: Any) -> None:
    desk = FakeDesk(hall.board(5), by=person(Role.UNIT, unit="s03-urban", street="s03"))
    watch = StatusWatch(desk)  # type: ignore[arg-type]
    bar = StatusBar(desk, follow, watch, CommandHint())  # type: ignore[arg-type]
    qtbot.addWidget(bar)
    assert bar.scope.text() == "范围 望湖街道城管"
    watch.close()


def test_a_click_asks_what_is_going_on(bar: StatusBar, qtbot: Any) -> None:
    with qtbot.waitSignal(bar.asked):
        qtbot.mouseClick(bar.connection, Qt.MouseButton.LeftButton)

"""The queue: counted tabs, filters, the row under hand stands still, only the countdown turns each second."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from commandcenter.domain.calendar import Hours
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch
from commandcenter.domain.kinds import Limit, Measure
from commandcenter.domain.lights import Light, light
from commandcenter.domain.people import Role
from commandcenter.store.overlay import Delivery
from commandcenter.sync.connection import Connection, State
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.shown import shown
from ui.cases.column_menu import ColumnMenu
from ui.cases.filters import QueueFilter
from ui.cases.panel import QueuePanel
from ui.cases.time_words import in_row
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.theme import MEASURES

Told = Callable[[], AbstractContextManager[Any]]  # a block after which the screens have been told what it changed


@pytest.fixture
def queue(desk: FakeDesk, follow: Follow, focus: Focus, qtbot: QtBot) -> Iterator[QueuePanel]:
    panel = QueuePanel(desk, follow=follow, focus=focus)
    qtbot.addWidget(panel)
    panel.resize(820, 700)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close_following()


@pytest.fixture
def told(follow: Follow, qtbot: QtBot) -> Told:
    return lambda: qtbot.waitSignal(follow.touched)


def texts(queue: QueuePanel, column: str) -> list[str]:
    at = [c.key for c in queue.model.columns].index(column)
    return [queue.model.index(row, at).data() for row in range(queue.model.rowCount())]


def test_the_model_keeps_qts_rules(queue: QueuePanel, desk: FakeDesk, qtmodeltester: ModelTester, told: Told) -> None:
    qtmodeltester.check(queue.model, force_py=True)
    with told():
        desk.board.apply(hall.cases(30, seed=5, first=900))
    queue.filters.set_tab("soon")
    queue.filters.group_by("street")
    qtmodeltester.check(queue.model)
    assert queue.model.rowCount() > 0


def test_the_most_urgent_case_is_first(queue: QueuePanel) -> None:
    times = texts(queue, "time")
    assert times[0].startswith("超")
    assert times[-1].startswith("等")  # not filed yet: no limit runs


def test_a_wide_queue_shows_at_which_tier_each_case_is_and_sorts_by_it(queue: QueuePanel) -> None:
    at = [column.key for column in queue.model.columns].index("tier")
    assert queue.view.isColumnHidden(at)  # the first that leaves when space is short
    queue.resize(1200, 700)
    assert not queue.view.isColumnHidden(at)
    queue.view.sortByColumn(at, Qt.SortOrder.AscendingOrder)
    shown = texts(queue, "tier")
    assert shown == sorted(shown, key=["网格", "街镇", "区级"].index)
    assert len(set(shown)) > 1


def test_every_tab_says_how_many_it_holds(queue: QueuePanel, desk: FakeDesk) -> None:
    cases = list(desk.board.all("case"))
    late = sum(light(case, desk.now()) is Light.OVERDUE for case in cases)
    assert queue.head.tabs.tabText(4) == f"超期 {late}"
    queue.head.tabs.choose("overdue")
    assert queue.model.rowCount() == late
    assert all(text.startswith("超") for text in texts(queue, "time"))


def test_filters_narrow_together(queue: QueuePanel, desk: FakeDesk) -> None:
    wanted = QueueFilter(street="s03", channel="grid")
    queue.filters._take(wanted)
    meant = [c for c in desk.board.all("case") if c.street == "s03" and c.channel == "grid"]
    assert queue.model.rowCount() == len(meant)
    assert set(texts(queue, "street")) <= {"望湖街道"}
    assert queue.filters.said() == "望湖街道 · 网格员"
    queue.filters.clear()
    assert queue.model.rowCount() == 120


def test_a_filters_menu_counts_what_each_choice_would_show(queue: QueuePanel, desk: FakeDesk) -> None:
    queue.head.tabs.choose("overdue")
    queue.filters._take(QueueFilter(tab="overdue", channel="grid", street="s03"))
    menu = queue.filters._menu("street")
    said = dict(action.text().split("\t") for action in menu.actions() if "\t" in action.text())
    for name in (name for name in said if name != "全部"):
        street = next(street.id for street in desk.board.all("street") if street.name == name)
        queue.filters._take(QueueFilter(tab="overdue", channel="grid", street=street))
        assert said[name] == f"{queue.model.rowCount():,}", name
    queue.filters._take(QueueFilter(tab="overdue", channel="grid"))
    assert said["全部"] == f"{queue.model.rowCount():,}"


def test_words_find_number_place_and_text(queue: QueuePanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(queue.filters._words, "00042")
    qtbot.waitUntil(lambda: queue.model.rowCount() == 1)
    assert texts(queue, "number") == ["1124-00042"]


@pytest.mark.parametrize("typed", ["wanghu", "whjd", "wh", "望湖"])
def test_words_find_the_street_by_name_pinyin_and_initials(queue: QueuePanel, typed: str) -> None:
    queue.filters._words.setText(typed)
    queue.filters._type()
    assert "望湖街道" in texts(queue, "street")


async def test_what_is_dispatched_and_not_sent_yet_is_found_by_its_holder(queue: QueuePanel, desk: FakeDesk) -> None:
    def found(words: str) -> set[str | None]:
        queue.filters._take(QueueFilter(words=words))
        return {queue.model.key_at(row) for row in range(queue.model.rowCount())}

    case = next(case for case in desk.board.all("case") if case.stage is Stage.FILED)
    assert case.id not in found("望湖·城管") | found("whcg")
    await desk.do(Dispatch(case.id, to="s03-urban"))
    assert case.id in found("望湖·城管") & found("whcg")


def test_after_sorting_the_first_rows_are_in_sight(queue: QueuePanel) -> None:
    queue.view.verticalScrollBar().setValue(10_000)
    queue.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert queue.view.verticalScrollBar().value() == 0


def test_home_and_end_go_to_the_first_and_the_last_case(queue: QueuePanel, focus: Focus, qtbot: QtBot) -> None:
    queue.filters.group_by("street")  # the first row is a heading
    queue.view.setFocus()
    queue.view.step(1)
    for key, row in ((Qt.Key.Key_End, queue.model.rowCount() - 1), (Qt.Key.Key_Home, 1)):
        qtbot.keyClick(queue.view, key)
        assert queue.view.currentIndex().row() == row
        assert focus.case == queue.model.key_at(row)


async def test_whoever_dispatches_case_after_case_goes_on_to_the_one_below(
    queue: QueuePanel, desk: FakeDesk, focus: Focus, told: Told
) -> None:
    queue.filters.set_tab("filed")
    keys = [queue.model.key_at(row) for row in range(queue.model.rowCount())]
    focus.choose(keys[2], by="test")
    with told():
        await desk.do(Dispatch(keys[2], to="s03-urban"))
    assert queue.model.row_of(keys[2]) is None
    assert focus.case == keys[2]  # the case on the screen is still the one that was dispatched
    queue.view.step(1)
    assert focus.case == keys[3]
    focus.choose(keys[2], by="test")  # looked at once more: it stands in no row
    queue.view.step(-1)
    assert focus.case == keys[1]


def test_enter_opens_the_case(queue: QueuePanel, qtbot: QtBot) -> None:
    queue.view.step(1)
    with qtbot.waitSignal(queue.opened) as opened:
        qtbot.keyClick(queue.view, Qt.Key.Key_Return)
    assert opened.args == [queue.model.key_at(queue.view.currentIndex().row())]


def test_columns_that_the_person_chose_are_kept_as_a_line(queue: QueuePanel, qtbot: QtBot) -> None:
    kept: list[str] = []
    queue.columns_arranged.connect(kept.append)
    menu = ColumnMenu(queue.view.head, queue)
    ticks = {action.text(): action for action in menu.actions() if action.isCheckable()}
    assert set(ticks) == {"地点", "街镇", "承办", "渠道", "层级"}
    ticks["街镇"].toggle()
    menu._move("place", -1)
    assert kept[-1] == "time number place kind -street stage responsible channel tier"
    queue.arrange_columns("")
    assert not queue.view.isColumnHidden(4)
    queue.arrange_columns(kept[-2])
    assert queue.view.head.order()[:3] == ("time", "number", "place")
    assert queue.view.isColumnHidden(4)


def test_a_line_of_another_version_cannot_take_the_deciding_columns_away(queue: QueuePanel) -> None:
    queue.arrange_columns("-kind weather -time stage")
    assert queue.view.head.order()[:2] == ("time", "kind")
    assert queue.view.head.hidden == frozenset()


def test_nothing_left_is_said_with_a_way_out(queue: QueuePanel, qtbot: QtBot) -> None:
    queue.filters._take(QueueFilter(words="没有这样的字"))
    qtbot.waitUntil(lambda: queue._vacancy.isVisible())
    QApplication.processEvents()
    assert queue.view.head.isVisible()  # by it the columns are still known
    assert queue.view.geometry().bottom() < queue._vacancy.y() < queue.height() // 2
    assert "这个筛选下没有案件" in queue._vacancy.card.accessibleName()
    assert "120 件" in queue._vacancy.card.accessibleName()
    qtbot.keyClick(queue, Qt.Key.Key_Escape)
    assert queue.model.rowCount() == 120
    qtbot.waitUntil(lambda: not queue._vacancy.isVisible() and queue.view.height() > 10 * MEASURES.row)


def test_the_first_load_shows_how_far_it_is(follow: Follow, focus: Focus, qtbot: QtBot) -> None:
    desk = FakeDesk(hall.board(0))
    desk.connection.to(State.SNAPSHOT)
    panel = QueuePanel(desk, follow=follow, focus=focus)
    qtbot.addWidget(panel)
    panel.show()
    desk.connection.came(318, 512)
    assert "318 / 512" in panel._vacancy._skeleton.accessibleName()
    panel.close_following()


def test_before_anybody_has_signed_in_nothing_is_said_to_be_connecting(
    follow: Follow, focus: Focus, qtbot: QtBot
) -> None:
    desk = FakeDesk(hall.board(0))
    desk.connection = Connection(desk.now)
    panel = QueuePanel(desk, follow=follow, focus=focus)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel._vacancy._skeleton.accessibleName() == "还没有登录平台")
    desk.connection.to(State.CONNECTING)
    qtbot.waitUntil(lambda: panel._vacancy._skeleton.accessibleName() == "正在连接平台")
    panel.close_following()


@pytest.mark.parametrize("role", [Role.INTAKE_CLERK, Role.DISPATCHER])
def test_an_empty_hall_offers_the_intake_to_who_may_take_a_case(
    role: Role, follow: Follow, focus: Focus, qtbot: QtBot
) -> None:
    desk = FakeDesk(hall.board(0), by=person(role))
    panel = QueuePanel(desk, follow=follow, focus=focus)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "没有在办案件" in panel._vacancy.card.accessibleName())
    offered = [button.text() for button in panel._vacancy.card.findChildren(QAbstractButton) if button.isVisible()]
    assert ("受理登记" in " ".join(offered)) is (role is Role.INTAKE_CLERK)
    panel.close_following()


def test_fifty_arrivals_do_not_move_the_row_under_the_pointer(queue: QueuePanel, desk: FakeDesk, qtbot: QtBot) -> None:
    queue.view.verticalScrollBar().setValue(28 * 40)
    row = queue.view.rows_in_sight()[0] + 5
    queue.view._hover(row)
    key, before = queue.model.key_at(row), queue.view.rowViewportPosition(row)
    desk.board.apply(hall.cases(50, seed=9, first=1000))
    qtbot.waitUntil(lambda: queue.model._waiting[0] > 0)
    assert queue.model.key_at(row) == key
    assert queue.view.rowViewportPosition(row) == before
    came = queue.model._waiting[0]
    assert shown(queue._foot._waiting) == f"新到 {came} 条，暂未插入"
    queue.let_in()
    assert queue.model.rowCount() == 170
    assert shown(queue._foot._waiting) == ""


def test_the_choice_survives_sorting_and_filtering(queue: QueuePanel, focus: Focus) -> None:
    key = queue.model.key_at(7)
    queue.view.selectRow(7)
    assert focus.case == key
    queue.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    chosen = queue.view.selectionModel().selectedRows()
    assert [queue.model.key_at(index.row()) for index in chosen] == [key]
    queue.filters._take(QueueFilter(words="没有这样的字"))
    queue.filters.clear()
    assert queue.model.key_at(queue.view.currentIndex().row()) == key


def test_a_choice_made_elsewhere_is_shown_and_stays_whole_in_sight_when_the_room_shrinks(
    queue: QueuePanel, focus: Focus
) -> None:
    key = queue.model.key_at(90)
    focus.choose(key, by="map")
    assert queue.view.currentIndex().row() == 90
    first, last = queue.view.rows_in_sight()
    assert first <= 90 <= last
    scroll = queue.view.verticalScrollBar()
    for into in (-MEASURES.row // 2, queue.view.viewport().height() - MEASURES.row):  # cut by the head; the last row
        queue.resize(820, 700)
        scroll.setValue(90 * MEASURES.row - into)
        for height in (520, 180, 400):  # a dock opens below, the window shrinks, and has room again
            queue.resize(820, height)
            QApplication.processEvents()
            top = queue.view.rowViewportPosition(90)
            assert 0 <= top <= queue.view.viewport().height() - MEASURES.row
    queue.resize(820, 700)
    scroll.setValue(0)
    queue.resize(820, 520)
    assert scroll.value() == 0  # the choice was out of sight: the rows looked at stay


def test_the_countdown_touches_only_the_times_in_sight(queue: QueuePanel, desk: FakeDesk, follow: Follow) -> None:
    follow.second.emit()  # what is shown is known; a real second may have told it already
    told: list[tuple[int, int]] = []
    queue.model.dataChanged.connect(lambda a, b, _: told.extend(_cells(a, b)))
    before = texts(queue, "time")
    desk.pass_time(1)
    follow.second.emit()
    first, last = queue.view.rows_in_sight()
    moved = [row for row, (old, new) in enumerate(zip(before, texts(queue, "time"), strict=True)) if old != new]
    assert told == [(row, 0) for row in moved if first <= row <= last]
    assert 0 in moved
    assert last < max(moved)  # there are more than can be seen


def _cells(first: QModelIndex, last: QModelIndex) -> list[tuple[int, int]]:
    rows, columns = range(first.row(), last.row() + 1), range(first.column(), last.column() + 1)
    return [(row, column) for row in rows for column in columns]


def test_a_case_that_becomes_overdue_changes_its_tab(queue: QueuePanel, desk: FakeDesk, follow: Follow) -> None:
    queue.head.tabs.choose("overdue")
    before = queue.model.rowCount()
    desk.pass_time(3600)
    queue.view.clearFocus()
    follow.second.emit()
    assert queue.model.rowCount() > before


def test_the_tab_and_the_time_axis_tell_the_same_number_of_overdue_ones(
    queue: QueuePanel, desk: FakeDesk, told: Told
) -> None:
    before = queue._tallied["overdue"]
    with told():
        desk.board.apply([hall.case(2000, due=hall.NOW - timedelta(minutes=5))])
    assert queue._tallied["overdue"] == before + 1
    assert f"超期 {before + 1} 件" in queue.horizon.accessibleName()


def test_markup_is_shown_and_not_obeyed(queue: QueuePanel, desk: FakeDesk, told: Told) -> None:
    bad = "<b>粗</b><img src=x>"
    with told():
        desk.board.apply([hall.case(2000, place=bad, due=hall.NOW - (hall.NOW - hall.case().filed_at) * 400)])
    queue.let_in()
    assert bad in texts(queue, "place")
    tip = queue.model.index(texts(queue, "place").index(bad), 3).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip


async def test_an_own_act_is_seen_at_once_as_kept(queue: QueuePanel, desk: FakeDesk, told: Told) -> None:
    case = next(c for c in desk.board.all("case") if c.stage is Stage.FILED)
    with told():
        await desk.do(Dispatch(case.id, to="s03-urban"))
    row, slot = queue.model.row_of(case.id), desk.board.cases.slot(case.id)
    assert queue.model.index(row, 5).data() == "已派遣"
    assert desk.board.cases["delivery"][slot] == Delivery.KEPT
    assert queue.head.tabs.tabText(2) == f"待派遣 {sum(c.stage is Stage.FILED for c in desk.board.all('case'))}"


def test_columns_give_way_in_a_narrow_dock(queue: QueuePanel) -> None:
    queue.resize(520, 700)
    hidden = {c.key for at, c in enumerate(queue.model.columns) if queue.view.isColumnHidden(at)}
    assert hidden == {"street", "responsible", "channel", "tier"}
    assert not queue.filters._all.isHidden()
    assert not queue.head._more.isHidden()


def test_it_speaks_english_at_once(queue: QueuePanel) -> None:
    try:
        speak("en")
        QApplication.processEvents()
        assert queue.model.headerData(3, Qt.Orientation.Horizontal) == "Place"
        assert queue.head.tabs.tabText(0) == "All open 120"
    finally:
        speak("zh")


def test_the_map_is_told_what_a_tab_lets_through(queue: QueuePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(queue.narrowed) as overdue:
        queue.filters.set_tab("overdue")
    assert overdue.args[0].sum() == len(queue.model.slots_shown)
    with qtbot.waitSignal(queue.narrowed) as everything:
        queue.filters.set_tab("open")
    assert everything.args == [None]


def test_a_calendar_that_comes_after_the_clock_turned_is_counted_by_at_once(desk: FakeDesk) -> None:
    desk.board.apply((), [("calendar", hall.calendar().id)])
    clock = SecondClock(desk.board, desk.now)
    desk.board.apply([hall.calendar()])
    running = [case for case in desk.board.all("case") if case.due is not None and case.is_open]
    assert max(abs(clock.standing(case).left or 0) for case in running) < 40 * 86400


@pytest.mark.parametrize("what", ["hours", "limits"])
def test_after_other_hours_or_limits_the_list_sorts_by_the_times_that_it_shows(
    queue: QueuePanel, desk: FakeDesk, told: Told, what: str
) -> None:
    board, before = desk.board, texts(queue, "time")
    with told():
        if what == "hours":
            day_and_night = tuple(Hours(day, 0, 1440) for day in range(7))
            board.apply([replace(hall.calendar(), rev=2, hours=day_and_night)])
        else:
            urgent = Limit(2, Measure.URGENT_HOURS)
            board.apply([replace(kind, rev=2, limit=urgent) for kind in hall.kinds()[::2]])
    clock = SecondClock(board, desk.now)
    shown = [board.find("case", queue.model.key_at(row)) for row in range(queue.model.rowCount())]
    limited = [(case, clock.standing(case)) for case in shown if case.due is not None]
    overdue = [stands.left for _, stands in limited if stands.left <= 0]
    assert [stands.left for _, stands in limited][: len(overdue)] == overdue == sorted(overdue)
    ahead = [case.due for case, stands in limited if stands.left > 0 and not stands.is_stopped]
    assert ahead == sorted(ahead)  # whatever the limits count by
    assert texts(queue, "time") == [in_row(clock, case) for case in shown] != before


def test_a_case_is_found_by_the_name_that_its_kind_has_got(queue: QueuePanel, desk: FakeDesk, told: Told) -> None:
    kind = desk.board.find("kind", next(iter(desk.board.all("case"))).kind)
    queue.filters._take(QueueFilter(words="改名的小类"))
    assert queue.model.rowCount() == 0
    with told():
        desk.board.apply([replace(kind, rev=2, name="改名的小类")])
    assert {desk.board.find("case", queue.model.key_at(row)).kind for row in range(queue.model.rowCount())} == {kind.id}


def test_the_used_share_is_of_the_limit_under_which_the_case_was_filed(desk: FakeDesk) -> None:
    clock = SecondClock(desk.board, desk.now)
    case = next(c for c in desk.board.all("case") if c.due is not None and c.is_open and c.reported_at is None)
    share, kind = clock.standing(case).share, desk.board.find("kind", case.kind)
    assert 0 < share < 2
    longer = replace(kind.limit, amount=kind.limit.amount * 3)
    desk.board.apply([replace(kind, rev=kind.rev + 1, limit=longer)])
    assert clock.standing(case).share == pytest.approx(share)


def test_a_limit_that_left_no_time_at_all_is_used_up(desk: FakeDesk) -> None:
    case = next(c for c in desk.board.all("case") if c.due is not None and c.is_open and c.reported_at is None)
    late = replace(case, filed_at=desk.now(), due=desk.now() - timedelta(days=7))  # as an order from above may say
    assert SecondClock(desk.board, desk.now).standing(late).share == 1


def test_another_board_under_the_hand_leaves_no_row_that_says_gone(
    queue: QueuePanel, desk: FakeDesk, qtbot: QtBot
) -> None:
    queue.view._hover(2)  # somebody is on the list
    kept = list(desk.board.all("case"))
    desk.board.replace((*hall.reference(), *reversed(kept)))  # as after a restore: every case in another slot
    qtbot.waitUntil(lambda: "已离开" not in texts(queue, "time") and queue.model._waiting == (0, 0))


def test_a_board_that_is_emptied_may_be_painted_before_the_list_has_heard_of_it(
    queue: QueuePanel, desk: FakeDesk, told: Told
) -> None:
    first = queue.model.key_at(0)
    with told():
        desk.board.replace(())
        assert queue.model.rowCount() > 0
        assert queue.model.index(0, 0).data() == "已离开"
        assert (queue.model.slot_at(0), queue.model.key_at(0)) == (None, first)
        assert not queue.view.viewport().grab().isNull()
    assert queue.model.rowCount() == 0

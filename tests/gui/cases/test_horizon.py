"""The deadline horizon: what falls due in the next four working hours, chosen, narrowed to, and otherwise at rest."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.lights import Light, light
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.cases.panel import QueuePanel
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.theme import colour

END = datetime(2026, 11, 25, 10, 42, 8, tzinfo=hall.ZONE)  # four hours of work after the hall's NOW


@pytest.fixture
def queue(desk: FakeDesk, follow: Follow, focus: Focus, qtbot: QtBot) -> Iterator[QueuePanel]:
    panel = QueuePanel(desk, follow=follow, focus=focus)
    qtbot.addWidget(panel)
    panel.resize(820, 700)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close_following()


def running(desk: FakeDesk) -> list[Case]:
    """Returns the cases whose limit runs, by when they are due; the judge's own reading of the board."""
    stages = {Stage.RECEIVED, Stage.FILED, Stage.DISPATCHED, Stage.HANDLING}
    return sorted((c for c in desk.board.all("case") if c.stage in stages and c.due), key=lambda c: c.due)


def listed(queue: QueuePanel) -> set[str]:
    return {queue.model.key_at(row) for row in range(queue.model.rowCount())}


def place(queue: QueuePanel, at: int) -> QPoint:
    """Returns the point of the tick that is `at`-th from the left."""
    return QPoint(62 + queue.horizon._seen.ticks[at].x, 6)


def move(widget: QWidget, to: QPoint) -> None:
    """Moves the pointer over a widget, wherever that of the display is."""
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, to, widget.mapToGlobal(to), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_it_counts_what_is_overdue_due_soon_and_later_as_the_clock_on_the_wall_would(
    queue: QueuePanel, desk: FakeDesk
) -> None:
    cases, now = running(desk), desk.now()
    late = sum(light(case, now) is Light.OVERDUE for case in desk.board.all("case"))
    soon, later = sum(now <= c.due <= END for c in cases), sum(c.due > END for c in cases)
    assert late * soon * later > 0
    assert queue.horizon.accessibleName() == f"到期时间轴：超期 {late} 件，四个工时内到期 {soon} 件，之后 {later} 件"
    queue.head.tabs.choose("overdue")
    assert queue.model.rowCount() == late
    assert f"超期 {late} 件，四个工时内到期 0 件，之后 0 件" in queue.horizon.accessibleName()


def test_a_tick_says_what_it_stands_for_and_a_click_chooses_its_cases_in_turn(
    queue: QueuePanel, desk: FakeDesk, focus: Focus, qtbot: QtBot
) -> None:
    due = hall.NOW + timedelta(minutes=61)
    desk.board.apply([hall.case(3000 + n, place=f"同一时刻 {n}", due=due) for n in range(7)])
    queue.filters.set_due(None)
    queue.filters._words.setText("同一时刻")
    queue.filters._type()
    assert len(queue.horizon._seen.ticks) == 1
    move(queue.horizon, place(queue, 0))
    told = queue.horizon.accessibleDescription().splitlines()
    assert told[0] == "16:43  03000 道路积水"
    assert told[-1] == "另 2 件"
    for n in range(3):
        qtbot.mouseClick(queue.horizon, Qt.MouseButton.LeftButton, pos=place(queue, 0))
        assert desk.board.find("case", focus.case).place == f"同一时刻 {n}"
        assert queue.model.key_at(queue.view.currentIndex().row()) == focus.case


def test_a_drag_narrows_the_list_to_a_span_and_its_chip_ends_that(
    queue: QueuePanel, desk: FakeDesk, qtbot: QtBot
) -> None:
    everything = listed(queue)
    strip = queue.horizon
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(120, 6))
    move(strip, QPoint(180, 6))
    move(strip, QPoint(300, 6))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(300, 6))
    since, until = queue.filters.filter.due
    inside = {c.id for c in running(desk) if since <= c.due.timestamp() < until}
    assert 0 < len(inside) < len(everything)
    assert listed(queue) == inside
    begun, ended = (datetime.fromtimestamp(at, hall.ZONE).strftime("%H:%M") for at in (since, until))
    assert queue.filters._due.text() == f"到期：{begun}–{ended}"
    assert f"{begun}–{ended} 到期" in queue.filters.said()
    queue.filters._due.click()
    assert queue.filters._due.isHidden()
    assert listed(queue) == everything


def test_the_keyboard_does_all_that_the_pointer_does(
    queue: QueuePanel, desk: FakeDesk, focus: Focus, qtbot: QtBot
) -> None:
    strip, cases = queue.horizon, running(desk)
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(strip, key)
    assert focus.case == next(c for c in cases if c.due > hall.NOW).id  # the tick after those overdue
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    first, second = queue.horizon._seen.ticks[:2]
    ahead = [c for c in cases if c.due > hall.NOW][: first.count + second.count]
    assert listed(queue) == {c.id for c in ahead}
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert len(listed(queue)) == len(ahead) + queue.horizon._seen.ticks[2].count
    qtbot.keyClick(strip, Qt.Key.Key_Backspace)
    assert queue.filters.filter.due is None


def test_at_rest_it_is_painted_only_when_something_moved_by_a_pixel(
    queue: QueuePanel, desk: FakeDesk, follow: Follow
) -> None:
    QApplication.processEvents()
    paints = Paints(queue.horizon)
    for _ in range(90):  # a pixel is about 21 seconds
        desk.pass_time(1)
        follow.second.emit()
        QApplication.processEvents()
    late = sum(hall.NOW <= c.due < desk.now() for c in running(desk))
    assert 3 <= paints.count <= 6 + late


def test_neither_the_hours_out_of_work_nor_the_present_moment_run_through_a_shape_or_its_count(
    queue: QueuePanel, desk: FakeDesk
) -> None:
    queue.resize(520, 700)  # what the queue has on a small screen
    night, ten = (datetime(2026, 11, day, hour, 0, tzinfo=hall.ZONE) for day, hour in ((24, 23), (25, 10)))
    dues = [
        hall.NOW + timedelta(seconds=20),
        ten + timedelta(minutes=5),
        *(night + timedelta(minutes=n) for n in (0, 0, 0)),
    ]
    desk.board.apply([hall.case(3000 + n, place="看得清", due=due) for n, due in enumerate(dues)])
    queue.filters._words.setText("看得清")
    queue.filters._type()
    (now, several, hour), strip = queue.horizon._seen.ticks, queue.horizon
    assert (now.count, several.count) == (1, 3)
    drawn, hatching, bar = strip.grab().toImage(), colour("ln3").name(), colour("ac").name()
    assert drawn.pixelColor(62, 10).name() == bar

    def hatched(since: int, until: int) -> list[int]:
        return [x for x in range(since, until) if any(drawn.pixelColor(62 + x, y).name() == hatching for y in (2, 10))]

    ((left, right),) = strip._seen.axis.rests()
    assert left < several.x < several.right < right
    assert hatched(round(left), several.x - 9)
    assert not hatched(several.x - 8, several.right + 2)
    assert [drawn.pixelColor(62 + x, 6).name() for x in (0, 2)] == [bar, hatching]  # and then the line of the axis
    assert drawn.pixelColor(62 + now.x, 6).name() not in (bar, hatching)
    mark = colour("tx3").name()  # of the full hour, which is below its label
    assert mark not in {drawn.pixelColor(62 + hour.x + x, y).name() for x in range(-9, 10) for y in (4, 8)}


def test_a_board_that_is_emptied_while_the_window_changes_its_size_is_drawn_as_it_was(
    queue: QueuePanel, desk: FakeDesk
) -> None:
    shown = sum(int(count) for count in queue.horizon._seen.told.values())
    desk.board.replace([])
    queue.resize(900, 700)
    assert sum(int(count) for count in queue.horizon._seen.told.values()) == shown > 0

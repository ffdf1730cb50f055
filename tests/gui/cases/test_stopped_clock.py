"""Outside working hours the queue says that its clocks stand, until when, and when what is listed is due."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Stage
from commandcenter.domain.kinds import Measure
from commandcenter.store.overlay import Delivery
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.legible import Drawing
from tests.kit.shown import clocks
from ui.cases.deadline_box import DeadlineBox
from ui.cases.panel import QueuePanel
from ui.kit.case_parts.clock import SecondClock, light_and_time
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.theme import paint

FRIDAY = datetime(2026, 11, 27, 17, 30, tzinfo=hall.ZONE)
SUNDAY = datetime(2026, 11, 29, 9, 26, 47, tzinfo=hall.ZONE)
MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=hall.ZONE)
WORK = next(kind for kind in hall.kinds() if kind.limit.measure is not Measure.URGENT_HOURS)
URGENT = next(kind for kind in hall.kinds() if kind.limit.measure is Measure.URGENT_HOURS)


def case(number: int, kind: object, due: datetime) -> object:
    times = {"filed_at": FRIDAY - timedelta(hours=8), "green_until": due - timedelta(minutes=20)}
    return hall.case(number, kind=kind.id, due=due, **times)


CASES = [
    case(1, WORK, FRIDAY - timedelta(days=7)),
    case(2, WORK, FRIDAY),
    case(3, URGENT, SUNDAY - timedelta(minutes=5)),
    case(4, URGENT, SUNDAY + timedelta(minutes=30)),
    case(5, WORK, MONDAY + timedelta(minutes=11)),
    case(6, WORK, MONDAY + timedelta(days=9)),
]


@pytest.fixture
def desk() -> FakeDesk:
    board = hall.board(0)
    board.apply(CASES)
    made = FakeDesk(board)
    made.pass_time((SUNDAY - hall.NOW).total_seconds())
    return made


@pytest.fixture
def queue(desk: FakeDesk, follow: Follow, focus: Focus, qtbot: QtBot) -> Iterator[QueuePanel]:
    panel = QueuePanel(desk, follow=follow, focus=focus)
    qtbot.addWidget(panel)
    panel.resize(820, 500)
    panel.show()
    yield panel
    panel.close_following()


def rows(queue: QueuePanel, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> dict[int, str]:
    """Returns what each case's time cell says, by its number."""
    model = queue.model
    return {int(model.key_at(row)[-3:]): model.index(row, 0).data(role) for row in range(model.rowCount())}


def test_a_clock_that_has_ended_has_another_mark_than_one_that_rests(
    queue: QueuePanel, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported = replace(CASES[1], rev=2, stage=Stage.REPORTED, reported_at=FRIDAY - timedelta(hours=1))
    desk.board.apply([reported])
    queue.let_in()
    stamped: list[str] = []
    monkeypatch.setattr(paint, "stamp", lambda _pen, _at, image, **_how: stamped.append(image))
    queue.view.viewport().repaint()
    assert stamped.count("check") == 1
    assert stamped.count("timer-off") == len(CASES) - 3  # two more are counted round the clock
    assert "计时已止" in rows(queue, Qt.ItemDataRole.ToolTipRole)[2]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_time_is_elided_beside_the_marks_of_an_own_act_and_of_a_clock_that_stands(
    queue: QueuePanel, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    late = [replace(CASES[0], due=FRIDAY - timedelta(days=days, hours=1)) for days in (0, 1, 2, 25)]
    desk.board.apply(
        [replace(one, id=f"l{at}", stage=Stage.REPORTED, reported_at=FRIDAY) for at, one in enumerate(late)]
    )
    urgent = [replace(CASES[3], id=f"u{days}", due=SUNDAY + timedelta(days=days, hours=23)) for days in (0, 1, 25)]
    desk.board.apply([replace(one, stage=Stage.REPORTED, reported_at=SUNDAY) for one in urgent])
    desk.board.cases["delivery"][:] = Delivery.KEPT
    speak(language)
    try:
        queue.resize(821, 500)
        queue.let_in()
        cut: list[str] = []
        monkeypatch.setattr(
            paint,
            "words",
            lambda _pen, box, text, **how: cut.append(text) if paint.text_width(text) > box.width() else 0,
        )
        queue.view.viewport().repaint()
        assert not [text for text in cut if text.startswith(("超", "over", "昼夜", "24 h"))]
    finally:
        speak("zh")


def test_on_a_sunday_what_stands_says_its_day_and_what_runs_its_figure(
    queue: QueuePanel, desk: FakeDesk, follow: Follow
) -> None:
    said = ["11-20", "周五 17:30", "超 0:05:00", "昼夜 0:30:00", "明日 08:41", "12-09"]
    assert rows(queue) == dict(enumerate(said, 1))
    assert set(said) <= {text.words for text in Drawing(queue).texts}
    assert queue.filters._rest.accessibleName() == "休息，11-30 08:30 起走"
    assert "停表，11-27 17:30 已到期" in rows(queue, Qt.ItemDataRole.AccessibleTextRole)[2]
    clock = SecondClock(desk.board, desk.now)
    assert light_and_time(clock.standing(CASES[1]), CASES[1], clock.now) == "超期，停表，限 周五\u00a017:30"
    box = DeadlineBox(desk.board, clock)
    box.show_case(CASES[1])
    assert clocks(box).startswith("停表 11-27 17:30")
    box.show_case(CASES[3])
    assert clocks(box).startswith("0:30:00 今日 09:56")

    follow.second.emit()  # what is shown is known
    told: list[int] = []
    queue.model.dataChanged.connect(lambda a, b, _: told.extend(range(a.row(), b.row() + 1)))
    desk.pass_time(1)
    follow.second.emit()
    assert {queue.model.key_at(row) for row in told} == {CASES[2].id, CASES[3].id}  # at rest nothing else is painted

    desk.pass_time((MONDAY - SUNDAY).total_seconds() - 1)
    follow.second.emit()
    assert rows(queue)[5] == "0:11:00"
    assert rows(queue)[2] == "超 0:00:00"
    assert queue.filters._rest.isHidden()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_a_narrow_queue_the_chip_gives_way_and_nothing_is_cut(queue: QueuePanel, language: str) -> None:
    try:
        speak(language)
        for width in (820, 519):
            queue.resize(width, 500)
            queue.filters.retell()
            bar = queue.filters
            shown = [bar._all, bar._grouping, bar._rest, bar._words, *bar._chips.values()]
            for part in (part for part in shown if not part.isHidden()):
                assert part.width() >= min(part.sizeHint().width(), 84)
                assert bar.rect().contains(part.geometry())
        bar._words.setText("望湖")
        cross = bar._words.findChild(QAbstractButton)
        assert abs(cross.geometry().center().y() - bar._words.rect().center().y()) <= 1
    finally:
        speak("zh")

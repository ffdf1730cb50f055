"""The lanes as they are painted: only what changed, whole kinds, and above scrolled rows whose they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from commandcenter.domain.teams import CrewStatus
from commandcenter.store.touched import Touched
from tests.gui.teams.conftest import URBAN, Opened, held, item
from tests.kit import hall
from tests.kit.legible import Drawing
from tests.kit.street_crews import crew, everywhere
from tests.kit.turns import settled
from ui.kit.texts import glossary
from ui.kit.texts.words import speak
from ui.teams.ground import HEADS
from ui.teams.layout import HEAD, LANE, Part
from ui.theme import apply_theme, paint

Open = Callable[..., Opened]
RGB = QImage.Format.Format_RGB32


async def test_each_second_only_what_changes_is_painted(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = opened(held(1), crew(1))
    view = stage.room.view
    QApplication.processEvents()
    ground = view.viewport()
    asked: list[int] = []
    monkeypatch.setattr(ground, "update", lambda area: asked.append(area.boundingRect().width()))
    stage.desk.pass_time(1)
    stage.seat.clock.turn()
    stage.follow.second.emit()
    assert asked
    assert max(asked) < view.viewport().width() / 3


async def test_a_row_whose_light_turns_is_painted_as_a_whole(opened: Open) -> None:
    case = held(1, green_until=hall.NOW)
    stage = opened(case)
    view = stage.room.view
    row = view.rect_of(item(view, Part.CASE, case.id))
    view.grab()
    assert view.painter.time_rect(row, item(view, Part.CASE, case.id)).width() < row.width() / 2
    stage.desk.pass_time(1)
    stage.seat.clock.turn()
    assert view.painter.time_rect(row, item(view, Part.CASE, case.id)) == row


async def test_what_is_painted_piece_by_piece_looks_like_what_is_painted_at_once(opened: Open) -> None:
    stage = opened(held(1), crew(1), crew(2, status=CrewStatus.HANDLING, minutes=59.99), hall.case(3))
    view = stage.room.view
    pieces = QImage(view.viewport().size(), QImage.Format.Format_RGB32)
    view.viewport().render(pieces)
    for _ in range(3):
        stage.desk.pass_time(1)
        stage.seat.clock.turn()
        for one in view.layout_now.items():
            area = view.painter.time_rect(view.rect_of(one), one)
            if not area.isEmpty():
                view.viewport().render(pieces, area.topLeft(), QRegion(area))
    at_once = QImage(view.viewport().size(), QImage.Format.Format_RGB32)
    view.viewport().render(at_once)
    assert pieces == at_once


async def test_a_row_that_is_half_scrolled_out_is_painted_whole_as_far_as_it_shows(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened(crew(1), crew(2), held(1), size=(1330, 700))
    view = stage.room.view
    row = item(view, Part.CREW, f"c-{URBAN}-1")
    view.verticalScrollBar().setValue(row.top + row.height // 2 - HEADS)
    said: list[str] = []
    monkeypatch.setattr(paint, "words", lambda _pen, _box, text, **_how: said.append(text))
    view.painter.forget()
    view.viewport().render(QImage(view.viewport().size(), QImage.Format.Format_RGB32))
    assert said.count("一队") == 1
    assert said.count("二队") == 1


async def test_whose_units_are_looked_at_stays_in_view_while_they_are_scrolled(opened: Open) -> None:
    """Street and unit stay at the upper edge, are what a click there means, and leave when their last row has left."""
    stage = opened(*(one for one in hall.cases(300) if one.street), *everywhere(), size=(1330, 700))
    view, ground = stage.room.view, stage.room.view.viewport()
    bar, third = view.verticalScrollBar(), view.lanes[2].id
    lane = item(view, Part.LANE, third)
    for top in (lane.top + 200, lane.top + 160, lane.until - LANE - HEAD // 2, lane.until - 10, lane.top + 250):
        bar.setValue(top)
        await settled()
        at = ground.mapTo(view.window(), QPoint())
        shown = view.screen().grabWindow(view.window().winId(), at.x(), at.y(), ground.width(), ground.height())
        assert shown.toImage().convertToFormat(RGB) == ground.grab().toImage().convertToFormat(RGB)
        upper = view.item_at(QPoint(20, 0))
        assert (upper.part, upper.key, view.tip(upper)) == (Part.LANE, third, view.tip(lane))
    beside = view.item_at(QPoint(20, LANE + 5))
    assert (beside.part, beside.lane, beside.column) == (Part.HEAD, 2, 0)
    case = next(one for one in view.layout_now.items() if (one.part, one.lane, one.column) == (Part.CASE, 2, 0))
    view.dragging.press(case, QPoint())
    view._drag_to(QPoint(ground.width() // 2, LANE + 5))
    assert str(view.dragging.offer.told).startswith("派遣至望湖·城管")
    assert view.dragging._held[0].target.rect.top() == view.top + LANE
    view._let_go(act=False)
    view.go_to(case)
    assert view.rect_of(view.current).top() >= HEADS
    bar.setValue(lane.top + 250)
    QTest.mouseClick(ground, Qt.MouseButton.LeftButton, pos=QPoint(20, 5))
    assert view.item_at(QPoint(20, 5)) == item(view, Part.LANE, third)
    assert view.item_at(QPoint(20, LANE + 5)).key == view.lanes[3].id


@pytest.mark.parametrize(("status", "is_painted"), [(CrewStatus.OFF_DUTY, False), (CrewStatus.AVAILABLE, True)])
async def test_with_the_second_a_crew_that_does_something_else_paints_its_row_and_one_that_only_moved_nothing(
    opened: Open, monkeypatch: pytest.MonkeyPatch, status: CrewStatus, is_painted: bool
) -> None:
    crews = everywhere()
    stage = opened(*crews)
    view = stage.room.view
    view.grab()
    told = replace(crews[0], rev=2, spot=hall.case().spot, status=status)  # it was off duty
    stage.desk.board.apply([told])
    asked = QRegion()
    monkeypatch.setattr(view.viewport(), "update", lambda area: asked.__iadd__(area))
    stage.follow.touched.emit(Touched(frozenset({("crew", told.id)})))
    assert asked.isEmpty()
    stage.follow.second.emit()
    row = view.rect_of(item(view, Part.CREW, told.id))
    assert QRegion(row).subtracted(asked).isEmpty() == is_painted


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1330, 700), (1860, 1000)])
async def test_every_part_is_painted_in_both_themes_languages_and_sizes(
    opened: Open, qapp: QApplication, theme: str, language: str, size: tuple[int, int]
) -> None:
    apply_theme(qapp, theme)
    speak(language)
    cases = [one for one in hall.cases(300) if one.street]
    view = opened(*cases, *everywhere(), size=size).room.view
    shot = view.grab().toImage()
    colours = {shot.pixel(x, y) for x in range(0, shot.width(), 3) for y in range(0, shot.height(), 3)}
    assert len(colours) > 20
    view.fold("s01")
    view.go_to(item(view, Part.CREW, f"c-{URBAN}-1"))
    assert not view.grab().isNull()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.usefixtures("translated")
async def test_every_kind_is_told_whole_on_a_large_screen(opened: Open, language: str) -> None:
    """Beside a time of hours, of days, past its limit and of a clock that stands; also in a column of several units."""
    speak(language)
    housing = next(one for one in hall.holders() if one.id == "s03-housing")
    health = replace(housing, id="s03-health", short="望湖·卫生", power="health")
    kinds = sorted({kind.name: kind.id for kind in hall.kinds()}.values())
    ends = [hall.NOW + timedelta(hours=hours) for hours in (1, 150, -4)]
    given = [(kind, due, unit) for unit in (URBAN, "s03-housing") for kind in kinds for due in ends]
    cases = [
        held(number, unit, kind=kind, due=due, green_until=due, filed_at=due - timedelta(days=20))
        for number, (kind, due, unit) in enumerate(given, 1)
    ]
    long_name = replace(crew(1, "s03-housing"), name="环保一组")
    stage = opened(health, long_name, *cases, size=(1860, 3600))
    view = stage.room.view
    await settled()
    names = {text.words for text in Drawing(stage.seat.window).texts}
    assert {"zh": "环保一组", "en": " 1"}[language] in names  # a name that is cut keeps its number
    for one in [one for one in view.layout_now.items() if one.part is Part.MORE]:
        view.open_queue(one.key)
    said = {glossary.called(kind.name) for kind in hall.kinds()} | {"9", "10", "100"}
    drawn = Drawing(stage.seat.window)
    assert said <= {text.words for text in drawn.texts}
    assert not said & set(drawn.cut())
    assert glossary.called("住建") in {text.words for text in drawn.texts if text.widget is view.viewport()}
    stage.desk.pass_time(4 * 3600)  # it is evening
    stage.seat.clock.turn()
    assert not said & set(Drawing(stage.seat.window).cut())
    view.go_to(next(one for one in view.layout_now.items() if one.key == cases[-1].id))
    assert glossary.called("住建") in view.sentence.split("：")[0].split(" ")

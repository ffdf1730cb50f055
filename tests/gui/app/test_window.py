"""The window: painted before there is data, its docks give way on a small screen, nothing is ever lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ui.app.progress import progress_text
from ui.kit.feedback.states import Skeleton
from ui.kit.labels.label import Label
from ui.kit.texts.words import phrase, speak
from ui.theme import MEASURES, apply_theme, colour
from ui.window import Window
from ui.window.layout import CASE_LEAST, MAP_LEAST, QUEUE_LEAST, shares
from ui.window.topbar import FIELD_WIDTH


def test_it_is_painted_with_skeletons_before_anything_is_known(window: Window, qtbot: Any) -> None:
    with qtbot.waitSignal(window.painted):
        window.show()
    assert isinstance(window.docks["queue"].widget(), Skeleton)


@pytest.mark.parametrize("width", [1280, 1366, 1536, 1680, 1920, 2560])
def test_at_every_width_each_dock_has_its_least(width: int) -> None:
    queue, case = shares(width)
    assert queue >= QUEUE_LEAST
    assert case >= CASE_LEAST
    assert width - queue - case >= MAP_LEAST


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_waits_for_the_person_stands_in_its_colour_in_the_top_bar(
    window: Window, qapp: QApplication, theme: str
) -> None:
    apply_theme(qapp, theme)
    window.show()
    shown = [_ink(window, count) for count in (0, 3, 0)]
    assert shown == [colour(name).name() for name in ("tx2", "vio", "tx2")]


def test_what_the_status_bar_holds_stands_within_it(window: Window) -> None:
    bar = QWidget()
    bar.setFixedHeight(MEASURES.status_bar - 1)
    window.put_status(bar)
    window.show()
    QApplication.processEvents()
    assert (bar.y(), bar.geometry().bottom()) == (1, MEASURES.status_bar - 1)


def _ink(window: Window, count: int) -> str:
    window.topbar.count_needs(count)
    return window.topbar.needs.palette().buttonText().color().name()


def test_on_a_low_screen_the_lower_dock_folds_to_its_tabs_and_unfolds_when_asked(window: Window, qtbot: Any) -> None:
    window.docks["lower"].hold(QWidget(), QLabel("tabs"))
    window.resize(1366, 700)
    window.show()
    window.dock_layout.adapt_to_size()
    panel = window.docks["lower"].widget()
    assert panel.maximumHeight() == 0
    window.dock_layout.unfold()
    assert panel.maximumHeight() > 0


def test_below_1280_the_map_is_a_tab_beside_the_case_and_comes_back_in_a_wider_window(
    window: Window, qtbot: Any
) -> None:
    window.resize(1279, 760)
    window.show()
    qtbot.waitUntil(lambda: window.docks["map"] in window.tabifiedDockWidgets(window.docks["case"]))
    assert window.docks["case"].width() >= CASE_LEAST
    assert window.docks["queue"].width() >= QUEUE_LEAST
    window.docks["map"].to_front()
    qtbot.waitUntil(lambda: window.docks["map"].visibleRegion().boundingRect().width() > 0)
    window.resize(1280, 760)
    qtbot.waitUntil(lambda: not window.tabifiedDockWidgets(window.docks["case"]))
    assert window.docks["map"].width() >= MAP_LEAST


def test_a_dock_that_an_older_console_left_floating_is_docked_and_marked_for_a_window_of_its_own(
    tmp_path: Path, qtbot: Any
) -> None:
    first = Window(kept=tmp_path / "window.ini")
    first.show()
    first.docks["case"].setFloating(True)
    first.dock_layout.own()
    first.put_away()
    first.end()
    second = Window(kept=tmp_path / "window.ini")
    second.show()
    assert second.dock_layout.restore()
    qtbot.wait(20)
    assert not second.docks["case"].isFloating()
    second.docks["case"].hold(QWidget(), QLabel("case"))
    second.docks["case"].move_out_as_kept()
    assert second.docks["case"].is_out
    second.docks["case"].take_back()
    second.end()


def test_what_the_person_arranged_is_not_made_tabs(window: Window, qtbot: Any) -> None:
    window.show()
    window.docks["case"].topLevelChanged.emit(True)  # dragged out of its place
    window.resize(1100, 760)
    assert not window.tabifiedDockWidgets(window.docks["map"])


def test_a_line_of_the_arrangement_is_kept_with_the_profile(tmp_path: Path, qtbot: Any) -> None:
    first = Window(kept=tmp_path / "window.ini")
    first.kept.keep("columns", "time number -street")
    first.put_away()
    first.end()
    second = Window(kept=tmp_path / "window.ini")
    assert second.kept.text("columns") == "time number -street"
    assert second.kept.text("other") == ""
    second.end()


def test_the_arrangement_is_kept_per_profile_and_restored(tmp_path: Path, qtbot: Any) -> None:
    kept = tmp_path / "window.ini"
    first = Window(kept=kept)
    first.resize(1500, 820)
    first.show()
    first.put_away()
    first.end()
    second = Window(kept=kept)
    assert second.dock_layout.restore_geometry()
    assert (second.width(), second.height()) == (1500, 820)
    assert not second.dock_layout.restore()  # nobody moved a dock
    second.end()


def widths(window: Window) -> list[int]:
    return [window.docks[name].width() for name in ("queue", "map", "case")]


@pytest.fixture
def arranged(tmp_path: Path, qtbot: Any) -> Iterator[Window]:
    """A window whose map was made wide by the person."""
    made = Window(kept=tmp_path / "window.ini")
    made.resize(1800, 820)
    made.show()
    for dock in made.docks.values():
        dock.hold(QWidget(), QLabel("head"))
    three = [made.docks[name] for name in ("queue", "map", "case")]
    made.resizeDocks(three, [700, 600, 490], Qt.Orientation.Horizontal)
    made.dock_layout.own()
    qtbot.waitUntil(lambda: widths(made)[1] > 500)
    yield made
    made.end()


def test_widths_are_kept_as_they_were_seen_whatever_becomes_of_the_rooms_at_the_end(
    arranged: Window, tmp_path: Path, qtbot: Any
) -> None:
    seen = widths(arranged)
    arranged.put_away()
    arranged.docks["map"].setFixedWidth(300)  # its page is gone
    second = Window(kept=tmp_path / "window.ini")
    second.resize(1800, 820)
    second.show()
    assert second.dock_layout.restore()
    qtbot.waitUntil(lambda: widths(second) == seen)
    second.end()


def test_widths_stay_when_another_person_brings_other_panels(arranged: Window, qtbot: Any) -> None:
    seen = widths(arranged)
    with arranged.dock_layout.preserving_docks():
        for name in ("queue", "map", "case", "lower"):
            arranged.docks[name].hold(QLabel("panel"), QLabel("head"))
            QApplication.processEvents()
    qtbot.wait(50)
    assert widths(arranged) == seen


def test_closing_asks_first(window: Window, qtbot: Any) -> None:
    window.show()
    with qtbot.waitSignal(window.closing):
        window.close()
    assert window.isVisible()


def test_the_start_of_the_platform_is_told_in_the_words_of_the_screen() -> None:
    assert str(progress_text("making the district")) == "第一次要生成演示区，约一分钟"
    assert str(progress_text("2,000 of 6,356 cases, 9,000 facts")) == "正在生成演示区，2,000 / 6,356 件"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1366, 1920])
def test_what_is_told_lies_over_no_panel_and_no_button(
    window: Window, qtbot: Any, request: Any, width: int, language: str
) -> None:
    request.addfinalizer(lambda: speak("zh"))
    speak(language)
    window.resize(width, 768)
    window.show()
    window.topbar.take_seat(intake=True, plain=False, room=phrase("调度台"))
    QApplication.processEvents()
    told = window.toasts.tell("受理登记由受理员或网格长来做，你现在是派遣员。" * 2, tone="warn")
    QApplication.processEvents()
    place = window.toasts.geometry()
    assert place.width() >= 380
    assert window.topbar.geometry().contains(place)
    parts = window.topbar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    shown = [QRect(part.mapTo(window, QPoint(0, 0)), part.size()) for part in parts if part.isVisible()]
    assert len(shown) > 6
    assert not any(place.intersects(part) for part in shown)
    text = told.findChild(Label)
    assert text.height() >= text.heightForWidth(text.width())
    told.dismiss()
    assert window.topbar.search.maximumWidth() == FIELD_WIDTH

"""The case on a small screen: one scroll, what has to be answered first, and the due moment in sight."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Application, Stage, Tier
from commandcenter.domain.people import Role
from tests.kit import hall
from tests.kit.case_panel import at_stage
from tests.kit.turns import turns
from ui.cases.case import CasePanel
from ui.kit.labels.chips import LimitBar
from ui.kit.texts.words import speak
from ui.theme import colour

LONG = "现场是建筑垃圾，本队无清运车，道路狭窄，大车进不去，须由区城管局另派小型清运车并商物业放行。" * 4
SMALL = (370, 664)  # what a case has at 1366 × 768


def in_sight(part: QWidget, panel: CasePanel) -> bool:
    """Whether all of a part is on screen."""
    scroll = panel.findChild(QScrollArea).viewport()
    return QRect(part.mapTo(scroll, QPoint(0, 0)), part.size()).intersected(scroll.rect()).size() == part.size()


def scrolling(panel: CasePanel) -> list[QAbstractScrollArea]:
    return [area for area in panel.findChildren(QAbstractScrollArea) if area.verticalScrollBar().isVisible()]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_an_application_is_read_first_and_whole_in_the_only_scroll(
    open_case: Any, request: Any, language: str, qtbot: QtBot
) -> None:
    request.addfinalizer(lambda: speak("zh"))
    speak(language)
    asked = Application("u12", LONG, hall.NOW - timedelta(minutes=9))
    panel, _ = open_case(at_stage(Stage.HANDLING, application=asked))
    panel.resize(*SMALL)
    panel.toggle_why()
    await turns()
    assert LONG in panel._application.texts()
    assert in_sight(panel._application, panel)
    assert len(scrolling(panel)) == 1
    assert panel.line.button.isVisible()
    panel.course.setFocus()  # by keyboard the history comes into view
    qtbot.keyClick(panel.course.focusProxy(), Qt.Key.Key_End)
    await turns()
    assert panel.findChild(QScrollArea).verticalScrollBar().value() > 0
    panel.toggle_why()
    panel.act("approve_return")  # which adds a row
    await turns()
    assert len(scrolling(panel)) == 1
    assert panel.course.focusProxy().verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_why_is_folded_and_the_due_moment_is_in_sight(open_case: Any, request: Any, language: str) -> None:
    request.addfinalizer(lambda: speak("zh"))
    speak(language)
    panel, _ = open_case(at_stage(Stage.HANDLING, returns=1))
    panel.resize(*SMALL)
    await turns()
    assert in_sight(panel._clocks._own.until, panel)
    assert panel._clocks._own.until.text() == "11-25 09:42"
    for part in (panel._top._class, panel._top._others):  # nothing of the head is cut
        assert part.width() >= part.sizeHint().width()
    returned, beside, said = panel._top._returns, (panel._top._first, panel._top._second), panel._top._class
    for width in range(420, 300, -2):  # wherever it has just room beside something, it is whole
        panel.resize(width, SMALL[1])
        await turns(1)
        if any(row.indexOf(said) >= 0 for row in beside) and said.isVisible():
            assert said.width() >= said.sizeHint().width()
        assert panel._top.width() < width
    assert returned.accessibleName() == {"zh": "退回 1 次", "en": "Returned once"}[language]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_newest_of_the_history_is_in_sight_above_five_buttons(
    open_case: Any, request: Any, language: str
) -> None:
    request.addfinalizer(lambda: speak("zh"))
    speak(language)
    case = replace(at_stage(Stage.DISPATCHED), tier=Tier.DISTRICT, responsible="d-urban", street="s03")
    panel, _ = open_case(case, Role.COORDINATOR)
    panel.resize(*SMALL)
    await turns()
    buttons = [panel._steps.buttons[name] for name in panel._steps.offered()]
    assert len(buttons) == 5
    edge = panel._steps.mapTo(panel, QPoint(0, 0)).y()
    timeline = panel.course.focusProxy()
    second = timeline.visualRect(panel.course.model.index(1))
    assert timeline.viewport().mapTo(panel, second.bottomLeft()).y() < edge
    assert len(scrolling(panel)) <= 1
    places = [QRect(one.mapTo(panel, QPoint(0, 0)), one.size()) for one in buttons]
    assert len({place.top() for place in places}) == 2
    for width in (SMALL[0], 300):  # or the least that a case has
        panel.resize(width, SMALL[1])
        await turns(1)
        places = [QRect(one.mapTo(panel, QPoint(0, 0)), one.size()) for one in buttons]
        for one, place in zip(buttons, places, strict=True):
            assert place.width() >= one.sizeHint().width()
            assert 0 <= place.left() <= place.right() < panel.width()
            assert not any(place.intersects(other) for other in places if other is not place)


def shades(bar: LimitBar) -> list[QColor]:
    """Returns the colours of the middle of a bar, from the left, each once in a row."""
    image = bar.grab().toImage()
    row = [image.pixelColor(x, image.height() // 2 - 1).name() for x in range(image.width())]
    return [one for at, one in enumerate(row) if at == 0 or row[at - 1] != one]


def test_elapsed_time_is_neutral_and_what_exceeds_the_limit_is_red(qtbot: QtBot) -> None:
    bar = LimitBar()
    qtbot.addWidget(bar)
    bar.resize(140, 14)
    neutral, red, track, tick = (colour(name).name() for name in ("ln3", "badg", "bg3", "tx2"))
    for share, light, shown in (
        (0.5, "on_time", [neutral, track, tick, track]),
        (0.9, "soon", [neutral, tick, neutral, track]),
        (1.3, "overdue", [neutral, tick, red]),
        (1.0001, "overdue", [neutral, tick, red]),
    ):
        bar.set_share(share, light=light)
        assert shades(bar) == shown

"""Crews and their coverage on the map: how they move, what is said of them, and where a power has nobody on duty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus
from tests.gui.map import district
from tests.kit import hall
from tests.kit.crews import assigned
from tests.kit.map_engine import engine_of
from tests.kit.street_crews import crew
from ui.map.coverage import Coverage, coverage_on_map
from ui.map.crews import crew_tip, crews_on_map
from ui.map.view import MapView
from ui.theme.tokens import THEMES

Ask = Callable[[str], Any]
NOWHERE = "hall.shown.map.setView([31.70, 117.30], 17, {animate: false})"
HERE = Spot(117.30, 31.70)
NOTED = """(({x, y}) => hall.shown.map.unproject([x, y], hall.shown.map.getZoom()))(
    hall.shown.names.boxes(hall.shown.map.getZoom()).find(({note}) => note))"""  # where the first name with a note is
LACKING = Coverage(("城管", "公安"), (("s0", "", (0, 1)), ("", district.STREETS[10], (1,))))


def notes(ask: Ask) -> dict[str, str]:
    boxes = ask("hall.shown.names.boxes(hall.shown.map.getZoom()).filter(b => b.note).map(b => [b.name, b.note])")
    return dict(boxes)


def shades(ask: Ask) -> list[float]:
    streets = "hall.shown.base._areas.filter(one => hall.shown.map.hasLayer(one.area))"
    return sorted(ask(f"{streets}.map(one => one.area.options.fillOpacity)"))


@pytest.mark.window
def test_a_crew_goes_straight_on_for_as_long_as_its_reports_are_apart_and_never_jumps(ask: Ask) -> None:
    way = """(() => {
      const at = (x) => ({id: 1, x, y: 0});
      const where = (crew, ...times) => times.map((now) => hall.whereabouts(crew, now).x);
      const first = hall.reported(null, at(0), 0), second = hall.reported(first, at(10), 1000);
      const third = hall.reported(second, at(25), 1500), same = hall.reported(third, at(25), 1600);
      return [where(second, 1000, 1250, 1500, 2000, 9000), where(third, 1500, 1750, 2000), where(same, 1750, 2000),
        where(hall.reported(same, at(125), 1e6), 1e6, 1e6 + 5000, 1e6 + 10000)];
    })()"""
    second, third, same, late = ask(way)
    assert second == [0, 2.5, 5, 10, 10]
    assert third == [5, 15, 25]
    assert same == [15, 25]
    assert late == [25, 75, 125]


@pytest.mark.window
def test_the_map_is_painted_where_a_move_is_seen_and_else_rests(ask: Ask) -> None:
    told = """(async () => {
      const crews = hall.shown.crews, at = hall.unit(117.30, 31.70), pixel = 1 / crews.view.scale;
      const crew = (by) => ({id: 1, name: "c", x: at[0] + by * pixel, y: at[1], status: 2, note: "", old: false});
      const painted = async (by) => {
        crews.take([crew(0)]);
        crews.draw(crews._pen, crews.view);
        await new Promise((go) => setTimeout(go, 120));
        let count = 0;
        const draw = crews.draw;
        crews.draw = (...told) => { count++; draw.apply(crews, told); };
        crews.take([crew(by)]);
        await new Promise((go) => setTimeout(go, 400));
        crews.draw = draw;
        return count;
      };
      return [await painted(0), await painted(0.6), await painted(3)];
    })()"""
    ask(NOWHERE + " && 1")
    ask(f"{told}.then((counts) => {{ window.counts = counts; }}) && 1")
    still, little, far = ask("new Promise((go) => setTimeout(go, 1800)) && 1") and _later(ask, "window.counts")
    assert (still, little) == (0, 0)
    assert 1 <= far <= 4


def _later(ask: Ask, expression: str) -> Any:
    while (found := ask(f"{expression} || 0")) == 0:
        pass
    return found


def test_a_crew_whose_position_is_old_is_marked_and_its_tip_says_how_old() -> None:
    case, board = hall.case(403), hall.board(0)
    busy = crew(1, status=CrewStatus.HANDLING, minutes=12, seen=5, spot=HERE, **assigned(case.id))
    board.apply([case, busy, crew(2, seen=1500, spot=HERE), crew(3, status=CrewStatus.OFF_DUTY, spot=HERE), crew(4)])
    fresh, old = sorted(crews_on_map(board, hall.NOW))
    assert [(one.name, one.note, one.is_old) for one in (fresh, old)] == [
        ("城管一队", "00403", False),
        ("城管二队", "25 分前的位置", True),
    ]
    assert crew_tip(board, busy.id, hall.NOW + timedelta(seconds=7)) == [
        "望湖·城管 一队",
        "处置 0:12:07",
        "00403 道路积水",
        "位置 12 秒前",
    ]
    assert crew_tip(board, old.id, hall.NOW)[2:] == ["没有任务", "位置过旧：25 分前"]
    assert crew_tip(board, "gone", hall.NOW) == []


@pytest.mark.window
def test_a_crew_under_the_pointer_says_what_it_does_and_a_click_chooses_it(
    qtbot: QtBot, chart: MapView, ask: Ask
) -> None:
    chart.set_crews([("u1", "城管一队", 117.30, 31.70, "available", "", True)])
    ask(NOWHERE + " && 1")
    qtbot.waitUntil(lambda: ask("hall.shown.crews.crews.size") == 1, timeout=60_000)
    spot = ask("hall.shown.crews.spotOf(0)")
    target, here = engine_of(chart).view.focusProxy(), QPoint(round(spot["x"]), round(spot["y"]))
    told: list[str] = []
    chart.crew_hovered.connect(told.append)

    def hears_after_moving_to(spot: QPoint, key: str) -> bool:
        for step in (0, 1):  # the page hears of the moves of a frame as one
            QTest.mouseMove(target, spot + QPoint(step, 0))
            qtbot.wait(20)
        return told[-1:] == [key]

    qtbot.waitUntil(lambda: hears_after_moving_to(here, "u1"), timeout=60_000)
    chart.tell_crew("u1", ["城管一队", "<b>待命</b> 0:05:00"])
    assert ask("document.querySelector('.hall-tip').innerText.split('\\n')") == ["城管一队", "<b>待命</b> 0:05:00"]
    with qtbot.waitSignal(chart.crew_picked, timeout=60_000) as picked:
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, here)
    assert picked.args == ["u1"]
    chart.choose_crew("u1")
    assert ask("hall.shown.crews.chosen") == 0
    qtbot.waitUntil(lambda: hears_after_moving_to(QPoint(30, 200), ""), timeout=60_000)
    assert told == ["u1", ""]
    assert ask("document.querySelector('.hall-tip').hidden")


@pytest.mark.window
def test_by_key_streets_are_shaded_by_what_they_lack_of_all_powers_or_of_one(
    qtbot: QtBot, chart: MapView, ask: Ask
) -> None:
    chart.set_coverage(LACKING)
    assert (notes(ask), shades(ask)) == ({}, [])
    first = ask("hall.shown.base._areas.find(one => one.keys.includes('s0')).keys[1]")
    QTest.keyClick(chart.header._toggles["coverage"], Qt.Key.Key_Space)
    assert notes(ask) == {first: "缺城管、公安", district.STREETS[10]: "缺公安"}
    assert shades(ask) == ask("[hall.Coverage.shade(1), hall.Coverage.shade(2)]")
    power = "document.querySelectorAll('.hall-coverage button')"
    assert ask(f"[...{power}].map(one => one.textContent)") == ["全部", "城管", "公安"]
    means = "document.querySelectorAll('.hall-coverage > span:not([hidden]):has(canvas)')"
    assert ask(f"[...{means}].map(one => one.textContent)") == ["街镇缺 1 项职权", "缺 2 项"]
    ask(f"({power}[1].focus(), {power}[1].click(), 1)")  # what Enter does to a focused button
    assert notes(ask) == {first: "缺城管"}
    assert len(shades(ask)) == 1
    with qtbot.waitSignal(engine_of(chart).heard, timeout=30_000, check_params_cb=lambda name, _: name == "drawn"):
        engine_of(chart).open()
    assert notes(ask) == {first: "缺城管"}
    lat, lon = ask(f"(({{lat, lng}}) => [lat, lng])({NOTED})")
    chart.set_cases(np.array([lon]), np.array([lat]), np.array([2], dtype=np.uint8))
    ask(f"hall.shown.map.setView([{lat}, {lon}], 16, {{animate: false}}) && 1")
    assert ask("hall.shown.cases.singles.length") == 1
    assert notes(ask) == {first: "缺城管"}
    assert ask(f"hall.shown.map.project({NOTED}, 16).distanceTo(hall.shown.map.project([{lat}, {lon}], 16))") >= 12
    QTest.keyClick(chart.header._toggles["coverage"], Qt.Key.Key_Space)
    assert (notes(ask), shades(ask)) == ({}, [])


def test_a_power_is_missing_where_it_has_crews_and_none_of_them_is_on_duty() -> None:
    off, board = crew(1, "s03-police", CrewStatus.OFF_DUTY), hall.board(0)
    further = [crew(1, unit, CrewStatus.OFF_DUTY) for unit in ("s03-urban", "s04-urban", "s05-housing")]
    board.apply([off, *further, crew(2, "s03-urban")])
    police, urban = (list(coverage_on_map(board, hall.NOW).powers).index(name) for name in ("派出所", "城管"))
    assert coverage_on_map(board, hall.NOW).streets == (("s03", "望湖街道", (police,)), ("s04", "常青街道", (urban,)))
    board.apply([replace(off, rev=2, status=CrewStatus.AVAILABLE)])
    assert [street for street, *_ in coverage_on_map(board, hall.NOW).streets] == ["s04"]


@pytest.mark.parametrize("theme", THEMES)
def test_marks_of_coverage_and_of_crews_stand_out_from_what_they_lie_on(theme: str) -> None:
    tokens = THEMES[theme]
    grounds = [tokens.map.land, tokens.map.out, tokens.map.lake]
    assert min(_contrast(tokens.badg, ground) for ground in grounds) >= 3
    assert min(_contrast(ink, tokens.bg1) for ink in (tokens.tx1, tokens.tx3, tokens.warng)) >= 3
    words = (tokens.bad, tokens.warn, tokens.tx2, tokens.tx3, tokens.ac)  # numbers, names and ways on the ground
    assert min(_contrast(ink, tokens.map.halo) for ink in words) >= 4.5
    lights = (tokens.okg, tokens.warng, tokens.badg, tokens.paug, tokens.tx3, tokens.ln3, tokens.ac)
    assert min(_contrast(ink, ground) for ink in lights for ground in (tokens.map.land, tokens.bg1)) >= 3
    assert min(_contrast(tokens.onac, tokens.acf), _contrast(tokens.ac, tokens.acb)) >= 4.5


def _contrast(one: str, other: str) -> float:
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

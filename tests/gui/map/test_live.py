"""The live map as a dispatcher uses it: what is clicked, what moves, what is worn, and what survives."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.map import district
from tests.kit.map_engine import engine_of, renderer
from ui.kit.texts.words import speak, terms
from ui.map.view import MapView
from ui.theme.tokens import DARK, LIGHT

pytestmark = pytest.mark.window
Ask = Callable[[str], Any]
NOWHERE = "hall.shown.map.setView([31.70, 117.30], 17, {animate: false})"


def _click(chart: MapView, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    target = engine_of(chart).view.focusProxy()
    QTest.mouseClick(target, button, Qt.KeyboardModifier.NoModifier, QPoint(round(x), round(y)))


def _spot(ask: Ask, slot: int) -> tuple[float, float]:
    columns = "hall.shown.cases.columns"
    point = f"hall.shown.map.latLngToContainerPoint(latlng({columns}.x[{slot}], {columns}.y[{slot}]))"
    x, y = ask(f"[{point}.x, {point}.y]")
    return x, y


def _one_case_alone(chart: MapView, lon: float = 117.30, lat: float = 31.70, light: int = 1) -> None:
    chart.set_cases(np.array([117.35, lon]), np.array([31.75, lat]), np.array([0, light], dtype=np.uint8))


def test_a_click_on_a_case_picks_its_slot(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    _one_case_alone(chart)
    ask(NOWHERE + " && 1")
    x, y = _spot(ask, 1)
    with qtbot.waitSignal(chart.picked, timeout=60_000) as told:
        _click(chart, x, y)
    assert told.args == [1]


def test_a_chosen_case_without_a_spot_leaves_the_map_where_it_is(chart: MapView, ask: Ask) -> None:
    where = "[hall.shown.map.getCenter().lat, hall.shown.map.getCenter().lng, hall.shown.map.getZoom()]"
    _one_case_alone(chart, lon=float("nan"), lat=float("nan"))
    before = ask(where)
    chart.select(1, "00001 暴露垃圾")
    assert ask(where) == before
    assert ask("hall.shown.crews.selected") is None
    chart.select(0, "00002 暴露垃圾")
    assert ask("hall.shown.crews.selected.slot") == 0


def test_a_click_on_a_cluster_opens_it(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    before = ask("hall.shown.map.getZoom()")
    box = ask("hall.shown.cases.marks.find(mark => mark.count > 1).box")
    left, top, edge = ask("[hall.shown.cases.view.left, hall.shown.cases.view.top, hall.shown.cases.edge]")
    _click(chart, box["x"] - left - edge, box["y"] - top - edge)
    qtbot.waitUntil(lambda: ask("hall.shown.map.getZoom()") > before, timeout=60_000)


def test_marks_keep_off_the_names_and_each_other_and_count_every_case(chart: MapView, ask: Ask) -> None:
    names = ask("hall.shown.names.boxes(hall.shown.map.getZoom())")
    assert len({name["name"] for name in names} & set(district.STREETS)) == len(district.STREETS)
    marks = ask("hall.shown.cases.marks.map(mark => ({...mark.box, count: mark.count, light: mark.light}))")
    boxes = [*names, *marks]
    over = [(one, other) for i, one in enumerate(boxes) for other in boxes[i + 1 :] if _overlap(one, other)]
    assert over == []
    counts = {light: sum(mark["count"] for mark in marks if mark["light"] == light) for light in range(5)}
    _, _, lights = district.cases(512)
    assert counts == {light: int(np.count_nonzero(lights == light)) for light in range(5)}
    assert max(mark["count"] for mark in marks if mark["light"] == 2) < 40  # what is overdue stays where it is
    assert ask("[2, 4].map((light) => numberOf(light, 12))") == ["12", "×12"]  # after a bar, 12 would be minus twelve


def test_no_line_to_a_mark_that_stepped_aside_runs_through_another(chart: MapView, ask: Ask) -> None:
    lon, lat, light = district.cases(512)
    crowd = light != 0  # what is on time is a number, which no line leads to
    chart.set_cases(
        np.repeat((0.0, 0.012, 0.024), crowd.sum()) + np.tile(lon[crowd], 3),
        np.tile(lat[crowd], 3),
        np.tile(light[crowd], 3),
    )
    marks = ask("hall.shown.cases.marks")
    boxes = [*(mark["box"] for mark in marks), *ask("hall.shown.names.boxes(hall.shown.map.getZoom())")]
    led = [mark for mark in marks if mark["from"]]
    assert len(led) > 5
    assert [mark for mark in led if any(_crosses(mark["from"], mark, box) for box in boxes)] == []


def _crosses(start: dict[str, Any], end: dict[str, Any], box: dict[str, Any]) -> bool:
    """Whether a line runs through the inside of a box in which neither of its ends lies."""
    spots = [
        (start["x"] + (end["x"] - start["x"]) * t, start["y"] + (end["y"] - start["y"]) * t)
        for t in np.linspace(0, 1, 200)
    ]
    inside = [abs(box["x"] - x) * 2 < box["w"] and abs(box["y"] - y) * 2 < box["h"] for x, y in spots]
    return any(inside) and not inside[0] and not inside[-1]


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    across, down = abs(one["x"] - other["x"]) * 2, abs(one["y"] - other["y"]) * 2
    return across < one["w"] + other["w"] and down < one["h"] + other["h"]


def test_a_change_moves_a_case_and_a_new_slot_appears(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    before = ask("hall.shown.cases.columns.x[7]")
    chart.change(np.array([7]), np.array([117.31]), np.array([31.70]), np.array([2], dtype=np.uint8))
    chart.change(np.array([600]), np.array([117.32]), np.array([31.70]), np.array([1], dtype=np.uint8))
    qtbot.waitUntil(lambda: ask("hall.shown.cases.columns.count") == 601, timeout=60_000)
    moved, light, count, gap, new = ask(
        "[hall.shown.cases.columns.x[7], hall.shown.cases.columns.light[7], hall.shown.cases.columns.count,"
        " hall.shown.cases.columns.light[550], hall.shown.cases.columns.light[600]]"
    )
    assert moved != before
    assert (light, count, gap, new) == (2, 601, 255, 1)
    assert chart.header.is_on("cases")


def test_a_filter_hides_and_gives_back(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    shown = "hall.shown.cases.columns.census().reduce((a, b) => a + b)"
    mask = np.zeros(512, dtype=bool)
    mask[[3, 500, 511]] = True
    chart.set_filter(mask)
    assert ask(shown) == 3
    assert ask("[2, 3, 500, 510, 511].map(slot => hall.shown.cases.columns.shows(slot))") == [
        False,
        True,
        True,
        False,
        True,
    ]
    chart.resize(400, 700)
    qtbot.waitUntil(lambda: ask("innerWidth") == 400, timeout=60_000)
    stand = "[hall.shown.tools.foot, hall.shown.map.getZoom(), hall.shown.map.getCenter().lat]"
    chart.set_filter(None)
    before = ask(stand)
    chart.set_filter(np.zeros(512, dtype=bool))
    assert ask(stand) == before  # the legend keeps its height, and the points stay where they are
    chart.change(np.array([7, 512]), np.full(2, 117.31), np.full(2, 31.70), np.array([4, 4], dtype=np.uint8))
    qtbot.waitUntil(lambda: ask("hall.shown.cases.columns.count") == 513, timeout=60_000)
    count = "hall.shown.cases.marks.reduce((sum, mark) => sum + mark.count, 0)"
    assert (ask(shown), ask(count)) == (0, 0)  # nothing passes because it arrives or changes
    assert chart.header._toggles["cases"].text().split()[-1] == "0"
    chart.set_filter(np.arange(513) == 512)
    assert (ask(shown), ask(count)) == (1, 1)
    chart.set_filter(None)
    assert ask(shown) == 513


def test_a_place_is_told_while_placing_and_by_the_right_button(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    ask(NOWHERE + " && 1")
    chart.placing(True)
    x, y = ask("hall.shown.map.latLngToContainerPoint([31.70, 117.30])").values()
    with qtbot.waitSignal(chart.placed, timeout=60_000) as told:
        _click(chart, x, y)
    assert told.args == pytest.approx([117.30, 31.70], abs=1e-3)
    chart.placing(False)
    with qtbot.waitSignal(chart.placed, timeout=60_000):
        _click(chart, x, y, Qt.MouseButton.RightButton)


def test_a_selected_case_out_of_view_is_brought_into_view(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    _one_case_alone(chart, lon=117.40, lat=31.78)
    ask(NOWHERE + " && 1")
    chart.select(1, "00421 道路积水", left="2:22")
    qtbot.waitUntil(
        lambda: ask(
            "hall.shown.map.getBounds().contains(latlng(hall.shown.cases.columns.x[1], hall.shown.cases.columns.y[1]))"
        ),
        timeout=60_000,
    )


def test_another_theme_is_worn_live(qtbot: QtBot, chart: MapView) -> None:
    def corner() -> str:
        picture = chart.grab().toImage()
        return QColor(picture.pixel(300, chart.height() - 8)).name().upper()

    qtbot.waitUntil(lambda: corner() == DARK.bg1, timeout=60_000)
    chart.set_colours(LIGHT.colours())
    qtbot.waitUntil(lambda: corner() == LIGHT.bg1, timeout=60_000)


def test_old_data_turns_the_ground_grey_and_says_why(chart: MapView, ask: Ask) -> None:
    chart.set_stale("位置停在 15:31:40，已 10 分 28 秒")
    assert ask("document.querySelector('.hall-stale').textContent") == "位置停在 15:31:40，已 10 分 28 秒"
    badge = ask("hall.colours.badg")
    assert len({badge[1:3], badge[3:5], badge[5:7]}) == 1
    chart.set_stale(None)
    assert ask("[document.querySelector('.hall-stale').hidden, hall.colours.badg]") == [True, DARK.badg]


def test_english_is_spoken_live(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    legend = "document.querySelector('.hall-legend').innerText.split('\\n').map(t => t.trim())"
    speak("en")
    try:
        qtbot.waitUntil(lambda: ask(legend)[:2] == ["Cases", "Overdue"])
        assert "approval" in ask("document.querySelector('.hall-line').textContent")
    finally:
        speak("zh")


@pytest.mark.expects_log("the map's renderer ended")
def test_a_dead_renderer_comes_back_with_its_data(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    chart.change(np.array([512]), np.array([117.31]), np.array([31.70]), np.array([2], dtype=np.uint8))
    with qtbot.waitSignal(engine_of(chart).heard, timeout=30_000, check_params_cb=lambda name, _: name == "drawn"):
        os.kill(renderer(engine_of(chart)), signal.SIGKILL)
    assert ask("[hall.shown.cases.columns.count, hall.shown.cases.columns.light[512]]") == [513, 2]


@pytest.mark.expects_log("the map's renderer ended")
@pytest.mark.expects_log("Failed to fetch")  # of a page that lives here, and is loaded anew while it asks
def test_a_renderer_that_keeps_dying_is_given_up_in_words(qtbot: QtBot, chart: MapView) -> None:
    with qtbot.waitSignal(chart.failed, timeout=60_000) as told:
        for _ in range(4):
            engine_of(chart).died.emit()  # type: ignore[union-attr]
    assert "地图" in told.args[0]
    with qtbot.waitSignal(engine_of(chart).heard, timeout=30_000, check_params_cb=lambda name, _: name == "drawn"):
        chart.load()


def test_cases_are_shown_before_any_place_is_known(qtbot: QtBot, page_cache: Path) -> None:
    view = MapView(cache_dir=page_cache, colours=DARK.colours())
    view.resize(500, 500)
    view.show()
    view.set_cases(*district.cases(40))
    view.load()
    page, seen = engine_of(view)._page, []
    script = "window.hall?.shown?.cases.cells?.visible || 0"

    def visible() -> bool:
        page.runJavaScript(script, 0, seen.append)
        return bool(seen and seen[-1])

    qtbot.waitUntil(visible, timeout=60_000)
    view.close()
    view.deleteLater()
    qtbot.wait(50)


def test_hostile_names_are_text(chart: MapView, ask: Ask) -> None:
    evil = "<img src=x onerror=window.pwned=1>'\"\\\u2028</script><script>window.pwned=1</script>"
    outline, streets, grids, _ = district.places(20)
    for collection in (outline, streets, grids):
        for feature in collection["features"]:
            feature["properties"]["name"] = evil
    chart.set_places(outline, streets, grids, evil)
    chart.set_crews([("c", evil, 117.3, 31.75, "handling", evil)])
    chart.select(3, evil, left=evil)
    chart.set_stale(evil)
    assert ask("document.querySelector('.hall-stale').textContent") == evil
    assert ask("[window.pwned === undefined, document.images.length, document.scripts.length]")[:2] == [True, 0]


def test_a_map_whose_data_are_fresh_is_not_told_so_each_second(chart: MapView, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(chart._channel, "say", told.append)
    for text in (None, None, "位置停在 10:00", "位置停在 10:00", None):
        chart.set_stale(text)
    assert [message.values for message in told if message.name == "stale"] == [("位置停在 10:00",), (None,)]
    assert [message.name for message in told].count("wear") == 2


def test_crews_keep_off_marks_names_and_each_other_and_those_together_are_one_mark(chart: MapView, ask: Ask) -> None:
    crews = [(str(n), f"城管{n}队", 117.27 + n % 12 * 0.01, 31.69 + n // 12 * 0.01, "handling", "") for n in range(96)]
    together = [(f"t{n}", f"环保{n}队", 117.4051, 31.7001 + n * 1e-5, "handling", "") for n in range(3)]
    chart.set_crews([*crews, *together, ("idle", "待命一队", 117.40, 31.74, "available", "")])
    taken, places = "hall.shown.cases.taken", "hall.shown.crews.places"
    over = f"{places}.filter((place) => {taken}.hit(place.box)).length"
    mutual = (
        f"{places}.flatMap((one, at) => {places}.slice(at + 1).filter((other) => overlap(one.box, other.box))).length"
    )
    counts = f"{places}.map(({{crews}}) => crews.length)"
    on_marks, on_others, sizes, idle = ask(f"[{over}, {mutual}, {counts}, {places}.some(p => p.crews[0].status < 2)]")
    assert (on_marks, on_others) == (0, 0)
    assert len(sizes) > 20
    assert 3 in sizes
    assert ask(f"others({places}.find(p => p.crews.length === 3), hall.shown.crews)") == ["环保1队、环保2队"]
    assert not idle  # from afar the map shows who does something
    ask("hall.shown.map.setView([31.74, 117.40], 14, {animate: false}) && 1")
    assert ask(f"{places}.some(p => p.crews[0].status === 1)")


def test_a_long_drag_does_not_run_out_of_ground(chart: MapView, ask: Ask) -> None:
    ask("hall.shown.map.setZoom(15, {animate: false}) && 1")
    ask("(hall.shown.map._rawPanBy(L.point(400, 0)), hall.shown.map.fire('move'), 1)")
    size = "hall.shown.map.getSize()"
    right = f"hall.shown.map.containerPointToLayerPoint({size}.subtract({size}.multiplyBy(0.1)))"
    assert ask(f"hall.shown.base._pen._bounds.contains({right})")


@pytest.mark.parametrize("way", ["{}, 0", "0, {}"])
def test_a_drag_carries_the_picture_and_what_is_under_the_pointer(
    qtbot: QtBot, chart: MapView, ask: Ask, way: str
) -> None:
    _one_case_alone(chart)
    chart.set_crews([("u1", "城管一队", 117.302, 31.70, "available", "")])
    ask(NOWHERE + " && 1")
    qtbot.waitUntil(lambda: ask("hall.shown.crews.crews.size") == 1, timeout=60_000)
    ask("(hall.shown.cases.redraw(), cancelAnimationFrame(hall.shown.cases._frame), hall.shown.cases._frame = 0)")
    drag = f"(hall.shown.map._rawPanBy(L.point({way})), hall.shown.map.fire('move'), hall.shown.cases._frame)"
    assert ask(drag.format(40)) == 0
    x, y = _spot(ask, 1)
    assert ask(f"hall.shown.cases.under(L.point({x}, {y})).slot") == 1
    crew = "hall.shown.map.latLngToContainerPoint([31.70, 117.302])"
    assert ask(f"hall.shown.crews.crews.get(hall.shown.crews.under({crew}).crews[0].id).name") == "城管一队"
    assert ask(drag.format(40)) != 0


def test_two_fingers_that_move_the_map_see_it_drawn_anew(chart: MapView, ask: Ask) -> None:
    ask("(hall.shown.cases.redraw(), cancelAnimationFrame(hall.shown.cases._frame), hall.shown.cases._frame = 0)")
    ask("(window.old = hall.shown.map.project(hall.shown.map.getCenter()).add([300, 0]), 1)")
    there = "hall.shown.map.unproject(window.old), hall.shown.map.getZoom(), {pinch: true}"
    assert ask(f"(hall.shown.map._move({there}), hall.shown.cases._frame)") != 0


def test_the_whole_district_lies_above_the_line_at_the_foot(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    chart.resize(1200, 500)  # so that its height bounds what is in view
    qtbot.waitUntil(lambda: ask("hall.shown.map.getSize().x") == 1200, timeout=60_000)
    ask("(hall.shown.base.whole(hall.shown.tools.foot, false), 1)")
    line, height = ask("[document.querySelector('.hall-foot').getBoundingClientRect().top, window.innerHeight]")
    assert ask("getComputedStyle(document.documentElement).getPropertyValue('--foot')") == f"{height - line:g}px"
    box = "hall.shown.base.home"
    low = ask(f"hall.shown.map.latLngToContainerPoint({box}.getSouthWest()).y")
    high = ask(f"hall.shown.map.latLngToContainerPoint({box}.getNorthWest()).y")
    assert 0 < high < low < line
    scale = ask("document.querySelector('.leaflet-control-scale').getBoundingClientRect().top")
    assert low <= scale < line  # the scale lies on no place of the district either
    assert abs((high + low) / 2 - (line - 12) / 2) < 3


def test_a_pin_stands_in_the_middle_of_what_the_foot_leaves(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    chart.pin(117.302, 31.70)
    qtbot.waitUntil(lambda: ask("!!hall.shown.crews.pin"), timeout=60_000)
    line = ask("document.querySelector('.hall-foot').getBoundingClientRect().top")
    assert abs(ask("hall.shown.map.latLngToContainerPoint([31.70, 117.302]).y") - line / 2) <= 1
    wide, at = ask("hall.shown.map.getSize().x"), "hall.shown.map.latLngToContainerPoint([31.70, 117.302]).x"
    chart.pin(117.302, 31.70, covered=wide - 260)
    qtbot.waitUntil(lambda: abs(ask(at) - (wide - 130)) <= 1, timeout=60_000)
    metres = ask(
        f"hall.shown.map.containerPointToLatLng([{wide - 1}, 0]).distanceTo("
        f"hall.shown.map.containerPointToLatLng([{wide - 131}, 0]))"
    )
    assert metres > 100, "its circle is cut off"


def test_keys_open_one_step_and_put_the_layers_away(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    before = ask("hall.shown.map.getZoom()")
    plus = "new KeyboardEvent('keydown', {key: '+', shiftKey: true, keyCode: 187, bubbles: true})"
    ask(f"hall.shown.map.getContainer().dispatchEvent({plus})")
    qtbot.waitUntil(lambda: ask("hall.shown.map.getZoom()") > before, timeout=60_000)
    assert ask("hall.shown.map.getZoom()") - before <= 1
    ask("(hall.shown.tools._opener.click(), 1)")
    assert not ask("hall.shown.tools._menu.hidden")
    ask("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    assert ask("hall.shown.tools._menu.hidden")


def test_the_corner_says_when_the_outline_was_only_drawn_round_the_cases(chart: MapView, ask: Ask) -> None:
    outline, _, _, name = district.places(20)
    outline["features"][0]["properties"] |= {"drawn": "hull", "source": "City of Baltimore"}
    chart.set_places(outline, {"features": []}, {"features": []}, name)
    told = ask("document.querySelector('.hall-line').textContent")
    assert "案件位置" in told
    assert "City of Baltimore" in told


def test_a_first_site_without_outlines_is_said_and_shown_where_its_streets_are(chart: MapView, ask: Ask) -> None:
    none: dict[str, Any] = {"features": []}
    chart.set_cases(np.zeros(0), np.zeros(0), np.zeros(0, np.uint8))
    streets = [(116.10, 30.50, "明光路街道"), (116.12, 30.70, "大通路街道")]
    chart.set_places(none, none, none, "瑶海区", streets)
    said = "document.querySelector('.hall-bare')"
    assert ask(f"[{said}.textContent, {said}.checkVisibility()]") == [
        "瑶海区还没有导入轮廓" + terms()["map"]["bare_text"]["zh"],
        True,
    ]
    ask("hall.shown.base.whole(hall.shown.tools.covered, false) || 1")
    for lon, lat, _ in streets:
        x, y, top, wide = ask(
            f"(({{x, y}}) => [x, y, {said}.getBoundingClientRect().top, innerWidth])"
            f"(hall.shown.map.latLngToContainerPoint([{lat}, {lon}]))"
        )
        assert 0 < x < wide
        assert 0 < y < top  # the sentence covers no street
    names = ask("hall.shown.names.boxes(hall.shown.map.getZoom()).map(({name}) => name)")
    assert sorted(names) == sorted(name for _, _, name in streets)
    assert ask("hall.shown.base._parts.graticule.getLatLngs().length") > 3
    assert "没有导入轮廓" in ask("document.querySelector('.hall-line').textContent")
    chart.set_cases(np.array([116.11]), np.array([30.61]), np.array([1], dtype=np.uint8))
    assert not ask(f"{said}.checkVisibility()")
    outline, streets_of, grids, name = district.places(20)
    chart.set_cases(np.zeros(0), np.zeros(0), np.zeros(0, np.uint8))
    chart.set_places(outline, streets_of, grids, name, streets)
    assert not ask(f"{said}.checkVisibility()")


def test_a_district_of_which_nothing_is_known_is_shown_where_every_map_begins(chart: MapView, ask: Ask) -> None:
    none: dict[str, Any] = {"features": []}
    chart.set_places(none, none, none, "")
    ask("hall.shown.map.setView([30, 110], 9, {animate: false}) && 1")
    ask("hall.shown.base.whole(hall.shown.tools.foot, false) || 1")
    begins = "L.latLng(hall.shown.map.options.center)"
    assert ask(f"hall.shown.map.getCenter().distanceTo({begins})") < 100
    assert ask("hall.shown.base._parts.graticule.getBounds().contains(hall.shown.map.getCenter())")


def test_a_district_without_places_leaves_nothing_of_the_one_before(chart: MapView, ask: Ask) -> None:
    chart.set_places({"features": []}, {"features": []}, {"features": []}, "")
    corners = "hall.shown.base._parts.district.getLatLngs().flat(3).length"
    assert ask(f"[hall.shown.base.home, {corners}, hall.shown.map.options.maxBounds ?? null]") == [None, 0, None]
    outline, streets, grids, name = district.places(20)
    chart.set_places(outline, streets, grids, name)
    assert ask(corners) > 0

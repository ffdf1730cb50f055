"""What lies over the map hides no case and cuts no name: both step aside."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from ui.map.view import MapView

pytestmark = pytest.mark.window
Ask = Callable[[str], Any]
OVER = ".hall-tools, .hall-zoom, .hall-foot, .leaflet-control-scale"
CUT = f"""(() => {{
    const {{x, y}} = hall.shown.cases.world([0, 0]);
    const over = [...document.querySelectorAll("{OVER}")].map((one) => one.getBoundingClientRect());
    return hall.shown.names.boxes(hall.shown.map.getZoom()).filter((name) => {{
        const left = name.x - name.w / 2 - x, right = left + name.w, top = name.y - name.h / 2 - y, low = top + name.h;
        const isSeen = right > 0 && low > 0 && left < innerWidth && top < innerHeight;
        const isWhole = left >= 0 && top >= 0 && right <= innerWidth && low <= innerHeight;
        const isUnder = (one) => left < one.right && right > one.left && top < one.bottom && low > one.top;
        return isSeen && (!isWhole || over.some(isUnder));
    }}).map((name) => name.name);
}})()"""


def test_no_name_is_cut_by_the_edge_or_the_tools(chart: MapView, ask: Ask) -> None:
    seen = set()
    for zoom, lat, lon in ((12, 31.76, 117.31), (13, 31.79, 117.28), (13, 31.76, 117.35), (15, 31.79, 117.30)):
        ask(f"hall.shown.map.setView([{lat}, {lon}], {zoom}, {{animate: false}}) && 1")
        assert ask(CUT) == []
        seen |= set(ask("hall.shown.names.boxes(hall.shown.map.getZoom()).map((name) => name.name)"))
    assert len(seen) > 5


def test_a_case_under_the_pin_or_the_scale_is_shown_and_met_beside_it(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    chart.set_cases(np.array([117.302]), np.array([31.70]), np.array([2], dtype=np.uint8))
    chart.pin(117.302, 31.70)
    qtbot.waitUntil(lambda: ask("hall.shown.map.getZoom() >= 16 && hall.shown.cases.singles.length === 1"))
    pin, case = (QPoint(*map(round, ask(spot))) for spot in (AT_PIN, AT_CASE))
    assert (case - pin).y() > 5, "it lies under the pin"
    assert (case - pin).manhattanLength() <= 40
    assert ask(f"hall.shown.cases.under(L.point({case.x()}, {case.y()})).slot") == 0
    chart.liken([(0, "00421")])
    qtbot.waitUntil(lambda: ask("hall.shown.crews._plates.length === 1"))
    plate = ask("(([{x, y, h, number}]) => ({x, y, h, number}))(hall.shown.crews._plates)")
    metres = ask("hall.metre(hall.shown.crews.view, hall.shown.crews.pin.y)")
    middle = ask("hall.shown.crews.pin.y * hall.shown.crews.view.scale")
    assert plate["number"] == "00421"
    assert plate["y"] - plate["h"] / 2 > middle + 100 * metres, "its number stands in the pin's circle"
    scale = "document.querySelector('.leaflet-control-scale').getBoundingClientRect()"
    ask(f"(({{x, y}}) => hall.shown.map.panBy([{pin.x()} - x - 20, {pin.y()} - y], {{animate: false}}) && 1)({scale})")
    assert ask("hall.shown.cases.singles.length") == 1
    box = ask(f"(({{left, top, right, bottom}}) => [left, top, right, bottom])({scale})")
    x, y = ask(AT_CASE)
    assert not (box[0] - 5 < x < box[2] + 5 and box[1] - 5 < y < box[3] + 5)


AT_PIN = "(({x, y}) => [x, y])(hall.shown.map.latLngToContainerPoint([31.70, 117.302]))"
AT_CASE = """(() => {
    const cases = hall.shown.cases, stamped = [], stamp = hall.stamp, {x, y} = cases.world([0, 0]);
    hall.stamp = (pen, sprite, left, top) => stamped.push([left + cases.view.left - x, top + cases.view.top - y]);
    cases._drawSingle(cases._pen, cases.view, 0);
    hall.stamp = stamp;
    return stamped[0];
})()"""

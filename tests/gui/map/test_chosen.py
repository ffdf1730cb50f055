"""The chosen case on the map: what is said of it covers nothing, its crews have keys, and the view stays put."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.gui.map import district
from ui.map.content import NearCrew
from ui.map.view import MapView

pytestmark = pytest.mark.window
Ask = Callable[[str], Any]
Box = dict[str, float]

NEAR = [
    NearCrew("c1", "望湖街道 城管一队", "待命", "0.6 km"),
    NearCrew("c2", "望湖街道 城管二队", "返回", "1.4 km"),
    NearCrew("c3", "常青街道 城管一队", "待命", "2.1 km"),
]
SPOTS = ((117.36, 31.74), (117.38, 31.71), (117.33, 31.70))  # where there is room beside the crews
SEEN = "document.querySelector('.hall-callout')"
GAP = """(({x, y, w, h}, at, scale) => Math.hypot(Math.max(Math.abs(at.x * scale - x) - w / 2, 0),
    Math.max(Math.abs(at.y * scale - y) - h / 2, 0)))(
    hall.shown.crews.callout._spot, hall.shown.crews.ringed(), hall.shown.crews.view.scale)"""
WHERE = "[hall.shown.map.getCenter().lat, hall.shown.map.getCenter().lng, hall.shown.map.getZoom()]"


def _overlap(one: Box, other: Box) -> bool:
    across, down = abs(one["x"] - other["x"]) * 2, abs(one["y"] - other["y"]) * 2
    return across < one["w"] + other["w"] and down < one["h"] + other["h"]


def _choose(chart: MapView, slot: int = 20) -> None:
    chart.set_crews([*district.crews(60), *(_crew(one, n) for n, one in enumerate(NEAR))])
    chart.select(slot, "00421 道路积水", left="0:02:22")
    chart.offer_crews(NEAR)


def _crew(one: NearCrew, number: int) -> tuple[str, str, float, float, str, str]:
    return (one.id, one.name, 117.30 + number * 0.008, 31.80, "available", "")


def test_what_is_said_of_the_chosen_case_covers_no_mark_and_no_name(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    _choose(chart)
    assert ask(f"[...{SEEN}.querySelectorAll('button')].map(row => [...row.children].map(one => one.textContent))") == [
        [str(key), one.name, one.status, one.way] for key, one in enumerate(NEAR, 1)
    ]
    callout = ask("hall.shown.crews.callout._spot")
    marks = ask("hall.shown.cases.marks.map(mark => mark.box)")
    names = ask("hall.shown.names.boxes(hall.shown.map.getZoom())")
    places = ask("hall.shown.crews.places.map(({key, box}) => ({key, ...box}))")
    lit = [place for place in places if place["key"]]
    assert sorted(place["key"] for place in lit) == [1, 2, 3]
    assert [one for one in [*marks, *names, *places] if _overlap(callout, one)] == []
    assert [one for one in [*marks, *names] if any(_overlap(one, place) for place in lit)] == []
    low, wide, foot = ask(
        f"[{SEEN}.getBoundingClientRect().bottom, innerWidth, document.querySelector('.hall-foot').offsetTop]"
    )
    assert low < foot
    assert callout["w"] < wide
    ask("(window.before = hall.shown.crews.places, 1)")
    chart.tell_left("0:02:21")
    assert ask(f"{SEEN}.querySelector('b').textContent") == "0:02:21"
    assert ask("window.before === hall.shown.crews.places")  # a second that passes places nothing anew
    with qtbot.waitSignal(chart.near_chosen, timeout=60_000) as chosen:
        ask(f"({SEEN}.querySelectorAll('button')[1].click(), 1)")
    assert chosen.args == [2]
    chart.offer_crews([NEAR[0], NEAR[1]._replace(also="P"), NEAR[2]])
    keys = "[...row.querySelectorAll('kbd')].map(one => one.textContent)"
    assert ask(f"[...{SEEN}.querySelectorAll('button')].map(row => {keys})") == [["1"], ["2", "P"], ["3"]]
    left = f"[...{SEEN}.querySelectorAll('button > span')].map(name => Math.round(name.getBoundingClientRect().left))"
    assert len(set(ask(left))) == 1  # the names stand in one line
    chart.resize(440, 640)
    qtbot.waitUntil(lambda: ask("innerWidth") == 440, timeout=60_000)
    chart.select(500, "00421 道路积水", left="0:02:22")
    assert ask(f"{SEEN}.innerText").split() == ["00421", "0:02:22"]  # where all is full, few words stand near the case
    assert ask(GAP) <= 60
    callout, marks = ask("[hall.shown.crews.callout._spot, hall.shown.cases.marks.map(mark => mark.box)]")
    assert not any(_overlap(callout, one) for one in marks)
    chart.select(None)
    chart.offer_crews([])
    assert ask(f"[{SEEN}.checkVisibility(), hall.shown.crews.places.filter(({{key}}) => key).length]") == [False, 0]


def test_the_whole_district_stays_in_view_until_somebody_moves_the_map(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    def is_whole() -> Any:
        box, foot = "hall.shown.base.home", "hall.shown.tools.foot"
        corners = f"[{box}.getNorthWest(), {box}.getSouthEast()].map(at => hall.shown.map.latLngToContainerPoint(at))"
        inside = f"(({{x, y}}) => x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight - {foot})"
        return ask(f"{corners}.every({inside})")

    def resize(width: int, height: int) -> None:
        chart.resize(width, height)
        qtbot.waitUntil(lambda: ask("innerWidth") == width, timeout=60_000)

    assert is_whole()
    for width, height in ((420, 500), (900, 700)):
        resize(width, height)
        assert is_whole()
    before = ask(WHERE)
    _choose(chart)
    assert ask(WHERE) == before  # it is in sight
    ask("hall.shown.map.setZoom(14, {animate: false}) && 1")
    near = ask("hall.shown.map.getZoom()")
    resize(700, 650)
    assert ask("hall.shown.map.getZoom()") == near
    chart.set_cases(np.array([117.25]), np.array([31.67]), np.array([2], dtype=np.uint8))
    ask("hall.shown.map.setView([31.80, 117.30], 15, {animate: false}) && 1")
    chart.select(0, "00421 道路积水", look=False)  # something else became of it while somebody looks elsewhere
    away = ask(WHERE)
    assert not ask(f"getComputedStyle({SEEN}).visibility === 'visible'")
    chart.select(0, "00421 道路积水")
    qtbot.waitUntil(lambda: ask(WHERE) != away, timeout=60_000)


DRAWN = """(() => {
    const crews = hall.shown.crews, told = {ends: [], stamps: []}, pen = crews._pen;
    let isDashed = false;
    const put = (x, y) => [x - crews.edge, y - crews.edge];
    crews._pen = new Proxy(pen, {
        get: (from, name) => typeof from[name] !== "function" ? from[name] : (...given) => {
            if (name === "setLineDash") isDashed = given[0].length > 0;
            if (name === "lineTo" && isDashed) told.ends.push(put(...given));
            if (name === "drawImage") told.stamps.push(put(given[1] + given[3] / 2, given[2] + given[4] / 2));
            return from[name](...given);
        },
        set: (from, name, value) => { from[name] = value; return true; },
    });
    crews.redraw();
    crews._pen = pen;
    return told;
})()"""


BADGE_ON_A_WAY = """(() => {
    const {crews} = hall.shown, {scale} = crews.view, ring = crews.ringed();
    const first = crews.places.find(({key, side}) => key && side);
    const other = crews.places.find(({key}) => key && key !== first.key);
    const at = ({crews: [{id}]}) => crews.crews.get(id);
    const [wide, dy] = ["x", "y"].map((axis) => ((ring[axis] + at(other)[axis]) / 2 - at(first)[axis]) * scale);
    const dx = wide - first.lean;
    first.box = {...first.box, x: first.box.x + dx - first.dx, y: first.box.y + dy - first.dy};
    Object.assign(first, {dx, dy});
    return 1;
})()"""
PIXELS = """(changed) => {
    const crews = hall.shown.crews, keys = crews.places.filter(({key}) => key), {left, top} = crews.view;
    Object.assign(crews, changed);
    crews.redraw();
    Object.keys(changed).forEach((name) => delete crews[name]);
    const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    Object.assign(pen.canvas, {width: crews._canvas.width, height: crews._canvas.height});
    pen.drawImage(crews._canvas, 0, 0);
    const inside = ({x, y, w, h}) => [x - w / 2 - left + 2, y - h / 2 - top + 2, w - 4, h - 4];
    return keys.map(({box}) => [...pen.getImageData(...inside(box)).data].join());
}"""


def _far(one: list[float], other: list[float]) -> float:
    return math.dist(one, other)


def test_the_crews_near_a_case_stand_where_they_are_and_no_line_runs_through_what_is_said_of_them(
    chart: MapView, ask: Ask
) -> None:
    chart.select(20, "00421 道路积水", left="0:02:22")
    chart.offer_crews(NEAR)
    chart.set_crews([(one.id, one.name, *spot, "available", "") for one, spot in zip(NEAR, SPOTS, strict=True)])
    told = ask(DRAWN)
    for number, (lon, lat) in enumerate(SPOTS):
        spot = ask(f"(({{x, y}}) => [x, y])(hall.shown.map.latLngToContainerPoint([{lat}, {lon}]))")
        assert any(_far(spot, end) <= 1 for end in told["ends"]), "its line ends elsewhere"
        assert any(_far(spot, at) <= 1 for at in told["stamps"]), "it has no mark where it is"
        badge = ask(f"hall.shown.crews.places.find(({{key}}) => key === {number + 1})")
        assert math.hypot(badge["dx"], badge["dy"]) <= 60
        assert len([end for end in told["ends"] if _far(spot, end) <= 1]) == 1
    drawn = ask(LINES)
    assert _struck_out(drawn) == []
    assert len(told["ends"]) > len(NEAR), "no name interrupts a way here"
    with_lines, without = ask(f"{BADGE_ON_A_WAY} && [({PIXELS})({{}}), ({PIXELS})({{_lines() {{}}}})]")
    assert with_lines == without


LINES = """(() => {
    const {cases, crews} = hall.shown, told = {lines: [], stamps: []};
    for (const layer of [cases, crews]) {
        const pen = layer._pen, put = (x, y) => ({x: x + layer.view.left, y: y + layer.view.top});
        let path = [], here = null, isPlain = true;
        layer._pen = new Proxy(pen, {
            get: (from, name) => typeof from[name] !== "function" ? from[name] : (...given) => {
                if (name === "beginPath") [path, isPlain] = [[], true];
                else if (name === "moveTo") here = put(...given);
                else if (name === "lineTo") path.push({from: here, to: (here = put(...given))});
                else if (/^(arc|rect|roundRect|bezierCurveTo)$/.test(name)) isPlain = false;
                else if (name === "stroke" && isPlain)
                    told.lines.push({wide: from.lineWidth, path, at: told.stamps.length});
                else if (name === "drawImage") told.stamps.push(put(given[1] + given[3] / 2, given[2] + given[4] / 2));
                return from[name](...given);
            },
            set: (from, name, value) => { from[name] = value; return true; },
        });
    }
    const drawing = [cases._pen, crews._pen];
    cases.redraw();
    [cases, crews].forEach((layer) => { layer._pen = layer._canvas.getContext("2d"); });
    const {scale} = crews.view, ring = crews.ringed(), names = cases.names.boxes(cases.view.zoom);
    return {...told, names, at: {x: ring.x * scale, y: ring.y * scale}, box: crews.callout._spot,
        marks: cases.marks.filter(({slot}) => slot < 0 || slot !== crews.selected.slot)};
})()"""


def _struck_out(drawn: Any) -> list[Any]:
    """The lines that run through the letters of a name: more than a pixel within its box."""
    names = [{**name, "w": name["w"] - 2, "h": name["h"] - 2} for name in drawn["names"]]
    parts = [part for line in drawn["lines"] for part in line["path"]]
    return [(part, name["name"]) for part in parts for name in names if _runs_through(part, name)]


def _runs_through(part: Any, box: Box) -> bool:
    (x, y), (to_x, to_y) = ((part[end]["x"], part[end]["y"]) for end in ("from", "to"))
    spots = ((x + (to_x - x) * share / 200, y + (to_y - y) * share / 200) for share in range(201))
    return any(abs(box["x"] - x) * 2 < box["w"] and abs(box["y"] - y) * 2 < box["h"] for x, y in spots)


def test_lines_strike_out_no_name_and_that_to_the_words_is_seen_from_the_ring_to_them(
    qtbot: QtBot, chart: MapView, ask: Ask
) -> None:
    chart.resize(400, 560)
    qtbot.waitUntil(lambda: ask("innerWidth") == 400, timeout=60_000)
    lon, lat, light = district.cases(900)
    chart.set_cases(lon, lat, np.where(np.arange(900) % 3 == 0, 2, light).astype(np.uint8))  # a crowded district
    _choose(chart)
    met, thin = 0, 0
    for slot in (20, 60, 144, 180, 260, 352, 420, 500):
        chart.select(slot, "00421 道路积水", left="0:02:22")
        drawn = ask(LINES)
        assert _struck_out(drawn) == []
        (to_words,) = (line for line in drawn["lines"] if line["wide"] == 2)
        thin += len([line for line in drawn["lines"] if line["wide"] == 1 and line["path"]])
        at, first = drawn["at"], to_words["path"][0]["from"]
        assert math.hypot(first["x"] - at["x"], first["y"] - at["y"]) <= 13
        last, box = to_words["path"][-1]["to"], drawn["box"]
        assert abs(last["x"] - box["x"]) <= box["w"] / 2 + 1
        assert abs(last["y"] - box["y"]) <= box["h"] / 2 + 1
        lengths = [math.hypot(p["to"]["x"] - p["from"]["x"], p["to"]["y"] - p["from"]["y"]) for p in to_words["path"]]
        assert len(lengths) == 1 or min(lengths) >= 16
        later = drawn["stamps"][to_words["at"] :]
        under = [mark for mark in drawn["marks"] if any(_runs_through(part, mark["box"]) for part in to_words["path"])]
        assert all(any(math.hypot(s["x"] - m["x"], s["y"] - m["y"]) <= 1 for s in later) for m in under)
        met += len(under)
    assert met, "the line meets no mark in this story"
    assert thin > 20


def test_crews_that_move_elsewhere_do_not_lay_out_the_words_anew(qtbot: QtBot, chart: MapView, ask: Ask) -> None:
    _choose(chart)
    before = ask("hall.shown.crews.callout._spot")
    count = "Object.defineProperty(%s, 'offsetWidth', {get: () => ++window.asked_size})"
    ask(f"(window.asked_size = 0, {count % SEEN}, 1)")
    for step in range(1, 4):
        moved = [crew._replace(lat=crew.lat + step * 0.004) for crew in district.crews(60)]
        chart.set_crews([*moved, *(_crew(one, n) for n, one in enumerate(NEAR))])
        latitude = f"[...hall.shown.crews.crews.values()].find(({{name}}) => name === '{moved[0].name}').y"
        qtbot.waitUntil(lambda where=latitude: ask(where) > 0, timeout=60_000)
    assert ask("hall.shown.crews.callout._spot") == before
    ask("(hall.shown.cases.redraw(), 1)")
    assert ask("window.asked_size") == 0  # the words are the same

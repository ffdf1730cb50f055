"""Every mark of the map stands out from what it lies on, in the pixels of the real page: both themes, fresh and old."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.gui.map import district
from tests.kit.contrast import SCALE, contrast_of, grounds_of, pixels_of
from tests.kit.map_engine import engine_of
from ui.map.content import MapCrew, NearCrew
from ui.map.coverage import Coverage
from ui.map.view import MapView
from ui.theme.tokens import THEMES

pytestmark = pytest.mark.window
Ask = Callable[[str], Any]

TEXT, MARK = 4.5, 3.0  # the contrast that texts and marks need (WCAG 2)
LIGHTS = {0: "tx3", 1: "warng", 2: "badg", 3: "paug", 4: "tx3", 5: "tx3"}  # the token of each light's shape
COUNTS = {0: "tx3", 1: "warn", 2: "bad", 3: "tx2", 4: "tx2", 5: "tx3"}  # and of the number beside it
QUIET = (0, 5)  # they are dots and plain numbers
STATES = ("off_duty", "available")
KINDS = {*(f"case {light}" for light in LIGHTS), *(f"number {light}" for light in LIGHTS)} | {
    *(f"crew {status}" for status in range(7)), *(f"{what} {key}" for what in ("key", "digit") for key in (1, 2, 3)),
    "ring", "picture", "edge", "pin", "dot of the pin", "circle", "words of the circle", "line to the words",
    "way to a crew", "line to a mark", "line to a crew",
}  # fmt: skip
LINES = ("circle", "line to the words", "way to a crew", "line to a mark", "line to a crew")  # they run under marks
GROUNDS = ("map_land", "map_out", "map_lake", "map_halo", "bg1", "bg3", "acb", "acf")
SHADED = "shaded"  # there marks lie on their halos as elsewhere, beside which the shade is seen: its legend is judged
LATE = 5  # pictures more of one look: on a busy machine one may show less than the page knows
FRAMES, SAME = 2000, 3  # more than a page needs to come to rest, and as many alike as tell that it has
CHOSEN = 20
NEAR = [NearCrew(f"n{key}", f"城管{key}队", "待命", f"{key}.1 km") for key in (1, 2, 3)]

AT = """(({x, y}) => [Math.round(x - hall.shown.cases.view.left) - hall.shown.cases.edge,
    Math.round(y - hall.shown.cases.view.top) - hall.shown.cases.edge])"""
UNIT = f"(({{x, y}}) => {AT}({{x: x * hall.shown.cases.view.scale, y: y * hall.shown.cases.view.scale}}))"
CASES = f"hall.shown.cases.marks.map(mark => [mark.light, mark.count, mark.slot, ...{AT}(mark)])"
SINGLES = f"""((cases) => cases.singles.map(
    i => [cases.columns.light[i], 1, i, ...{AT}(cases.spotOf(i, cases.view.scale))]))(hall.shown.cases)"""
CREWS = """hall.shown.crews.places.map(({crews: [{id}], key}) => {
    const {status, old} = hall.shown.crews.crews.get(id), {x, y} = hall.shown.crews.spotOf(id);
    return [key, status, !!old, Math.round(x), Math.round(y)];
})"""
RING = f"{UNIT}(hall.shown.crews.ringed())"
PIN = f"""(pin => pin ? [...{UNIT}(pin), 100 * hall.metre(hall.shown.cases.view, pin.y)] : [])(hall.shown.crews.pin)"""
BETWEEN = "((one, other, share) => ({x: one.x + (other.x - one.x) * share, y: one.y + (other.y - one.y) * share}))"
ALONG = f"""(() => {{
    const {{cases, crews}} = hall.shown, {{scale}} = cases.view, now = performance.now(), told = [];
    const world = ({{x, y}}) => ({{x: x * scale, y: y * scale}}), ring = crews.ringed() && world(crews.ringed());
    const over = new hall.Boxes(), isFree = ({{x, y}}) => !over.hit({{x, y, w: 6, h: 6}});
    for (const box of cases.names.boxes(cases.view.zoom)) over.add(box);
    for (const {{box}} of [...cases.marks, ...crews.places]) over.add(box);
    for (const i of cases.singles) over.add({{...cases.spotOf(i, scale), w: 13, h: 13}});
    const spot = ({{crews: [{{id}}]}}) => world(hall.whereabouts(crews.crews.get(id), now));
    for (const place of crews.places) over.add({{...spot(place), w: 17, h: 17}});
    if (ring) over.add({{...ring, w: 30, h: 30}});
    const tell = (said, token, spots) => told.push(...spots.filter(isFree).map((spot) => [said, token, ...{AT}(spot)]));
    const between = (from, to, shares = [0.3, 0.4, 0.5, 0.6, 0.7]) => shares.map((share) => {BETWEEN}(from, to, share));
    const often = Array.from({{length: 49}}, (_, at) => (at + 1) / 50);
    const parts = crews.callout._spot ? crews.callout._line : [];
    for (const {{from, to}} of parts) tell("line to the words", "ac", between(from, to, often));
    for (const mark of cases.marks) if (mark.from) tell("line to a mark", "ln3", between(mark.from, mark));
    for (const place of crews.places) {{
        const at = spot(place);
        if (place.key && ring) tell("way to a crew", "ac", between(ring, at));
        const to = {{x: at.x + place.dx, y: at.y + place.dy}};
        if (hall.isLed(place)) tell("line to a crew", place.key ? "ac" : "ln3", between(at, to));
    }}
    return told;
}})()"""
BOXES = """[...document.querySelectorAll('%s')].filter(node => node.checkVisibility({checkVisibilityCSS: true}))
    .map(node => node.getBoundingClientRect()).map(({x, y, width, height}) => [x, y, width, height])"""
PICTURES = ".hall-legend canvas, .hall-coverage canvas, .hall-callout canvas, .hall-box button svg, .hall-menu input"
EDGED = ".hall-callout, .hall-callout kbd, .hall-coverage button, .hall-menu input"


class Found(NamedTuple):
    """A mark of the page: what it is, where, in which colour (invalid: not known), and the contrast that it needs."""

    said: str
    box: QRectF
    shade: QColor
    least: float = MARK
    is_framed: bool = False  # it lies in one of the boxes that lie over the map


@pytest.fixture
def sharp(chart: MapView, ask: Ask, qtbot: QtBot) -> MapView:
    """The map at four times its size, with cases in every light, crews in every status, and a chosen case."""
    engine_of(chart).view.setZoomFactor(SCALE)
    chart.resize(600 * SCALE, 600 * SCALE)
    qtbot.waitUntil(lambda: ask("devicePixelRatio") == SCALE)
    lon, lat, light = district.cases(512)
    light[:CHOSEN] = 5
    chart.set_cases(lon, lat, light)
    near = [MapCrew(one.id, one.name, 117.30 + at * 0.03, 31.80, "available") for at, one in enumerate(NEAR)]
    rest = [MapCrew(f"r{at}", "交警九组", 117.297 + at * 0.002, 31.803, status) for at, status in enumerate(STATES)]
    old = MapCrew("old", "交警八组", 117.295, 31.798, "handling", is_old=True)
    chart.set_crews([*district.crews(60), *near, *rest, old])
    chart.select(CHOSEN, "00421 道路积水", left="0:02:22")
    chart.offer_crews(NEAR)
    lacking = ((f"c{at}", name, ((0, 1), (1,))[at % 2]) for at, name in enumerate(district.STREETS))
    chart.set_coverage(Coverage(("城管", "交警"), tuple(lacking)))
    return chart


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_every_mark_stands_out(sharp: MapView, ask: Ask, theme: str) -> None:
    sharp.set_colours(THEMES[theme].colours())
    ask("(hall.shown.tools._opener.click(), 1)")
    kinds: set[str] = set()
    before = picture(sharp, ask, np.zeros(0))
    for name, look in looks(sharp, ask):
        look()
        before = picture(sharp, ask, before)
        found, faint = judged(before, ask, name)
        for _ in range(LATE):
            if faint:
                found, faint = judged(picture(sharp, ask, np.zeros(0)), ask, name)
        kinds |= found
        assert faint == set(), name
    assert kinds >= KINDS


def judged(pixels: np.ndarray, ask: Ask, look: str) -> tuple[set[str], set[tuple[str, float | None]]]:
    """Returns the kinds of the marks that are seen, and those that are too faint with their contrast."""
    told = [one for one in seen(pixels, ask) if look != SHADED or one[0].is_framed]
    found = [(one, contrast) for one, contrast in told if contrast or one.said not in LINES]
    faint = {(one.said, contrast and round(contrast, 2)) for one, contrast in found if (contrast or 0) < one.least}
    return {one.said for one, _ in found}, faint


def looks(sharp: MapView, ask: Ask) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yields how the map can look, by name: the whole district with all data old or fresh, streets shaded, nearer.

    Each differs from the one before, also from the map as it comes.
    """
    nearer = "hall.shown.map.setView([31.80, 117.30], {}, {{animate: false}}) && 1"
    yield "old", lambda: sharp.set_stale("位置停在 15:31:40")
    yield "whole", lambda: sharp.set_stale(None)
    sharp.resize(440 * SCALE, 560 * SCALE)  # where marks have no room but on names
    yield SHADED, lambda: (sharp.set_stale(None), sharp.header.toggled.emit("coverage", True))
    yield "near", lambda: (sharp.header.toggled.emit("coverage", False), ask(nearer.format(14)))
    yield "nearest", lambda: ask(nearer.format(16))
    yield "pinned", lambda: sharp.pin(117.3065, 31.8015)


def seen(pixels: np.ndarray, ask: Ask) -> Iterator[tuple[Found, float | None]]:
    """Yields each mark of the page, which is at rest, with its contrast in its pixels; None where it cannot be seen."""
    colours = {name: QColor(shade) for name, shade in ask("hall.colours").items()}
    told = ([*ask(CASES), *ask(SINGLES)], ask(CREWS), ask(RING), ask(BOXES % PICTURES), ask(BOXES % EDGED))
    drawn = [*lines(colours, ask(ALONG)), *pinned(colours, ask(PIN))]
    covers = [QRectF(*box) for box in ask(BOXES % ".hall-box, .hall-foot")]
    view = QRectF(0, 0, pixels.shape[1] / SCALE, pixels.shape[0] / SCALE)
    grounds = {colours[name].rgb() & 0xFFFFFF for name in GROUNDS}
    shaded = grounds | grounds_of(pixels)  # streets may be; texts lie on their halos there too
    for one in [*marks(pixels, colours, *told), *drawn]:
        is_open = view.contains(one.box) and not any(cover.intersects(one.box) for cover in covers)
        if one.is_framed or is_open:
            yield one, contrast_of(pixels, one.box, one.shade, grounds=grounds if one.least == TEXT else shaded)


def picture(sharp: MapView, ask: Ask, before: np.ndarray) -> np.ndarray:
    """Returns the pixels of the page, 0xRRGGBB, int[h, w], once they are others than `before` and stay the same.

    What is drawn reaches the screen some frames later than the page knows of it, on a busy machine many.
    """
    last, same = before, 0
    for _ in range(FRAMES):
        pixels = pixels_of(engine_of(sharp).view.grab().toImage())
        same = same + 1 if np.array_equal(last, pixels) else 0
        if same == SAME and not np.array_equal(before, pixels):
            return pixels
        same, last = min(same, SAME - 1), pixels
        ask("1")
    raise AssertionError("the page does not come to rest")


def marks(
    pixels: np.ndarray, colours: dict[str, QColor], cases: Any, crews: Any, ring: Any, pictures: Any, edged: Any
) -> Iterator[Found]:
    """Yields the marks that the page tells of: cases, crews, the ring, pictures and edges in boxes over the map."""
    for light, count, slot, x, y in cases:
        if slot == CHOSEN:
            continue
        if light not in QUIET:
            yield Found(f"case {light}", around(x, y, 7), colours[LIGHTS[light]])
        elif count == 1:
            yield Found(f"case {light}", around(x, y, 3), colours[COUNTS[light]])
        if count > 1:
            box = around(x, y, 7) if light in QUIET else QRectF(x + 7, y - 6, 14, 12)
            yield Found(f"number {light}", box, colours[COUNTS[light]], TEXT)
    for key, status, is_old, x, y in crews:
        if key:
            yield edge(pixels, f"key {key}", around(x, y, 8))
            yield Found(f"digit {key}", around(x, y, 5), colours["onac" if key == 1 else "ac"], TEXT)
        else:
            yield Found(f"crew {status}", around(x, y, 4.5), colours["tx2" if status > 1 and not is_old else "tx3"])
    yield edge(pixels, "ring", around(*ring, 13))
    for x, y, wide, high in pictures:
        yield Found("picture", QRectF(x, y, wide, high), QColor(), is_framed=True)
    for x, y, wide, high in edged:
        yield edge(pixels, "edge", QRectF(x, y, wide, high), is_framed=True)


def lines(colours: dict[str, QColor], along: Any) -> Iterator[Found]:
    """Yields spots of the lines that lead from cases and crews to marks and words."""
    for said, token, x, y in along:
        yield Found(said, around(x, y, 4), colours[token])


def pinned(colours: dict[str, QColor], pin: Any) -> Iterator[Found]:
    """Yields the pin of the intake, the dot in it, its circle and what is written there."""
    if not pin:
        return
    x, y, far = pin
    yield Found("pin", around(x, y - 18, 13), colours["ac"])
    yield Found("dot of the pin", around(x, y - 21, 5), colours["onac"])
    yield Found("words of the circle", QRectF(x - 40, y - far - 18, 80, 14), colours["ac"], TEXT)
    for turn in range(0, 360, 15):
        dx, dy = far * math.cos(math.radians(turn)), far * math.sin(math.radians(turn))
        yield Found("circle", around(x + dx, y + dy, 4), colours["ac"])


def edge(pixels: np.ndarray, said: str, box: QRectF, *, is_framed: bool = False) -> Found:
    """Returns the edge of a box, in the colour that it has in the middle of its left side."""
    x, y = round((box.left() + 0.5) * SCALE), round(box.center().y() * SCALE)
    is_in = 0 <= x < pixels.shape[1] and 0 <= y < pixels.shape[0]
    shade = QColor.fromRgb(int(pixels[y, x])) if is_in else QColor()
    return Found(said, box.adjusted(-1, -1, 1, 1), shade, is_framed=is_framed)


def around(x: float, y: float, far: float) -> QRectF:
    return QRectF(x - far, y - far, 2 * far, 2 * far)

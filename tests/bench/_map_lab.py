"""Measures our map and the peer in turn, each on fresh pages, and prints one line of JSON: {figure: [ours, peer]}."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import numpy as np
from folium.plugins import FastMarkerCluster
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.map import district
from tests.kit.map_engine import engine_of, renderer
from ui.map import flags, scheme
from ui.map.engine import MapEngine
from ui.map.page import BasePage, base_page, split
from ui.map.view import MapView
from ui.theme.tokens import DARK

SIZE = (600, 900)
PEER = Path(__file__).parent / "peer"
PEER_PARTS = (
    "leaflet.awesome-markers.min.js",
    "leaflet.markercluster.js",
    "MarkerCluster.css",
    "MarkerCluster.Default.css",
)
CLOCK = b"window.began = performance.now();"
SETTLED = """
requestAnimationFrame(() => requestAnimationFrame(() => {
  window.took = performance.now() - window.began;
  fetch("/event/drawn");
}));
"""
# A drag as Leaflet does it: the pane moves, `move` is fired on every frame, `moveend` on release.
PAN = """
(async () => {
  const chart = MAP, gaps = [];
  await new Promise(go => setTimeout(go, 400));
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < 180; i++) {
    chart._rawPanBy(L.point(Math.floor(i / 45) % 2 ? -5 : 5, 2));
    chart.fire("move");
    if (i % 45 === 44) chart.fire("moveend");
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  window.gaps = gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)];
  fetch("/event/drawn");
})(); 0
"""


def until(start: Callable[[], object], engine: MapEngine, event: str = "drawn") -> float:
    """Returns the milliseconds from `start()` until the page emits `event`; raises RuntimeError after 20 seconds."""
    loop, heard = QEventLoop(), []
    hear = engine.heard.connect(lambda name, _: name == event and (heard.append(name), loop.quit()))
    QTimer.singleShot(20_000, loop.quit)
    began = time.perf_counter()
    start()
    loop.exec()
    took = (time.perf_counter() - began) * 1000
    engine.heard.disconnect(hear)
    if not heard:
        raise RuntimeError(f"the page never told {event}")
    return took


def ask(engine: MapEngine, expression: str) -> Any:
    """Returns the value of a JavaScript expression in the page."""
    loop, got = QEventLoop(), []
    engine._page.runJavaScript(expression, 0, lambda value: (got.append(value), loop.quit()))
    loop.exec()
    return got[0]


def memory(engine: MapEngine) -> float:
    """Returns the resident memory of the page's renderer process in MiB."""
    lines = Path(f"/proc/{renderer(engine)}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def pan(engine: MapEngine, chart: str) -> float:
    """Returns the 95th percentile of the milliseconds between two frames of a drag."""
    until(lambda: engine._page.runJavaScript(PAN.replace("MAP", chart)), engine)
    return float(ask(engine, "window.gaps"))


def ours(columns: tuple[Any, Any, Any], cache: Path) -> dict[str, float]:
    """Returns the figures of one fresh map of ours."""
    view = MapView(cache_dir=cache, colours=DARK.colours())
    view.resize(*SIZE)
    view.show()
    view.set_places(*district.places(779))
    view.load()
    engine = engine_of(view)
    until(lambda: None, engine)
    paint = until(lambda: (view.set_cases(*columns), engine.say("settle")), engine)
    held = memory(engine)
    lon, lat, light = columns
    slots = np.arange(0, len(lon), max(1, len(lon) // 1000))[:1000]
    panned = pan(engine, "hall.shown.map")

    def change() -> None:
        view.change(slots, lon[slots] + 0.001, lat[slots], np.roll(light[slots], 1))
        view._changes.flush()
        engine.say("settle")

    changed = until(change, engine)
    view.close()
    QApplication.processEvents()
    return {"map.first_paint": paint, "map.pan_p95": panned, "map.change_1000": changed, "map.memory": held}


def peer(page: BasePage, chart: str) -> dict[str, float]:
    """Returns the figures of one fresh page of folium's FastMarkerCluster, its files served by the same URL scheme."""
    home = QWidget()
    home.resize(*SIZE)
    engine = MapEngine(page, "#FFFFFF", home)
    engine.view.resize(*SIZE)
    home.show()
    engine.publish("/clock.js", b"text/javascript", CLOCK)
    for part in PEER_PARTS:
        kind = scheme.KINDS[Path(part).suffix]
        engine.publish(f"/peer/{part}", kind, (PEER / part).read_bytes())
    whole = until(engine.open, engine)
    paint = float(ask(engine, "window.took"))
    held = memory(engine)
    panned = pan(engine, chart)
    engine.close()
    home.deleteLater()
    QApplication.processEvents()
    return {"map.first_paint": paint, "map.pan_p95": panned, "map.change_1000": whole, "map.memory": held}


def peer_page(columns: tuple[Any, Any, Any]) -> tuple[BasePage, str]:
    """Returns the peer's page, folium's default without jQuery and Bootstrap, and the JavaScript name of its map."""
    lon, lat, _ = columns
    chart = folium.Map(location=[31.75, 117.325], zoom_start=12, tiles=None, prefer_canvas=True)
    chart.options["max_zoom"] = 18
    chart.default_js = [("leaflet", "/leaflet/leaflet.js"), ("awesome", f"/peer/{PEER_PARTS[0]}")]
    chart.default_css = [("leaflet_css", "/leaflet/leaflet.css")]
    cluster = FastMarkerCluster(np.column_stack((lat, lon)).tolist())
    cluster.default_js = [("markercluster", f"/peer/{PEER_PARTS[1]}")]
    cluster.default_css = [(part, f"/peer/{part}") for part in PEER_PARTS[2:]]
    cluster.add_to(chart)
    page = split(chart.get_root().render())
    html = page.html.replace('<script src="/start.js">', '<script src="/clock.js"></script><script src="/start.js">')
    sized = (
        f"document.querySelector('.folium-map').style.cssText = 'position:absolute;inset:0';\n{page.script}{SETTLED}"
    )
    return BasePage(html=html, script=sized), chart.get_name()


def main() -> None:
    """Measures both maps with argv[1] cases, argv[2] times in turn, and prints the median of each figure."""
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    flags.prepare(heap_mb=4096)  # the peer needs more than half a gigabyte
    app = QApplication([])
    columns = district.cases(int(sys.argv[1]))
    page, chart = peer_page(columns)
    with tempfile.TemporaryDirectory() as cache:
        base_page(Path(cache))
        runs = [(ours(columns, Path(cache)), peer(page, chart)) for _ in range(int(sys.argv[2]))]
    figures = {name: [statistics.median(run[side][name] for run in runs) for side in (0, 1)] for name in runs[0][0]}
    print(json.dumps(figures))
    app.processEvents()


if __name__ == "__main__":
    main()

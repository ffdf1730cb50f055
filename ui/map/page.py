"""The base page: made by folium once, cut free of everything inline, kept on disk under the key of its making."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from commandcenter.settings.folders import new_folder

log = logging.getLogger(__name__)

SCRIPTS = (
    "leaflet/leaflet.js",
    "canvas_layer.js",
    "columns.js",
    "marks.js",
    "heat.js",
    "names.js",
    "case_layer.js",
    "overlay.js",
    "crew_layer.js",
    "base_layer.js",
    "tools.js",
    "bridge.js",
)
STYLES = ("leaflet/leaflet.css", "map.css")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_OPTIONS: dict[str, Any] = {
    "attribution_control": False,
    "zoom_snap": 0.1,
    "zoom_delta": 1,
    "wheel_px_per_zoom_level": 90,
    "max_bounds_viscosity": 0.6,
}
_ZOOMS = {"min_zoom": 7, "max_zoom": 18}  # folium keeps these from the map unless it has tiles
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_INLINE_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class BasePage:
    """The page without one inline script or style, and the script that opens folium's map."""

    html: str
    script: str


def base_page(cache_dir: Path) -> BasePage:
    """The page from ``cache_dir``, or made now by folium and kept there; a bad cache only costs time."""
    kept = cache_dir / f"map-page-{_key()}.json"
    page = _read(kept)
    if page is None:
        page = _make()
        _write(kept, page)
    return page


def split(html: str) -> BasePage:
    """Cut inline scripts and styles out of a page: a strict policy then holds for all that remains."""
    script = "\n".join(_INLINE_SCRIPT.findall(html))
    bare = _INLINE_STYLE.sub("", _INLINE_SCRIPT.sub("", html))
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>'
    start = '<script src="/start.js"></script>'
    bare = bare.replace("<head>", f"<head>\n{policy}", 1).replace("</body>", f"{start}\n</body>", 1)
    return BasePage(html="\n".join(line.strip() for line in bare.splitlines() if line.strip()), script=script)


def _make() -> BasePage:
    import folium  # half a second: only when no page is kept

    chart = folium.Map(location=[31.75, 117.33], zoom_start=12, tiles=None, zoom_control=False, **_OPTIONS)
    chart.options |= _ZOOMS
    chart.default_js = [(name, f"/{name}") for name in SCRIPTS]
    chart.default_css = [(name, f"/{name}") for name in STYLES]
    return split(chart.get_root().render())


def _key() -> str:
    made_from: Mapping[str, object] = {
        "folium": version("folium"),
        "branca": version("branca"),
        "parts": [SCRIPTS, STYLES, POLICY, _OPTIONS, _ZOOMS],
        "page": hashlib.sha256(Path(__file__).read_bytes()).hexdigest(),
    }
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]


def _read(kept: Path) -> BasePage | None:
    try:
        known = json.loads(kept.read_text("utf-8"))
        return BasePage(html=str(known["html"]), script=str(known["script"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("the kept map page is not used: %s", error)
        return None


def _write(kept: Path, page: BasePage) -> None:
    try:
        new_folder(kept.parent)
        with NamedTemporaryFile("w", encoding="utf-8", dir=kept.parent, suffix=".part", delete=False) as part:
            json.dump(asdict(page), part)
        Path(part.name).replace(kept)
    except OSError as error:
        log.warning("the map page could not be kept: %s", error)

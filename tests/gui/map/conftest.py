"""A live map in a real web engine for each story, and a way to ask its page."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.map import district
from tests.kit.map_engine import engine_of
from ui.map import flags
from ui.map.view import MapView
from ui.theme.tokens import DARK

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
flags.prepare()

SOFTWARE = ("RHI", "Rhi", "Vulkan", "GBM", "propagateSizeHints", "GPUInfo", "Sandboxing", "libva", "drm")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*SOFTWARE, extend=True))


@pytest.fixture(scope="session")
def page_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all stories: folium makes the page once."""
    return tmp_path_factory.mktemp("map-cache")


@pytest.fixture
def chart(qtbot: QtBot, page_cache: Path) -> Iterator[MapView]:
    """The district of 512 cases, drawn."""
    view = MapView(cache_dir=page_cache, colours=DARK.colours())
    view.resize(600, 800)
    view.show()
    view.set_places(*district.places(120))
    view.set_cases(*district.cases(512))
    with qtbot.waitSignal(view.drawn, timeout=30_000):
        view.load()
    yield view
    view.close()
    view.deleteLater()
    qtbot.wait(50)


@pytest.fixture
def ask(qtbot: QtBot, chart: MapView) -> Callable[[str], Any]:
    """Ask the page for the value of an expression, after what was told before it and a frame."""

    def answer(expression: str) -> Any:
        got: list[Any] = []
        page = engine_of(chart)._page
        later = f"chain.then(() => frame()).then(() => frame()).then(() => {{ window.asked = [{expression}]; }}); 0"
        page.runJavaScript(f"window.asked = null; {later}")

        def look() -> bool:
            page.runJavaScript("JSON.stringify(window.asked)", 0, got.append)
            return bool(got and got[-1] not in (None, "", "null"))

        qtbot.waitUntil(look, timeout=60_000)
        return json.loads(next(text for text in reversed(got) if text not in (None, "", "null")))[0]

    return answer

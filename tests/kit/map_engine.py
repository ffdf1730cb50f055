"""The web engine of a map that was loaded, for what only a test or a measurement asks of it."""

from ui.map.engine import MapEngine
from ui.map.view import MapView


def engine_of(view: MapView) -> MapEngine:
    """Returns the engine that shows the page of a map."""
    (engine,) = view._channel.engines
    return engine


def renderer(engine: MapEngine) -> int:
    """Returns the process id of the page's renderer, 0 without one."""
    return int(engine._page.renderProcessPid())

"""Speeds up thousands of schedules in one process without changing what happens in them."""

import gc
from typing import Any

from sqlalchemy import Connection, Engine


def hurry() -> None:
    """Shares compiled statements between all engines of this process and makes garbage collection rarer."""
    connect, first = Engine.connect, {}

    def connected(engine: Engine) -> Connection:
        shared: tuple[Any, Any] = first.setdefault(type(engine.dialect), (engine.dialect, engine._compiled_cache))
        engine.dialect, engine._compiled_cache = shared
        return connect(engine)

    Engine.connect = connected  # type: ignore[method-assign]
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)

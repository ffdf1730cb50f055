"""Background tasks of the event loop: referenced while they run, logged when they fail, cancelled at closing."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds that a cancelled task may take to end

_running: set[asyncio.Task[Any]] = set()


def spawn(coroutine: Coroutine[Any, Any, Any], *, name: str, shown_by: QObject | None = None) -> asyncio.Task[Any]:
    """Runs `coroutine` as a task of the running loop and returns the task; its error is logged once.

    The task is cancelled when the object `shown_by` is destroyed. Raises RuntimeError when no loop runs.
    """
    try:
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
    except RuntimeError:
        coroutine.close()
        raise
    _running.add(task)
    task.add_done_callback(_ended)
    if shown_by is not None:
        _end_with(shown_by, task)
    return task


def running() -> tuple[str, ...]:
    """Returns the names of the running tasks."""
    return tuple(sorted(task.get_name() for task in _running))


async def close(*, patience: float = PATIENCE) -> None:
    """Cancels all tasks but the caller's and waits for them, at most `patience` seconds."""
    others = _running - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=patience)


def _end_with(screen: QObject, task: asyncio.Task[Any]) -> None:
    watch = screen.destroyed.connect(lambda: task.cancel())
    task.add_done_callback(lambda _: isValid(screen) and QObject.disconnect(watch))


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s failed", task.get_name(), exc_info=error)

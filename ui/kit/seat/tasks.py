"""Background tasks of the event loop: referenced while they run, logged when they fail, cancelled at closing.

They belong to the loop, of which a process has one, and not to a seat: parts of a screen that know only a desk start
some, and what keeps a draft or an act outlives the rooms of the user who leaves. So `spawn` is a function of this
module instead of a method of the context of a seat.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from commandcenter.sync.background_tasks import BackgroundTasks

PATIENCE = 2.0  # seconds that a cancelled task may take to end

# Nobody awaits the tasks of the screens: each of their errors is logged.
_tasks = BackgroundTasks(is_reported=lambda _error: True, patience=PATIENCE)


def spawn(coroutine: Coroutine[Any, Any, Any], *, name: str, shown_by: QObject | None = None) -> asyncio.Task[Any]:
    """Runs `coroutine` as a task of the running loop and returns the task; its error is logged once.

    The task is cancelled when the object `shown_by` is destroyed. Raises RuntimeError when no loop runs.
    """
    try:
        task = _tasks.run(coroutine, name)
    except RuntimeError:
        coroutine.close()
        raise
    if shown_by is not None:
        _end_with(shown_by, task)
    return task


def running() -> tuple[str, ...]:
    """Returns the names of the running tasks."""
    return _tasks.names()


async def close(*, patience: float = PATIENCE) -> None:
    """Cancels all tasks but the caller's and waits for them, at most `patience` seconds."""
    await _tasks.close(patience)


def _end_with(screen: QObject, task: asyncio.Task[Any]) -> None:
    watch = screen.destroyed.connect(lambda: task.cancel())
    task.add_done_callback(lambda _: isValid(screen) and QObject.disconnect(watch))

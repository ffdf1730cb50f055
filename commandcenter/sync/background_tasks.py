"""Runs work in the background: holds a reference to each task until it ends, and never loses an error."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from commandcenter.store.signal import Signal

T = TypeVar("T")
_log = logging.getLogger(__name__)


def is_internal(error: BaseException) -> bool:
    """Whether `error` is one of this program; one of the environment or the network has a `code`."""
    return not getattr(error, "code", None)


class BackgroundTasks:
    """Runs coroutines as tasks; an error of one is logged and emitted by `failed` if `is_reported` says so.

    Otherwise whoever awaits the task reports it. `patience`: seconds that `close` waits for cancelled tasks.
    """

    def __init__(self, *, is_reported: Callable[[BaseException], bool] = is_internal, patience: float = 5.0) -> None:
        self.failed: Signal[BaseException] = Signal()
        self._is_reported = is_reported
        self._patience = patience
        self._running: set[asyncio.Task[Any]] = set()

    def run(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Starts `work` and returns its task."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def whole(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """Returns the result of `work`, which runs to its end even when the caller is cancelled."""
        return await asyncio.shield(self.run(work, name))

    def names(self) -> tuple[str, ...]:
        """Returns the names of the running tasks, sorted."""
        return tuple(sorted(task.get_name() for task in self._running))

    async def close(self, patience: float | None = None) -> None:
        """Cancels the running tasks, except the calling one, and waits for them up to `patience` seconds."""
        running = tuple(self._running - {asyncio.current_task()})
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=self._patience if patience is None else patience)

    def report(self, wrong: BaseException, name: str) -> None:
        """Logs an error of the work called `name` and emits it by `failed`."""
        _log.error("%s failed", name, exc_info=wrong)
        self.failed.emit(wrong)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        wrong = task.exception()
        assert wrong is not None
        if self._is_reported(wrong):
            self.report(wrong, task.get_name())


def is_ending() -> bool:
    """Returns whether the current task was cancelled.

    A loop asks this after an error: one that was raised while closing a connection can hide the cancellation.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0

"""Work that goes on in the background: held on to until it is done, its errors never lost."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)


class BackgroundTasks:
    """Runs coroutines; one that ends in an error of ours is logged and told to `failed`."""

    def __init__(self) -> None:
        self.failed: Callable[[BaseException], None] | None = None
        self._running: set[asyncio.Task[Any]] = set()

    def run(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Begin `work`; its task."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def whole(self, work: Coroutine[Any, Any, T], name: str) -> T:
        """The result of `work`, which goes on to its end even when whoever asked no longer waits."""
        return await asyncio.shield(self.run(work, name))

    async def close(self, patience: float = 5.0) -> None:
        """Ends what still runs."""
        running = tuple(self._running - {asyncio.current_task()})
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=patience)

    def report(self, wrong: BaseException, name: str) -> None:
        """An error of ours in `name`."""
        _log.error("%s: an error", name, exc_info=wrong)
        if self.failed is not None:
            self.failed(wrong)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        wrong = task.exception()
        assert wrong is not None
        if not getattr(wrong, "code", None):  # faults of the world have a code: whoever waits says them in words
            self.report(wrong, task.get_name())


def is_ending() -> bool:
    """Whether this task was told to end: a fault of what it was just hanging up must not make it go on."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0

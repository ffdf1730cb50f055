"""The end of a console: every part gets its time, and none can keep the program from ending."""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Coroutine
from typing import Any
from weakref import WeakSet

log = logging.getLogger(__name__)


async def within(name: str, step: Coroutine[Any, Any, object], seconds: float) -> bool:
    """Let `step` run for at most so long, then leave it behind, whether it heeds being cancelled or not."""
    task = asyncio.ensure_future(step)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        log.error("%s took longer than %g s to close", name, seconds)
    elif not task.cancelled() and task.exception() is not None:
        log.error("%s did not close", name, exc_info=task.exception())
    return bool(done)


class Generators:
    """The asynchronous generators that run, so that those left half read end within the loop and not after it.

    asyncio's own loops look after them; Qt's loop does not.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._open: WeakSet[AsyncGenerator[Any, Any]] = WeakSet()
        sys.set_asyncgen_hooks(firstiter=self._open.add, finalizer=self._dropped)

    async def close(self) -> None:
        """End those that are left; hears of none any more."""
        await asyncio.gather(*(left.aclose() for left in list(self._open)), return_exceptions=True)
        sys.set_asyncgen_hooks(None, None)

    def _dropped(self, left: AsyncGenerator[Any, Any]) -> None:
        """Nobody reads it any more: perhaps in another thread, where the memory was tidied up."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: self._loop.create_task(left.aclose()))

"""The end of a console: every part gets its time, and none can keep the program from ending."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

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

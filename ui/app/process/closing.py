"""Shutdown with time limits, so that no part can keep the program from ending."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)
PATIENCE = 6.0  # seconds that a step of closing may take


async def run_with_timeout(name: str, step: Coroutine[Any, Any, object], seconds: float = PATIENCE) -> bool:
    """Runs `step` for at most `seconds`, then cancels and abandons it, even when it ignores the cancellation.

    Returns whether it ended in time; its errors are logged, not raised.
    """
    task = asyncio.ensure_future(step)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        log.error("%s took longer than %g s to close", name, seconds)
    elif not task.cancelled() and task.exception() is not None:
        log.error("%s did not close", name, exc_info=task.exception())
    return bool(done)

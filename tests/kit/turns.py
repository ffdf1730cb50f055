"""Lets Qt and the event loop run in turns, for tests of screens that need both."""

import asyncio
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from ui.kit.seat import tasks

PATIENCE = 60.0  # seconds; enough for a busy machine, and never reached when a test passes


async def turns(times: int = 8) -> None:
    """Runs `times` turns of Qt and of the event loop."""
    for _ in range(times):
        QApplication.processEvents()
        await asyncio.sleep(0.005)


async def seen(holds: Callable[[], object]) -> None:
    """Waits until `holds` is true, with a turn of Qt before each check; raises TimeoutError after PATIENCE."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await turns(1)


async def settled() -> None:
    """Waits until the screens' background tasks have ended."""
    await seen(lambda: not tasks.running())
    QApplication.processEvents()

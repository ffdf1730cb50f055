"""Turns of Qt and of the event loop for the tests of screens, in which both have to go on."""

import asyncio
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from ui.kit import tasks

PATIENCE = 60.0  # seconds: what a machine with other work needs at the most, and no test waits for when all is well


async def turns(times: int = 8) -> None:
    """So many turns for Qt and for the loop."""
    for _ in range(times):
        QApplication.processEvents()
        await asyncio.sleep(0.005)


async def seen(holds: Callable[[], object]) -> None:
    """Wait until the screen shows it, with Qt's turn between two looks."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await turns(1)


async def settled() -> None:
    """Wait until the questions and decisions of the screens have come to their end."""
    await seen(lambda: not tasks.running())
    QApplication.processEvents()

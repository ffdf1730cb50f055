"""The wait before the next request: over in its time, or as soon as there is a way that it does not bind."""

import asyncio
from collections.abc import Awaitable, Callable

from commandcenter.sync.batches import Account


class Pause:
    """One at a time; it binds everybody who uses the present way, or one account, whichever way that takes."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._sleep = sleep
        self._patience: asyncio.Timeout | None = None
        self._account: Account | None = None

    async def last(self, seconds: float, account: Account | None = None) -> None:
        """Return after so many seconds, or when it ends early; `account`: whom alone the platform asked to wait."""
        self._account = account
        try:
            async with asyncio.timeout(None) as self._patience:
                await self._sleep(seconds)
        except TimeoutError:
            return
        finally:
            self._patience = None

    def goes_on(self, account: Account) -> bool:
        """There is a new way, which `account` takes: whether it has to wait all the same; else the wait ends."""
        patience = self._patience
        if patience is None:
            return False
        if self._account == account:
            return True
        self._patience = None  # it is ended once
        patience.reschedule(asyncio.get_running_loop().time())
        return False

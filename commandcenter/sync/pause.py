"""The wait before the next request: it ends in its time, or as soon as there is a route that it does not bind."""

import asyncio
from collections.abc import Awaitable, Callable

from commandcenter.sync.batches import Account


class Pause:
    """One wait at a time; it binds all who use the present route, or one account on every route."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._sleep = sleep
        self._timeout: asyncio.Timeout | None = None
        self._account: Account | None = None

    async def wait(self, seconds: float, account: Account | None = None) -> None:
        """Returns after so many seconds, or when it is ended; `account`: the only one that was asked to wait."""
        self._account = account
        try:
            async with asyncio.timeout(None) as self._timeout:
                await self._sleep(seconds)
        except TimeoutError:
            return
        finally:
            self._timeout = None

    def still_binds(self, account: Account) -> bool:
        """Returns whether `account` has to wait on its new route too; otherwise ends the wait."""
        timeout = self._timeout
        if timeout is None:
            return False
        if self._account == account:
            return True
        self._timeout = None  # it is ended once
        timeout.reschedule(asyncio.get_running_loop().time())
        return False

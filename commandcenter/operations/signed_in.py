"""Works at a running platform as somebody who signs in with a typed password."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from commandcenter.client.session import Session
from commandcenter.operations.terminal import ask_password

T = TypeVar("T")


def at_platform(url: str, user: str, work: Callable[[Session], Awaitable[T]]) -> T:
    """Returns what `work` returns for `user`, who is asked for the password and signed out afterwards."""

    async def run() -> T:
        session = Session(url, mono=time.monotonic)  # checks the address before a password is asked for
        try:
            await session.sign_in(user, ask_password(f"{user}: "))
            return await work(session)
        finally:
            await session.close()

    return asyncio.run(run())

"""Determines the console's platform, starts the embedded one if needed, and knows the demonstration's accounts."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter.bootstrap import Desk, EmbeddedPlatform, demo_account, follow_restarts, has_demonstration
from commandcenter.settings.folders import data_dir

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from ui.app.process.arguments import StartOptions

MAIN = Path(__file__).resolve().parents[2] / "main.py"


class Host:
    """The platform of this console: `url` when one was named, else ("") `embedded`, which plays the demonstration.

    `running`: a platform of this machine that was started already; then the console asks who signs in, unless an
    account was named.
    """

    def __init__(self, start: "StartOptions", settings: "Settings", *, running: EmbeddedPlatform | None = None) -> None:
        self._start = start
        self._must_ask_user = running is not None
        kept = str(settings["platform.data"])
        self.data = start.data or (Path(kept) if kept else data_dir())
        self.url = start.url or str(settings["platform.url"])
        own = None if self.url else EmbeddedPlatform(MAIN, settings.folder / "platform.log")
        self.embedded = running or own
        self._starting = asyncio.Lock()

    @property
    def may_be_demonstration(self) -> bool:
        """Whether this may be a demonstration: on this machine's platform, or with a demonstration's account named."""
        return self.embedded is not None or bool(self._start.demo_user)

    @property
    def is_demonstration(self) -> bool:
        """Whether the platform plays the demonstration.

        Known only after `reach`, because the data folder may hold a hall's own database.
        """
        return self.may_be_demonstration and has_demonstration(self.data)

    @property
    def address(self) -> str:
        """The platform's URL, "" while unknown."""
        return self.url or (self.embedded.url if self.embedded else "")

    def is_here(self, url: str) -> bool:
        """Returns whether `url` ("": unchanged) is the platform that this console was opened for."""
        return url.rstrip("/") in ("", self.address.rstrip("/"))

    def lead(self, desk: Desk) -> None:
        """Makes `desk` follow the embedded platform, if that is this console's, through its restarts."""
        if self.embedded is not None and not self.url:
            follow_restarts(desk, self.embedded)

    async def reach(self, tell: Callable[[str], None]) -> str:
        """Returns the platform's URL; starts the embedded platform if needed, and `tell` gets its log lines meanwhile.

        Who asks while it starts waits for that same start. Raises Unavailable when it does not start.
        """
        if self.embedded is None or self.url:
            return self.url
        async with self._starting:
            return self.embedded.url or await self.embedded.start(self.data, progress=tell)

    def account(self, *, sat: str = "") -> tuple[str, str]:
        """Returns (user, password) of `sat`, else of the user named at the start, else of a demonstration's dispatcher.

        `sat` is who was signed in before. Both are "" when the user has to be asked. Raises Unavailable when the
        demonstration has no such account.
        """
        if self._start.user and sat in ("", self._start.user):
            return self._start.user, self._start.password
        if not self._start.demo_user and (not self.is_demonstration or (self._must_ask_user and not sat)):
            return "", ""
        return demo_account(self.data, sat or self._start.demo_user or "dispatcher")

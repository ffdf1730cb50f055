"""Which platform this console belongs to, the one of this machine if need be, and the accounts of its demonstration."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter.bootstrap import Desk, EmbeddedPlatform, beside, demo_account, has_demonstration
from commandcenter.settings.folders import data_dir

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from ui.app.arguments import StartOptions

MAIN = Path(__file__).resolve().parents[2] / "main.py"


class Host:
    """`url`: the platform that was named, "" for the one of this machine, `embedded`, which plays the demonstration.

    `running`: a platform of this machine that somebody started already; then who sits here is asked for.
    """

    def __init__(self, start: "StartOptions", settings: "Settings", *, running: EmbeddedPlatform | None = None) -> None:
        self._start = start
        self._is_running = self._asks = running is not None
        kept = str(settings["platform.data"])
        self.data = start.data or (Path(kept) if kept else data_dir())
        self.url = start.url or str(settings["platform.url"])
        own = None if self.url else EmbeddedPlatform(MAIN, settings.folder / "platform.log")
        self.embedded = running or own

    @property
    def may_play(self) -> bool:
        """Whether this may become a demonstration: the platform of this machine, or a seat of one was named."""
        return self.embedded is not None or bool(self._start.demo_user)

    @property
    def is_demonstration(self) -> bool:
        """Whether what is done here is done for show; known once it was reached, for a folder may hold a hall's own."""
        return self.may_play and has_demonstration(self.data)

    @property
    def address(self) -> str:
        """Where the platform is, as far as known."""
        return self.url or (self.embedded.url if self.embedded else "")

    def is_here(self, url: str) -> bool:
        """Whether `url` ("" is: as before) is the platform that this console was opened for."""
        return url.rstrip("/") in ("", self.address.rstrip("/"))

    async def reach(self, desk: Desk, tell: Callable[[str], None]) -> str:
        """The platform's address; the one of this machine is started if it is not, `tell` hears its log meanwhile.

        `desk` follows it from then on. Unavailable when it does not start.
        """
        if self.embedded is None or self.url:
            return self.url
        beside(desk, self.embedded)
        if not self._is_running:
            await self.embedded.start(self.data, progress=tell)
            self._is_running = True
        return self.embedded.url

    def account(self, *, sat: str = "") -> tuple[str, str]:
        """(user, password) of who `sat` here, of who was named, or of the demonstration's dispatcher; "" to be asked.

        Unavailable when the demonstration has no such account.
        """
        if self._start.user and sat in ("", self._start.user):
            return self._start.user, self._start.password
        if not self._start.demo_user and (not self.is_demonstration or (self._asks and not sat)):
            return "", ""
        return demo_account(self.data, sat or self._start.demo_user or "dispatcher")

"""Reaches the platform and signs the user in: at the start, on request, and again after an expired sign-in."""

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from commandcenter.bootstrap import Unavailable
from commandcenter.sync.connection import State
from ui.actions.context import UiContext
from ui.app.host import Host
from ui.app.progress import progress_text
from ui.kit.lazy import Lazy
from ui.kit.seat.tasks import spawn
from ui.kit.texts.faults import fault
from ui.kit.texts.words import phrase
from ui.signin.room import SignInRoom
from ui.status.banner import ConnectionBanner

if TYPE_CHECKING:
    from ui.app.process.arguments import StartOptions


class SignInFlow:
    """Signs in with the account that `host` knows, or asks in the sign-in room.

    `prepare()` is awaited before each attempt, `enter(is_other)` called after each that succeeded: `is_other`, when
    another person sits here than before. `to_list` is called when the sign-in room closes. `elsewhere` is the address
    of the platform where the user sits, "" at this console's own: only there the account that `host` knows is used.
    """

    def __init__(
        self,
        seat: UiContext,
        host: Host,
        start: "StartOptions",
        banner: ConnectionBanner,
        *,
        prepare: Callable[[], Awaitable[object]],
        enter: Callable[[bool], object],
        to_list: Callable[[], object],
    ) -> None:
        self._seat, self._host, self._start, self._banner = seat, host, start, banner
        self._prepare, self._enter, self._to_list = prepare, enter, to_list
        self.elsewhere = ""
        self._is_returning = False
        self._room = Lazy(self._new_room)
        seat.watch.changed.connect(self._return)

    @property
    def address(self) -> str:
        """The platform's URL, "" while unknown."""
        return self.elsewhere or self._host.address

    async def reach(self) -> str:
        """Returns the platform's URL; the banner shows the progress of an embedded platform that starts.

        Raises Unavailable when it does not start.
        """
        try:
            if self._host.embedded is not None:
                self._tell_start("")
            return await self._host.reach(self._tell_start)
        finally:
            self._banner.announce("")

    async def begin(self, *, reached: Callable[[], object] = lambda: None) -> None:
        """Signs in with the account that the host knows, or asks who signs in; shows what fails.

        Calls `reached` when the platform is. Whoever signs in meanwhile keeps the seat.
        """
        desk = self._seat.desk
        sign_ins = desk.user.sign_ins
        try:
            url = await self.reach()
            reached()
            user, password = self._host.account(sat=desk.person.user if desk.person else "")
            if user:
                await self.sign_in(url, user, password, unless_after=sign_ins)
            else:
                self.ask(unless_after=sign_ins)
        except Unavailable as error:
            if error.code in ("no_demo_account", "no_demo_accounts"):  # also to the terminal where it was named
                print(fault(error.code, error.about), file=sys.stderr)
            self.ask(error, unless_after=sign_ins)

    async def sign_in(self, url: str, user: str, password: str, *, unless_after: int | None = None) -> None:
        """Signs in; `url` "": to this console's platform. Raises Unavailable."""
        desk = self._seat.desk
        await self._prepare()
        url, before = url or await self.reach(), desk.person
        if await desk.user.sign_in(url, user, password, unless_after=unless_after):
            self.elsewhere = "" if self._host.is_here(url) else url
            self._enter(desk.person != before)

    def ask(self, error: Unavailable | None = None, *, unless_after: int | None = None) -> None:
        """Opens the sign-in room over the window, with `error` beneath its field, unless somebody signed in since."""
        desk = self._seat.desk
        if unless_after in (None, desk.user.sign_ins):
            self._room().card.set_address(self.address)
            self._room().ask(user=desk.person.user if desk.person else self._start.user, error=error)

    def renew(self) -> None:
        """Renews an expired sign-in with the known account, or asks the user."""
        if self.elsewhere:
            self.ask()
        else:
            spawn(self._resume(), name="sign in again")

    def _new_room(self) -> SignInRoom:
        room = SignInRoom(self.sign_in, parent=self._seat.window)
        for left in (room.done, room.left):
            left.connect(self._to_list)
        return room

    def _tell_start(self, line: str) -> None:
        self._banner.announce(phrase("正在启动本机平台"), progress_text(line))

    def _return(self) -> None:
        """Signs in again by itself when a demonstration started over: with new passwords, perhaps at a new address."""
        for room in self._room:
            room.card.set_address(self.address)
        is_out = self._seat.desk.connection.state is State.SIGNED_OUT and not self.elsewhere
        if self._host.is_demonstration and is_out and not self._is_returning:
            self._is_returning = True
            spawn(self._resume(), name="sign in after a restart")

    async def _resume(self) -> None:
        try:
            await self.begin()
        finally:
            self._is_returning = False

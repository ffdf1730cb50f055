"""The other people of the tour: seats without a window, each with its own desk on the same platform."""

import asyncio
from collections.abc import Awaitable, Callable

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from commandcenter.domain.decisions import Refused
from commandcenter.sync.demo_accounts import DemoAccount
from commandcenter.sync.desk import Desk

PATIENCE, BEAT = 90.0, 0.1  # seconds

OpenDesk = Callable[[str], Awaitable[Desk]]


class OtherSeats:
    """The desks of the other accounts, each opened when its account first acts.

    `open_desk(name)` returns a desk with its own profile. `accounts` is called each time, because a restarted platform
    gives every account a new password.
    """

    def __init__(
        self, url: Callable[[], str], accounts: Callable[[], tuple[DemoAccount, ...]], open_desk: OpenDesk
    ) -> None:
        self._url, self._accounts, self._open = url, accounts, open_desk
        self._seats: dict[str, Desk] = {}

    def account(self, role: str, *, holder: str | None = None) -> DemoAccount:
        """Returns the first account of `role` (of `holder` if given); LookupError without one."""
        for one in self._accounts():
            if one.role == role and holder in (None, one.holder):
                return one
        raise LookupError(f"no account: {role} {holder or ''}")

    @property
    def unit_streets(self) -> tuple[str, ...]:
        """The ids of the streets whose units have accounts, sorted."""
        return tuple(sorted({one.street for one in self._accounts() if one.role == "unit" and one.street}))

    async def act(self, who: DemoAccount, command: Command) -> None:
        """Gives `command` at the desk of `who`, and retries while the desk refuses it.

        Raises AssertionError when it is still refused after PATIENCE seconds.
        """
        desk = await self.desk(who)
        done = await desk.do(command)
        end = asyncio.get_running_loop().time() + PATIENCE
        while isinstance(done, Refused) and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(BEAT)  # the change that permits it has not reached this seat yet
            done = await desk.do(command)
        assert not isinstance(done, Refused), f"{who.user}: {done.code} {done.about}"

    async def desk(self, who: DemoAccount) -> Desk:
        """Returns the signed-in desk of `who`."""
        if who.user not in self._seats:
            desk = await self._open(who.user)
            self._seats[who.user] = desk
            await desk.user.sign_in(self._url(), who.user, who.password)
        return self._seats[who.user]

    async def case(self, who: DemoAccount, key: str) -> Case | None:
        """Returns a case from the board of `who`, or None."""
        found = (await self.desk(who)).board.find("case", key)
        return found if isinstance(found, Case) else None

    def waiting(self) -> list[str]:
        """Returns a line for each open act at these seats, with its state and reason, for error reports."""
        return [
            f"{user}: {act.name} {act.state} {act.code or ''} {act.about or ''}".rstrip()
            for user, desk in self._seats.items()
            for act in desk.acts.open
        ]

    async def close(self) -> None:
        """Closes all desks."""
        for desk in self._seats.values():
            await desk.close()
        self._seats.clear()

"""A seat shared by several users in turn, and the rest of the hall."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx

from commandcenter.domain.commands import File
from commandcenter.domain.people import Person
from commandcenter.server.auth import roles
from commandcenter.store.overlay import Act
from commandcenter.sync.desk import Desk
from commandcenter.sync.queries import HistoryQuery
from tests.kit.console import Wire, console, done, live, running_platform, seated, take, until
from tests.kit.district import PASSWORD
from tests.kit.loopback import serving


def held_up(request: httpx.Request) -> httpx.Response | None:
    """Answers requests with commands with 502 before they reach the platform; lets all others pass."""
    return httpx.Response(502, html="<h1>Bad gateway</h1>") if request.url.path == "/v1/commands" else None


class Shared:
    """A shared seat whose network the test controls, with a clerk and a shift leader at consoles of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.network = folder, Wire()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Shared":
        self.platform = self._stack.enter_context(running_platform(self.folder / "platform"))
        enter = self._stack.enter_async_context
        self.url = str((await enter(serving(self.platform))).base_url).rstrip("/")
        self.clerk = await enter(seated(self.folder / "a", self.url, "clerk"))
        self.shift = await enter(seated(self.folder / "b", self.url, "shift"))
        self._at_seat = await enter(AsyncExitStack())
        self.seat = await self._at_seat.enter_async_context(console(self.folder / "c", self.network))
        return self

    async def __aexit__(self, *wrong: object) -> None:
        await self._stack.aclose()

    async def begins_again(self) -> Desk:
        """Closes the seat's program and starts it again; returns the new desk."""
        await self._at_seat.aclose()
        self.seat = await self._at_seat.enter_async_context(console(self.folder / "c", self.network))
        return self.seat

    async def sits(self, user: str) -> Desk:
        """Signs `user` in at the seat and waits until it is live."""
        await self.seat.user.sign_in(self.url, user, PASSWORD)
        await live(self.seat)
        return self.seat

    async def filed(self, **other: Any) -> str:
        """Takes and files a case; returns its id."""
        wish = take(**other)
        await done(self.clerk, wish)
        await until(lambda: self.shift.board.find("case", wish.case))
        await done(self.shift, File(wish.case))
        return wish.case

    def becomes(self, person: Person) -> None:
        """Gives the user of `person` that person's role and scope from now on."""
        writer, now = self.platform.writer, self.platform.now()
        writer.submit(lambda connection: roles.change_role(connection, person, now=now)).result()

    async def left(self, user: str, *commands: Any) -> list[Act]:
        """Returns acts of `user` that did not reach the platform; then the shift leader is signed in here."""
        desk = await self.sits(user)
        await until(lambda: desk.board.find("case", commands[0].case))
        self.network.instead = held_up
        acts = [await desk.do(command) for command in commands]
        await until(lambda: self.network.bodies)
        await self.sits("shift")
        return acts

    async def arrives(self, user: str) -> dict[str, Any]:
        """Delivers the first held-up request to the platform as `user`; returns its first result."""
        async with httpx.AsyncClient(base_url=self.url) as http:
            said = await http.post("/v1/sign-in", json={"user": user, "password": PASSWORD})
            token = {"Authorization": f"Bearer {said.json()['access']}", "Content-Type": "application/json"}
            answer = await http.post("/v1/commands", content=self.network.bodies[0], headers=token)
            return answer.json()["results"][0]

    async def happened(self, key: str) -> list[tuple[str, str, str | None]]:
        """Returns the history of a case as the platform answers it: (fact, author, user who took it over or None)."""
        facts = await self.clerk.ask(HistoryQuery(key))
        return [(type(fact).__name__, fact.by, fact.hand) for fact in facts]

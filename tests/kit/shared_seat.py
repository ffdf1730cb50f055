"""One seat at which one after the other sits, and the rest of the hall."""

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
    """Commands get no answer, nor do they arrive."""
    return httpx.Response(502, html="<h1>Bad gateway</h1>") if request.url.path == "/v1/commands" else None


class Shared:
    """A seat behind a wire, at which one after the other sits, and the rest of the hall."""

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
        """The seat's program ends and starts."""
        await self._at_seat.aclose()
        self.seat = await self._at_seat.enter_async_context(console(self.folder / "c", self.network))
        return self.seat

    async def sits(self, user: str) -> Desk:
        """`user` signs in at the seat."""
        await self.seat.sign_in(self.url, user, PASSWORD)
        await live(self.seat)
        return self.seat

    async def filed(self, **other: Any) -> str:
        """A case that waits to be dispatched."""
        wish = take(**other)
        await done(self.clerk, wish)
        await until(lambda: self.shift.board.find("case", wish.case))
        await done(self.shift, File(wish.case))
        return wish.case

    def becomes(self, person: Person) -> None:
        """From now on somebody is something else."""
        writer, now = self.platform.writer, self.platform.now()
        writer.submit(lambda connection: roles.change_role(connection, person, now=now)).result()

    async def left(self, user: str, *commands: Any) -> list[Act]:
        """`user` gives the commands, none of which arrives, and goes; the shift leader takes the seat."""
        desk = await self.sits(user)
        await until(lambda: desk.board.find("case", commands[0].case))
        self.network.instead = held_up
        acts = [await desk.do(command) for command in commands]
        await until(lambda: self.network.bodies)
        await self.sits("shift")
        return acts

    async def arrives(self, user: str) -> dict[str, Any]:
        """What was held up arrives at the platform after all."""
        async with httpx.AsyncClient(base_url=self.url) as http:
            said = await http.post("/v1/sign-in", json={"user": user, "password": PASSWORD})
            token = {"Authorization": f"Bearer {said.json()['access']}", "Content-Type": "application/json"}
            answer = await http.post("/v1/commands", content=self.network.bodies[0], headers=token)
            return answer.json()["results"][0]

    async def happened(self, key: str) -> list[tuple[str, str, str | None]]:
        """(what, whose act, by whose hand) of a case, as the platform tells it."""
        facts = await self.clerk.ask(HistoryQuery(key))
        return [(type(fact).__name__, fact.by, fact.hand) for fact in facts]

"""A system administrator of the small district, who edits reference records over HTTP as a console would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.platform import Platform
from tests.kit.console import running_platform
from tests.kit.district import hashed
from tests.kit.loopback import serving
from tests.kit.platform import Desk, sit_down

ADMIN = Person("ops", Role.SYSTEM_ADMIN, Scope("d1", street=NOWHERE))


def limit_of(hours: float) -> dict[str, Any]:
    """Returns the limit of a kind, in working hours."""
    return {"amount": hours, "measure": "working_hours", "source": "", "version": 1}


@dataclass(slots=True)
class Editor:
    """A desk at which somebody edits records; each edit is based on the revision that was read last."""

    desk: Desk
    district: str = "d1"

    async def history(self, name: str, **params: Any) -> dict[str, Any]:
        """Returns the record `name` ("kind:id") with its revisions."""
        kind, _, key = name.partition(":")
        answer = await self.desk.get(f"/v1/references/{kind}/{key}/history", district=self.district, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def read(self, name: str) -> dict[str, Any]:
        """Returns the record as it is."""
        return (await self.history(name))["record"]["record"]

    async def change(self, name: str, rev: int | None = None, /, **content: Any) -> dict[str, Any]:
        """Changes some fields of the record, as it was at the revision `rev` (None: as it is); returns the result."""
        now = await self.read(name)
        return await self.edit("change_reference", name, rev or now["rev"], content=now | content)

    async def edit(self, command: str, name: str, rev: int, /, **args: Any) -> dict[str, Any]:
        """Gives a command on the record as seen at `rev`; returns the result."""
        return await self.desk.do(command, bases={name: rev}, record=name, **args)


async def sit_to_edit(platform: Platform, http: Any, person: Person = ADMIN) -> Editor:
    """Creates the account and signs it in."""
    platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
    return Editor(await sit_down(http, person.user))


@asynccontextmanager
async def edited_hall(data: Path) -> AsyncIterator[tuple[str, Editor]]:
    """Serves the small district on the loopback; yields its base URL and who edits its records."""
    with running_platform(data) as platform:
        async with serving(platform) as http:
            yield str(http.base_url).rstrip("/"), await sit_to_edit(platform, http)

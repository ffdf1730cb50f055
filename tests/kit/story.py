"""A hall in which a story plays: a platform on the loopback, desks of its people, and a clock that the story moves."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
from sqlalchemy import Connection

from commandcenter.bootstrap import Desk
from commandcenter.domain.cases import Tier
from commandcenter.domain.commands import Accept, Command, Dispatch, File, LocateCrew
from commandcenter.domain.commands.leading import SetLead
from commandcenter.domain.commands.tiers import Escalate
from commandcenter.domain.decisions import Fact, Refused
from commandcenter.domain.people import Holder, HolderKind, Person, Role, Scope
from commandcenter.domain.places import Spot
from commandcenter.domain.records import Record
from commandcenter.domain.tasks import TaskKind, task_id
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.server.auth import accounts
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.platform import Platform
from commandcenter.store.overlay import Act
from commandcenter.sync.environment import real_mono
from commandcenter.sync.queries import HistoryQuery
from commandcenter.sync.versions import Versions
from tests.kit.administrator import sit_to_edit
from tests.kit.console import Ticking, Wire, idle, running_platform, seated, take, until
from tests.kit.district import DISTRICT, NOON, hashed
from tests.kit.loopback import serving

R = TypeVar("R", bound=Record)
MORE_DEPARTMENTS = ("water", "green", "old-parks")  # beside housing
SPOT = Spot(117.3, 31.8)
CREWS = 12  # of each unit, free, each for one story


@dataclass(slots=True)
class Story:
    """What a story says: who does what at which desk, in order; a desk opens when its person first acts.

    `wires` are the networks of the desks, which a story cuts and mends.
    """

    folder: Path
    url: str
    clock: Ticking
    platform: Platform
    opened: AsyncExitStack
    desks: dict[str, Desk] = field(default_factory=dict)
    wires: dict[str, Wire] = field(default_factory=dict)
    _crews: dict[str, Iterator[str]] = field(default_factory=dict)

    def crew(self, unit: str = "east-urban") -> str:
        """Returns a free crew of the unit that no other story has."""
        return next(self._crews.setdefault(unit, iter([f"{unit}-{number}" for number in range(CREWS)])))

    async def desk(self, user: str, seat: str = "") -> Desk:
        """Returns the desk of `user`, live and level; another `seat` is another console of the same person."""
        name = user + seat
        if name not in self.desks:
            wire = self.wires.setdefault(name, Wire())
            self.desks[name] = await self.opened.enter_async_context(
                seated(self.folder / name, self.url, user, wire, **self._time())
            )
        return self.desks[name]

    async def does(self, user: str, command: Command, seat: str = "") -> Act:
        """Gives the command at the desk of `user` as soon as that shows it as possible, and waits for its effect."""
        desk = await self.can(user, command, seat)
        act = await self.keeps(user, command, seat)
        await until(lambda: desk.acts.find(act.cmd_id) is None or desk.acts.needing)
        assert not desk.acts.needing, desk.acts.needing
        await self._is_shown(desk, act)
        return act

    async def _is_shown(self, desk: Desk, act: Act) -> None:
        """Waits until all desks that are connected show what `act` changed, as far as they see it."""
        there = [other for name, other in self.desks.items() if not self.wires[name].is_cut]
        for kind, key in act.refs:
            changed = desk.board.find(kind, key)
            if changed is not None:
                await until(partial(_are_level, there, kind, key, changed.rev))

    async def can(self, user: str, command: Command, seat: str = "") -> Desk:
        """Waits until the desk of `user` shows the command as possible; returns the desk."""
        desk = await self.desk(user, seat)
        await until(lambda: isinstance(desk.preview(command), tuple))
        return desk

    async def refused(self, user: str, command: Command) -> tuple[str, str | None]:
        """Gives the command, which the desk of `user` refuses at once; returns why, and about what."""
        answer = await (await self.desk(user)).do(command)
        assert isinstance(answer, Refused), answer
        return answer.code, answer.about

    async def keeps(self, user: str, command: Command, seat: str = "") -> Act:
        """Gives the command, which stays at the desk until the network is back."""
        act = await (await self.desk(user, seat)).do(command)
        assert isinstance(act, Act), act
        return act

    async def sees(self, user: str, kind: type[R], key: str, *, when: Callable[[Any], object] = bool) -> R:
        """Returns the record as the desk of `user` shows it, once it is there and `when` holds of it."""
        desk, name = await self.desk(user), kind.__name__.lower()

        def found() -> Record | None:
            record = desk.board.find(name, key)
            return record if record is not None and when(record) else None

        await until(found)
        record = found()
        assert isinstance(record, kind)
        return record

    async def loses(self, user: str, kind: str, key: str) -> None:
        """Waits until the desk of `user` does not show the record any more."""
        desk = await self.desk(user)
        await until(lambda: desk.board.find(kind, key) is None)

    async def waiting(self, user: str, seat: str = "") -> Act:
        """Returns the act that waits at the desk of `user` for an answer of its person."""
        desk = await self.desk(user, seat)
        await until(lambda: desk.acts.needing)
        (act,) = desk.acts.needing
        return act

    async def versions(self, user: str, act: Act) -> Versions:
        """Returns a waiting act in three versions, with what the platform tells of its case."""
        desk = await self.desk(user)
        found = desk.decisions.look(act.cmd_id, await self.history(user, act.ref[1]))
        assert found is not None
        return found

    async def history(self, user: str, case: str) -> tuple[Fact, ...]:
        """Returns the facts of a case, asked of the platform."""
        return await (await self.desk(user)).ask(HistoryQuery(case))

    async def drops(self, user: str, act: Act) -> None:
        """The person at the desk lets the act go."""
        assert await (await self.desk(user)).decisions.drop(act.cmd_id) is None
        await self.rests(user)

    async def retire(self, name: str) -> dict[str, Any]:
        """An administrator retires the record `name` ("kind:id"); returns the platform's answer."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            editor = await sit_to_edit(self.platform, http)
            return await editor.edit("retire_reference", name, (await editor.read(name))["rev"])

    async def rostered(self, crew: str, unit: str, ends: datetime) -> None:
        """An administrator reads in a roster of the crew, whose shift ends at that moment."""
        shift = {"starts": (ends - timedelta(hours=8)).isoformat(), "ends": ends.isoformat()}
        content = {"id": crew, "rev": 1, "unit": unit, "street": unit.partition("-")[0], "shifts": [shift]}
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            editor = await sit_to_edit(self.platform, http)
            made = await editor.edit("create_reference", f"roster:{crew}", 0, content=content)
        assert made["status"] == "applied", made

    async def rests(self, user: str) -> None:
        """Waits until the desk of `user` has no act on its way."""
        await idle(await self.desk(user))

    def passes(self, **span: float) -> datetime:
        """Moves the clock of the platform and of all desks forward; returns the platform's time."""
        self.clock.ahead += timedelta(**span).total_seconds()
        return self.clock()

    def _time(self) -> dict[str, Any]:
        """Returns the clocks of a desk, which go on with the platform's when the story moves that."""
        return {"wall": lambda: self.clock().timestamp(), "mono": lambda: real_mono() + self.clock.ahead}

    async def filed(self, street: str = "east", **other: Any) -> str:
        """Returns a new case that the clerk took in and the shift leader filed."""
        key = (await self.does("clerk", take(street, **other))).ref[1]
        await self.does("shift", File(key))
        return key

    async def dispatched(self, to: str = "east-urban", **other: Any) -> str:
        """Returns a new case that was dispatched to a unit, and accepted there."""
        key = await self.filed(street=to.partition("-")[0], **other)
        await self.does("dispatcher", Dispatch(key, to))
        await self.does(to, Accept(key))
        return key

    async def of_district(self, **other: Any) -> str:
        """Returns a new case that the street handed to the district, and that waits for a lead."""
        key = await self.filed(**other)
        for _ in (Tier.STREET, Tier.DISTRICT):
            await self.does("east-desk", Escalate(key, "需多部门办理"))
        return key

    async def led(self, lead: str = "housing", **other: Any) -> str:
        """Returns a new case of the district whose lead accepted it."""
        key = await self.of_district(**other)
        await self.does("coordinator", SetLead(key, lead))
        await self.does(lead, Accept(key))
        return key

    async def crew_is(self, crew: str, status: CrewStatus) -> None:
        """The crew's device reports its status."""
        await self.does("system", LocateCrew(crew, SPOT, status))


def task_of(case: str, holder: str, kind: TaskKind = TaskKind.CO_HANDLING) -> str:
    """Returns the id of the sub-task of a body."""
    return task_id(case, holder, kind)


@asynccontextmanager
async def story(folder: Path) -> AsyncIterator[Story]:
    """Yields a hall with the small district, three more departments and more crews; all desks close at the end."""
    clock = Ticking()
    with running_platform(folder / "platform", clock) as platform:
        platform.writer.submit(_more).result()
        async with serving(platform) as http, AsyncExitStack() as opened:
            yield Story(folder, str(http.base_url).rstrip("/"), clock, platform, opened)


def _are_level(desks: list[Desk], kind: str, key: str, rev: int) -> bool:
    shown = (desk.board.find(kind, key) for desk in desks)
    return all(record is None or record.rev >= rev for record in shown)


def _more(connection: Connection) -> None:
    holders = [Holder(key, 1, HolderKind.DEPARTMENT, f"{key} 局", key, power=key) for key in MORE_DEPARTMENTS]
    put_reference(connection, DISTRICT.id, (*holders, *_crews()), now=NOON)
    for key in MORE_DEPARTMENTS:
        accounts.put(connection, Person(key, Role.DEPARTMENT, Scope(DISTRICT.id, department=key)), hashed())


def _crews() -> Iterator[Crew]:
    for unit in ("east-urban", "east-police", "west-urban"):
        for number in range(CREWS):
            street = unit.partition("-")[0]
            yield Crew(f"{unit}-{number}", 1, f"{number + 1} 组", unit, street, CrewStatus.AVAILABLE, NOON, SPOT, NOON)

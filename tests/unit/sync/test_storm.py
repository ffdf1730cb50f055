"""A shift in a storm: consoles are cut off, lose answers and caches, start anew; nothing is lost or doubled."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Accept, Command, Dispatch, File, Report
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.desk import Desk
from tests.kit.console import Wire, live, running_platform, seated, take, until
from tests.kit.loopback import serving

USERS = ("clerk", "shift", "dispatcher", "east-urban", "east-police", "east-desk")
STEPS = 160


class Console:
    """One seat with its profile; `given` are the commands that it said to have kept."""

    def __init__(self, folder: Path, url: str, user: str) -> None:
        self.network = Wire()
        self.given: list[str] = []
        self._folder = folder / user
        self._url = url
        self._user = user
        self._open = AsyncExitStack()
        self.desk: Desk

    async def start(self) -> None:
        """Sit down, with the network as it should be."""
        self.network = Wire()
        self.desk = await self._open.enter_async_context(seated(self._folder, self._url, self._user, self.network))

    async def end(self) -> None:
        """Leave."""
        await self._open.aclose()
        self._open = AsyncExitStack()

    async def restart(self, chance: random.Random) -> None:
        """Leave and come back, sometimes with a cache that is damaged or gone."""
        await self.end()
        cache = self._folder / "cache.db"
        if chance.random() < 0.3:
            cache.unlink()
        elif chance.random() < 0.3:
            content = bytearray(cache.read_bytes())
            content[4096 : 4096 + 200] = b"\xff" * 200
            cache.write_bytes(content)
        await self.start()

    async def act(self, chance: random.Random) -> None:
        """Do something that may be done."""
        command = self._choice(chance)
        act = await self.desk.do(command) if command else None
        if isinstance(act, Act):
            self.given.append(act.cmd_id)

    def _choice(self, chance: random.Random) -> Command | None:
        if self._user == "clerk":
            return take()
        cases = [case for case in self.desk.board.all("case") if isinstance(case, Case) and self.desk.may(case)]
        if not cases:
            return None
        case = chance.choice(cases)
        name = self.desk.may(case)[0]
        to = chance.choice(("east-urban", "east-police"))
        made = {"file": File(case.id), "dispatch": Dispatch(case.id, to), "accept": Accept(case.id)}
        return made.get(name) or (Report(case.id, "已办") if name == "report" else None)


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_lost_doubled_or_stuck(tmp_path, seed):
    chance = random.Random(seed)
    with running_platform(tmp_path / "platform") as platform:
        async with serving(platform) as http:
            consoles = [Console(tmp_path, str(http.base_url).rstrip("/"), user) for user in USERS]
            for console in consoles:
                await console.start()
            try:
                for _ in range(STEPS):
                    await _step(chance, chance.choice(consoles), chance.random())
                await _calm(consoles)
                effects = platform.writer.submit(_effects).result()
                _check(consoles, effects)
            finally:
                for console in consoles:
                    await console.end()


async def _step(chance: random.Random, console: Console, luck: float) -> None:
    if luck < 0.12:
        console.network.cut()
    elif luck < 0.2:
        console.network.lose_answers = True
    elif luck < 0.34:
        console.network.mend()
    elif luck < 0.38:
        await console.restart(chance)
    else:
        await console.act(chance)
    await asyncio.sleep(chance.random() * 0.03)


async def _calm(consoles: list[Console]) -> None:
    """The network works; whoever has to decide drops; everything comes to its end."""
    for console in consoles:
        console.network.mend()
    for console in consoles:
        await live(console.desk)
    for console in consoles:
        await until(lambda desk=console.desk: all(act.delivery is Delivery.NEEDS_YOU for act in desk.acts.open))
        for act in console.desk.acts.needing:
            assert act.code
            await console.desk.decisions.drop(act.cmd_id)
        await until(lambda desk=console.desk: all(act.delivery is Delivery.NEEDS_YOU for act in desk.acts.open))
    await until(lambda: len({_stages(console.desk) for console in consoles[:3]}) == 1)


def _stages(desk: Desk) -> frozenset[tuple[str, int, Stage]]:
    return frozenset((case.id, case.rev, case.stage) for case in desk.board.all("case") if isinstance(case, Case))


def _effects(connection) -> Counter:
    return Counter(connection.exec_driver_sql("SELECT cmd_id FROM log WHERE kind = 'case'").scalars())


def _check(consoles: list[Console], effects: Counter) -> None:
    assert set(effects.values()) == {1}
    for console in consoles:
        ended = {act.cmd_id: act for act in console.desk.acts.recent}
        for cmd_id in console.given:
            assert cmd_id in effects or ended[cmd_id].code, f"{cmd_id} came to no end"
        assert console.desk.unsent == {}

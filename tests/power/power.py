"""`main.py test power`: the power fails at any write; what was shown as kept or acknowledged must be there after it."""

import argparse
import asyncio
import random
import tempfile
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree

from tests.faults import hands, invariants, simulate, virtual
from tests.faults.answers import Answers
from tests.faults.console import Console
from tests.faults.effects import judge_effects
from tests.faults.judge import Judge, Violation
from tests.faults.link import CLEAR, ROUGH
from tests.faults.outsiders import Outsider
from tests.faults.schedule import SEATS, Schedule, _memory, _template
from tests.power.disk import Disk, forgetful
from tests.power.places import PoweredConsole, PoweredHall, Supply

EACH = 5  # power cuts in one schedule
STEPS = 150  # maximum number of steps of a schedule
JOBS = 2
_LOST = frozenset({"I1", "I4", "I17"})  # missing in the journal, or reported as done without its effect
_DOUBLED = "I3"
_TIME = "I18"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one schedule: the number of power cuts and the first violations."""

    seed: int
    cuts: int
    broken: tuple[Violation, ...] = ()


@dataclass(slots=True)
class Tally:
    """The sum of the verdicts."""

    cuts: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The counts as one line of text."""
        return f"cuts {self.cuts}, lost {self.lost}, doubled {self.doubled}, wrong {self.wrong}"

    def add(self, verdict: Verdict) -> None:
        """Counts a schedule by its first violation."""
        self.cuts += verdict.cuts
        if verdict.broken:
            first = verdict.broken[0]
            self.lost += first.name in _LOST
            self.doubled += first.name == _DOUBLED
            self.wrong += first.name not in _LOST and first.name != _DOUBLED
            self.told.append(f"seed {verdict.seed}, {first.name}: {first.how}")


def main(argv: list[str]) -> int:
    """Cuts the power as often as `argv` says; returns 1 when something was lost, doubled or wrong."""
    parser = argparse.ArgumentParser(prog="main.py test power", description=__doc__)
    parser.add_argument("--cuts", type=int, default=2000, metavar="N", help="cuts of the power (%(default)s)")
    parser.add_argument("--seed", type=int, metavar="S", help="of the first schedule; without it any")
    asked = parser.parse_args(argv)
    seed = random.randrange(1 << 31) if asked.seed is None else asked.seed
    print(f"seeds from {seed}", flush=True)
    tally = cut(asked.cuts, seed)
    print(*tally.told, tally.line, sep="\n")
    return 1 if tally.told else 0


def cut(cuts: int, seed: int, *, jobs: int = JOBS) -> Tally:
    """Plays as many schedules from `seed` on as `cuts` needs at EACH per schedule; returns their tally."""
    tally = Tally()
    for verdict in _verdicts(seed, -(-cuts // EACH), jobs):
        tally.add(verdict)
    return tally


def _verdicts(seed: int, schedules: int, jobs: int) -> Iterator[Verdict]:
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=simulate._ready) as processes:
        yield from processes.map(judged, range(seed, seed + schedules))


def judged(seed: int) -> Verdict:
    """Returns the verdict on one schedule; an exception is a violation too, named `error`."""
    with tempfile.TemporaryDirectory(prefix="power-", dir=_memory()) as folder:
        root = Path(folder).resolve()
        copytree(Path(_template().name) / "platform", root / "platform")
        supplies: list[Supply] = []

        def wrote(name: str) -> None:
            for one in supplies:
                one.wrote(name)

        with forgetful(root, wrote) as disk:
            try:
                broken = virtual.run(_play(seed, root, disk, supplies))
            except Exception as wrong:
                where = traceback.extract_tb(wrong.__traceback__)[-1]
                how = f"{type(wrong).__name__}: {wrong} ({where.name}, line {where.lineno})"
                broken = (Violation("error", how),)
        return Verdict(seed, sum(one.cuts for one in supplies), broken)


@dataclass(slots=True)
class Blackouts(Schedule):
    """A schedule whose hall and consoles have power supplies of their own."""

    supplies: list[Supply] = field(default_factory=list)

    @property
    def platform(self) -> PoweredHall:
        """The hall, typed as one that can lose its power."""
        assert isinstance(self.hall, PoweredHall)
        return self.hall

    async def open(self, disk: Disk) -> None:
        """Starts the hall and three consoles."""
        self.hall.open()
        self.hall.committed = partial(judge_effects, self.judge)
        self.supplies.append(self.platform.supply)
        for number, users in enumerate(SEATS[:3]):
            folder = self.folder / f"console{number}"
            supply = Supply(folder, disk, random.Random(f"{self.seed}/console {number}"))
            self.supplies.append(supply)
            console = PoweredConsole(str(number), self.hall, folder, users, supply)
            console.opened = self.judge.watch
            console.link.answers = self.answers
            self.consoles.append(console)
            await console.open()
        self.judge.consoles = self.consoles
        await asyncio.sleep(2.0)

    async def go_on(self, number: int) -> None:
        """Performs one random event, during which the power may fail, and checks the invariants."""
        chance = random.Random(f"{self.seed}/power {number}")
        self._arm(chance)
        console = chance.choice(self.consoles)
        (happens,) = chance.choices(("act", "decide", "leave", "cut", "mend", "rough"), (50, 8, 6, 5, 10, 5))
        await self._happens(happens, console, chance)
        for _ in range(chance.choice((1, 2, 4))):
            await asyncio.sleep(chance.choice((0.05, 0.5, 2.0)) * chance.random())
            await self.look()

    async def _happens(self, what: str, console: Console, chance: random.Random) -> None:
        match what:
            case "act":
                await hands.act(self, console, chance)
            case "decide":
                await hands.decide(self, console, chance)
            case "leave":
                await console.leave()
                await console.open()
            case "cut":
                console.link.cut()
            case "mend":
                console.link.mend()
            case _:
                console.link.weather = ROUGH if console.link.weather is CLEAR else CLEAR

    async def look(self) -> None:
        """Restores the power where it failed, then checks the invariants."""
        if self.platform.supply.is_cut:
            before = len(self.judge.broken)
            gone = await self.platform.back()
            # rows written just before the cut are seen only now, so their age proves nothing
            self.judge.broken[before:] = [one for one in self.judge.broken[before:] if one.name != _TIME]
            self.judge.expect(not gone, "I17", f"the platform has lost {gone}")
            for console in self.consoles:
                console.troubled_at = self.hall.true()
        await super(Blackouts, self).look()

    def _arm(self, chance: random.Random) -> None:
        """Makes the power of one machine, or of all, fail soon."""
        if any(one.due or one.is_cut for one in self.supplies):
            return
        first = chance.choice((self.supplies[0], *self.supplies))
        first.also = [one for one in self.supplies if one is not first] if chance.random() < 0.25 else []
        first.due = chance.randint(1, 40)


async def _play(seed: int, root: Path, disk: Disk, supplies: list[Supply]) -> tuple[Violation, ...]:
    hall = PoweredHall(root / "platform", Supply(root / "platform", disk, random.Random(f"{seed}/platform")))
    judge = Judge(hall)
    answers = Answers(judge)
    schedule = Blackouts(seed, root, hall, judge, answers, Outsider(hall, answers), supplies=supplies)
    try:
        await schedule.open(disk)
        number = 0
        while number < STEPS and sum(one.cuts for one in supplies) < EACH and not schedule.judge.broken:
            await schedule.go_on(number)
            number += 1
        for one in supplies:
            one.due = 0
        if not schedule.judge.broken:
            await schedule.calm()
        if not schedule.judge.broken:
            invariants.at_rest(schedule.judge)
    finally:
        for console in schedule.consoles:
            await console.end()
        await hall.stop()
    return tuple(schedule.judge.broken[:3])

"""`main.py test kills`: consoles and platform at work are killed at random moments, again and again."""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from commandcenter.domain.commands import Command, Dispatch, File
from commandcenter.domain.people import Person
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.storage import database
from tests.kit.console import take
from tests.kit.district import seats, small_accounts, small_district
from tests.kit.platform import new_id
from tests.process.program import PATIENCE, PlatformProgram, Program, ending
from tests.process.proxy import CuttingProxy, cutting
from tests.process.verdict import judge

USERS = ("clerk", "east-urban")
_GIVEN = 60  # cases that are dispatched to the unit at the start
_LEAST = (0, 0, 1, 5, 20)  # commands kept before a kill, which comes a random moment later
LIFE = 100  # kills per hall at most: after each of them, everything that it ever kept is judged
AT_ONCE = 2  # halls in parallel


@dataclass(slots=True)
class Tally:
    """The result of the cycles; `wrong` describes each fault with its command and cycle.

    `least` is how many commands had to be kept before the kills, however slow the machine is.
    """

    cycles: int = 0
    kept: int = 0
    least: int = 0
    effects: int = 0
    cuts: int = 0
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The last line that the command prints."""
        return f"cycles {self.cycles}, {len(self.lost)} lost, {len(self.doubled)} doubled"

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{one.name: _joined(getattr(self, one.name), getattr(other, one.name)) for one in fields(self)})


def _joined(one: Any, other: Any) -> Any:
    return one | other if isinstance(one, set) else one + other


class Seat:
    """A console process that is killed and started again on the same profile."""

    def __init__(self, folder: Path, url: str, user: str, seed: int) -> None:
        self.journal = folder / "journal.db"
        self.program = Program("-m", "tests.process.console_program", str(folder), url, user, str(seed))

    @property
    def kept(self) -> list[str]:
        """The ids of the commands that it reported as kept, over all its starts."""
        return [line.split()[1] for line in self.program.said if line.startswith("kept ")]

    async def rest(self) -> None:
        """Waits until no act of it is kept or sent."""
        since = len(self.program.said)
        self.program.tell("rest")
        await self.program.hear("rest", since=since)


class Hall:
    """The platform, the proxy before it, and the consoles."""

    def __init__(self, folder: Path, proxy: CuttingProxy, seed: int) -> None:
        self.data = folder / "platform"
        self.proxy = proxy
        self.platform = PlatformProgram(self.data)
        self.seats = [Seat(folder / user, proxy.url, user, seed + at) for at, user in enumerate(USERS)]

    async def open(self) -> None:
        """Starts everything and waits until each console is live."""
        self.proxy.behind = await self.platform.up()
        self.proxy.is_gentle = True
        for seat in self.seats:
            await seat.program.start()
        for seat in self.seats:
            await seat.program.hear("live")
        self.proxy.is_gentle = False

    async def give(self, count: int) -> None:
        """Waits until the consoles have kept `count` more commands."""
        wanted = self.kept + count
        async with asyncio.timeout(PATIENCE):
            while self.kept < wanted:  # noqa: ASYNC110 (another process's work)
                await asyncio.sleep(0.002)

    @property
    def kept(self) -> int:
        """How many commands were reported as kept, over all consoles and their starts."""
        return sum(len(seat.kept) for seat in self.seats)

    async def kill(self, chance: random.Random) -> None:
        """Kills the platform, a console, or both at once, and starts them again."""
        seat = chance.choice(self.seats)
        victims = chance.choice(([self.platform], [seat.program], [self.platform, seat.program]))
        await asyncio.gather(*(victim.kill() for victim in victims))
        if self.platform in victims:
            self.proxy.behind = await self.platform.up()
        if seat.program in victims:
            await seat.program.start()

    async def rest(self) -> bool:
        """Waits until no act is kept or sent; returns False when a console takes more than a minute."""
        self.proxy.is_gentle = True
        try:
            await asyncio.gather(*(seat.rest() for seat in self.seats))
        except TimeoutError:
            return False
        finally:
            self.proxy.is_gentle = False
        return True

    def go_on(self) -> None:
        """Makes the consoles give commands again."""
        for seat in self.seats:
            seat.program.tell("go")

    def judge(self, tally: Tally) -> None:
        """Judges every command that was ever kept against the platform's log; adds the result to `tally`."""
        verdicts = [judge(seat.kept, seat.journal, self.data / database.NAME, at_rest=True) for seat in self.seats]
        for verdict in verdicts:
            fresh = {**verdict.lost, **verdict.doubled}.items()
            tally.wrong += [f"cycle {tally.cycles}: {key} {why}" for key, why in fresh]
            tally.lost |= verdict.lost.keys()
            tally.doubled |= verdict.doubled.keys()
        tally.kept = self.kept
        tally.effects = sum(verdict.effects for verdict in verdicts)
        tally.cuts = self.proxy.cuts


async def run(folder: Path, *, cycles: int, seed: int, goes_on: Callable[[Tally], bool]) -> None:
    """Kills `cycles` times in `folder`; waits for rest and judges after each kill; ends when `goes_on` is false."""
    chance, tally = random.Random(seed), Tally()
    _furnish(folder / "platform")
    async with cutting(chance) as proxy:
        hall = Hall(folder, proxy, seed)
        async with ending(hall.platform, *(seat.program for seat in hall.seats)):
            await hall.open()
            for _ in range(cycles):
                least = chance.choice(_LEAST)
                tally.least += least
                await hall.give(least)
                await asyncio.sleep(chance.uniform(0.0, 0.6))
                await hall.kill(chance)
                tally.cycles += 1
                if not await hall.rest():
                    tally.wrong.append(f"cycle {tally.cycles}: after a minute something is still on its way")
                hall.judge(tally)
                if not goes_on(tally):
                    break
                hall.go_on()


async def many(
    folder: Path, *, cycles: int, seed: int, life: int = LIFE, tell: Callable[[Tally], None] = lambda tally: None
) -> Tally:
    """Kills `cycles` times in fresh halls of at most `life` kills each, AT_ONCE in parallel; returns the sum.

    `tell` is called with the sum so far after each kill. After a fault all halls end.
    """
    halls = [min(life, cycles - begun) for begun in range(0, cycles, life)]
    tallies = [Tally() for _ in halls]
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        own = seed + number * 10

        def told(tally: Tally) -> bool:
            tallies[number] = replace(tally, wrong=[f"seed {own}, {line}" for line in tally.wrong])
            tell(sum(tallies, Tally()))
            return not any(other.wrong for other in tallies)

        async with turn:
            if not any(other.wrong for other in tallies):
                await run(folder / f"hall-{number}", cycles=halls[number], seed=own, goes_on=told)

    await asyncio.gather(*map(one, range(len(halls))))
    return sum(tallies, Tally())


def _furnish(data: Path) -> None:
    """Makes the small district with cases that are dispatched to the unit."""
    data.mkdir(parents=True)
    with database.writing(data) as connection:
        small_district(connection)
        small_accounts(connection)
        people = {name: seat.person for name, seat in seats().items()}
        for _ in range(_GIVEN):
            wish = take()
            _done(connection, wish, people["clerk"], rev=0)
            _done(connection, File(wish.case), people["shift"], rev=1)
            _done(connection, Dispatch(wish.case, "east-urban"), people["dispatcher"], rev=2)


def _done(connection: Connection, command: Command, person: Person, *, rev: int) -> None:
    bases = {f"case:{command.case}": rev} if rev else {}
    result = perform(connection, command, person, datetime.now(UTC), cmd_id=new_id(), bases=bases)
    assert result.status == "applied", result


def main(argv: list[str]) -> int:
    """Runs the command line; returns 1 when a fault was found, else 0."""
    parser = argparse.ArgumentParser(prog="main.py test kills", description="随时杀死进程 · kill -9 at any moment")
    parser.add_argument("--cycles", type=int, default=20, metavar="N", help="次数 · how many kills (%(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 20), metavar="S", help="随机种子 · of chance")
    asked = parser.parse_args(argv)
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tally = asyncio.run(many(Path(folder), cycles=asked.cycles, seed=asked.seed, tell=_told))
    print(*tally.wrong, sep="\n", end="\n" if tally.wrong else "")
    print(tally.line)
    return 1 if tally.wrong else 0


def _told(tally: Tally) -> None:
    if tally.cycles % 10 == 0:
        print(f"{tally.line}; {tally.kept} kept, {tally.effects} effects, {tally.cuts} connections cut", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

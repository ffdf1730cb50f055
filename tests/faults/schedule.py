"""Plays one seeded schedule: actions and faults step by step, then a calm phase, then the final checks."""

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from shutil import copytree

from tests.faults import figures, hands, invariants, virtual, wide
from tests.faults.answers import Answers
from tests.faults.console import Console, Fuse
from tests.faults.effects import judge_effects
from tests.faults.hall import Hall, prepare
from tests.faults.judge import Judge, Violation
from tests.faults.link import CLEAR, PROXIED, ROUGH
from tests.faults.outsiders import Outsider
from tests.faults.proxy import REFUSALS, Refusal
from tests.kit.swapping import swapping

SEATS = (
    ("dispatcher", "dispatcher2", "shift2"),
    ("east-urban", "east-urban2", "east-police", "east-team"),
    ("dispatcher2", "coordinator", "east-desk", "west-desk"),
    ("shift", "clerk", "east-urban2", "west-urban", "housing"),
)
OF_LEADS = (
    ("coordinator", "dispatcher2", "east-desk"),
    ("housing", "east-police", "east-urban2"),
    ("shift", "clerk", "east-urban", "west-urban"),
    ("dispatcher", "coordinator", "east-team"),
)
ONE_OF_LEADS = 9  # of so many schedules one begins at the board of leads
DAY = 86400.0  # seconds
CALM = 60.0  # seconds within which all consoles have to be level
PATIENCE = 600.0  # seconds within which the decisions of a few acts have to be made


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a schedule: `steps` done, `faults` that struck, the first violations.

    `shared`: how many jobs of the platform shared a commit with an earlier one; 0 without threads.
    """

    seed: int
    steps: int
    faults: int
    broken: tuple[Violation, ...] = ()
    shared: int = 0


@dataclass(slots=True)
class Schedule:
    """The hall, its consoles and the judge under one seed."""

    seed: int
    folder: Path
    hall: Hall
    judge: Judge
    answers: Answers
    outsider: Outsider
    consoles: list[Console] = field(default_factory=list)
    faults: int = 0
    happens: "tuple[list[Happens], list[float]]" = field(init=False)

    def __post_init__(self) -> None:
        self.happens = _happens(self.seed)

    async def begin(self) -> None:
        """Starts everything; the seed decides the number of consoles."""
        chance = random.Random(f"{self.seed}/seats")
        self.hall.open()
        self.hall.committed = partial(judge_effects, self.judge)
        for number, users in enumerate(seats_of(self.seed)[: chance.choice((2, 3, 3, 4))]):
            own = random.Random(f"{self.seed}/console {number}")
            console = Console(str(number), self.hall, self.folder / f"console{number}", users, own)
            console.opened = self.judge.watch
            console.link.answers = self.answers
            self.consoles.append(console)
            await console.open()
        self.judge.consoles = self.consoles
        await asyncio.sleep(2.0)

    async def step(self, number: int) -> None:
        """Performs one random event, lets time pass and checks the invariants."""
        chance = random.Random(f"{self.seed}/step {number}")
        console = chance.choice(self.consoles)
        (happens,) = chance.choices(*self.happens)
        struck = await happens(self, console, chance)
        self.faults += happens not in _NO_FAULTS and struck is not False
        for one in self.consoles if happens in _FOR_ALL else [console] if happens not in _NO_TROUBLE else ():
            one.troubled_at = self.hall.true()
        for _ in range(chance.choice((1, 1, 2, 4))):
            await asyncio.sleep(chance.choice((0.05, 0.5, 2.0, 2.0, 8.0)) * chance.random())
            await self.look()
        if chance.random() < 0.05:
            await asyncio.sleep(30.0 * chance.random())
            await self.look()

    async def look(self) -> None:
        """Restarts consoles that have ended, then checks the invariants."""
        for console in self.consoles:
            if console.owner.is_dead:
                await console.end()
                await console.open()
                console.troubled_at = self.hall.true()
            if console.link.is_cut or console.link.weather is not CLEAR:
                console.troubled_at = self.hall.true()
            invariants.between_steps(self.judge, console)

    async def calm(self) -> None:
        """Ends all faults; all consoles must become level in time and show what their acts wait for."""
        for console in self.consoles:
            console.link.mend()
            console.fuse, console.full = None, frozenset()
            await console.link.settle()
        await wide.put_right(self)
        while self.hall.parts.next_turn(self.hall.now()) > self.hall.now() and not self.judge.broken:
            await asyncio.sleep(1.0)
            await self.look()
        for _ in range(int(CALM)):
            await asyncio.sleep(1.0)
            await self.look()
            if self.judge.broken or not self._not_level():
                break
        for console, why in () if self.judge.broken else self._not_level():
            self.judge.expect(False, "I11", f"{console.name} is not level after {CALM:.0f} s: {why}")
        if not self.judge.broken:
            await self._decide_all()

    def _not_level(self) -> list[tuple[Console, str]]:
        found = [(console, invariants.converged(self.judge, console)) for console in self.consoles]
        return [(console, why) for console, why in found if why]

    async def _decide_all(self) -> None:
        """Makes all decisions, also those of former shifts; no act may be left without a reason.

        Everybody gets their role back first, so that acts that wait for a role end too. Nobody gives an act again
        after half of PATIENCE: who always did would never end. Each act that is open may need a sitting of its own.
        """
        for user in (user for user in self.hall.people if self.hall.parts.now(user, self.hall.now()) is None):
            self.hall.becomes(user, self.hall.people[user], for_seconds=None)
        chance = random.Random(f"{self.seed}/calm")
        insists_until = asyncio.get_running_loop().time() + PATIENCE / 2
        ends = insists_until + PATIENCE / 2 + CALM * sum(len(console.desk.acts.open) for console in self.consoles)
        await asyncio.sleep(CALM)
        while asyncio.get_running_loop().time() < ends and not self.judge.broken:
            for console in self.consoles:
                for stuck in invariants.stalled(console, asyncio.get_running_loop().time()):
                    self.judge.expect(False, "I12", f"{console.name}: {stuck}")
                insists = asyncio.get_running_loop().time() < insists_until
                await _settle(self, console, chance, insists=insists)
            if not any(console.desk.acts.open or _doubtful(console) for console in self.consoles):
                break
            await asyncio.sleep(CALM)
            await self.look()
        left = [act.cmd_id for console in self.consoles for act in console.desk.acts.open]
        self.judge.expect(self.judge.broken or not left, "I12", f"never came to an end: {left}")


async def _settle(schedule: Schedule, console: Console, chance: random.Random, *, insists: bool) -> None:
    """Decides what needs the user's decision; then the next user with an open act takes the seat."""
    while True:
        mine = [act for act in console.desk.acts.needing if act.user == console.user]
        if not mine:
            break
        await hands.decide_on(schedule, console, mine[0], again=chance.random() < 0.4 and insists)
        if console.owner.is_dead or mine[0] in console.desk.acts.needing:
            return
    waiting = (act.user for act in console.desk.acts.open if act.code != "behind_other")
    others = [user for user in (*waiting, *_doubtful(console)) if user != console.user]
    if others:
        console.user = others[0]


def _doubtful(console: Console) -> list[str]:
    """Returns the users whose dropped commands may have had an effect that the console does not know."""
    return [row.user for row in console.desk._parts.store.commands._unsettled.values()]


async def _cut(schedule: Schedule, console: Console, chance: random.Random) -> None:
    console.link.cut()


async def _mend(schedule: Schedule, console: Console, chance: random.Random) -> None:
    console.link.mend()
    console.full = frozenset()


async def _rough(schedule: Schedule, console: Console, chance: random.Random) -> None:
    console.link.weather = ROUGH


async def _proxy(schedule: Schedule, console: Console, chance: random.Random) -> None:
    console.link.weather = PROXIED


async def _refuse(schedule: Schedule, console: Console, chance: random.Random) -> None:
    """Fails requests with commands; everything else works."""
    console.link.refusal = Refusal(chance.choice(REFUSALS))


async def _revoke(schedule: Schedule, console: Console, chance: random.Random) -> None:
    schedule.hall.revoke(console.user, whole=chance.random() < 0.5)


async def _move(schedule: Schedule, console: Console, chance: random.Random) -> None:
    """Changes the role of this user or of another one, or takes it away; for a while, or until the next change."""
    user = console.user if chance.random() < 0.6 else chance.choice(tuple(schedule.hall.people))
    anybody = tuple(schedule.hall.people.values())
    like = chance.choice((None, schedule.hall.people[user], chance.choice(anybody), chance.choice(anybody)))
    schedule.hall.becomes(user, like, for_seconds=chance.choice((None, 5.0, 20.0, 90.0)))


async def _kill(schedule: Schedule, console: Console, chance: random.Random) -> None:
    how = chance.choice((hands.untouched, hands.untouched, hands.lost, hands.damaged(chance)))
    await console.end(cache=how, reboot=chance.random() < 0.2)
    await asyncio.sleep(chance.choice((0.1, 5.0, 40.0)) * chance.random())
    await console.open()


async def _leave(schedule: Schedule, console: Console, chance: random.Random) -> None:
    await console.leave()
    await console.open()


async def _fuse(schedule: Schedule, console: Console, chance: random.Random) -> None:
    console.fuse = Fuse(chance.randint(1, 8), chance.random() < 0.5)


async def _shift(schedule: Schedule, console: Console, chance: random.Random) -> None:
    console.user = chance.choice(console.users)


async def _clock(schedule: Schedule, console: Console, chance: random.Random) -> None:
    console.skew = chance.choice((0.0, *(sign * far * DAY for sign in (-1, 1) for far in (1 / 24, 1, 8, 31, 40))))


async def _trim(schedule: Schedule, console: Console, chance: random.Random) -> None:
    schedule.hall.trim(older=chance.choice((0.0, 5.0, 30.0, 120.0)))


async def _back_up(schedule: Schedule, console: Console, chance: random.Random) -> None:
    schedule.hall.back_up()


async def _restore(schedule: Schedule, console: Console, chance: random.Random) -> bool:
    return await schedule.hall.restore(1.0 - chance.random() ** 2, signed_in=chance.random() < 0.5)


async def _restart(schedule: Schedule, console: Console, chance: random.Random) -> None:
    await schedule.hall.restart()


async def _forge(schedule: Schedule, console: Console, chance: random.Random) -> None:
    """I5: a used command id with another body is refused."""
    used = [row for row in schedule.hall.past.rows if row.cmd_id in schedule.judge.given]
    if not used:
        return
    row = chance.choice(used)
    for result in await schedule.outsider.forged(row.actor, row.cmd_id):
        told = (result["status"], result.get("code"))
        schedule.judge.expect(told == ("refused", "id_reused"), "I5", f"{row.cmd_id}: {result}")


async def _blind(schedule: Schedule, console: Console, chance: random.Random) -> None:
    await schedule.outsider.blind(chance)


async def _once_more(schedule: Schedule, console: Console, chance: random.Random) -> None:
    await schedule.outsider.once_more(chance)


Happens = Callable[[Schedule, Console, random.Random], Awaitable[bool | None]]  # returns False when no fault occurred
_TABLE: tuple[tuple[Happens, float], ...] = (
    *((hands.act, 50), (hands.decide, 8), (_cut, 5), (_mend, 8), (_rough, 7), (_proxy, 3)),
    *((_kill, 4), (_leave, 2), (_fuse, 3), (_shift, 4), (_clock, 2), (_trim, 2)),
    *((_back_up, 4), (_restore, 3), (_restart, 2), (_forge, 1), (_revoke, 3)),
    *((_move, 6), (hands.adopt, 6), (_blind, 12), (_once_more, 3)),
)
_WIDE: tuple[tuple[Happens, float], ...] = (  # half of the schedules include some of these
    *((_refuse, 8), (wide.fill, 6), (hands.burst, 1), (wide.platform_clock, 4), (wide.days, 3), (wide.set_back, 4)),
    (wide.patience, 4),
)
_NO_TROUBLE = (hands.act, hands.decide, _move, _forge, _blind, _once_more, _back_up, _trim, _clock)
_NO_FAULTS = (hands.act, hands.decide, hands.adopt, _mend, _shift, _leave, _back_up, hands.burst, wide.days)
_FOR_ALL = (_restore, _restart, wide.platform_clock, wide.days, wide.set_back)


def _happens(seed: int) -> tuple[list[Happens], list[float]]:
    """Returns the events of this schedule and their weights; fewer kinds of faults let each of them develop further."""
    chance = random.Random(f"{seed}/wide")
    share = chance.choice((0.0, 0.4))
    table = (*_TABLE, *(one for one in _WIDE if chance.random() < share))
    return [happens for happens, _ in table], [weight for _, weight in table]


def seats_of(seed: int) -> tuple[tuple[str, ...], ...]:
    """Returns who sits at which console of a schedule."""
    return OF_LEADS if _is_of_leads(seed) else SEATS


def _is_of_leads(seed: int) -> bool:
    return seed % ONE_OF_LEADS == 0


@cache
def _template(*, leads: bool = False) -> tempfile.TemporaryDirectory[str]:
    """Returns the folder with the initial platform data of a schedule."""
    made = tempfile.TemporaryDirectory(prefix="faults-", dir=_memory())
    prepare(Path(made.name) / "platform", leads=leads)
    return made


def _memory() -> str | None:
    """Returns a folder in memory for temporary files, if the system has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def steps_of(seed: int) -> int:
    """Returns the number of steps of the schedule."""
    return random.Random(f"{seed}/steps").choice((25, 40, 60))


def play(seed: int, steps: int | None = None, *, threads: bool = False) -> Verdict:
    """Plays the first `steps` steps of the schedule (None: all) and returns the verdict.

    `threads`: with the real threads and group commits of both programs, whose order differs between runs.
    """
    with tempfile.TemporaryDirectory(prefix="faults-", dir=_memory()) as folder:
        copytree(Path(_template(leads=_is_of_leads(seed)).name) / "platform", Path(folder) / "platform")
        playing = _play(seed, steps_of(seed) if steps is None else steps, Path(folder))
        with swapping():
            return virtual.run(playing, threads=threads)


async def _play(seed: int, steps: int, folder: Path) -> Verdict:
    hall = Hall(folder / "platform")
    judge = Judge(hall)
    answers = Answers(judge)
    schedule = Schedule(seed, folder, hall, judge, answers, Outsider(hall, answers))
    done = 0
    try:
        await schedule.begin()
        while done < steps and not schedule.judge.broken:
            await schedule.step(done)
            done += 1
        if not schedule.judge.broken:
            await schedule.calm()
        if not schedule.judge.broken:
            invariants.at_rest(schedule.judge)
            figures.judge_steps(schedule.judge)
    finally:
        for console in schedule.consoles:
            await console.end()
        await hall.stop()
    faults = schedule.faults + sum(console.link.faults for console in schedule.consoles)
    return Verdict(seed, done, faults, tuple(schedule.judge.broken[:3]), hall.jobs - hall.commits)

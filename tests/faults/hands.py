"""Random actions of people at a console, among those allowed, and damage to the console's cache."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import NAMES, Command
from commandcenter.domain.commands.lending import AgreeLoan, AskCrew, EndLoan
from commandcenter.domain.fields import Chosen, Moment, Names, OneOf, Text, marked
from commandcenter.domain.people import Role
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus
from commandcenter.store.overlay import Act, Delivery
from tests.faults.console import LOOKS, Console
from tests.faults.link import Weather

HOLDERS = (
    *("east-urban", "east-urban", "east-urban", "east-police", "east-police", "west-urban"),
    *("housing", "housing", "east-team"),
)
CREWS = ("east-crew", "east-crew", "west-crew")
STREETS = ("east", "east", "west")
OPEN_MOST = 6
BATCH = 100  # maximum number of commands in one batch
LEADER = "shift2"
BOOKED_IN = timedelta(minutes=5)  # ahead, at which crews are booked
STRAY = Weather(late=0.9, answer_lost=0.5)
_OFTEN = {"apply_return": 3.0, "approve_return": 2.0, "deny_return": 3.0}  # or no application comes to an answer
_SELDOM = {"recall": 0.4, "swap": 0.6, "escalate": 0.5, "send_down": 0.4, "refuse_lead": 0.5}
WEIGHTS = (
    _OFTEN
    | _SELDOM
    | {
        "send_crew": 4.0,
        "accept_order": 6.0,
        "add_co_handler": 3.0,
        "accept_task": 3.0,
        "change_lead": 4.0,
        "set_lead": 3.0,
    }
)  # 1.0: others


async def act(schedule: Any, console: Console, chance: random.Random) -> None:
    """Gives one command, or two in immediate succession; some look at a case that was closed before."""
    await console.say(_look_at(console, _to_look_at(schedule, console)))
    for _ in range(chance.choice((1, 1, 2))):
        command = choice(console, chance)
        if command is None or console.owner.is_dead:
            return
        await console.say(_give(schedule, console, command))


def _to_look_at(schedule: Any, console: Console) -> str | None:
    """Returns the case that the user looks at from now on: mostly the one of before, or another one that was closed.

    The board may have it no longer, or never have had it. No number of the schedule's is drawn for it.
    """
    own = random.Random(f"{console.name} looks at {schedule.hall.loop.time()}")
    newest = schedule.hall.past.board_of_all().items()
    closed = sorted(ref[1] for ref, row in newest if row.case is not None and row.case.stage == "closed")
    watched = console.desk.board.fetched.watched
    return own.choice([None, *closed, *closed]) if own.random() < 0.5 else watched and watched[1]


async def _look_at(console: Console, case: str | None) -> None:
    console.desk.lookup.look_at(case)


async def _give(schedule: Any, console: Console, command: Command) -> None:
    with schedule.judge.looking(console, command):
        await console.desk.do(command)


async def burst(schedule: Any, console: Console, chance: random.Random) -> None:
    """Gives more `take` commands than a batch holds while the network is cut, if a clerk is signed in here."""
    person = console.desk.person
    if person is None or person.role is not Role.INTAKE_CLERK:
        return
    console.link.cut()
    for _ in range(chance.choice((20, BATCH + 20, 2 * BATCH + 20))):
        taken = wish.Take(console._new_id(), "hotline", "water", "积水", "路口", chance.choice(STREETS))
        if console.owner.is_dead:
            return
        await console.say(_give(schedule, console, taken))


async def decide(schedule: Any, console: Console, chance: random.Random) -> None:
    """Decides on an act that needs the user's decision."""
    mine = [act for act in console.desk.acts.needing if act.user == console.user]
    if mine:
        await decide_on(schedule, console, chance.choice(mine), again=chance.random() < 0.5)


async def adopt(schedule: Any, console: Console, chance: random.Random) -> None:
    """Lets a shift leader sign in at this seat and take over an act that another user left, sometimes offline."""
    if schedule.hall.people[console.user].role is not Role.SHIFT_LEADER:
        await _leave_to(schedule, console, LEADER, chance)
    if chance.random() < 0.3:
        console.link.cut()
    left = [act for act in console.desk.acts.open if act.user != console.user and act.delivery is not Delivery.SENT]
    if left and not console.owner.is_dead:
        act = chance.choice(left)
        with schedule.judge.looking(console, act.command):
            await console.say(console.desk.decisions.adopt(act.cmd_id))


async def _leave_to(schedule: Any, console: Console, leader: str, chance: random.Random) -> None:
    """The user gives a command that does not leave or arrives late; then `leader` signs in at the seat."""
    if chance.random() < 0.5:
        console.link.cut()
    else:
        console.link.weather = STRAY
    await act(schedule, console, chance)
    await asyncio.sleep(chance.random())
    console.user = leader
    if chance.random() < 0.5:
        await console.end()
        await console.open()
    console.link.mend()
    await asyncio.sleep(LOOKS + chance.random())


async def decide_on(schedule: Any, console: Console, act: Act, *, again: bool) -> None:
    """Gives the act again if `again` is set and that is possible, otherwise drops it."""
    schedule.judge.looks(console, act.command)
    if again and isinstance(await console.say(console.desk.decisions.again(act.cmd_id)), Act):
        return
    if not console.owner.is_dead:
        await console.say(console.desk.decisions.drop(act.cmd_id))


def choice(console: Console, chance: random.Random) -> Command | None:
    """Returns a command that the user may give, as far as the board shows; None when there is none."""
    desk, person = console.desk, console.desk.person
    if person is None:
        return None
    watched = desk.board.fetched.watched
    beside = desk.board.find(*watched) if watched is not None and desk.board.fetched.get(watched) else None
    shown = {case.id: case for case in (*desk.board.all("case"), beside) if isinstance(case, Case)}
    cases = list(shown.values())
    takes = person.role in (Role.INTAKE_CLERK, Role.GRID_LEADER)
    if takes and len([c for c in cases if c.is_open]) < OPEN_MOST and chance.random() < 0.5:
        return _take(console._new_id(), person.scope.street or chance.choice(STREETS))
    crews = {"east-urban": "east-crew", "west-urban": "west-crew"}
    if person.role is Role.UNIT and person.scope.unit in crews and chance.random() < 0.15:
        spot = Spot(117.3 + chance.random() / 100, 31.8)
        return wish.LocateCrew(crews[person.scope.unit], spot, chance.choice(tuple(CrewStatus)))
    if person.role in (Role.DISPATCHER, Role.STREET_DISPATCHER) and chance.random() < 0.12:
        return _lending(chance)
    possible = [(name, case.id) for case in sorted(cases, key=lambda case: case.id) for name in desk.may(case)]
    if not possible:
        return None
    ((name, case),) = chance.choices(possible, [WEIGHTS.get(name, 1.0) for name, _ in possible])
    others = [key for one, key in possible if one == name and key != case]
    return _made(name, case, others, chance, desk.now() + BOOKED_IN)


def _lending(chance: random.Random) -> Command:
    """Returns a command on the loan of a crew, possible or not."""
    crew = chance.choice(("east-crew", "west-crew"))
    to = "west" if crew == "east-crew" else "east"
    return chance.choice((AskCrew(crew, to, "人手不足"), AgreeLoan(crew), AgreeLoan(crew), EndLoan(crew, "忙完了")))


def _take(case: str, street: str) -> Command:
    """Returns a `take`, secret for a third of the ids and in either grid: so no random number is drawn for it."""
    drawn = int(case[-4:], 16)
    external = f"WX-{case[-6:]}" if drawn % 3 == 0 else None
    grid = f"{street}-{1 + drawn % 2}"
    return wish.Take(
        case, "hotline", "water", "积水", "路口", street, grid=grid, external=external, secret=external is not None
    )


def _made(name: str, case: str, others: list[str], chance: random.Random, later: datetime) -> Command | None:
    """Returns the command `name` on `case`, and on one of `others` if it names two; None when there is none.

    What may be done at a moment is done `later`, now and then.
    """
    step: Any = NAMES[name]
    named = [field for field, mark in marked(step, Names) if mark.kind == "case"]
    if len(named) > 1 + len(others):
        return None
    said = f"说明 {chance.randint(1, 99)}"
    texts = {field: said for field, text in marked(step, Text) if text.required or chance.random() < 0.5}
    asked = [(field, HOLDERS if one.kind == "holder" else CREWS) for field, one in marked(step, Chosen) if one.required]
    chosen = {field: chance.choice(keys) for field, keys in asked}
    moments = {field: later for field, one in marked(step, Moment) if one.required or chance.random() < 0.3}
    codes = {field: chance.choice(list(one.members)) for field, one in marked(step, OneOf)}
    cases = dict(zip(named, [case, *chance.sample(others, len(named) - 1)], strict=True))
    command: Command = step(**cases, **chosen, **texts, **moments, **codes)
    return command


def untouched(file: Path) -> None:
    """Leaves the cache as it is."""


def lost(file: Path) -> None:
    """Deletes the cache."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def damaged(chance: random.Random) -> Callable[[Path], None]:
    """Returns a function that overwrites 64 bytes of the cache at a random place."""
    at = chance.random()

    def damage(file: Path) -> None:
        content = bytearray(file.read_bytes())
        begin = int(at * len(content))
        content[begin : begin + 64] = b"\xff" * len(content[begin : begin + 64])
        file.write_bytes(content)

    return damage

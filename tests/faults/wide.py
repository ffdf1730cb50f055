"""Rare faults with deep effects: wrong platform clocks, weeks of absence, files set back, full disks."""

import asyncio
import random
from datetime import timedelta
from typing import Any

from tests.faults import hands
from tests.faults.console import Console
from tests.faults.link import Weather
from tests.faults.proxy import Refusal

DAY = 86400.0  # seconds
UNHEARD = Weather(answer_lost=1.0, piece_lost=1.0)
_FILES = (("journal",), ("cache",), ("journal", "cache"))


async def fill(schedule: Any, console: Console, chance: random.Random) -> None:
    """Fills the disk for some files, until it is mended or the program starts again."""
    console.full = frozenset(chance.choice(_FILES))


async def platform_clock(schedule: Any, console: Console, chance: random.Random) -> bool:
    """Makes the platform's clock jump by up to forty days, or corrects it; returns whether it is wrong now."""
    days = chance.choice((0.0, 0.0, *(sign * far for sign in (-1, 1) for far in (1 / 24, 1, 8, 31, 40))))
    schedule.hall.set_clock(timedelta(days=days))
    if chance.random() < 0.3:
        schedule.hall.trim_by_schedule()
    return bool(days)


async def days(schedule: Any, console: Console, chance: random.Random) -> None:
    """Leaves the hall empty for days; then the others work again before this console does.

    The last command given here may have had its effect without anybody here knowing.
    """
    console.link.weather = chance.choice((console.link.weather, UNHEARD))
    await hands.act(schedule, console, chance)
    await asyncio.sleep(2.0 * chance.random())
    for one in schedule.consoles:
        await _switched_off(one, chance)
    await schedule.hall.stop()
    await asyncio.sleep(chance.choice((0.6, 1.1, 8.0, 31.0, 31.0)) * DAY)
    schedule.hall.open()
    schedule.hall.trim_by_schedule()
    others = [one for one in schedule.consoles if one is not console]
    for one in others:
        await one.open()
    for _ in range(chance.choice((0, 1, 3))):
        await asyncio.sleep(5.0 * chance.random())
        one = chance.choice(others)
        if not one.owner.is_dead:
            await hands.act(schedule, one, chance)
    await console.open()


async def _switched_off(console: Console, chance: random.Random) -> None:
    if chance.random() < 0.5 and not console.owner.is_dead:
        await console.leave()
    else:
        await console.end(reboot=chance.random() < 0.5)


async def set_back(schedule: Any, console: Console, chance: random.Random) -> bool:
    """Sets the platform's files back to a backup without telling it; returns False when there is none."""
    was_there: bool = await schedule.hall.set_back(1.0 - chance.random() ** 2)
    return was_there


async def patience(schedule: Any, console: Console, chance: random.Random) -> None:
    """Makes the commands of everybody or of one account wait for minutes, while other requests are answered.

    Then the console reconnects, or another user signs in, whom the wait does not bind.
    """
    kind = chance.choice(("429", "503"))
    console.link.refusal = Refusal(kind, chance.choice((5, 30, 120, 300)), console.user if kind == "429" else "")
    await hands.act(schedule, console, chance)
    await asyncio.sleep(1.0 + 4.0 * chance.random())
    if chance.random() < 0.5:
        console.link.refusal = None
    what = chance.choice(("reconnect", "sign in again", "another"))
    if what == "another":
        console.user = chance.choice(console.users)
    else:
        schedule.hall.revoke(console.user, whole=what == "sign in again")
    await asyncio.sleep(hands.LOOKS + 2.0 * chance.random())
    await hands.act(schedule, console, chance)
    await asyncio.sleep(chance.choice((1.0, 70.0)))


async def put_right(schedule: Any) -> None:
    """Corrects the platform's clock and removes role changes that a wrong clock has delayed by days."""
    if schedule.hall.ahead:
        schedule.hall.set_clock(timedelta(0))
    if schedule.hall.parts.next_turn(schedule.hall.now()) > schedule.hall.now() + timedelta(hours=1):
        schedule.hall.put_roles_right()
    for one in schedule.consoles:
        one.troubled_at = schedule.hall.true()

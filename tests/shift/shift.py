"""`main.py test shift`: an hour of work at the real window while the demonstration's shift goes on, without a fault."""

import argparse
import random
import re
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from commandcenter.demonstration.tour_steps import change_user, connected, sign_in, wait_for_cases
from tests.shift.hand import Hand
from ui.app.process.arguments import StartOptions
from ui.tour.playing import WindowPlayer
from ui.tour.stage import CONSOLE_LOG, PLATFORM_LOG, play, stage

SEATS = ("dispatcher", "coordinator", "shift_leader", "unit", "street_dispatcher")
AT_A_SEAT = 240.0  # seconds until the next person sits down
_DOUBTS = ("digest", "doubt", "gap", "behind", "internal")  # a board that had to be fetched again, or an error
_OF_THE_ENGINE = ("GPUInfo not initialized",)  # said by the web engine on a virtual screen, of itself
_FAULT = re.compile(r"\b(WARNING|ERROR|CRITICAL|Traceback)\b")


def main(argv: list[str]) -> int:
    """Works for as long as `argv` says; returns 1 when console or platform had a fault."""
    parser = argparse.ArgumentParser(prog="main.py test shift", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, metavar="N", help="how long (%(default)g)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of what is done (%(default)s)")
    asked = parser.parse_args(argv)
    return play(lambda app, place: _work(app, place, asked.minutes * 60, asked.seed), stopped="stopped")


async def _work(app: QApplication, place: Path, seconds: float, seed: int) -> bool:
    chance, numbers = random.Random(seed), list[str]()
    began, turns = time.monotonic(), 0

    def start(data: Path) -> StartOptions:
        return StartOptions(data=data, size=(1920, 1080))

    async with stage(app, place, place, start, numbers.append) as player:
        hand = Hand(player, chance)
        while time.monotonic() - began < seconds:
            who = SEATS[turns % len(SEATS)]
            await _sit_down(player, who, is_first=turns == 0)
            until = min(time.monotonic() + AT_A_SEAT, began + seconds)
            while time.monotonic() < until:
                await hand.turn()
            turns += 1
            minutes = (time.monotonic() - began) / 60
            print(f"{minutes:5.1f} min, {who}: steps {hand.done.total()}, faults {len(numbers)}", flush=True)
        doubts = [f"{one.at:%H:%M:%S} {one.code}" for one in player.desk.connection.log if one.code in _DOUBTS]
    faults = [*numbers, *doubts, *_logged(place / CONSOLE_LOG), *_logged(place / PLATFORM_LOG)]
    print(*faults, sep="\n")
    print("steps", dict(hand.done.most_common()), "left", dict(hand.left.most_common()))
    print(f"minutes {seconds / 60:g}, seats {turns}, steps {hand.done.total()}, faults {len(faults)}")
    return not faults and hand.done.total() > 0


async def _sit_down(player: WindowPlayer, role: str, *, is_first: bool) -> None:
    """The person of a role signs in, in the place of who sat there."""
    account = player.others.account(role)
    if is_first:
        await player.until("the sign-in asks who is there", lambda: player.said("signin"))
        await sign_in(player, account)
    else:
        await change_user(player, account)
    await connected(player)
    if role != "unit":
        await wait_for_cases(player)


def _logged(file: Path) -> list[str]:
    """Returns the lines of a log that tell a fault."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [line for line in lines if _FAULT.search(line) and not any(text in line for text in _OF_THE_ENGINE)]

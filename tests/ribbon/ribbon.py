"""`main.py test ribbon`: compares the time that each body carried of random cases with that of an oracle."""

import argparse
import random
import sys
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from commandcenter.domain.calendar import OFFICE_HOURS, Calendar, weekly
from commandcenter.domain.decisions import Fact, evolve
from commandcenter.domain.facts import name_of
from commandcenter.domain.responsibility import spans, totals
from commandcenter.server.storage.steps import step_row
from tests.ribbon.histories import histories
from tests.ribbon.oracle import carried

CALENDAR = weekly("Asia/Shanghai", days=5, spans=OFFICE_HOURS)
HOURS = tuple((one.weekday, one.start, one.end) for one in CALENDAR.hours)


def main(argv: list[str]) -> int:
    """Runs the comparison; returns 1 when there is a difference."""
    parser = argparse.ArgumentParser(prog="main.py test ribbon", description=__doc__)
    parser.add_argument("--cases", type=int, default=5000, metavar="N", help="random histories (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the first (%(default)s)")
    asked = parser.parse_args(argv)
    different = [number for number, told in enumerate(compared(asked.cases, asked.seed)) if told]
    for number in different[:10]:
        print(f"case {number}")
    print(f"cases {asked.cases}, differences {len(different)}")
    return 1 if different else 0


def compared(cases: int, seed: int) -> list[str]:
    """Returns for each history what is different; "" where nothing is."""
    chance = random.Random(seed)
    ends = (
        (facts, facts[-1].at + timedelta(milliseconds=chance.randrange(200_000_000)))
        for facts in histories(cases, seed=seed)
    )
    return [difference(facts, now, CALENDAR) for facts, now in ends]


def difference(facts: tuple[Fact, ...], now: datetime, calendar: Calendar) -> str:
    """Returns what the product and the oracle say differently of one case; "" for nothing."""
    said = totals(spans(facts), calendar, now)
    ours = {(who, str(share)): round(seconds * 1000) for (who, share), seconds in said.items() if seconds}
    told = [(name_of(fact), asdict(fact)) for fact in facts]
    theirs = carried(told, HOURS, calendar.zone, now)
    if ours != theirs:
        return f"{ours} instead of {theirs}"
    by_steps, until_last = _by_steps(facts, calendar), carried(told, HOURS, calendar.zone, facts[-1].at)
    return "" if by_steps == until_last else f"by steps {by_steps} instead of {until_last}"


def _by_steps(facts: tuple[Fact, ...], calendar: Calendar) -> dict[tuple[str, str], int]:
    """Returns what the steps of the case say that each body carried, in working milliseconds until the last one."""
    sums: Counter[tuple[str, str]] = Counter()
    case: Any = None
    last: dict[str, Any] | None = None
    for fact in facts:
        before, case = case, evolve(case, fact)
        at = fact.at.timestamp()
        how: dict[str, Any] = {"role": None, "at": at, "acted_at": at, "calendar": calendar}
        step = step_row("d1", last, fact, before, case, **how)
        carriers = [(one, "task") for one in step["helpers"].split()]
        carriers += [(step["carrier"], _share(step["carrier"]))] if step["carrier"] else []
        for who in carriers:
            sums[who] += round(step["worked"] * 1000)
        last = step
    return {who: length for who, length in sums.items() if length}


def _share(carrier: str) -> str:
    return "hall" if carrier in ("shift_leader", "dispatcher", "coordinator", "intake_clerk") else "lead"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

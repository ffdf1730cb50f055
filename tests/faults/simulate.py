"""`main.py test simulate`: many schedules at a time; a violation with its seed and the shortest prefix found."""

import argparse
import logging
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.faults import mutants
from tests.faults.judge import Violation
from tests.faults.schedule import Verdict, play, steps_of
from tests.faults.speed import hurry

JOBS = os.cpu_count() or 2
_CHUNK = 4  # schedules handed to a process at a time


def main(argv: list[str]) -> int:
    """Play the schedules that ARGV asks for; 1 when an invariant was broken."""
    parser = argparse.ArgumentParser(prog="main.py test simulate", description=__doc__)
    parser.add_argument("--schedules", type=int, default=300, metavar="N")
    parser.add_argument("--first-seed", type=int, default=1, metavar="S")
    parser.add_argument("--jobs", type=int, default=JOBS, metavar="N", help="at a time (%(default)s)")
    asked = parser.parse_args(argv)
    print(f"seeds {asked.first_seed} to {asked.first_seed + asked.schedules - 1}", flush=True)
    steps = faults = broken = 0
    seeds = range(asked.first_seed, asked.first_seed + asked.schedules)
    for verdict in verdicts(((seed, None) for seed in seeds), jobs=asked.jobs):
        steps, faults = steps + verdict.steps, faults + verdict.faults
        if verdict.broken:
            broken += 1
            print(told(verdict), flush=True)
    print(f"schedules {asked.schedules}, steps {steps}, faults {faults}, violations {broken}")
    return 1 if broken else 0


def verdicts(cases: Iterable[tuple[int, str | None]], *, jobs: int = JOBS) -> Iterator[Verdict]:
    """The verdict on each (seed, mutant), in order; with a mutant the program is broken in its way."""
    processes = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ready)
    try:
        yield from processes.map(judged, cases, chunksize=_CHUNK)
    finally:
        processes.shutdown(cancel_futures=True)  # whoever has seen enough does not wait for the rest


def judged(case: tuple[int, str | None], steps: int | None = None) -> Verdict:
    """The verdict on one (seed, mutant); an error of ours is a violation as well, by the name of `error`."""
    seed, mutant = case
    with mutants.applied(mutant):
        try:
            return play(seed, steps)
        except Exception as wrong:
            where = traceback.extract_tb(wrong.__traceback__)[-1]
            how = f"{type(wrong).__name__}: {wrong} ({where.name}, line {where.lineno})"
            return Verdict(seed, 0, 0, (Violation("error", how),))


def told(verdict: Verdict) -> str:
    """A violation as lines for whoever mends it."""
    steps = shortest(verdict, lambda count: judged((verdict.seed, None), count))
    how = "\n".join(f"  {one.name}: {one.how}" for one in verdict.broken)
    return f"seed {verdict.seed}, steps {steps} of {steps_of(verdict.seed)}\n{how}"


def shortest(verdict: Verdict, again: Callable[[int], Verdict]) -> int:
    """The least number of steps from the beginning, found by halving, after which the same invariant breaks."""
    name = verdict.broken[0].name
    least, most = 0, verdict.steps
    while least < most:
        middle = (least + most) // 2
        if any(one.name == name for one in again(middle).broken):
            most = middle
        else:
            least = middle + 1
    return most


def _ready() -> None:
    hurry()
    logging.disable(logging.CRITICAL)  # faults of the world are what a schedule is made of

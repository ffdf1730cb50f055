"""`main.py test simulate`: plays many schedules in parallel; a violation is reported with seed and shortest prefix."""

import argparse
import json
import logging
import os
import secrets
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from tests.faults import mutants
from tests.faults.judge import Violation
from tests.faults.schedule import Verdict, play, steps_of
from tests.faults.speed import hurry

SEEDS = Path(__file__).with_name("seeds.json")
JOBS = os.cpu_count() or 2
_CHUNK = 4  # schedules passed to a process at a time
_RENEWED = 400  # schedules after which the processes are replaced, to bound their memory
_PROGRESS = 100  # schedules between two lines of progress
Case = tuple[int, str | None]  # (seed, mutant or None)


def main(argv: list[str]) -> int:
    """Plays the schedules that `argv` selects; returns 1 when an invariant was broken."""
    parser = argparse.ArgumentParser(prog="main.py test simulate", description=__doc__)
    parser.add_argument("--schedules", type=int, default=300, metavar="N")
    parser.add_argument("--first-seed", type=int, metavar="S")
    parser.add_argument("--jobs", type=int, default=JOBS, metavar="N", help="at a time (%(default)s)")
    parser.add_argument(
        "--threads", action="store_true", help="with the programs' own threads; fresh seeds, unless told"
    )
    parser.add_argument("--recorded", action="store_true", help="those that broke something once alone")
    parser.add_argument("--record", nargs=2, metavar=("SEED", "WHAT"), help="make SEED, in which WHAT broke, one")
    asked = parser.parse_args(argv)
    if asked.record is not None:
        return record(*asked.record)
    first = asked.first_seed if asked.first_seed is not None else fresh() if asked.threads else 1
    seeds = recorded() if asked.recorded else range(first, first + asked.schedules)
    return _played(list(seeds), asked.jobs, threads=asked.threads)


def fresh() -> int:
    """Returns a random first seed, which hardly any run had before."""
    return 1_000_000 + secrets.randbelow(1_000_000_000)


def recorded() -> list[int]:
    """Returns the seeds that once broke an invariant.

    A change of the generator gives each seed another schedule; the faults found have tests of their own in `test_mends`
    and tests/unit/sync.
    """
    return [int(seed) for seed in json.loads(SEEDS.read_text(encoding="utf-8"))]


def record(seed: str, what: str) -> int:
    """Stores `seed`, with a note on what it broke, for all later runs; returns 0."""
    known = json.loads(SEEDS.read_text(encoding="utf-8")) | {str(int(seed)): what}
    SEEDS.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _played(seeds: Sequence[int], jobs: int, *, threads: bool) -> int:
    print(f"seeds {min(seeds)} to {max(seeds)}", flush=True)
    steps = faults = broken = 0
    began = time.monotonic()
    for done, verdict in enumerate(verdicts(((seed, None) for seed in seeds), jobs=jobs, threads=threads), 1):
        steps, faults = steps + verdict.steps, faults + verdict.faults
        if done % _PROGRESS == 0 and done < len(seeds):
            pace = done * 60 / (time.monotonic() - began)
            print(f"{done} of {len(seeds)}, {pace:.0f} a minute, violations {broken}", flush=True)
        if verdict.broken:
            broken += 1
            print(f"seed {verdict.seed}, with threads: {verdict.broken}" if threads else told(verdict), flush=True)
    print(f"schedules {len(seeds)}, steps {steps}, faults {faults}, violations {broken}")
    return 1 if broken else 0


def verdicts(cases: Iterable[Case], *, jobs: int = JOBS, threads: bool = False) -> Iterator[Verdict]:
    """Yields the verdict on each (seed, mutant), in order; a mutant is applied to the program for its schedule."""
    left = iter(cases)
    while some := list(islice(left, _RENEWED)):
        yield from _by_processes(some, jobs, partial(judged, threads=threads))


def _by_processes(cases: Sequence[Case], jobs: int, work: Callable[[Case], Verdict]) -> Iterator[Verdict]:
    """Yields the verdicts of some cases; a schedule that ends its process is named, and the others are still played."""
    done = 0
    processes = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ready)
    try:
        for verdict in processes.map(work, cases, chunksize=_CHUNK):
            done += 1
            yield verdict
    except BrokenProcessPool:
        for case in cases[done : done + _CHUNK * (jobs + 1)]:
            yield _alone(case, work)
        yield from _by_processes(cases[done + _CHUNK * (jobs + 1) :], jobs, work)
    finally:
        processes.shutdown(cancel_futures=True)  # a caller that stops early does not wait for the rest


def _alone(case: Case, work: Callable[[Case], Verdict]) -> Verdict:
    """Returns the verdict of a process of its own; a violation `error` when that process ends without one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_ready) as process:
        try:
            return process.submit(work, case).result()
        except BrokenProcessPool as wrong:
            return Verdict(case[0], 0, 0, (Violation("error", f"its process ended: {wrong}"),))


def judged(case: Case, steps: int | None = None, *, threads: bool = False) -> Verdict:
    """Returns the verdict on one (seed, mutant); an exception is a violation too, named `error`."""
    seed, mutant = case
    with mutants.applied(mutant):
        try:
            return play(seed, steps, threads=threads)
        except Exception as wrong:
            where = traceback.extract_tb(wrong.__traceback__)[-1]
            how = f"{type(wrong).__name__}: {wrong} ({where.name}, line {where.lineno})"
            return Verdict(seed, 0, 0, (Violation("error", how),))


def told(verdict: Verdict) -> str:
    """Returns a violation as text for the developer, with the shortest failing prefix."""
    steps = shortest(verdict, lambda count: judged((verdict.seed, None), count))
    how = "\n".join(f"  {one.name}: {one.how}" for one in verdict.broken)
    return f"seed {verdict.seed}, steps {steps} of {steps_of(verdict.seed)}\n{how}"


def shortest(verdict: Verdict, again: Callable[[int], Verdict]) -> int:
    """Returns the least number of first steps after which the same invariant breaks, found by bisection."""
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
    logging.disable(logging.CRITICAL)  # injected faults would fill the log

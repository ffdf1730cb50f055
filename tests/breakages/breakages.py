"""`main.py test breakages`: breaks the source by rule, one place at a time; a test or a fault schedule must fail."""

import argparse
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.breakages import covering, drawing
from tests.breakages.rules import Breakage
from tests.breakages.trial import Trial, Verdict, tried

WORKERS = 2
SCHEDULES = 60


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits in seconds for one breakage.

    `stories`: total duration of the tests chosen, as recorded on a busy machine; `enough`: no schedule starts later;
    `patience`: after it the breakage counts as an endless loop.
    """

    stories: float
    enough: float
    patience: float


WHOLE = Pace(120.0, 120.0, 300.0)
QUICK = Pace(60.0, 12.0, 120.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcome of the breakages; those in `same` were judged to change nothing and were not tried."""

    caught: Sequence[Verdict]
    escaped: Sequence[Verdict]
    same: Sequence[Breakage]

    @property
    def line(self) -> str:
        """The counts as one line of text."""
        made = len(self.caught) + len(self.escaped) + len(self.same)
        return f"{made} made, {len(self.caught)} caught, {len(self.escaped)} escaped, equivalent {len(self.same)}"


def main(argv: list[str]) -> int:
    """Tries the breakages that `argv` selects; returns 1 when one escaped."""
    parser = argparse.ArgumentParser(prog="main.py test breakages", description=__doc__)
    parser.add_argument("--sample", type=int, default=150, metavar="N", help="breakages drawn (%(default)s)")
    parser.add_argument("--seed", type=int, metavar="S", help="which ones; without it any")
    parser.add_argument("--schedules", type=int, default=SCHEDULES, metavar="N", help="for each (%(default)s)")
    parser.add_argument("--only", action="append", metavar="MARK", help="these, by their marks, also equivalent ones")
    parser.add_argument("--record", nargs="*", metavar="FILE", help="note what (these new) stories run through")
    asked = parser.parse_args(argv)
    if asked.record is not None:
        print(f"{covering.record(asked.record)} functions are reached")
        return 0
    seed = random.randrange(1 << 31) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    if asked.only:
        tally = judged(drawing.marked(set(asked.only)), {}, schedules=asked.schedules, seed=seed, told=print)
    else:
        chosen = drawing.drawn(asked.sample, seed)
        tally = judged(chosen, drawing.equivalent(), schedules=asked.schedules, seed=seed, told=print)
    print(tally.line)
    return 1 if tally.escaped else 0


def judged(
    chosen: Iterable[Breakage],
    known: Mapping[str, str],
    *,
    schedules: int,
    seed: int,
    told: Callable[[str], object],
    quick: bool = False,
) -> Tally:
    """Returns the outcome of the breakages `chosen`; `known` has the marks and reasons of those that change nothing.

    `quick`: fewer tests, and no schedule starts after twelve seconds.
    """
    pace = QUICK if quick else WHOLE
    chosen = list(chosen)
    caught, escaped, same = [], [], [one for one in chosen if one.mark in known]
    for one in same:
        told(f"same     {one.mark} {one} ({known[one.mark]})")
    for verdict in _verdicts([one for one in chosen if one.mark not in known], schedules, seed, pace):
        (caught if verdict.by else escaped).append(verdict)
        word = "caught  " if verdict.by else "ESCAPED "
        told(f"{word} {verdict.breakage.mark} {verdict.breakage} {verdict.seconds:.1f} s {verdict.by}")
    return Tally(caught, escaped, same)


def _verdicts(chosen: Sequence[Breakage], schedules: int, seed: int, pace: Pace) -> Iterator[Verdict]:
    known = covering.covering()
    seeds = random.Random(seed).sample(range(1, 1 << 20), schedules)
    trials = [Trial(one, known.stories(one, pace.stories), seeds, pace.patience, pace.enough) for one in chosen]
    with ThreadPoolExecutor(WORKERS) as workers:
        yield from workers.map(tried, trials)

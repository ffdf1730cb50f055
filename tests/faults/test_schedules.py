"""Tests that hundreds of fault schedules break no invariant of the protocol, and that each mutant is caught."""

import json
import os
from collections.abc import Callable

from tests.faults import mutants, simulate
from tests.faults.schedule import Verdict

FRESH = 220  # schedules with fresh seeds
THREADED = 24  # schedules with real threads
SEARCHED = 120  # schedules tried for a mutant that its recorded seed no longer catches


def test_no_schedule_breaks_an_invariant(record_property: Callable[[str, object], None]) -> None:
    first = simulate.fresh()
    again = f"main.py test simulate --first-seed {first} --schedules {FRESH}"
    record_property("seeds", again)
    seeds = dict.fromkeys((*simulate.recorded(), *range(first, first + FRESH)))
    broken = [verdict for verdict in simulate.verdicts((seed, None) for seed in seeds) if verdict.broken]
    said = "\n".join(f"seed {verdict.seed}: {verdict.broken}" for verdict in broken)
    assert not broken, f"{again}\n{said}\nkeep one: main.py test simulate --record SEED 'what broke'"


def test_no_schedule_breaks_an_invariant_with_the_threads_and_group_commits_of_both_programs(
    record_property: Callable[[str, object], None],
) -> None:
    first = simulate.fresh()
    again = f"main.py test simulate --threads --first-seed {first} --schedules {THREADED}"
    record_property("seeds", again)
    cases = [(seed, None) for seed in range(first, first + THREADED)]
    verdicts = list(simulate.verdicts(cases, threads=True))
    assert not [verdict for verdict in verdicts if verdict.broken], again
    assert sum(verdict.shared for verdict in verdicts) > 0, "no two jobs ever came to share a commit"


def test_each_breakage_of_the_program_is_caught_by_its_recorded_schedule(
    record_property: Callable[[str, object], None],
) -> None:
    """The recorded seed is only the quick way: after changes of program or generator another schedule may catch it."""
    recorded = json.loads(mutants.SEEDS.read_text(encoding="utf-8"))
    assert set(recorded) == set(mutants.MUTANTS)
    verdicts = simulate.verdicts((found["seed"], name) for name, found in recorded.items())
    named = zip(verdicts, recorded, strict=True)
    missed = [name for verdict, name in named if not mutants.is_caught(verdict)]
    for name in missed:
        found = mutants.search(name, SEARCHED)
        assert found is not None, f"{name} is not caught in {SEARCHED} schedules"
        record_property("seeds", f"{name}: now caught at {found.seed}; main.py test mutants --record")


def test_the_shortest_prefix_is_found_by_halving() -> None:
    caught = mutants.search("no evict", SEARCHED)
    assert caught is not None
    least = simulate.shortest(caught, lambda count: simulate.judged((caught.seed, "no evict"), count))
    assert 0 < least <= caught.steps
    assert not simulate.judged((caught.seed, "no evict"), least - 1).broken


def test_a_schedule_that_ends_its_process_is_named_and_the_others_are_played() -> None:
    cases = [(seed, None) for seed in (1, ENDS, 2)]
    named = {verdict.seed: verdict.broken for verdict in simulate._by_processes(cases, 1, _ends)}
    assert named[1] == named[2] == ()
    assert [one.name for one in named[ENDS]] == ["error"]


ENDS = 77


def _ends(case: simulate.Case) -> Verdict:
    """Returns an empty verdict at once; for the seed ENDS it ends the process."""
    if case[0] == ENDS:
        os._exit(3)
    return Verdict(case[0], 0, 0)

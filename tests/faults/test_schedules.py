"""Stories: hundreds of shifts in which everything goes wrong, and no invariant of the protocol is broken."""

import json

from tests.faults import mutants, simulate

SCHEDULES = 300
# Seeds that broke an invariant of this program once, and by what. Whenever schedules learn a new fault a seed stands
# for another schedule: what was found is told by itself in `test_mends` and tests/unit/sync/test_doubt.py.
ONCE_BROKEN = {
    1: "I2: offered again after a restore, a command passed its refused predecessor in the same batch",
    7: "I2: the same",
    75: "I8: offered again, it was laid over a board of the former epoch that had its effect",
    92: "I13: after two restores a revision had come to stand for something that nobody had seen",
    154: "I8: a snapshot brought the effect of a command whose answer was lost, and it was laid over it",
    182: "I8: the same after the end of the console between its two files",
    123: "I12: the end of a former sign-in took the road from whoever sat there by then",
    206: "error: a damaged cache of which SQLite's own error text could not be read stopped the start",
    1016: "I4: a second restore, to an older branch of the log, brought back the effect of what had been dropped",
    1069: "I4: a snapshot of a restored platform came before its hello, and what was lost passed for done",
    1078: "I4: an old dispatch whose answer was lost was dropped although it had had its effect",
    4846: "I13: an act whose turn came after the board was emptied had nothing that its author had seen",
    304609: "I15: a seat at which somebody without a role was refused went on showing who had sat there last",
    318746: "I12: what was given again waited for a command in whose place another had come",
    407197: "I12: an act went on to say that it waited for another that had long been done",
    313499: "I12: a leader was offered again, and again, what its author might not do any more",
    1365: "I4: a heartbeat that came twice passed for two, and an act was done before its frame",
}


def test_no_schedule_breaks_an_invariant():
    seeds = dict.fromkeys((*range(1, SCHEDULES + 1), *ONCE_BROKEN))
    broken = [verdict for verdict in simulate.verdicts((seed, None) for seed in seeds) if verdict.broken]
    assert not broken, "\n".join(f"seed {verdict.seed}: {verdict.broken}" for verdict in broken)


def test_each_breakage_of_the_program_is_caught_by_its_recorded_schedule():
    recorded = json.loads(mutants.SEEDS.read_text(encoding="utf-8"))
    assert set(recorded) == set(mutants.MUTANTS)
    verdicts = simulate.verdicts((found["seed"], name) for name, found in recorded.items())
    for verdict, (name, found) in zip(verdicts, recorded.items(), strict=True):
        assert found["by"] in {one.name for one in verdict.broken}, f"{name} is not caught at seed {found['seed']}"


def test_the_shortest_prefix_is_found_by_halving():
    caught = (json.loads(mutants.SEEDS.read_text(encoding="utf-8"))["no evict"]["seed"], "no evict")
    verdict = simulate.judged(caught)
    least = simulate.shortest(verdict, lambda count: simulate.judged(caught, count))
    assert 0 < least <= verdict.steps
    assert not simulate.judged(caught, least - 1).broken

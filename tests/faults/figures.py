"""Judges the steps of cases, from which figures are counted: I21, by the facts of the log."""

from collections import Counter

from tests.faults.judge import Judge

_STEPS = 'SELECT "case", rev, verb, actor, holder, "at", cycle, acted_at FROM steps ORDER BY "case", rev'


def judge_steps(judge: Judge) -> None:
    """I21: each fact about a case is one step, of whoever gave the act, and nothing is done after it is known."""
    rows = judge.hall.database.execute(_STEPS).fetchall()
    happened, cycles = [], Counter()
    for row in judge.hall.past.rows:
        for rev, (name, said) in enumerate(row.facts if row.ref[0] == "case" else (), row.rev - len(row.facts) + 1):
            cycles[row.ref] += name in ("taken", "reopened")
            happened.append((row.ref[1], rev, name, said["by"], row.now[1], row.at, cycles[row.ref]))
    judge.expect([row[:7] for row in rows] == sorted(happened), "I21", "the steps are not what the log says")
    early = [row for row in rows if row[7] > row[5]]
    judge.expect(not early, "I21", f"steps of acts that were not given yet: {early[:1]!r}")

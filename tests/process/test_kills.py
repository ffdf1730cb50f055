"""SIGKILL of consoles and platform, connections cut anywhere: no kept act is lost, none is done twice."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.process.kills import many
from tests.process.verdict import judge

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
CYCLES = 20


async def test_what_was_kept_is_done_once_whoever_is_killed_and_whenever(tmp_path: Path) -> None:
    tally = await many(tmp_path, cycles=CYCLES, seed=20261124, life=CYCLES // 2)
    assert tally.wrong == []
    assert tally.cycles == CYCLES
    assert tally.kept >= tally.least > CYCLES
    assert tally.effects >= tally.kept  # some were on disk, but the kill came before they were reported
    assert tally.cuts > CYCLES


@pytest.mark.parametrize(
    ("state", "code", "effects", "audited", "word"),
    [
        ("done", None, 1, 1, ""),
        ("sent", None, 1, 1, "lost"),  # at rest no act is on its way
        ("kept", None, 0, 0, "lost"),
        ("kept", None, 1, 1, "lost"),
        ("done", None, 0, 0, "lost"),
        ("done", None, 1, 0, "lost"),
        ("done", None, 2, 1, "doubled"),
        ("done", None, 1, 2, "doubled"),
        ("conflict", "changed", 0, 0, ""),
        ("conflict", "changed", 1, 1, "doubled"),
        ("held", None, 0, 0, "lost"),
        ("held", "old", 0, 0, ""),
    ],
)
def test_the_judge_sees_each_wrong(tmp_path: Path, state, code, effects, audited, word) -> None:
    with closing(sqlite3.connect(tmp_path / "j.db", isolation_level=None)) as journal:
        journal.execute("CREATE TABLE commands (cmd_id, state, code)")
        journal.execute("INSERT INTO commands VALUES ('a', ?, ?)", (state, code))
    with closing(sqlite3.connect(tmp_path / "p.db", isolation_level=None)) as platform:
        platform.execute("CREATE TABLE log (cmd_id, seq)")
        platform.execute("CREATE TABLE audit (cmd_id, outcome)")
        platform.executemany("INSERT INTO log VALUES ('a', ?)", [(seq,) for seq in range(effects)])
        platform.executemany("INSERT INTO audit VALUES ('a', 'applied')", [()] * audited)
    verdict = judge(["a"], tmp_path / "j.db", tmp_path / "p.db", at_rest=True)
    assert [name for name in ("lost", "doubled") if getattr(verdict, name)] == ([word] if word else [])
    assert judge(["a", "b"], tmp_path / "j.db", tmp_path / "p.db", at_rest=True).lost["b"] == "not in the journal"

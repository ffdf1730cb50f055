"""Breaks the source by rule at five other places in each run; a test or a fault schedule must fail for each.

Of 150 breakages drawn by one seed 140 were caught, 6 are known to change nothing, 4 escaped. At that rate more than one
of five escapes by chance in less than one of a hundred runs, so one is accepted.
"""

import json
import random
from pathlib import Path

import pytest

from tests.breakages import breakages, covering, drawing
from tests.breakages.drawing import ROOT, drawn
from tests.breakages.rules import Breakage
from tests.breakages.rules import breakages as made
from tests.breakages.trial import Trial, tried

DRAWN = 5
MOST_ESCAPED = 1  # of those: fails by chance less than once in a hundred runs
SCHEDULES = 10
SOURCE = b'''
def chosen(rows, most):
    """Never broken: what only says something."""
    _log.info("nothing %s", 1)
    found = []
    for row in rows:
        if row.is_open and row.seq <= most:
            found.append(replace(row, state=1, code=None))
        else:
            forget(row)
            tell(row)
    return found
'''


@pytest.fixture
def seed(capsys: pytest.CaptureFixture[str]) -> int:
    """A random seed, printed so that the run can be repeated."""
    number = random.randrange(1 << 31)
    with capsys.disabled():
        print(f" [breakages: seed {number}]", end="", flush=True)
    return number


def test_of_what_is_broken_by_rule_some_is_seen_and_the_rest_is_named(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    known = drawing.equivalent()
    tally = breakages.judged(drawn(DRAWN, seed), known, schedules=SCHEDULES, seed=seed, told=told.append, quick=True)
    with capsys.disabled():
        print("".join(f"\n   escaped: {one.breakage.mark} {one.breakage}" for one in tally.escaped), end="")
    again = f"main.py test breakages --sample {DRAWN} --seed {seed}\n"
    assert len(tally.escaped) <= MOST_ESCAPED, again + "\n".join(told)
    assert len(tally.caught) + len(tally.escaped) + len(tally.same) == DRAWN


def test_each_rule_breaks_what_it_names_and_nothing_else() -> None:
    found = {(one.kind, one.old, one.new) for one in made(SOURCE, "x.py")}
    assert ("comparison", "row.seq <= most", "row.seq < most") in found
    assert ("and for or", "row.is_open and row.seq <= most", "(row.is_open or row.seq <= most)") in found
    assert {("field dropped", "state=1, ", ""), ("field dropped", ", code=None", "")} <= found
    assert ("fields exchanged", "1, code=None", "None, code=1") in found
    assert ("number", "1", "2") in found
    assert ("statement left out", "tell(row)", "pass") in found
    assert ("branch emptied", "forget(row)\n            tell(row)", "pass") in found
    assert ("order", "forget(row)\n            tell(row)", "tell(row)\n            forget(row)") in found
    assert ("condition negated", "row.is_open and row.seq <= most", "(not (row.is_open and row.seq <= most))") in found
    assert not [one for one in found if "_log" in one[1] and one[0] != "branch emptied"]
    for one in made(SOURCE, "x.py"):
        assert SOURCE[one.start : one.end].decode() == one.old
        assert one.compiles(SOURCE), one


def test_a_breakage_keeps_its_mark_wherever_its_function_stands() -> None:
    before, after = made(SOURCE, "x.py"), made(b"import os\n\n\nX = 1 < 2\n" + SOURCE, "x.py")
    assert [one.mark for one in before] == [one.mark for one in after]
    assert len({one.mark for one in before}) == len(before)


def test_the_same_seed_draws_the_same_each_at_most_once() -> None:
    first = drawn(60, 7)
    assert first == drawn(60, 7)
    assert len({one.mark for one in first}) == 60
    assert first != drawn(60, 8)
    rooms = {one.file.split("/")[1] for one in drawn(200, 1)}
    assert rooms - {"files", "protocol"} == {"sync", "cache", "client", "server"}


def test_one_that_no_story_looks_at_escapes_and_one_that_is_looked_at_does_not() -> None:
    broken = _turned("commandcenter/sync/send_order.py", "row.state is RowState.SENT", "row.state is not RowState.SENT")
    seen = tried(Trial(broken, ["tests/unit/sync/test_send_order.py"], (), 120.0))
    assert seen.by.startswith("tests/unit/sync/test_send_order.py::")
    assert tried(Trial(broken, ["tests/unit/client/test_sse.py"], (), 120.0)).by == ""


def test_one_that_never_ends_is_ended() -> None:
    file = ROOT / "commandcenter/client/backoff.py"
    source = file.read_bytes()
    endless = Breakage("commandcenter/client/backoff.py", "", 1, "", "", "while True:\n    pass\n", 0, len(source))
    assert tried(Trial(endless, ["tests/unit/client/test_waiting.py"], (), 10.0)).by.startswith("time: ")


def test_the_stories_of_a_new_function_are_those_of_its_room() -> None:
    known = covering.covering()
    new = Breakage("commandcenter/cache/worker.py", "as_yet_unknown", 1, "", "", "", 0, 0)
    assert {one.split("/")[2] for one in known.stories(new, 1000.0)} == {"cache"}


def test_asked_first_are_the_stories_through_the_line_and_in_turn_those_that_know_the_rare_lines() -> None:
    everybody, few = tuple(f"all{number}" for number in range(5)), ("rare", "all3")
    recorded = covering.Recorded("words", (covering.Block(1, everybody), covering.Block(4, few)))
    assert recorded.stories(2, "words") == ("all0", "rare", "all1", "all3", "all2", "all4")
    assert recorded.stories(9, "words")[:2] == few
    assert recorded.stories(9, "other words by now") == (*few, "all0", "all1", "all2", "all4")


def test_what_compiles_to_the_same_program_is_no_breakage() -> None:
    source = b"def last(one):\n    if one:\n        return None\n"
    emptied = [one for one in made(source, "x.py") if one.kind == "branch emptied"]
    assert [one.compiles(source) for one in emptied] == [False]


def test_what_is_recorded_as_changing_nothing_says_why() -> None:
    told = json.loads(drawing.EQUIVALENT.read_text(encoding="utf-8"))
    for mark, one in told.items():
        assert one["why"].endswith("."), mark
        assert Path(ROOT, one["file"]).exists(), mark


def _turned(file: str, old: str, new: str) -> Breakage:
    (found,) = [one for one in drawing.of_file(ROOT / file) if (one.old, one.new) == (old, new)][:1]
    return found

"""What the answer to a command makes of it, and of what stands behind it or before it."""

from dataclasses import replace
from typing import Any

import pytest

from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.protocol.codec import decode, encode
from commandcenter.protocol.messages import Result
from commandcenter.sync.outcome import adopted_outcome, done, outcome, released, withdrawn
from tests.kit.rows import row

KEPT, SENT, DONE = RowState.KEPT, RowState.SENT, RowState.DONE
HELD, CONFLICT, REFUSED, DROPPED = RowState.HELD, RowState.CONFLICT, RowState.REFUSED, RowState.DROPPED


def said(status: str, **other: Any) -> Result:
    return Result(cmd_id="cmd1", status=status, **other)


def come(rows: list[JournalRow]) -> list[tuple[Any, ...]]:
    """(id, state, code, about, epoch, seq) of each."""
    assert all(isinstance(one.state, RowState) for one in rows)
    return [(one.cmd_id, one.state, one.code, one.about, one.epoch, one.seq) for one in rows]


@pytest.mark.parametrize(
    ("result", "is_here", "becomes"),
    [
        (said("applied", seq=7), True, (DONE, None, None, 3, 7)),
        (said("applied", seq=7), False, (SENT, None, None, 3, 7)),
        (said("conflict", code="changed", about="stage"), True, (CONFLICT, "changed", "stage", 3, None)),
        (said("refused", code="role", about="unit"), False, (REFUSED, "role", "unit", 3, None)),
        (said("refused", code="dep_refused", about="cmd0"), False, (HELD, "held", "cmd0", 3, None)),
        (said("conflict", code="dep_refused", about="cmd0"), False, (HELD, "held", "cmd0", 3, None)),
    ],
)
def test_what_an_answer_makes_of_a_command(result: Result, is_here: bool, becomes: tuple[Any, ...]) -> None:
    kept = row(1, "x", code="behind_unanswered", about="cmd0")
    (after,) = outcome(kept, result, 3, is_here=is_here, rows=[row(0, "x", state=REFUSED), kept])
    assert come([after]) == [("cmd1", *becomes)]
    assert after.result is not None
    assert decode(after.result, Result) == result


@pytest.mark.parametrize("status", ["retry", "wrong_epoch", "of_tomorrow"])
def test_what_is_no_answer_changes_nothing(status: str) -> None:
    kept, behind = row(1, "x"), row(2, "x")
    assert outcome(kept, said(status, code="dep_refused"), 3, is_here=True, rows=[kept, behind]) == []
    assert withdrawn(kept, said(status), 3, is_here=True) == []


@pytest.mark.parametrize("status", ["conflict", "refused"])
def test_what_stands_behind_a_command_that_failed_is_held_if_it_has_not_left(status: str) -> None:
    rows = [row(1, "x"), row(2, "x"), row(3, "x", state=HELD, code="held", about="cmd0"), row(4, "y"), row(5, "x", "y")]
    after = outcome(rows[0], said(status, code="stage"), 3, is_here=False, rows=rows)
    assert come(after)[1:] == [
        ("cmd2", HELD, "held", "cmd1", None, None),
        ("cmd5", HELD, "held", "cmd1", None, None),
    ]


@pytest.mark.parametrize(
    ("state", "result", "is_here", "becomes"),
    [
        (CONFLICT, said("applied", seq=7), True, (DONE, None, None, 3, 7)),
        (CONFLICT, said("applied", seq=7), False, (SENT, None, None, 3, 7)),
        (KEPT, said("refused", code="withdrawn"), True, (HELD, "old", "", 3, None)),
        (KEPT, said("conflict", code="changed"), False, (HELD, "old", "", 3, None)),
        (CONFLICT, said("refused", code="withdrawn"), False, (CONFLICT, "was", "so", 3, None)),
        (DROPPED, said("conflict", code="changed"), True, (DROPPED, "was", "so", 3, None)),
    ],
)
def test_what_was_asked_about_is_done_or_waits_on_without_an_effect(
    state: RowState, result: Result, is_here: bool, becomes: tuple[Any, ...]
) -> None:
    asked = row(1, "x", state=state, code="was", about="so", epoch=2, seq=5)
    assert come(withdrawn(asked, result, 3, is_here=is_here)) == [("cmd1", *becomes)]


@pytest.mark.parametrize(
    ("result", "reached", "becomes"),
    [
        (said("refused", code="already_done", seq=7), 7, (DONE, None, None, 3, 7)),
        (said("refused", code="already_done", seq=7), 6, (SENT, None, None, 3, 7)),
        (said("refused", code="already_done"), 0, (DONE, None, None, 3, None)),
        (said("refused", code="already_done"), -1, (SENT, None, None, 3, None)),
        (said("applied", seq=7), 9, (DROPPED, "replaced", "cmd9", 3, None)),
        (said("conflict", code="changed"), 9, (DROPPED, "replaced", "cmd9", 3, None)),
        (said("refused", code="role"), 9, None),
        (said("retry", code="internal"), 9, None),
    ],
)
def test_what_the_answer_to_a_leader_says_of_the_act_that_was_taken_over(
    result: Result, reached: int, becomes: tuple[Any, ...] | None
) -> None:
    former = row(5, "x", state=DROPPED, code="replaced", about="cmd9", epoch=2, seq=4)
    after = adopted_outcome(former, result, 3, reached=reached)
    assert come(after) == ([] if becomes is None else [("cmd5", *becomes)])
    if result.code == "already_done":
        assert after[0].result is not None
        assert decode(after[0].result, Result) == Result(cmd_id="cmd5", status="applied", seq=result.seq)


def test_what_is_done_says_where_and_nothing_of_what_it_waited_for() -> None:
    kept = row(1, "x", code="behind_unanswered", about="cmd0", epoch=1, seq=2)
    assert done(kept, 3, 9) == replace(kept, state=DONE, epoch=3, seq=9, code=None, about=None)
    assert done(kept, None, None).epoch is None


def _never(_: JournalRow) -> bool:
    return False


def test_what_was_held_behind_one_that_had_its_effect_after_all_may_leave() -> None:
    first, held = row(1, "x", state=HELD, code="old"), row(2, "x", state=HELD, code="held", about="cmd1", epoch=3)
    others = [replace(held, cmd_id="cmd3", about="cmd9"), replace(held, cmd_id="cmd4", code="given_back")]
    rows = {one.cmd_id: one for one in (first, held, *others)}
    for state in (SENT, DONE):
        freed = released([replace(first, state=state)], rows, _never)
        assert come(freed) == [("cmd2", KEPT, None, None, None, None)]
    for state in (HELD, CONFLICT, DROPPED):
        assert released([replace(first, state=state)], rows, _never) == []
    both = [replace(first, state=DONE), replace(held, state=DONE)]
    assert released(both, rows, _never) == []
    rows["cmd1"] = replace(first, state=KEPT)
    assert released([replace(first, state=DONE)], rows, _never) == []


def test_what_is_freed_frees_what_is_held_behind_it_and_what_was_taken_back_meanwhile_holds_it() -> None:
    first, held = row(1, "x", state=HELD, code="old"), row(2, "x", state=HELD, code="held", about="cmd1", epoch=3)
    later = replace(held, cmd_id="cmd3", cseq=3, about="cmd2")
    rows = {one.cmd_id: one for one in (first, later, held)}
    done_now = [replace(first, state=DONE)]
    both = released(done_now, rows, _never)
    assert [(one.cmd_id, one.state) for one in both] == [("cmd2", KEPT), ("cmd3", KEPT)]
    rows["cmd2"] = replace(held, result=encode(said("refused", code="withdrawn")))
    assert [one.state for one in released(done_now, rows, _never)] == [KEPT, KEPT]
    refused = released(done_now, rows, lambda row: True)
    assert [(one.cmd_id, one.state, one.code) for one in refused] == [("cmd2", REFUSED, "withdrawn")]

"""First in, first out for each record, whatever else waits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.cache.journal_row import WAITING, RowState
from commandcenter.protocol.messages import Result
from commandcenter.protocol.retention import FOR_EVER
from commandcenter.sync.outcome import outcome
from commandcenter.sync.send_order import (
    GIVEN_BACK,
    all_wait,
    behind,
    blocker,
    first_per_record,
    is_old,
    is_parked,
    may_be_forgotten,
    not_after_failed,
    plan,
    predecessor,
)
from tests.kit.district import NOON
from tests.kit.rows import row

STATES = (RowState.KEPT, RowState.SENT, RowState.CONFLICT, RowState.REFUSED, RowState.HELD)


@st.composite
def journals(draw):
    count = draw(st.integers(0, 12))
    return [
        row(
            number,
            *draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=2, unique=True)),
            state=draw(st.sampled_from(STATES)),
            user=draw(st.sampled_from("ab")),
            district=draw(st.sampled_from(("d1", "d1", "d1", "d2"))),
        )
        for number in range(count)
    ]


@given(journals(), st.sets(st.sampled_from([f"cmd{n}" for n in range(12)]), max_size=2))
def test_nothing_passes_a_predecessor_that_is_not_through_and_nothing_free_stays_behind(rows, stuck):
    chosen, why = plan(rows, user="a", district="d1", stuck=stuck)
    ids = [one.cmd_id for one in chosen]
    assert [one.cseq for one in chosen] == sorted(one.cseq for one in chosen)
    for one in rows:
        refs = set(one.refs)
        earlier = [e for e in rows if e.cseq < one.cseq and refs & set(e.refs) and e.state is not RowState.SENT]
        if one.cmd_id in ids:
            assert one.state is RowState.KEPT
            assert (one.user, one.district) == ("a", "d1")
            assert all(e.cmd_id in ids for e in earlier)
            assert all(e.cmd_id == one.dep for e in earlier)
            assert one.cmd_id not in why
        elif one.state is RowState.KEPT:  # it says for what it waits
            assert why[one.cmd_id].code
            is_its_own = (one.user, one.district) != ("a", "d1") or one.cmd_id in stuck
            assert is_its_own or any(e.state is not RowState.SENT for e in earlier)


@given(journals(), st.sets(st.sampled_from([f"cmd{n}" for n in range(12)]), max_size=3))
def test_what_leaves_together_or_alone_leaves_nothing_behind_that_comes_before_it(rows, failed):
    together, alone = not_after_failed(rows, failed), first_per_record(rows)
    for one in rows:
        earlier = [e for e in rows if e.cseq < one.cseq and set(e.refs) & set(one.refs)]
        assert (one in alone) is (not earlier)
        assert (one in together) is (one.cmd_id not in failed and all(e in together for e in earlier))


@given(journals())
def test_what_is_held_behind_something_has_something_to_be_held_behind(rows):
    _, why = plan(rows, user="a", district="d1")
    for key, reason in why.items():
        if reason.code == "held":
            one = next(r for r in rows if r.cmd_id == key)
            assert any(r.cseq < one.cseq and r.state in WAITING for r in rows)


def test_a_refusal_holds_what_stands_behind_it_on_its_records_and_on_theirs():
    rows = [row(1, "x"), row(2, "x", "y"), row(3, "y"), row(4, "z")]
    refused = Result(cmd_id="cmd1", status="refused", code="stage")
    after = {one.cmd_id: (one.state, one.code) for one in outcome(rows[0], refused, 1, is_here=False, rows=rows)}
    assert after == {
        "cmd1": (RowState.REFUSED, "stage"),
        "cmd2": (RowState.HELD, "held"),
        "cmd3": (RowState.HELD, "held"),
    }


def test_what_depends_on_an_act_that_was_dropped_before_it_left_waits_for_its_person():
    answer = Result(cmd_id="cmd1", status="retry", code="dep_unknown")
    waits = replace(row(1, "x"), dep="cmd0")
    assert outcome(waits, answer, 1, is_here=False, rows=[row(0, "x"), waits]) == []  # it is still on its way
    (after,) = outcome(waits, answer, 1, is_here=False, rows=[waits])
    assert (after.state, after.code, after.about) == (RowState.REFUSED, "dep_refused", "cmd0")


def test_an_answer_behind_a_refused_dependency_is_no_refusal_of_its_own():
    answer = Result(cmd_id="cmd1", status="refused", code="dep_refused", about="cmd0")
    (after,) = outcome(row(1, "x"), answer, 1, is_here=False, rows=[row(0, "x", state=RowState.REFUSED)])
    assert (after.state, after.code) == (RowState.HELD, "held")
    (alone,) = outcome(row(1, "x"), answer, 1, is_here=False, rows=[])  # that one was dropped
    assert (alone.state, alone.code) == (RowState.REFUSED, "dep_refused")


def test_words_of_no_meaning_change_nothing():
    assert outcome(row(1, "x"), Result(cmd_id="cmd1", status="retry"), 1, is_here=False, rows=[]) == []


def test_who_stands_before_and_behind():
    rows = [row(1, "x", state=RowState.CONFLICT), row(2, "x"), row(3, "y"), row(4, "x", user="b")]
    assert blocker(rows[1], rows) is rows[0]
    assert blocker(rows[2], rows) is None
    assert behind(rows[0], rows) == (rows[1], rows[3])
    assert predecessor([("case", "x")], "a", rows) is rows[1]
    assert predecessor([("case", "x")], "c", rows) is None


def test_only_a_dispatch_grows_old():
    assert is_old(row(1, "x", type="dispatch"), 4 * 3600 + 1.0, "b")
    assert not is_old(row(1, "x", type="dispatch"), 4 * 3600.0, "b")
    assert is_old(row(1, "x", type="dispatch"), 0.0, "another boot")
    assert not is_old(row(1, "x", type="report"), 1e9, "another boot")


def test_what_waits_for_a_person_is_in_nobody_s_way_but_of_those_behind_it():
    waits, later = row(1, "x", state=RowState.CONFLICT), row(2, "x")
    assert blocker(waits, [waits, later]) is None
    assert blocker(later, [waits, later]) == waits


@pytest.mark.parametrize(
    ("rows", "leaves", "waits"),
    [
        ([row(1, "x"), row(2, "y")], ["cmd1", "cmd2"], {}),
        ([row(1, "x"), replace(row(2, "x"), dep="cmd1")], ["cmd1", "cmd2"], {}),
        ([row(1, "x"), row(2, "x")], ["cmd1"], {"cmd2": ("behind_unanswered", "cmd1")}),
        ([row(1, "x", state=RowState.SENT), row(2, "x")], ["cmd2"], {}),
        (
            [row(1, "x"), row(2, "x", "y"), replace(row(3, "y"), dep="cmd2"), row(4, "y")],
            ["cmd1"],
            {f"cmd{n + 1}": ("behind_unanswered", f"cmd{n}") for n in (1, 2, 3)},
        ),
        (
            [row(1, "x"), row(2, "y"), replace(row(3, "y", "x"), dep="cmd2")],
            ["cmd1", "cmd2"],
            {"cmd3": ("behind_unanswered", "cmd1")},
        ),
        (
            [row(1, "x", state=RowState.CONFLICT), row(2, "x", "y", user="b"), row(3, "y"), row(4, "z")],
            ["cmd4"],
            {"cmd2": ("held", "cmd1"), "cmd3": ("held", "cmd1")},
        ),
        (
            [row(1, "x", user="b"), row(2, "x"), row(3, "x", user="b")],
            [],
            {"cmd1": ("other_user", "b"), "cmd2": ("behind_other", "b"), "cmd3": ("behind_other", "b")},
        ),
        (
            [row(1, "x", district="d2"), row(2, "x")],
            [],
            {"cmd1": ("other_district", "d2"), "cmd2": ("behind_other", "a")},
        ),
        (
            [row(9, "x"), row(10, "x", user="b"), row(11, "y")],
            ["cmd11"],
            {"cmd9": ("stuck", "cmd9"), "cmd10": ("behind_stuck", "cmd9")},
        ),
        (
            [row(1, "x", state=RowState.HELD), row(2, "y", user="b"), row(3, "y", "x"), row(4, "x"), row(5, "y")],
            [],
            {
                "cmd2": ("other_user", "b"),
                "cmd3": ("behind_other", "b"),
                "cmd4": ("held", "cmd1"),
                "cmd5": ("behind_other", "b"),
            },
        ),
    ],
)
def test_each_command_that_stays_says_what_it_waits_for(rows, leaves, waits):
    chosen, why = plan(rows, user="a", district="d1", stuck={"cmd9"})
    assert [one.cmd_id for one in chosen] == leaves
    assert {key: (one.code, one.about) for key, one in why.items()} == waits


@pytest.mark.parametrize(("code", "about"), [("held", "cmd1"), ("stage", "cmd2"), ("given_back", "cmd2")])
def test_what_stands_behind_an_act_that_waits_for_itself_is_held_behind_that_one(code, about):
    rows = [
        row(1, "x", state=RowState.CONFLICT),
        replace(row(2, "x", "y", state=RowState.HELD), code=code),
        row(3, "y"),
    ]
    _, why = plan(rows, user="a", district="d1")
    assert {key: (one.code, one.about) for key, one in why.items()} == {"cmd3": ("held", about)}


def test_what_does_not_name_its_predecessor_waits_for_the_answer_to_it():
    first, second = row(1, "c1"), row(2, "c1")
    assert plan([first, second], user="a", district="d1")[0] == (first,)
    named = replace(second, dep=first.cmd_id)
    assert plan([first, named], user="a", district="d1")[0] == (first, named)
    third = row(3, "c1")
    chosen, why = plan([first, second, third], user="a", district="d1")
    assert chosen == (first,)
    assert {key: (one.code, one.about) for key, one in why.items()} == {
        second.cmd_id: ("behind_unanswered", first.cmd_id),
        third.cmd_id: ("behind_unanswered", second.cmd_id),
    }
    answered = replace(first, state=RowState.SENT)
    assert plan([answered, second], user="a", district="d1")[0] == (second,)


def test_while_nothing_leaves_each_act_waits_for_its_own_people():
    rows = [
        row(1, "x"),
        row(2, "x", user="b"),
        row(3, "x", user="b", code="behind_other", about="a"),
        row(4, "x", user="b", code="other_user", about="b"),
        row(5, "x", user="b", code="queue"),
    ]
    assert all_wait(rows, "a", "busy", "5") == {
        "cmd1": ("busy", "5"),
        "cmd2": ("other_user", "b"),
        "cmd3": ("behind_other", "a"),
        "cmd4": ("other_user", "b"),
        "cmd5": ("other_user", "b"),
    }


def test_a_person_decides_on_an_act_that_is_parked_only_as_long_as_it_is_kept():
    assert is_parked(row(1, "x", code="parked"))
    assert not is_parked(row(1, "x", code="queue"))
    assert not is_parked(row(1, "x", code="parked", state=RowState.SENT))


@pytest.mark.parametrize(
    ("age", "asked"),
    [
        (timedelta(days=-1, seconds=-1), True),
        (timedelta(days=-1), False),
        (timedelta(days=8), False),
        (timedelta(days=9, seconds=-1), False),
        (timedelta(days=9), True),
    ],
)
def test_what_was_given_at_a_time_that_the_platform_may_not_remember_is_asked_about(age, asked):
    kept = row(1, "x")
    assert may_be_forgotten(kept, NOON + age, timedelta(days=10)) is asked
    assert not may_be_forgotten(kept, NOON + timedelta(days=4000), FOR_EVER)
    assert not may_be_forgotten(replace(kept, state=RowState.SENT), NOON + age, timedelta(days=10))


def test_of_several_the_first_one_stands_in_the_way_and_the_last_one_is_followed():
    waits = [row(2, "x", state=RowState.HELD), row(1, "x", state=RowState.REFUSED), row(3, "y", state=RowState.HELD)]
    assert blocker(row(4, "x", "y"), waits) is waits[1]
    assert blocker(row(4, "x"), [row(1, "x"), row(2, "x", state=RowState.SENT)]) is None
    kept = [row(3, "x"), row(1, "x"), row(4, "x", state=RowState.SENT), row(5, "y"), row(6, "x", user="b")]
    assert predecessor([("case", "x")], "a", kept) is kept[0]
    assert predecessor([("case", "z")], "a", kept) is None


def test_behind_an_act_stand_what_is_kept_or_held_for_it_and_what_was_given_back_to_its_own_person():
    rows = [
        row(0, "x"),
        row(1, "x"),
        row(2, "x", "y", user="b"),
        row(3, "y", state=RowState.HELD, code="held", user="c"),
        row(4, "x", state=RowState.HELD, code="old"),
        row(5, "x", state=RowState.HELD, code=GIVEN_BACK),
        row(6, "x", state=RowState.HELD, code=GIVEN_BACK, user="b"),
        row(7, "x", state=RowState.SENT),
        row(8, "x", state=RowState.CONFLICT, code="held"),
        row(9, "z"),
    ]
    assert [one.cmd_id for one in behind(rows[1], reversed(rows))] == ["cmd2", "cmd3", "cmd5"]

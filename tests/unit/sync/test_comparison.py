"""Three versions of a case and what came between them, worked out from rows and histories alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import Raw

from commandcenter.cache.journal_row import JournalRow, OnBehalfOf, RowState
from commandcenter.domain.cases import Application, Case, Stage, Tier
from commandcenter.domain.commands import Dispatch, Report
from commandcenter.domain.decisions import Refused, evolve
from commandcenter.domain.facts import Dispatched, Fact, Filed, Taken
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.codec import FactEnvelope, command_args, encode, record_bytes, record_envelope
from commandcenter.protocol.messages import Result
from commandcenter.store.board import Board
from commandcenter.store.overlay import Delivery
from commandcenter.sync.comparison import facts_after, reason_of, versions
from commandcenter.sync.prediction import act_of, moved
from commandcenter.sync.versions import FieldState, Reason, Versions
from tests.kit.district import DISTRICT, NOON, reference
from tests.kit.rows import row as plain

ME = Person("me", Role.DISPATCHER, Scope("d1"))
NO = Refused("stage")


def minute(number: int, second: int = 0):
    return NOON + timedelta(minutes=number, seconds=second)


HISTORY: tuple[Fact, ...] = (
    Taken("c1", "clerk", NOON, "N1", "hotline", "water", "", "", "east"),
    Filed("c1", "shift", minute(1), "water", minute(90), minute(60)),
    Dispatched("c1", "li", minute(6), "east-police", Tier.GRID),
)


def _filed() -> Case:
    record = None
    for fact in HISTORY[:2]:
        record = evolve(record, fact)
    assert isinstance(record, Case)
    return record


SEEN = _filed()


def waits(command=None, **given) -> JournalRow:
    """A dispatch of mine that waits for me."""
    command = command or Dispatch("c1", "east-urban")
    kept = {"state": RowState.CONFLICT, "seen": {"case:c1": record_bytes(SEEN)}, "person": ME, "made_at": minute(5)}
    return replace(plain(1, "c1"), args=command_args(command), **(kept | {"type": "dispatch"} | given))


def looked(row: JournalRow, *there: Case, rows=(), told=()) -> Versions:
    board = Board()
    board.apply([DISTRICT, *reference(), *there])
    return versions(row, rows or [row], board, ME, again=NO, drop=None, adopt=NO, told=told)


def marks(seen: Versions) -> dict[str, FieldState]:
    return {field.name: field.mark for field in seen.fields if field.mark is not FieldState.UNTOUCHED}


@pytest.mark.parametrize(
    ("state", "code", "user", "reason"),
    [
        (RowState.CONFLICT, "changed", "li", Reason.OTHER_USER),
        (RowState.CONFLICT, "held", "me", Reason.CONFLICT),
        (RowState.HELD, "held", "me", Reason.HELD),
        (RowState.HELD, "old", "me", Reason.OLD),
        (RowState.HELD, "given_back", "me", Reason.GIVEN_BACK),
        (RowState.KEPT, "parked", "me", Reason.PARKED),
        (RowState.HELD, "of_tomorrow", "me", Reason.REFUSED),
        (RowState.REFUSED, "held", "me", Reason.REFUSED),
    ],
)
def test_why_an_act_waits_is_told_by_what_has_become_of_it(state, code, user, reason):
    assert reason_of(replace(waits(), state=state, code=code, person=replace(ME, user=user)), ME) is reason


def test_an_act_is_shown_with_all_that_its_row_says():
    owner = replace(ME, user="li")
    row = waits(state=RowState.HELD, code="old", about="cmd0", moved_at=minute(9), behalf=OnBehalfOf(owner, "theirs"))
    row = replace(row, refs=(("case", "c1"), ("holder", "east-urban")))
    act = act_of(row, HISTORY[2:])
    assert (act.cmd_id, act.cseq, act.user, act.name, act.ref) == ("cmd1", row.cseq, "me", "dispatch", ("case", "c1"))
    assert (act.facts, act.delivery, act.code, act.about) == (HISTORY[2:], Delivery.NEEDS_YOU, "old", "cmd0")
    assert (act.command, act.state, act.made_at, act.moved_at) == (row.command(), "held", minute(5), minute(9))
    assert act.on_behalf_of == "li"
    assert act_of(replace(row, behalf=None), ()).on_behalf_of is None
    on = moved(act, replace(row, state=RowState.SENT, code="busy", about="2", moved_at=minute(10)))
    assert (on.delivery, on.state, on.code, on.about, on.moved_at) == (Delivery.SENT, "sent", "busy", "2", minute(10))
    assert (on.facts, on.command, on.on_behalf_of) == (act.facts, act.command, "li")
    for state, delivery in ((RowState.KEPT, Delivery.KEPT), (RowState.DONE, Delivery.DONE)):
        assert act_of(replace(row, state=state), ()).delivery is delivery


def test_a_history_is_followed_from_the_version_that_was_seen_on():
    assert facts_after(SEEN, HISTORY) == HISTORY[2:]
    assert facts_after(replace(SEEN, stage=Stage.RECEIVED), HISTORY) == HISTORY[1:]
    assert facts_after(replace(SEEN, stage=Stage.CLOSED), HISTORY) is None
    assert facts_after(SEEN, HISTORY[1:]) is None  # one that does not begin at the beginning tells of no version
    assert facts_after(SEEN, ()) is None


def test_an_application_is_the_same_at_whatever_moment_the_platform_has_it():
    asked = replace(SEEN, application=Application("unit", "不归我们管", minute(3)))
    later = replace(asked, application=replace(asked.application, at=minute(4)), rev=3)
    assert "application" not in marks(looked(waits(seen={"case:c1": record_bytes(asked)}), later))
    other = replace(later, application=replace(later.application, reason="重复"))
    assert marks(looked(waits(seen={"case:c1": record_bytes(asked)}), other))["application"] is FieldState.THEIRS
    nobody = replace(later, application=replace(later.application, by="another"))
    assert marks(looked(waits(seen={"case:c1": record_bytes(asked)}), nobody))["application"] is FieldState.THEIRS


def test_a_moment_within_the_same_minute_is_the_same_moment():
    due = replace(SEEN, due=minute(30, 1))
    row = waits(Report("c1", "done"), type="report", seen={"case:c1": record_bytes(due)})
    assert "due" not in marks(looked(row, replace(due, due=minute(30, 59))))
    assert "due" not in marks(looked(row, replace(due, due=minute(30, 1) + timedelta(microseconds=5))))
    assert marks(looked(row, replace(due, due=minute(31))))["due"] is FieldState.THEIRS


def test_each_field_says_how_the_three_versions_stand_and_who_made_theirs():
    theirs = replace(SEEN, rev=3, stage=Stage.DISPATCHED, responsible="east-police", text="改过")
    seen = looked(waits(refs=(("case", "c1"), ("holder", "east-urban"))), theirs, told=HISTORY)
    found = marks(seen)
    assert (found["responsible"], found["stage"], found["text"]) == (
        FieldState.CLASH,
        FieldState.SAME,
        FieldState.THEIRS,
    )
    made = {field.name: field.fact for field in seen.fields}
    assert made["responsible"] == made["stage"] == HISTORY[2]
    assert made["text"] is None  # none of the facts says so
    assert (seen.before, seen.theirs, seen.since) == (SEEN, theirs, HISTORY[2:])
    assert (seen.mine.stage, seen.mine.responsible) == (Stage.DISPATCHED, "east-urban")
    assert (seen.act.cmd_id, seen.act.facts[-1].to, seen.reason) == ("cmd1", "east-urban", Reason.CONFLICT)
    alone = looked(waits(), SEEN)
    assert marks(alone)["responsible"] is FieldState.MINE
    assert all(field.fact is None for field in alone.fields)


def test_what_guards_an_act_is_shown_although_nothing_touched_it():
    seen = looked(waits(Report("c1", "done"), type="report"), SEEN)
    assert "stage" in {field.name for field in seen.fields}
    assert "street" not in {field.name for field in seen.fields}


def test_a_case_out_of_sight_is_told_by_the_platforms_answer_and_nothing_is_guessed():
    now = replace(SEEN, rev=4, stage=Stage.CLOSED)
    said = Result(cmd_id="cmd1", status="conflict", current=record_envelope(now), since=())
    kept = waits(result=encode(said), moved_at=minute(8))
    seen = looked(kept)
    assert (seen.theirs, seen.sent_at) == (now, minute(8))
    assert looked(kept, replace(SEEN, rev=5)).theirs.rev == 5  # the board knows it best
    assert looked(waits(moved_at=minute(8))).sent_at is None
    assert (looked(waits()).theirs, looked(waits(result=b"{")).theirs) == (None, None)
    assert looked(waits(seen={"case:c1": b"{"})).before is None
    wrong = (FactEnvelope("filed", Raw(b'{"case":7}')),)
    assert looked(waits(result=encode(Result(cmd_id="cmd1", status="conflict", since=wrong)))).since == ()


def test_what_each_choice_would_do_is_handed_on_as_it_was_worked_out():
    again, drop, adopt = HISTORY[:1], Refused("held"), HISTORY[1:2]
    row = waits()
    seen = versions(row, [row], Board(), ME, again=again, drop=drop, adopt=adopt)
    assert (seen.again, seen.drop, seen.adopt) == (again, drop, adopt)


def test_who_stands_before_it_and_behind_it_is_named():
    first, second = waits(), waits(cmd_id="cmd2", cseq=9, state=RowState.HELD, code="held", about="cmd1")
    assert [act.cmd_id for act in looked(first, SEEN, rows=[first, second]).behind] == ["cmd2"]
    assert looked(first, SEEN, rows=[first, second]).blocker is None
    assert looked(second, SEEN, rows=[first, second]).blocker.cmd_id == "cmd1"

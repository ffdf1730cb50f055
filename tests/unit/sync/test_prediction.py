"""An act as the screens have it, what follows from it, what somebody saw who gave it, and their word for it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from commandcenter.cache.journal_row import JournalRow, OnBehalfOf, RowState
from commandcenter.domain.cases import WITH_HOLDER, Application, Case, Stage
from commandcenter.domain.commands import STEPS, Close, Dispatch, File, Take
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.decisions import Refused
from commandcenter.protocol.attestation import Attestation, AttestedCommand, is_genuine, key_text
from commandcenter.protocol.codec import command_args, record_bytes
from commandcenter.store.board import Board
from commandcenter.store.overlay import Delivery
from commandcenter.sync.attestor import Attestor
from commandcenter.sync.batches import OutgoingBatch
from commandcenter.sync.prediction import (
    SeenState,
    act_of,
    current_view,
    moved,
    predicted_facts,
    preview,
    preview_all,
    refused_as_unseen,
    seen_bases,
)
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference, seats
from tests.kit.rows import row
from tests.kit.scripted import a_case
from tests.kit.swapping import Swap, swapping

SHIFT, DISPATCHER = seats()["shift"].person, seats()["dispatcher"].person
KEY = b"k" * 32


def board(*cases: Any) -> Board:
    """The board of the small district."""
    made = Board()
    made.set_reader(SHIFT)
    made.replace([DISTRICT, CALENDAR, *reference(), *cases])
    return made


def filing(**other: Any) -> JournalRow:
    """The shift leader files the case c1."""
    return replace(row(7, "c1", type="file"), person=SHIFT, args=command_args(File("c1")), **other)


@pytest.mark.parametrize(
    ("state", "delivery"),
    [
        ("kept", Delivery.KEPT),
        ("sent", Delivery.SENT),
        ("done", Delivery.DONE),
        ("dropped", Delivery.DONE),
        ("conflict", Delivery.NEEDS_YOU),
        ("refused", Delivery.NEEDS_YOU),
        ("held", Delivery.NEEDS_YOU),
    ],
)
def test_an_act_is_the_row_in_the_words_of_the_screens(state: str, delivery: Delivery) -> None:
    later = NOON + timedelta(hours=1)
    behalf = OnBehalfOf(DISPATCHER, "cmd1")
    given = filing(state=RowState(state), code="queue", about="c9", moved_at=later, behalf=behalf)
    facts = predicted_facts(board(a_case()), filing())
    act = act_of(given, facts)
    assert (act.cmd_id, act.cseq, act.user, act.name, act.ref) == ("cmd7", 7, "shift", "file", ("case", "c1"))
    assert (act.facts, act.command, act.on_behalf_of) == (facts, File("c1"), "dispatcher")
    assert (act.delivery, act.state, act.code, act.about) == (delivery, state, "queue", "c9")
    assert (act.made_at, act.moved_at) == (NOON, later)
    assert act_of(filing(), ()).on_behalf_of is None
    further = moved(act_of(filing(), facts), given)
    assert replace(further, on_behalf_of="dispatcher") == act


def test_what_follows_is_by_the_rules_for_whoever_it_is_given_for_and_names_both() -> None:
    filed = replace(a_case(), stage=Stage.FILED, filed_at=NOON)
    wish = replace(row(7, "c1", type="dispatch"), args=command_args(Dispatch("c1", "housing")))
    mine = replace(wish, person=SHIFT)
    assert predicted_facts(board(filed), mine) == ()  # a shift leader dispatches nothing in their own name
    theirs = replace(mine, behalf=OnBehalfOf(DISPATCHER, "cmd1"))
    assert [(fact.by, fact.hand) for fact in predicted_facts(board(filed), theirs)] == [("dispatcher", "shift")]
    own = replace(wish, person=DISPATCHER)
    assert [(fact.by, fact.hand) for fact in predicted_facts(board(filed), own)] == [("dispatcher", None)]
    assert predicted_facts(board(a_case()), own) == ()
    assert predicted_facts(board(a_case()), replace(wish, type="of a newer program")) == ()


def test_whoever_acted_on_a_case_in_the_place_of_another_does_not_close_it_in_anybodys_place() -> None:
    here = board(replace(a_case(), stage=Stage.REPORTED, responsible="east-urban", reported_at=NOON))
    wish = replace(row(7, "c1", type="close"), person=SHIFT, args=command_args(Close("c1")))
    theirs = replace(wish, behalf=OnBehalfOf(replace(SHIFT, user="another"), "cmd1"))
    assert len(predicted_facts(here, theirs)) == 1
    here.adopted(("case", "c1"), "shift")
    assert predicted_facts(here, theirs) == ()


def test_what_somebody_sees_is_the_case_with_acts_on_top_and_its_revision_as_the_platform_says_it() -> None:
    case = a_case(rev=4)
    here = board(case)
    plain = SeenState({"case:c1": 4, "epoch": 3}, {"case:c1": record_bytes(case)})
    assert current_view(here, (("case", "c1"),), 3) == plain
    here.pend(act_of(filing(), predicted_facts(here, filing())))
    seen = current_view(here, (("case", "c1"), ("case", "c2")), None)
    assert (seen.bases, seen.records) == ({"case:c1": 4}, {"case:c1": record_bytes(here.find("case", "c1"))})
    assert seen.records != plain.records
    assert current_view(here, (("case", "c1"),), 3, without=["cmd7"]) == plain
    assert current_view(here, (("case", "c2"), ("case", "c1")), 3) == SeenState(plain.bases, seen.records)
    assert seen_bases(here, (("case", "c2"),)) == {}


def test_what_came_on_to_the_board_only_afterwards_was_not_seen() -> None:
    here, nothing = board(a_case()), SeenState({}, {})
    assert refused_as_unseen(here, File("c1"), nothing) == Refused("unknown_case", "c1")
    assert refused_as_unseen(here, File("c1"), current_view(here, (("case", "c1"),), 1)) is None
    new = Take("c2", "hotline", "water", "积水", "路口", "east")
    assert refused_as_unseen(here, new, nothing) is None


def test_the_word_of_whoever_sits_here_goes_with_their_own_acts_alone() -> None:
    attestor = Attestor()
    assert (attestor.is_required, attestor.attested(filing())) == (False, filing())
    attestor.hold("shift", key_text(KEY))
    assert attestor.is_required
    given = replace(filing(), bases={"case:c1": 4, "epoch": 1})
    shown = attestor.attested(given).attested
    assert replace(attestor.attested(given), attested=None) == given
    assert shown is not None
    assert (shown.act, shown.made_at, shown.bases) == ("cmd7", NOON, {"case:c1": 4, "epoch": 1})
    assert is_genuine(KEY, AttestedCommand("shift", "d1", "file", given.args), shown)
    for other in (
        AttestedCommand("other", "d1", "file", given.args),
        AttestedCommand("shift", "d2", "file", given.args),
        AttestedCommand("shift", "d1", "close", given.args),
        AttestedCommand("shift", "d1", "file", b"{}"),
    ):
        assert not is_genuine(KEY, other, shown)
    theirs = replace(filing(), person=DISPATCHER)
    assert attestor.attested(theirs) == theirs
    attestor.hold("shift", None)
    assert (attestor.is_required, attestor.attested(given)) == (False, given)


def test_a_request_has_all_that_the_platform_judges_by() -> None:
    word = Attestation("cmd1", NOON, {"case:c1": 2}, "mac")
    plain = replace(filing(), bases={"case:c1": 4, "epoch": 1}, dep="cmd6")
    taken_over = replace(filing(), behalf=OnBehalfOf(DISPATCHER, "cmd1", word))
    unattested = replace(filing(), behalf=OnBehalfOf(DISPATCHER, "cmd1"))
    batch = OutgoingBatch((plain, taken_over, unattested)).batch(3, "console-1")
    assert (batch.epoch, batch.console_id, len(batch.commands)) == (3, "console-1", 3)
    mine, theirs, old = batch.commands
    assert (mine.cmd_id, mine.cseq, mine.type, bytes(mine.args)) == ("cmd7", 7, "file", plain.args)
    assert (mine.made_at, mine.bases, mine.dep, mine.withdraw) == (NOON, plain.bases, "cmd6", False)
    assert (mine.on_behalf_of, mine.replaces, mine.attested) == (msgspec.UNSET,) * 3
    assert (theirs.on_behalf_of, theirs.replaces, theirs.attested) == ("dispatcher", "cmd1", word)
    assert (old.on_behalf_of, old.replaces, old.attested) == ("dispatcher", "cmd1", msgspec.UNSET)
    assert [wish.withdraw for wish in OutgoingBatch((plain,), withdraw=True).batch(3, "c").commands] == [True]


AFTER = {  # the stage at which each step leaves a case
    "file": "filed",
    "dispatch": "dispatched",
    "accept": "handling",
    "report": "reported",
    "close": "closed",
    "apply_return": "dispatched",
    "approve_return": "filed",
    "deny_return": "dispatched",
}


@pytest.mark.parametrize(("name", "stage"), AFTER.items())
def test_the_stage_that_is_announced_is_the_one_that_comes(name: str, stage: str) -> None:
    step: Any = STEPS[name]
    before = min(step.rule.stages, key=list(Stage).index)
    applied = Application("east-urban", "not ours", NOON) if name in ("approve_return", "deny_return") else None
    holder = "east-urban" if before in WITH_HOLDER else None
    case = replace(a_case("c1"), stage=before, responsible=holder, application=applied)
    more = {"dispatch": ("east-urban",), "report": ("done",)} | dict.fromkeys(("apply_return", "deny_return"), ("so",))
    board = Board()
    board.replace([DISTRICT, CALENDAR, *reference(), case])
    seen = [preview(board, step("c1", *more.get(name, ())), seat.person, NOON) for seat in seats().values()]
    allowed = [after for after in seen if not isinstance(after, Refused)]
    assert allowed
    assert {after.stage.value for (after,) in allowed if isinstance(after, Case)} == {stage}
    assert board.find("case", "c1") == case


def test_all_records_that_a_command_changes_are_announced() -> None:
    held = {"stage": Stage.DISPATCHED, "dispatched_at": NOON}
    one, other = (replace(a_case(f"c{n}"), responsible=to, **held) for n, to in ((1, "housing"), (2, "parks")))
    here = board(one, other)
    with swapping():
        after = preview(here, Swap("c1", "c2"), DISPATCHER, NOON)
    assert isinstance(after, tuple)
    held_by = {case.id: case.responsible for case in after if isinstance(case, Case)}
    assert held_by == {"c1": "parks", "c2": "housing"}
    assert preview(here, Swap("c1", "c3"), DISPATCHER, NOON) == Refused("unknown_case", "c3")


def test_what_is_given_together_is_announced_in_order_and_what_is_refused_changes_nothing() -> None:
    here = board(replace(a_case("c1"), stage=Stage.FILED))
    unit, police = "east-urban", "east-police"
    commands = (Dispatch("c1", unit), Dispatch("c1", police), Recall("c1", "派错"), Dispatch("c1", police))
    first, second, third, last = preview_all(here, commands, DISPATCHER, NOON)
    assert second == Refused("stage", "dispatched")
    held_by = [one.responsible for after in (first, third, last) for one in after if isinstance(one, Case)]
    assert held_by == [unit, None, police]
    assert here.find("case", "c1") == replace(a_case("c1"), stage=Stage.FILED)

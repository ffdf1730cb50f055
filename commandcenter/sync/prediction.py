"""Predicts what an open command will do to the board, as far as the console can know: its act with its facts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commandcenter.cache.journal_row import WAITING, JournalRow, RowState
from commandcenter.domain.commands import Command, records_of
from commandcenter.domain.decisions import Decision, Refused, View, decide, evolve_known
from commandcenter.domain.facts import Fact, on_behalf
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record, Ref, ref_of, ref_text
from commandcenter.protocol.codec import record_bytes
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.outcome import changed_record

_DELIVERY = {RowState.KEPT: Delivery.KEPT, RowState.SENT: Delivery.SENT} | dict.fromkeys(WAITING, Delivery.NEEDS_YOU)


@dataclass(frozen=True, slots=True)
class SeenState:
    """What a person saw when they gave a command: `bases` and `records` are `bases` and `seen` of a journal row."""

    bases: dict[str, int]
    records: dict[str, bytes]


def act_of(row: JournalRow, facts: tuple[Fact, ...]) -> Act:
    """Returns the row as the screens see it."""
    return Act(
        cmd_id=row.cmd_id,
        cseq=row.cseq,
        user=row.user,
        name=row.type,
        ref=row.refs[0],
        facts=facts,
        delivery=_DELIVERY.get(row.state, Delivery.DONE),
        code=row.code,
        about=row.about,
        command=row.command(),
        state=row.state.value,
        made_at=row.made_at,
        moved_at=row.moved_at,
        on_behalf_of=None if row.behalf is None else row.behalf.person.user,
        changed=changed_record(row),
    )


def moved(act: Act, row: JournalRow) -> Act:
    """Returns the act with the state of `row`."""
    delivery = _DELIVERY.get(row.state, Delivery.DONE)
    here = replace(act, state=row.state.value, moved_at=row.moved_at, changed=changed_record(row))
    return replace(here, delivery=delivery, code=row.code, about=row.about)


def predicted_facts(view: View, row: JournalRow) -> tuple[Fact, ...]:
    """Returns the facts that follow on the board as it is now; none when they are there already or no longer follow."""
    command = row.command()
    decision: Decision = () if command is None else decided(view, command, row, row.made_at)
    return () if isinstance(decision, Refused) else decision


def decided(view: View, command: Command, row: JournalRow, at: datetime) -> Decision:
    """Returns what follows from `command` of `row` at `at`, by the rules for the person for whom it is given."""
    decision = decide(view, command, row.decider, at, hand=row.person)
    if row.behalf is None or isinstance(decision, Refused):
        return decision
    return on_behalf(decision, row.user)


def preview(view: View, command: Command, person: Person, at: datetime) -> tuple[Record, ...] | Refused:
    """Returns the records that `command` changes as they would be after `person` gave it at `at`, or the refusal."""
    decision = decide(view, command, person, at)
    if isinstance(decision, Refused):
        return decision
    after: dict[Ref, Record | None] = {}
    for fact in decision:
        for ref in records_of(fact):
            after[ref] = evolve_known(after[ref] if ref in after else view.find(*ref), fact)
    return tuple(record for record in after.values() if record is not None)


class _Ahead:
    """Implements domain.decisions.View: the records of another view, and in their place those that were changed."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.changed: dict[Ref, Record] = {}

    def find(self, kind: str, key: str) -> Record | None:
        return self.changed.get((kind, key)) or self._view.find(kind, key)

    def former(self, ref: Ref, rev: int) -> Record | None:
        return self._view.former(ref, rev)

    def new_number(self, at: datetime) -> str | None:
        return self._view.new_number(at)

    def adopters(self, ref: Ref) -> frozenset[str]:
        return self._view.adopters(ref)


def preview_all(
    view: View, commands: Sequence[Command], person: Person, at: datetime
) -> tuple[tuple[Record, ...] | Refused, ...]:
    """Returns the `preview` of each command after those before it, of which refused ones change nothing."""
    ahead, found = _Ahead(view), []
    for command in commands:
        outcome = preview(ahead, command, person, at)
        found.append(outcome)
        if not isinstance(outcome, Refused):
            ahead.changed |= {ref_of(record): record for record in outcome}
    return tuple(found)


def current_view(board: Board, refs: tuple[Ref, ...], epoch: int | None, *, without: Collection[str] = ()) -> SeenState:
    """Returns what a person sees of `refs` now: their revisions, and the records with pending acts applied.

    The acts `without` are left out. `epoch` is that of the log shown; None: unknown.
    """
    shown = board.without(without)
    found = {ref_text(*ref): shown.find(*ref) for ref in refs}
    bases = seen_bases(board, refs) | ({} if epoch is None else {"epoch": epoch})
    return SeenState(bases, {ref: record_bytes(record) for ref, record in found.items() if record is not None})


def refused_as_unseen(board: Board, command: Command, seen: SeenState) -> Refused | None:
    """Returns why `command` is refused: one of its records came onto the board only after `seen`; None otherwise."""
    unseen = (ref for ref in records_of(command) if ref_text(*ref) not in seen.records)
    return next((Refused(f"unknown_{kind}", key) for kind, key in unseen if board.find(kind, key) is not None), None)


def seen_bases(board: Board, refs: tuple[Ref, ...]) -> dict[str, int]:
    """Returns the confirmed revisions of `refs` by "kind:id"; a record that is not on the board has none."""
    found = {ref_text(*ref): board.confirmed(*ref) for ref in refs}
    return {ref: record.rev for ref, record in found.items() if record is not None}

"""Computes the three versions of an act that waits: what its author saw, what it wanted, what is there now. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.domain.cases import Application, Case
from commandcenter.domain.decisions import Refused, evolve_known
from commandcenter.domain.facts import Fact, records_of
from commandcenter.domain.fields import guards_of
from commandcenter.domain.people import Person
from commandcenter.domain.records import KIND_OF, Record, Ref, shown_fields
from commandcenter.domain.secrecy import readable_by
from commandcenter.domain.visibility import sees
from commandcenter.protocol import codes
from commandcenter.protocol.codec import Unreadable, read_facts, read_record
from commandcenter.protocol.messages import Result
from commandcenter.store.board import Board, BoardWithout
from commandcenter.sync.outcome import changed_record, result_of
from commandcenter.sync.prediction import act_of, predicted_facts
from commandcenter.sync.send_order import behind, blocker
from commandcenter.sync.versions import WITHHELD, FieldState, FieldVersions, Reason, Versions


def versions(
    row: JournalRow,
    rows: Sequence[JournalRow],
    board: Board,
    person: Person,
    *,
    again: tuple[Fact, ...] | Refused,
    drop: Refused | None,
    adopt: tuple[Fact, ...] | Refused,
    told: tuple[Fact, ...] = (),
) -> Versions:
    """Returns the versions of `row`; `told` is the full history of the compared case if the platform could be asked.

    `again`, `drop` and `adopt`: what each choice would do, or why it is refused.
    """
    result, changed = result_of(row), changed_record(row)
    ref = changed or row.refs[0]
    known = {one: _read_by(person, row, row.seen_record(one)) for one in row.refs}
    before = known[ref]
    theirs = _read_by(person, row, _theirs(board, ref, result if changed else None))
    wanted = predicted_facts(_BoardBefore(board, known, ref), row)
    mine = _read_by(person, row, _mine(before, wanted, ref))
    since = _since(before, told, result)
    stopped = blocker(row, rows)
    return Versions(
        act=act_of(row, wanted),
        reason=reason_of(row, person),
        before=before,
        mine=mine,
        theirs=theirs,
        fields=_fields(row, ref, before, mine, theirs, since),
        since=since,
        again=again,
        drop=drop,
        adopt=adopt,
        behind=tuple(act_of(one, ()) for one in behind(row, rows)),
        blocker=None if stopped is None else act_of(stopped, ()),
        sent_at=row.moved_at if row.result is not None and not _was_withdrawn(result) else None,
    )


def reason_of(row: JournalRow, person: Person) -> Reason:
    """Returns why `row` waits, as it is to be shown to `person`."""
    if row.user != person.user:
        return Reason.OTHER_USER
    if row.state is RowState.CONFLICT:
        return Reason.CONFLICT
    if row.state in (RowState.HELD, RowState.KEPT) and row.code in ("held", "old", "given_back", "parked"):
        return Reason(row.code)
    return Reason.REFUSED


def facts_after(before: Record | None, told: Iterable[Fact]) -> tuple[Fact, ...] | None:
    """Returns the facts of a full history that follow the version `before`; None when it lacks that version."""
    facts, found, record = tuple(told), None, None
    if before is None:
        return None
    for place, record in enumerate(_steps(None, facts)):
        if record is not None and _same(record, before):
            found = place + 1
    return None if found is None else facts[found:]


def _steps(record: Record | None, facts: Iterable[Fact]) -> Iterator[Record | None]:
    """Yields the record after each fact; None while its beginning is unknown."""
    for fact in facts:
        record = evolve_known(record, fact)
        yield record


def _same(one: Record, other: Record) -> bool:
    kind = KIND_OF[type(one)]
    firm = {*kind.shown} - {*kind.loose}
    return type(one) is type(other) and all(_essence(one, name) == _essence(other, name) for name in firm)


def _essence(record: Record | None, name: str) -> Any:
    """A field's value without the exact time at which it was set: that time differs on the platform's clock."""
    value = _value(record, name)
    if isinstance(value, Application):
        return (value.by, value.reason)
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


def _value(record: Record | None, name: str) -> Any:
    if name == "text" and isinstance(record, Case) and record.is_withheld:
        return WITHHELD
    return None if record is None else getattr(record, name)


def _since(before: Record | None, told: tuple[Fact, ...], result: Result | None) -> tuple[Fact, ...]:
    known = facts_after(before, told)
    if known is not None:
        return known
    try:
        return read_facts(result.since) if result is not None else ()
    except Unreadable:
        return ()


def _fields(
    row: JournalRow,
    ref: Ref,
    before: Record | None,
    mine: Record | None,
    theirs: Record | None,
    since: tuple[Fact, ...],
) -> tuple[FieldVersions, ...]:
    made_by, command = _made_by(before, since), row.command()
    guarded = frozenset() if command is None else guards_of(command).get(ref, frozenset())
    found = []
    for name in shown_fields(ref[0]):
        mark = _mark(name, before, mine, theirs)
        if mark is not FieldState.UNTOUCHED or name in guarded:
            was, wanted, there_is = (_value(one, name) for one in (before, mine, theirs))
            fact = made_by.get(name) if mark in (FieldState.CLASH, FieldState.THEIRS, FieldState.SAME) else None
            found.append(FieldVersions(name, was, wanted, there_is, mark, fact))
    return tuple(found)


def _mark(name: str, before: Record | None, mine: Record | None, theirs: Record | None) -> FieldState:
    was, wanted, there_is = (_essence(one, name) for one in (before, mine, theirs))
    if before is not None and WITHHELD in (was, wanted, there_is):
        return FieldState.UNTOUCHED  # only who may read it has changed: the text of a taken case stays the same
    is_mine = mine is not None and wanted != was
    is_theirs = theirs is not None and there_is != was
    if is_mine and is_theirs:
        return FieldState.SAME if wanted == there_is else FieldState.CLASH
    return FieldState.MINE if is_mine else FieldState.THEIRS if is_theirs else FieldState.UNTOUCHED


def _made_by(before: Record | None, since: tuple[Fact, ...]) -> dict[str, Fact]:
    """The fact that last changed each field."""
    found: dict[str, Fact] = {}
    former = before
    for fact, record in zip(since, _steps(before, since), strict=True):
        if record is not None:
            names = KIND_OF[type(record)].shown
            found |= {name: fact for name in names if former is None or getattr(former, name) != getattr(record, name)}
        former = record
    return found


def _mine(before: Record | None, wanted: tuple[Fact, ...], ref: Ref) -> Record | None:
    *_, last = (None, *_steps(before, [fact for fact in wanted if ref in records_of(fact)]))
    return last


def _theirs(board: Board, ref: Ref, result: Result | None) -> Record | None:
    """The record as it is now: from the board, or the newer of what was fetched and of `result`, which is of it."""
    there, is_live = board.confirmed(*ref), board.fetched.get(ref) is None
    if (there is not None and is_live) or result is None or result.current is None:
        return there
    try:
        told = read_record(result.current.kind, result.current.record)
    except Unreadable:
        return there
    return told if there is None or told.rev > there.rev else there


def _was_withdrawn(result: Result | None) -> bool:
    """Whether the platform was only asked about the command, which had never arrived there."""
    return result is not None and result.code == codes.WITHDRAWN


def _read_by(person: Person, row: JournalRow, record: Record | None) -> Record | None:
    """Returns `record` as `person` reads it; None when it is out of their scope and `row` is another user's act."""
    if record is None or (row.user != person.user and not sees(person, record)):
        return None
    return readable_by(person, record)


class _BoardBefore(BoardWithout):
    """The board with the records `known` in an earlier version."""

    def __init__(self, board: Board, known: Mapping[Ref, Record | None], compared: Ref) -> None:
        super().__init__(board, ())
        self._known = known
        self._compared = compared

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the earlier version of a known record, and others as they are; `compared` never as it is."""
        before = self._known.get((kind, key))
        return before if before is not None or (kind, key) == self._compared else self._board.find(kind, key)

"""Computes the new state of a command from the platform's answer. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from commandcenter.cache.journal_row import WAITING, JournalRow, RowState
from commandcenter.domain.records import Ref
from commandcenter.protocol import codes
from commandcenter.protocol.codec import RecordIdentity, Unreadable, decode, encode
from commandcenter.protocol.messages import Result
from commandcenter.protocol.statuses import Status
from commandcenter.sync.send_order import behind, is_held_behind

ALREADY_DONE = codes.ALREADY_DONE  # for the screens, which know no protocol


def outcome(
    row: JournalRow, result: Result, epoch: int, *, is_here: bool, rows: Iterable[JournalRow]
) -> list[JournalRow]:
    """Returns `row` after `result`, and those of `rows` behind it that are held now; empty when it is no final answer.

    `is_here`: the effect, if there is one, is already on this console's board.
    """
    answered = replace(row, result=encode(result), code=result.code, about=result.about)
    if result.status == Status.APPLIED:
        sent = replace(answered, state=RowState.SENT, epoch=epoch, seq=result.seq)
        return [done(sent, epoch, result.seq) if is_here else sent]
    if result.code == codes.DEP_UNKNOWN and row.dep not in {None, *(one.cmd_id for one in rows)}:
        gone = Result(cmd_id=row.cmd_id, status=Status.REFUSED, code=codes.DEP_REFUSED, about=row.dep)
        return outcome(row, gone, epoch, is_here=is_here, rows=rows)  # it was dropped here and never left
    if result.status not in (Status.CONFLICT, Status.REFUSED):
        return []
    if result.code == codes.DEP_REFUSED:
        return refuse_behind_dropped([replace(answered, state=RowState.HELD, code="held", epoch=epoch)], rows)
    stopped = replace(answered, state=RowState(result.status), epoch=epoch)
    held = (one for one in behind(row, rows) if one.state is RowState.KEPT)
    return [stopped, *(replace(one, state=RowState.HELD, code="held", about=row.cmd_id) for one in held)]


def withdrawn(row: JournalRow, result: Result, epoch: int, *, is_here: bool) -> list[JournalRow]:
    """Returns `row` after the answer to its withdrawal: it had its effect, or is known to have none."""
    if result.status == Status.APPLIED:
        return outcome(row, result, epoch, is_here=is_here, rows=())
    if result.status not in (Status.CONFLICT, Status.REFUSED):
        return []
    without = replace(row, epoch=epoch, seq=None, result=encode(result))
    return [replace(without, state=RowState.HELD, code="old", about="") if row.state is RowState.KEPT else without]


def adopted_outcome(row: JournalRow, result: Result, epoch: int, *, reached: int) -> list[JournalRow]:
    """Returns `row` after the `result` of the command that a shift leader gave in its place.

    Either `row` had its effect (the board is at `reached`), or it has none any more; empty when `result` does not say.
    """
    if result.code == ALREADY_DONE:
        told = Result(cmd_id=row.cmd_id, status=Status.APPLIED, seq=result.seq)
        return outcome(row, told, epoch, is_here=(result.seq or 0) <= reached, rows=())
    is_certain = result.status in (Status.APPLIED, Status.CONFLICT)
    return [replace(row, epoch=epoch, seq=None)] if is_certain else []


def released(
    moved: Iterable[JournalRow], rows: Mapping[str, JournalRow], is_settled: Callable[[JournalRow], bool]
) -> list[JournalRow]:
    """Returns the acts among `rows` (by id) that may be sent now, in their new state and in the order of sending.

    They were held behind an act that waited for a person and according to `moved` had its effect after all. Those that
    the platform has refused for good meanwhile become refused instead. Acts that are in `moved` are left out.
    """
    new = {row.cmd_id: row.state for row in moved}
    had_effect = (key for key, state in new.items() if state in (RowState.SENT, RowState.DONE))
    through = {key for key in had_effect if key in rows and rows[key].state in WAITING}
    freed: list[JournalRow] = []
    for row in sorted(rows.values(), key=lambda row: row.cseq) if through else ():
        if row.cmd_id in new or not is_held_behind(row) or row.about not in through:
            continue
        answer = result_of(row) if is_settled(row) else None
        if answer is not None:
            freed.append(replace(row, state=RowState.REFUSED, code=answer.code, about=answer.about))
        else:
            freed.append(replace(row, state=RowState.KEPT, code=None, about=None, epoch=None))
            through.add(row.cmd_id)
    return freed


def refuse_behind_dropped(held: Sequence[JournalRow], rows: Iterable[JournalRow]) -> list[JournalRow]:
    """Returns `held`, with those refused that are held behind none of `rows`, the open ones.

    What they stood behind was dropped, in this run or just before the last one ended, so they wait for their person.
    """
    here = {row.cmd_id for row in rows}
    alone = {row.cmd_id for row in held if is_held_behind(row) and row.about not in here}
    return [
        replace(row, state=RowState.REFUSED, code=codes.DEP_REFUSED) if row.cmd_id in alone else row for row in held
    ]


def result_of(row: JournalRow) -> Result | None:
    """Returns the platform's last result for `row`; None when there is none or it cannot be read."""
    try:
        return None if row.result is None else decode(row.result, Result)
    except Unreadable:
        return None


def effect_at(row: JournalRow, ref: str) -> int:
    """Returns the least revision of the record `ref` ("kind:id") that may have the effect of `row`, in whichever log.

    What its person saw may be of another log than that in which the platform has applied it, perhaps as an earlier one.
    """
    after, result = row.bases.get(ref, 0) + 1, result_of(row)
    return after if result is None else min(after, result.revs.get(ref, after))


def changed_record(row: JournalRow) -> Ref | None:
    """Returns the record of a waiting `row` whose change the platform set against it; None when it named none."""
    result = result_of(row) if row.state in WAITING else None
    current = None if result is None else result.current
    try:
        ref = None if current is None else (current.kind, decode(bytes(current.record), RecordIdentity).id)
    except Unreadable:
        return None
    return ref if ref in row.refs else None


def done(row: JournalRow, epoch: int | None, seq: int | None) -> JournalRow:
    """Returns `row` as done, its effect being on the board at `epoch`:`seq`."""
    return replace(row, state=RowState.DONE, epoch=epoch, seq=seq, code=None, about=None)

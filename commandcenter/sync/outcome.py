"""From a platform's answer to how far a command has come. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from commandcenter.cache.row import WAITING, Row, RowState
from commandcenter.protocol.codec import Unreadable, decode, encode
from commandcenter.protocol.frames import Result
from commandcenter.sync.order import behind

GONE = "dep_refused"  # of an act, if what it depends on came to nothing


def outcome(row: Row, result: Result, epoch: int, *, is_here: bool, rows: Iterable[Row]) -> list[Row]:
    """`row` after `result`, and those of `rows` that stand behind it and are held now; empty when it is no answer.

    `is_here`: the effect, if there is one, is on this console's board already.
    """
    answered = replace(row, result=encode(result), code=result.code, about=result.about)
    if result.status == "applied":
        sent = replace(answered, state=RowState.SENT, epoch=epoch, seq=result.seq)
        return [done(sent, epoch, result.seq) if is_here else sent]
    if result.status not in ("conflict", "refused"):
        return []
    if result.code == GONE:
        return after_what_is_gone([replace(answered, state=RowState.HELD, code="held", epoch=epoch)], rows)
    stopped = replace(answered, state=RowState(result.status), epoch=epoch)
    held = (one for one in behind(row, rows) if one.state is RowState.KEPT)
    return [stopped, *(replace(one, state=RowState.HELD, code="held", about=row.cmd_id) for one in held)]


def withdrawn(row: Row, result: Result, epoch: int, *, is_here: bool) -> list[Row]:
    """`row`, which was asked about, after `result`: it had its effect, or goes on waiting for a person without one."""
    if result.status == "applied":
        return outcome(row, result, epoch, is_here=is_here, rows=())
    if result.status not in ("conflict", "refused"):
        return []
    without = replace(row, epoch=epoch, seq=None, result=encode(result))
    return [replace(without, state=RowState.HELD, code="old", about="") if row.state is RowState.KEPT else without]


def learnt(row: Row, result: Result, epoch: int, *, reached: int) -> list[Row]:
    """`row`, which a shift leader gave another in the place of, after the `result` of that one: it had its effect (the
    board stands at `reached`), or has none any more, or nothing is known.
    """
    if result.code == "already_done":
        told = Result(cmd_id=row.cmd_id, status="applied", seq=result.seq)
        return outcome(row, told, epoch, is_here=(result.seq or 0) <= reached, rows=())
    is_certain = result.status in ("applied", "conflict")
    return [replace(row, epoch=epoch, seq=None)] if is_certain else []


def released(moved: Iterable[Row], rows: Mapping[str, Row], is_settled: Callable[[Row], bool]) -> list[Row]:
    """What of `rows` (by id) is held behind one that waited for a person and had its effect after all, as `moved` has
    it: it may leave. What the platform has refused for good meanwhile waits for its person.
    """
    new = {row.cmd_id: row.state for row in moved}
    had_effect = (key for key, state in new.items() if state in (RowState.SENT, RowState.DONE))
    through = {key for key in had_effect if key in rows and rows[key].state in WAITING}
    freed: list[Row] = []
    for row in sorted(rows.values(), key=lambda row: row.cseq) if through else ():
        if row.cmd_id in new or (row.state, row.code) != (RowState.HELD, "held") or row.about not in through:
            continue
        answer = result_of(row) if is_settled(row) else None
        if answer is not None:
            freed.append(replace(row, state=RowState.REFUSED, code=answer.code, about=answer.about))
        else:
            freed.append(replace(row, state=RowState.KEPT, code=None, about=None, epoch=None))
            through.add(row.cmd_id)
    return freed


def after_what_is_gone(held: Sequence[Row], rows: Iterable[Row]) -> list[Row]:
    """`held`, where those that are held behind none of `rows`, the open ones, wait for their person themselves: what
    they stood behind was dropped, in this run or just before the last one ended.
    """
    here = {row.cmd_id for row in rows}
    alone = {row.cmd_id for row in held if (row.state, row.code) == (RowState.HELD, "held") and row.about not in here}
    return [replace(row, state=RowState.REFUSED, code=GONE) if row.cmd_id in alone else row for row in held]


def result_of(row: Row) -> Result | None:
    """What the platform last said of it; None when that is nothing, or cannot be read."""
    try:
        return None if row.result is None else decode(row.result, Result)
    except Unreadable:
        return None


def done(row: Row, epoch: int | None, seq: int | None) -> Row:
    """`row` with its effect at `epoch`:`seq`, on the board."""
    return replace(row, state=RowState.DONE, epoch=epoch, seq=seq, code=None, about=None)

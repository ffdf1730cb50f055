"""Judges the cases that are asked for one by one, and how a console keeps them beside its board: I7, I14 and I15."""

import json
from dataclasses import dataclass

from commandcenter.domain.people import Person
from commandcenter.protocol.codec import encode
from tests.faults.console import Console
from tests.faults.judge import Judge
from tests.faults.past import Happened, Ref, is_revision
from tests.faults.rules import as_read, sees


@dataclass(frozen=True, slots=True)
class AskedCase:
    """A request for the case `key` by `user`, who had the role `who` when it reached the platform."""

    key: str
    user: str
    who: Person | None


def judge_answer(judge: Judge, asked: AskedCase, status: int, body: bytes) -> None:
    """I15: who may see the case gets it, others get the same answer as for none; I7: as it is, and as they may read it.

    The role may have changed while it was being asked.
    """
    judge.hall.look()
    row, now = judge.hall.past.last(("case", asked.key)), judge.hall.parts.now(asked.user, judge.hall.now())
    seeing = [who for who in (asked.who, now) if who and row and sees(who, "case", row.now)]
    judge.expect(seeing or status != 200, "I15", f"{asked.key} is shown to {asked.who}")
    judge.expect(status != 404 or len(seeing) < 2, "I15", f"{asked.key} is hidden from {asked.who}")
    if row is not None and seeing and status == 200:
        judge.expect(_is_read(row, json.loads(body), seeing), "I7", f"{asked.key} is shown as {body!r}")


def judge_fetched(judge: Judge, console: Console) -> None:
    """I7: each is a revision that the platform had, as the reader may read it; I15: the reader might see that.

    I14: frames have brought it up to the cursor. One that only the act of a former user or run brought here
    (`doubtful`) stands as its author saw it, until the platform was asked.
    """
    board, person, at = console.desk.board, console.desk.person, console.desk._parts.inbound.position.at
    for ref in board.fetched.refs:
        record = board.fetched.get(ref)
        listed = any(one.id == ref[1] for one in board.all(ref[0]))
        judge.expect(not listed or ref in board.overlay.refs, "I6", f"{console.name} lists {ref}, which ended long ago")
        if person is None or at is None or board.find(*ref) is None or ref in board.fetched.doubtful:
            continue
        ever = (row for epoch in judge.hall.past.epochs for way in _ways(judge, ref, epoch) for row in way)
        rows = [row for row in ever if is_revision(row, record)]
        judge.expect(rows, "I7", f"{console.name} fetched {ref} {record}, which never was")
        readers = [who for who in (person, console.person) if who]
        seen = [row for row in rows if any(sees(who, "case", row.now) for who in readers)]
        judge.expect(not rows or seen, "I15", f"{console.name} fetched {ref}, out of {person.scope}")
        said = json.loads(encode(board.as_read(record)))
        true = any(_is_read(row, said, readers) for row in seen)
        judge.expect(not seen or true, "I7", f"{console.name} has other content in {ref}, fetched")
        ways = [[row for row in way if row.seq <= at.seq] for way in _ways(judge, ref, at.epoch)]
        level = any(not way or way[-1].rev <= record.rev for way in ways)
        judge.expect(level, "I14", f"{console.name} is behind at {ref}, fetched")


def _is_read(row: Happened, said: object, readers: list[Person]) -> bool:
    """Returns whether one of `readers` may read the case of `row` as `said`."""
    return row.after is None or any(said == as_read(who, row.case, json.loads(row.after)) for who in readers)


def _ways(judge: Judge, ref: Ref, epoch: int) -> list[list[Happened]]:
    return [[row for row in way if row.ref == ref] for way in judge.hall.past.ways(epoch)]

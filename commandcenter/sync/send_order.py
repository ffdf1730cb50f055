"""Orders commands first in, first out per record that they name: what may leave now, and what waits for what. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commandcenter.cache.journal_row import WAITING, JournalRow, RowState
from commandcenter.domain.commands import NAMES
from commandcenter.domain.records import Ref
from commandcenter.domain.rules import Offline

OLD = 4 * 3600.0
MARGIN = timedelta(days=1)  # by which the time recorded for an act may be wrong
GIVEN_BACK = "given_back"  # a shift leader adopted it and dropped it again
PARKED = "parked"  # the platform fails on it but takes others; it is retried, and may be dropped
_ELSEWHERE = frozenset({"other_user", "behind_other"})


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a command cannot leave, by `code`.

    held: behind `about`, a command that waits for a person; other_user, other_district: it is by or for another one;
    behind_other: a command of the user `about` comes first; stuck: it must not leave now; behind_stuck: behind `about`,
    which must not; behind_unanswered: the answer to the command `about` comes first.
    """

    code: str
    about: str


def plan(
    rows: Sequence[JournalRow], *, user: str, district: str, stuck: Collection[str] = ()
) -> tuple[tuple[JournalRow, ...], dict[str, Blocker]]:
    """Returns the commands that may leave together under the sign-in of `user`, in order, and why other kept ones wait.

    `rows` are the open commands in the order given; `stuck` are the ids of those that must not leave now. A command
    that does not depend (`dep`) on its predecessor waits for the answer to that one.
    """
    blocked: dict[Ref, Blocker] = {}
    last: dict[Ref, str] = {}
    chosen: list[JournalRow] = []
    why: dict[str, Blocker] = {}
    waiting: set[str | None] = set()
    for row in rows:
        if row.state is RowState.SENT:
            continue
        before = next((blocked[ref] for ref in row.refs if ref in blocked), None)
        own = _own_hindrance(row, user, district, stuck)
        hindrance = before or own
        if hindrance is None:
            if row.dep not in waiting and all(last.get(ref, row.dep) == row.dep for ref in row.refs):
                chosen.append(row)
                last |= dict.fromkeys(row.refs, row.cmd_id)
            else:
                first = next((last[ref] for ref in row.refs if last.get(ref, row.dep) != row.dep), row.dep)
                why[row.cmd_id] = Blocker("behind_unanswered", first or "")
                last |= dict.fromkeys(row.refs, row.cmd_id)  # what comes behind it waits as well
                waiting.add(row.cmd_id)
            continue
        if row.state is RowState.KEPT:
            why[row.cmd_id] = hindrance
        behind = (None if _waits_itself(row) else before) or _seen_from_behind(row, own or hindrance)
        blocked |= {ref: behind for ref in row.refs if ref not in blocked}
    return tuple(chosen), why


def not_after_failed(rows: Iterable[JournalRow], failed: Collection[str]) -> tuple[JournalRow, ...]:
    """Returns those of `rows`, in order, that have not `failed` and stand behind none that has."""
    refs: set[Ref] = set()
    found: list[JournalRow] = []
    for row in rows:
        if row.cmd_id in failed or refs & set(row.refs):
            refs |= set(row.refs)
        else:
            found.append(row)
    return tuple(found)


def first_per_record(rows: Iterable[JournalRow]) -> tuple[JournalRow, ...]:
    """Returns those of `rows`, in order, that stand behind none of the others: each may leave alone."""
    refs: set[Ref] = set()
    found: list[JournalRow] = []
    for row in rows:
        if not refs & set(row.refs):
            found.append(row)
        refs |= set(row.refs)
    return tuple(found)


def all_wait(rows: Collection[JournalRow], user: str, code: str, about: str = "") -> dict[str, tuple[str, str]]:
    """Returns (code, about) by id while nothing leaves: those given for `user`; other commands wait for their users."""
    others = ((row, row.code in _ELSEWHERE) for row in rows if row.user != user)
    theirs = {
        row.cmd_id: (row.code or "", row.about or "") if is_known else ("other_user", row.user)
        for row, is_known in others
    }
    return theirs | {row.cmd_id: (code, about) for row in rows if row.user == user}


def is_parked(row: JournalRow) -> bool:
    """Returns whether a person may decide on a command that is still tried, because the platform fails on it alone."""
    return row.state is RowState.KEPT and row.code == PARKED


def is_old(row: JournalRow, mono: float, boot: str) -> bool:
    """Returns whether a command whose author is asked when it is old has waited so long, or for an unknown time."""
    command = NAMES.get(row.type)
    is_asked = command is not None and command.rule.offline is Offline.ASKED
    return is_asked and (row.boot != boot or mono - row.acted_at > OLD)


def may_be_forgotten(row: JournalRow, now: datetime, memory: timedelta) -> bool:
    """Returns whether a platform that knows outcomes for `memory` may have forgotten this one, if it ever had it."""
    return row.state is RowState.KEPT and not -MARGIN <= now - row.made_at < memory - MARGIN


def blocker(row: JournalRow, rows: Iterable[JournalRow]) -> JournalRow | None:
    """Returns the first earlier command on a record of `row` that waits for a person, or None."""
    refs = set(row.refs)
    earlier = (one for one in rows if one.cseq < row.cseq and one.state in WAITING and refs & set(one.refs))
    return min(earlier, key=lambda one: one.cseq, default=None)


def predecessor(refs: Iterable[Ref], user: str, rows: Iterable[JournalRow]) -> JournalRow | None:
    """Returns the last unanswered command of `user` on one of `refs`, on which a new one depends; None without one."""
    named = set(refs)
    kept = (one for one in rows if one.user == user and one.state is RowState.KEPT and named & set(one.refs))
    return max(kept, key=lambda one: one.cseq, default=None)


def behind(row: JournalRow, rows: Iterable[JournalRow]) -> tuple[JournalRow, ...]:
    """Returns the later commands that stand behind `row` on one of its records, or behind one of those.

    They are kept, held, or given back to the user of `row`, who decides on both together.
    """
    refs, found = set(row.refs), []
    for one in sorted(rows, key=lambda one: one.cseq):
        if one.cseq > row.cseq and _follows(one, row.user) and refs & set(one.refs):
            refs |= set(one.refs)
            found.append(one)
    return tuple(found)


def first_waiting(rows: Iterable[JournalRow]) -> dict[str, str]:
    """Returns, for each command that stands behind some that wait for a person themselves, the id of the first."""
    ordered = sorted(rows, key=lambda one: one.cseq)
    found: dict[str, str] = {}
    for row in ordered:
        if _waits_itself(row):
            found = {one.cmd_id: row.cmd_id for one in behind(row, ordered)} | found
    return found


def is_held_behind(row: JournalRow) -> bool:
    """Returns whether the command waits for no other reason than that it stands behind one that waits for a person."""
    return (row.state, row.code) == (RowState.HELD, "held")


def _waits_itself(row: JournalRow) -> bool:
    return row.state in WAITING and not is_held_behind(row)


def _follows(row: JournalRow, user: str) -> bool:
    if row.state is not RowState.HELD:
        return row.state is RowState.KEPT
    return row.code == "held" or (row.code == GIVEN_BACK and row.user == user)


def _own_hindrance(row: JournalRow, user: str, district: str, stuck: Collection[str]) -> Blocker | None:
    if row.state in WAITING:
        return Blocker("held", row.cmd_id)
    if row.user != user:
        return Blocker("other_user", row.user)
    if row.district != district:
        return Blocker("other_district", row.district)
    return Blocker("stuck", row.cmd_id) if row.cmd_id in stuck else None


def _seen_from_behind(row: JournalRow, own: Blocker) -> Blocker:
    if own.code == "held":
        return Blocker("held", row.cmd_id)
    return Blocker("behind_stuck", row.cmd_id) if own.code == "stuck" else Blocker("behind_other", row.user)

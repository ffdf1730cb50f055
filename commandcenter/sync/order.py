"""First in, first out for every record that a command names: what may leave now, and what waits for what. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commandcenter.cache.row import WAITING, Ref, Row, RowState

OLD = 4 * 3600.0
MARGIN = timedelta(days=1)  # by which a console's idea of when an act was given may be wrong
GIVEN_BACK = "given_back"  # a shift leader took it over and could not do it either
PARKED = "parked"  # the platform fails on it while it takes others; tried now and then, it may be dropped
ASKED_WHEN_OLD = frozenset({"dispatch"})
_ELSEWHERE = frozenset({"other_user", "behind_other"})


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a command cannot leave: `code` held (behind `about`, a command that waits for a person), other_user,
    other_district, behind_other (a command of the user `about` comes first), stuck, behind_stuck, behind_unanswered
    (the answer to the command `about` comes first).
    """

    code: str
    about: str


def plan(
    rows: Sequence[Row], *, user: str, district: str, stuck: Collection[str] = ()
) -> tuple[tuple[Row, ...], dict[str, Hindrance]]:
    """The commands that may leave together under the sign-in of `user`, in order; why each other one that is kept not.

    `rows` are the open ones in the order given; `stuck` are the ids of commands that do not leave now by themselves.
    One that does not name its predecessor as what it depends on waits for the answer to that one.
    """
    blocked: dict[Ref, Hindrance] = {}
    last: dict[Ref, str] = {}
    chosen: list[Row] = []
    why: dict[str, Hindrance] = {}
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
                why[row.cmd_id] = Hindrance("behind_unanswered", first or "")
                last |= dict.fromkeys(row.refs, row.cmd_id)  # and whatever comes behind it waits as well
                waiting.add(row.cmd_id)
            continue
        if row.state is RowState.KEPT:
            why[row.cmd_id] = hindrance
        behind = before or _seen_from_behind(row, hindrance)
        blocked |= {ref: behind for ref in row.refs if ref not in blocked}
    return tuple(chosen), why


def not_behind(rows: Iterable[Row], failed: Collection[str]) -> tuple[Row, ...]:
    """Those of `rows`, in order, that have not `failed` and stand behind none that has."""
    refs: set[Ref] = set()
    found: list[Row] = []
    for row in rows:
        if row.cmd_id in failed or refs & set(row.refs):
            refs |= set(row.refs)
        else:
            found.append(row)
    return tuple(found)


def foremost(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Those of `rows`, in order, that stand behind none of the others: each may leave alone."""
    refs: set[Ref] = set()
    found: list[Row] = []
    for row in rows:
        if not refs & set(row.refs):
            found.append(row)
        refs |= set(row.refs)
    return tuple(found)


def all_wait(rows: Collection[Row], user: str, code: str, about: str = "") -> dict[str, tuple[str, str]]:
    """(code, about) by id: all commands of `user` wait for what `code` says, those of others for their own people."""
    others = ((row, row.code in _ELSEWHERE) for row in rows if row.user != user)
    theirs = {
        row.cmd_id: (row.code or "", row.about or "") if is_known else ("other_user", row.user)
        for row, is_known in others
    }
    return theirs | {row.cmd_id: (code, about) for row in rows if row.user == user}


def is_parked(row: Row) -> bool:
    """Whether a person may decide on a command that is still tried, because the platform fails on it alone."""
    return row.state is RowState.KEPT and row.code == PARKED


def is_old(row: Row, mono: float, boot: str) -> bool:
    """Whether a dispatch command has waited so long, or nobody knows how long, that its author is asked first."""
    return row.type in ASKED_WHEN_OLD and (row.boot != boot or mono - row.acted_at > OLD)


def may_be_forgotten(row: Row, now: datetime, memory: timedelta) -> bool:
    """Whether a platform that forgets what became of a command after `memory` may have forgotten this one, if it ever
    had it.
    """
    return row.state is RowState.KEPT and not -MARGIN <= now - row.made_at < memory - MARGIN


def blocker(row: Row, rows: Iterable[Row]) -> Row | None:
    """The first earlier command on one of the records of `row` that waits for a person."""
    refs = set(row.refs)
    earlier = (one for one in rows if one.cseq < row.cseq and one.state in WAITING and refs & set(one.refs))
    return min(earlier, key=lambda one: one.cseq, default=None)


def predecessor(refs: Iterable[Ref], user: str, rows: Iterable[Row]) -> Row | None:
    """The last command of `user` on one of `refs` that has no answer yet: what a new one depends on."""
    named = set(refs)
    kept = (one for one in rows if one.user == user and one.state is RowState.KEPT and named & set(one.refs))
    return max(kept, key=lambda one: one.cseq, default=None)


def behind(row: Row, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The later commands that stand behind `row` on a record of it, or behind one of those: kept, held, or given back
    to whose `row` is, who decides on both in one.
    """
    refs, found = set(row.refs), []
    for one in sorted(rows, key=lambda one: one.cseq):
        if one.cseq > row.cseq and _follows(one, row.user) and refs & set(one.refs):
            refs |= set(one.refs)
            found.append(one)
    return tuple(found)


def _follows(row: Row, user: str) -> bool:
    if row.state is not RowState.HELD:
        return row.state is RowState.KEPT
    return row.code == "held" or (row.code == GIVEN_BACK and row.user == user)


def _own_hindrance(row: Row, user: str, district: str, stuck: Collection[str]) -> Hindrance | None:
    if row.state in WAITING:
        return Hindrance("held", row.cmd_id)
    if row.user != user:
        return Hindrance("other_user", row.user)
    if row.district != district:
        return Hindrance("other_district", row.district)
    return Hindrance("stuck", row.cmd_id) if row.cmd_id in stuck else None


def _seen_from_behind(row: Row, own: Hindrance) -> Hindrance:
    if own.code == "held":
        return Hindrance("held", row.cmd_id)
    return Hindrance("behind_stuck", row.cmd_id) if own.code == "stuck" else Hindrance("behind_other", row.user)

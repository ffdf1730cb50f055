"""The invariants of the protocol that hold between any two steps, and those that hold when the faults have ended.

Where they are checked: I1 (`Judge.watch`, `_shown`), I2, I3, I10, I13, I16, I18, I20 (`effects.judge_effects`),
I4 (`Judge._came_to_end`, `at_rest`, `answers.Answers`), I5 (`Schedule`'s forger), I6, I7, I8, I9, I12, I14, I15,
I19 (`between_steps`; what of I12 is true, `reasons`), of answers I4, I7, I13, I15 (`answers.Answers`),
I11, I12, I17 (`at_rest`). I4 is asked of dropped commands too: what is dropped has no effect, or is not dropped.
I3 and I20 are asked of what a shift leader takes over too: one act has one effect, whoever gave it, and names both.
Left out, for their nouns do not exist yet: of I10 crews with two jobs and leads of a case, of I15 searches and
exports, of I16 reveals and the chain.
"""

import json
import math
from datetime import timedelta
from typing import Any

from commandcenter.cache.row import RowState
from commandcenter.domain.people import Person
from commandcenter.protocol.codec import encode
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.connection import State
from commandcenter.sync.desk import Desk
from tests.faults.console import Console
from tests.faults.judge import Judge
from tests.faults.past import Happened, Ref
from tests.faults.reasons import Waits, has_to_wait, is_true
from tests.faults.rules import as_read, reads

LOST_WITHIN = 60.0  # seconds within which lost scope is gone
TOLD_WITHIN = 60.0  # seconds within which an act that has not left says why
FORGOTTEN_WITHIN = 1.0  # seconds that a disk may take to forget a board
STAYS = 86400.0  # seconds that a case stays on boards after its end
_WAITS = frozenset({"other_user", "behind_other", "parked", "behind_unanswered"})  # for others, or its next try


def between_steps(judge: Judge, console: Console) -> None:
    """I6, I7, I8, I9, I12, I14, I15, I19 at one console."""
    desk = console.desk
    at = desk._rooms.inbound.standing
    if at is not None:
        people = judge.hall.parts.was.get((at.epoch, at.user, at.scope_ver))
        judge.expect(people, "I15", f"{console.name} has a board of {at.user}, who was nobody at {at.scope_ver}")
        if people:
            was, expected = _view(judge, console, people, at.epoch, at.seq)
            _as_of_cursor(judge, console, was, expected)
            _of_now(judge, console, was)
        _once_on_screen(judge, desk, at.epoch, at.seq)
    _of_who_sits_here(judge, console)
    is_nobody = (desk.connection.state, desk.connection.code) == (State.REFUSED, "no_role")
    for act in desk.acts.open if is_nobody else ():  # while the platform is asked whether that is so, all wait for it
        judge.expect(act.code or act.delivery is Delivery.SENT, "I12", f"{act.name} {act.cmd_id} waits for no reason")
    _says_why(judge, console)
    _says_true(judge, console)
    judge.expect(console.link.most_under_way <= 1, "I19", f"{console.name}: two requests with commands at once")
    judge.expect(len(desk.acts.recent) <= 200, "I19", f"{console.name} remembers {len(desk.acts.recent)} acts")
    most = 4 * len(judge.consoles)
    listeners = judge.hall.platform.publisher.listeners()
    judge.expect(listeners <= most, "I19", f"{listeners} streams are open for {len(judge.consoles)} consoles")
    judge.expect(not console.errors, "I19", f"{console.name}: {console.errors[:1]!r}")


def _says_why(judge: Judge, console: Console) -> None:
    """I12: whatever has been kept for a minute without having left says why, at every look."""
    now = judge.hall.true()
    mute = {act.cmd_id: act for act in console.desk.acts.open if act.delivery is Delivery.KEPT and not act.code}
    console.mute_since = {key: console.mute_since.get(key, now) for key in mute}
    for key, since in console.mute_since.items():
        for_long = (now - since).total_seconds() > TOLD_WITHIN
        judge.expect(not for_long, "I12", f"{console.name}: {mute[key].name} {key} is kept for no reason")


def _says_true(judge: Judge, console: Console) -> None:
    """I12: and what it says is so, or was a minute ago: by what the console's link saw, at every look."""
    saw, now = console.link.saw, judge.hall.loop.time()
    console.full_at = now if console.full else console.full_at
    for act in console.desk.acts.open:
        if act.code and (act.delivery is Delivery.KEPT or (act.state, act.code) == ("held", "held")):
            waits = Waits(
                code=act.code,
                about=act.about or "",
                user=act.user,
                name=act.name,
                age=_age(judge, act),
                now=now,
                sits=saw.sits,
                seated=now - saw.sits_at,
                live=saw.live,
                asked=saw.asked,
                called=saw.called,
                greeted_at=saw.greeted_at,
                full=now - console.full_at,
                passed_at=saw.passed_at,
                earlier=judge.earlier(console, act),
                met=tuple(saw.met.values()),
                tried=saw.tried.get(act.cmd_id),
            )
            if not is_true(waits):
                judge.expect(False, "I12", f"{console.name}: {act.name} {act.cmd_id} is kept for {waits}")


def _age(judge: Judge, act: Act) -> float:
    """Days since it was given; without an end while the platform's clock has just jumped, or nobody knows."""
    if act.made_at is None or judge.hall.loop.time() - judge.hall.jumped_at <= TOLD_WITHIN:
        return math.inf
    return (judge.hall.now() - act.made_at) / timedelta(days=1)


def _of_who_sits_here(judge: Judge, console: Console) -> None:
    """The board is of who is signed in, not of whom the console believes: the platform knows to whom it speaks."""
    desk, at, now = console.desk, console.desk._rooms.inbound.standing, judge.hall.true()
    if desk.person is not None and at is not None and at.user != desk.person.user:
        judge.expect(False, "I15", f"{console.name}: {desk.person} sees the board of {at.user}")
    if desk.person is not None and desk.connection.state is State.LIVE:
        listens, user = console.link.listens_as, desk.person.user
        judge.expect(listens == user, "I15", f"{console.name}: {user} is told what {listens} is")
    if at is None and any(_base(desk, kind) for kind in ("case", "crew")):
        since = judge.nobodys.setdefault(console.name, now)
        late = (now - since).total_seconds() > FORGOTTEN_WITHIN
        judge.expect(not late, "I15", f"{console.name} has had a board of nobody since {since}")
    else:
        judge.nobodys.pop(console.name, None)


def _of_now(judge: Judge, console: Console, was: Person) -> None:
    """Who has become somebody else, or nobody, has no board of before after a minute without other faults."""
    hall = judge.hall
    now, true = hall.now(), hall.true()
    since = max(hall.parts.turned_at(was.user, now, ahead=hall.ahead), console.troubled_at)
    late = (true - since).total_seconds() > LOST_WITHIN and hall.parts.now(was.user, now) != was
    judge.expect(not late, "I15", f"{console.name} still shows the board of {was.user} {true - since} later")


def _view(
    judge: Judge, console: Console, people: list[Person], epoch: int, seq: int
) -> tuple[Person, dict[Ref, Happened]]:
    """Who the board is of, and what it should hold at the cursor.

    Where the platform's files or clock were set back, the same numbers stand for several: then for the one that fits.
    """
    ways = range(len(judge.hall.past.ways(epoch)))
    views = ((who, judge.hall.past.board(who.scope, epoch, seq, way=way)) for who in people for way in ways)
    first = next(views)
    if len(people) == len(ways) == 1:
        return first
    return next((view for view in (first, *views) if _shows(judge, console, *view)), first)


def _shows(judge: Judge, console: Console, who: Person, expected: dict[Ref, Happened]) -> bool:
    """Whether the console's board is that one, record by record."""
    here = {(kind, one.id): one for kind in ("case", "crew") for one in _base(console.desk, kind)}
    missing = (row for ref, row in expected.items() if ref not in here)
    is_here = here.keys() <= expected.keys() and all(may_have_left(judge, row) for row in missing)
    return is_here and all(_is(who, expected[ref], one) for ref, one in here.items())


def _is(who: Person, row: Happened, record: Any) -> bool:
    return bool(row.rev == record.rev and (row.after is None or encode(record) == _as_read(who, row)))


def may_have_left(judge: Judge, row: Happened) -> bool:
    """Whether the record may be gone from boards by the clock: a case that ended more than a day ago."""
    ended = row.case is not None and row.case.stage == "closed"
    return ended and judge.hall.latest.timestamp() - row.at > STAYS


def _as_of_cursor(judge: Judge, console: Console, who: Person, expected: dict[Ref, Happened]) -> None:
    """The board is exactly what the platform had at the cursor for `who` sits there, and as they may read it."""
    at = console.desk._rooms.inbound.standing
    where = f"{console.name} at {at.epoch}:{at.seq}" if at is not None else console.name
    here = {(kind, record.id): record for kind in ("case", "crew") for record in _base(console.desk, kind)}
    for ref in here.keys() - expected.keys():
        judge.expect(False, "I15", f"{where} keeps {ref}, out of {who.scope}")
    for ref, row in expected.items():
        record, known = here.get(ref), console.agreed.get(ref)
        if known is None or known[0] is not record or known[1] is not row or known[2] is not who:
            rev = record.rev if record is not None else row.rev if may_have_left(judge, row) else 0
            judge.expect(rev <= row.rev, "I6", f"{where} has {ref} at {rev}, not {row.rev}")
            judge.expect(rev >= row.rev, _lag(judge, row), f"{where}: {ref} {rev} < {row.rev}")
            same = record is None or row.after is None or rev != row.rev or encode(record) == _as_read(who, row)
            judge.expect(same, "I7", f"{where} has other content in {ref} {rev}")
            if record is not None and same and rev == row.rev:
                console.agreed[ref] = (record, row, who)  # none of them changes: one look at the three is enough


def _as_read(who: Person, row: Happened) -> bytes | None:
    if row.after is None or row.case is None or reads(who, row.case):
        return row.after
    return json.dumps(as_read(who, row.case, json.loads(row.after)), ensure_ascii=False, separators=(",", ":")).encode()


def _lag(judge: Judge, row: Happened) -> str:
    """A frame left out is I14; if it is the console's own act that is missing from its view, I9 as well."""
    return "I9" if row.cmd_id in judge.given else "I14"


def _base(desk: Desk, kind: str) -> list:
    return list(desk.board._base[kind].values())


def _once_on_screen(judge: Judge, desk: Desk, epoch: int, seq: int) -> None:
    """I8: no act is laid over a record that has its effect already, none is laid over it twice."""
    acts = desk.board.overlay.acts
    judge.expect(len({act.cmd_id for act in acts}) == len(acts), "I8", "an act is pending twice")
    done = {row.cmd_id: row for row in judge.hall.past.epochs.get(epoch, ()) if row.seq <= seq} if acts else {}
    for act in acts:
        row = done.get(act.cmd_id)
        record = desk.board.confirmed(*act.ref)
        has_it = row is not None and record is not None and record.rev >= row.rev
        twice = has_it and act.facts and act.delivery is not Delivery.NEEDS_YOU
        judge.expect(not twice, "I8", f"{act.name} {act.cmd_id} is on the board and laid over it")


def converged(judge: Judge, console: Console) -> str:
    """Why the console does not show yet what the platform has; empty when it does."""
    desk, at, person = console.desk, console.desk._rooms.inbound.standing, console.person
    if person is None:
        return "" if at is None or at.user != console.user else f"{console.user} is nobody and has a board"
    if desk.connection.state is not State.LIVE or desk.connection.stale or at is None:
        return f"{desk.connection.state} {desk.connection.code} stale={desk.connection.stale}"
    if at.epoch != judge.hall.past.epoch or at.user != console.user:
        return f"epoch {at.epoch}, seat of {at.user}"
    if (desk.person, desk.has_role) != (person, True):
        return f"{desk.person} sits here instead of {person}"
    expected = judge.hall.past.board(person.scope, at.epoch, 1 << 60)
    here: dict[Ref, int] = {(k, r.id): r.rev for k in ("case", "crew") for r in _base(desk, k)}
    whole = {ref: row.rev for ref, row in expected.items() if ref in here or not may_have_left(judge, row)}
    return "" if here == whole else f"at {at.seq}: {here}"


def stalled(console: Console, now: float) -> list[str]:
    """I12: the acts that are neither done, nor say what they wait for, unless the platform has asked for patience."""
    if has_to_wait(console.link.saw.met.values(), now):
        return []
    return [
        f"{act.name} {act.cmd_id} {act.delivery.name} {act.code}"
        for act in console.desk.acts.open
        if not (act.code and (act.delivery is Delivery.NEEDS_YOU or act.code in _WAITS))
    ]


def at_rest(judge: Judge) -> None:
    """I4 and I17 for every command that was ever shown, when nothing is under way any more."""
    ended = {RowState.DONE.value: 1, RowState.DROPPED.value: 0, RowState.REFUSED.value: 0, RowState.CONFLICT.value: 0}
    for cmd_id, given in judge.given.items():
        row = judge.row(given.console, cmd_id)
        judge.expect(row, "I1", f"{cmd_id} is gone")
        effects = len({one.seq for one in judge.hall.past.effects(cmd_id)})
        if row and row[0] in ended:
            lost = row[0] == RowState.DONE.value and not effects and judge.hall.past.epoch > 1
            truth = f"{given.act.name} {cmd_id} is {row[0]} at {row[1]}:{row[2]} and has {effects} effects"
            judge.expect(effects == ended[row[0]], "I17" if lost else "I4", truth)

"""The invariants of the protocol that hold between any two steps, and those that hold when the faults have ended.

Where they are checked: I1 (`Judge.watch`, `_shown`), I2, I3, I10, I13, I15, I16, I18, I20 (`effects.judge_effects`),
I4 (`Judge._came_to_end`, `at_rest`), I5 (`schedule._forge`), I6, I7, I8, I9, I12, I14, I15, I19 (`between_steps`; that
the reasons of I12 are true: `reasons`; old cases beside a board: `beside`), I4, I7, I13, I15 of answers
(`answers.Answers`), I11, I12, I17 (`Schedule.calm`, `at_rest`), I21 (`figures.judge_steps`).
I4 covers dropped commands too: a dropped command has no effect, or it is not dropped. I3 and I20 cover what a shift
leader takes over: one act has one effect, no matter who gave it, and names both.
Not checked, because the program does not have them yet: crews with two jobs and leads of a case (I10), searches and
exports (I15), reveals and the chain (I16).
"""

import json
import math
from datetime import timedelta
from typing import Any

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.people import Person
from commandcenter.protocol.codec import encode
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.connection import State
from commandcenter.sync.desk import Desk
from tests.faults.beside import judge_fetched
from tests.faults.console import Console
from tests.faults.judge import Judge
from tests.faults.past import Happened, Ref
from tests.faults.reasons import Waits, has_to_wait, is_true
from tests.faults.rules import LIVE, as_read, reads

LOST_WITHIN = 60.0  # seconds within which records of a lost scope leave the board
TOLD_WITHIN = 60.0  # seconds within which an unsent act shows why it waits
FORGOTTEN_WITHIN = 1.0  # seconds that deleting a board may take on the disk
STAYS = 86400.0  # seconds that an ended case stays on boards
_WAITS = frozenset({"other_user", "behind_other", "parked", "behind_unanswered"})  # for others or for the next try


def between_steps(judge: Judge, console: Console) -> None:
    """Checks I6, I7, I8, I9, I12, I14, I15 and I19 at one console."""
    desk = console.desk
    at = desk._parts.inbound.position.at
    if at is not None:
        people = judge.hall.parts.was.get((at.epoch, at.user, at.scope_ver))
        judge.expect(people, "I15", f"{console.name} has a board of {at.user}, who was nobody at {at.scope_ver}")
        if people:
            was, expected = _view(judge, console, people, at.epoch, at.seq)
            _as_of_cursor(judge, console, was, expected)
            _of_now(judge, console, was)
        _once_on_screen(judge, desk, at.epoch, at.seq)
    _of_who_sits_here(judge, console)
    judge_fetched(judge, console)
    is_nobody = (desk.connection.state, desk.connection.code) == (State.REFUSED, "no_role")
    for act in desk.acts.open if is_nobody else ():  # all acts wait while the platform is asked again about the role
        judge.expect(act.code or act.delivery is Delivery.SENT, "I12", f"{act.name} {act.cmd_id} waits for no reason")
    _says_why(judge, console)
    _says_true(judge, console)
    _agrees(judge, console)
    judge.expect(console.link.most_under_way <= 1, "I19", f"{console.name}: two requests with commands at once")
    judge.expect(len(desk.acts.recent) <= 200, "I19", f"{console.name} remembers {len(desk.acts.recent)} acts")
    most = 4 * len(judge.consoles)
    listeners = judge.hall.platform.publisher.listeners()
    judge.expect(listeners <= most, "I19", f"{listeners} streams are open for {len(judge.consoles)} consoles")
    judge.expect(not console.errors, "I19", f"{console.name}: {console.errors[:1]!r}")


def _says_why(judge: Judge, console: Console) -> None:
    """I12: an act that has been kept for a minute without being sent shows the reason."""
    now = judge.hall.true()
    mute = {act.cmd_id: act for act in console.desk.acts.open if act.delivery is Delivery.KEPT and not act.code}
    console.mute_since = {key: console.mute_since.get(key, now) for key in mute}
    for key, since in console.mute_since.items():
        for_long = (now - since).total_seconds() > TOLD_WITHIN
        judge.expect(not for_long, "I12", f"{console.name}: {mute[key].name} {key} is kept for no reason")


def _says_true(judge: Judge, console: Console) -> None:
    """I12: an unsent act shows a reason that is true or was a minute ago, by what the console's link saw."""
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


def _agrees(judge: Judge, console: Console) -> None:
    """I7: where the disk was never full, the platform's digest is that of the mirror."""
    doubts = [entry for entry in console.desk.connection.log if entry.code == "digest"]
    judge.expect(not doubts or console.full_at > -math.inf, "I7", f"{console.name} has not what the platform has")


def _age(judge: Judge, act: Act) -> float:
    """Returns the days since the act was given; infinite when unknown or when the platform's clock has just jumped."""
    if act.made_at is None or judge.hall.loop.time() - judge.hall.jumped_at <= TOLD_WITHIN:
        return math.inf
    return (judge.hall.now() - act.made_at) / timedelta(days=1)


def _of_who_sits_here(judge: Judge, console: Console) -> None:
    """I15: board and stream are those of the signed-in user, by the platform's records and not by the console's."""
    desk, at, now = console.desk, console.desk._parts.inbound.position.at, judge.hall.true()
    if desk.person is not None and at is not None and at.user != desk.person.user:
        judge.expect(False, "I15", f"{console.name}: {desk.person} sees the board of {at.user}")
    if desk.person is not None and desk.connection.state is State.LIVE:
        listens, user = console.link.listens_as, desk.person.user
        judge.expect(listens == user, "I15", f"{console.name}: {user} is told what {listens} is")
    if at is None and any(_base(desk, kind) for kind in LIVE):
        since = judge.nobodys.setdefault(console.name, now)
        late = (now - since).total_seconds() > FORGOTTEN_WITHIN
        judge.expect(not late, "I15", f"{console.name} has had a board of nobody since {since}")
    else:
        judge.nobodys.pop(console.name, None)


def _of_now(judge: Judge, console: Console, was: Person) -> None:
    """I15: a minute after a role change without other faults, no board of the former role is left."""
    hall = judge.hall
    now, true = hall.now(), hall.true()
    since = max(hall.parts.turned_at(was.user, now, ahead=hall.ahead), console.troubled_at)
    late = (true - since).total_seconds() > LOST_WITHIN and hall.parts.now(was.user, now) != was
    judge.expect(not late, "I15", f"{console.name} still shows the board of {was.user} {true - since} later")


def _view(
    judge: Judge, console: Console, people: list[Person], epoch: int, seq: int
) -> tuple[Person, dict[Ref, Happened]]:
    """Returns the person whose board it is, and what it should hold at the cursor.

    Where the platform's files or clock were set back, the same numbers stand for several boards: then the fitting one.
    """
    ways = range(len(judge.hall.past.ways(epoch)))
    views = ((who, judge.hall.past.board(who, epoch, seq, way=way)) for who in people for way in ways)
    first = next(views)
    if len(people) == len(ways) == 1:
        return first
    return next((view for view in (first, *views) if _shows(judge, console, *view)), first)


def _shows(judge: Judge, console: Console, who: Person, expected: dict[Ref, Happened]) -> bool:
    """Returns whether the console's board is `expected`, record by record."""
    here = {(kind, one.id): one for kind in LIVE for one in _base(console.desk, kind)}
    missing = (row for ref, row in expected.items() if ref not in here)
    is_here = here.keys() <= expected.keys() and all(may_have_left(judge, row) for row in missing)
    return is_here and all(_is(who, expected[ref], one) for ref, one in here.items())


def _is(who: Person, row: Happened, record: Any) -> bool:
    return bool(row.rev == record.rev and (row.after is None or encode(record) == _as_read(who, row)))


def may_have_left(judge: Judge, row: Happened) -> bool:
    """Returns whether the clock may have removed the record from boards: it ended more than a day ago."""
    ended = (row.case is not None and row.case.stage == "closed") or (row.task is not None and row.task.ended)
    return ended and judge.hall.latest.timestamp() - row.at > STAYS


def _as_of_cursor(judge: Judge, console: Console, who: Person, expected: dict[Ref, Happened]) -> None:
    """I6, I7, I9, I14, I15: the board is exactly what the platform had at the cursor, as `who` may see and read it."""
    at = console.desk._parts.inbound.position.at
    where = f"{console.name} at {at.epoch}:{at.seq}" if at is not None else console.name
    here = {(kind, record.id): record for kind in LIVE for record in _base(console.desk, kind)}
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
    """Returns the invariant broken by a missing frame: I14, or I9 when it is the effect of a console's own act."""
    return "I9" if row.cmd_id in judge.given else "I14"


def _base(desk: Desk, kind: str) -> list:
    return list(desk.board._base[kind].values())


def _once_on_screen(judge: Judge, desk: Desk, epoch: int, seq: int) -> None:
    """I8: no act is shown over a record that already has its effect, and none is shown twice."""
    acts = desk.board.overlay.acts
    judge.expect(len({act.cmd_id for act in acts}) == len(acts), "I8", "an act is pending twice")
    open_ids = {act.cmd_id for act in acts if act.facts and act.delivery is not Delivery.NEEDS_YOU}
    rows = judge.hall.past.epochs.get(epoch, ()) if acts else ()
    done = {row.cmd_id for row in rows if row.cmd_id in open_ids and row.seq <= seq and _has(desk, row)}
    for act in acts:
        twice = act.cmd_id in done
        judge.expect(not twice, "I8", f"{act.name} {act.cmd_id} is on the board and laid over it")


def _has(desk: Desk, row: Happened) -> bool:
    record = desk.board.confirmed(*row.ref)
    return record is not None and record.rev >= row.rev


def converged(judge: Judge, console: Console) -> str:
    """Returns why the console does not show yet what the platform has; empty when it does."""
    desk, at, person = console.desk, console.desk._parts.inbound.position.at, console.person
    if person is None:
        return "" if at is None or at.user != console.user else f"{console.user} is nobody and has a board"
    if desk.connection.state is not State.LIVE or desk.connection.stale or at is None:
        return f"{desk.connection.state} {desk.connection.code} stale={desk.connection.stale}"
    if at.epoch != judge.hall.past.epoch or at.user != console.user:
        return f"epoch {at.epoch}, seat of {at.user}"
    if (desk.person, desk.has_role) != (person, True):
        return f"{desk.person} sits here instead of {person}"
    expected = judge.hall.past.board(person, at.epoch, 1 << 60)
    here: dict[Ref, int] = {(k, r.id): r.rev for k in LIVE for r in _base(desk, k)}
    whole = {ref: row.rev for ref, row in expected.items() if ref in here or not may_have_left(judge, row)}
    return "" if here == whole else f"at {at.seq}: {here}"


def stalled(console: Console, now: float) -> list[str]:
    """I12: returns the open acts that show no reason for their waiting; none while the platform asks to wait."""
    if has_to_wait(console.link.saw.met.values(), now):
        return []
    return [
        f"{act.name} {act.cmd_id} {act.delivery.name} {act.code}"
        for act in console.desk.acts.open
        if not (act.code and (act.delivery is Delivery.NEEDS_YOU or act.code in _WAITS))
    ]


def at_rest(judge: Judge) -> None:
    """Checks I4 and I17 for every command that was ever shown, when nothing is under way any more."""
    ended = {RowState.DONE.value: 1, RowState.DROPPED.value: 0, RowState.REFUSED.value: 0, RowState.CONFLICT.value: 0}
    for cmd_id, given in judge.given.items():
        row = judge.row(given.console, cmd_id)
        judge.expect(row, "I1", f"{cmd_id} is gone")
        effects = len({one.seq for one in judge.hall.past.effects(cmd_id)})
        if row and row[0] in ended:
            lost = row[0] == RowState.DONE.value and not effects and judge.hall.past.epoch > 1
            truth = f"{given.act.name} {cmd_id} is {row[0]} at {row[1]}:{row[2]} and has {effects} effects"
            judge.expect(effects == ended[row[0]], "I17" if lost else "I4", truth)

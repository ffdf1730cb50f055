"""Judges the rows that the platform wrote to its log: I2, I3, I10, I13, I15, I16, I18 and I20, by the rules module."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from commandcenter.domain.people import Person
from tests.faults.judge import Given, Judge, refs_of
from tests.faults.past import Happened
from tests.faults.rules import (
    CREWS,
    ENDED,
    OF_TASKS,
    Crew,
    collides,
    command_of,
    holder_of,
    lending,
    may_adopt,
    sees,
    told,
    why_not,
)


def judge_effects(judge: Judge, new: Sequence[Happened]) -> None:
    """Judges the rows `new`, written since the last look."""
    for row in new:
        if row.cmd_id.startswith("begin") or not row.cmd_id:
            continue
        _once(judge, row)
        _placed(judge, row)
        _allowed(judge, row)
        _audited(judge, row)
        given = judge.given.get(row.cmd_id)
        if given is not None:
            _in_order(judge, row, given)
            if row.ref in refs_of(given.act):  # of others that change with these nobody needs to have seen anything
                _not_blind(judge, row, given)
            _named(judge, row, given)
    if new:
        _sent_and_back(judge)
        _asked_and_known(judge)


def _sent_and_back(judge: Judge) -> None:
    """I10: a crew is sent to the cases that say so, and to no others, each of its street and of the holder it knows."""
    board = judge.hall.past.board_of_all()
    cases = {(ref[1], crew) for ref, row in board.items() if row.case is not None for crew in row.case.crews}
    crews = {(case, ref[1]) for ref, row in board.items() if row.crew is not None for case in row.crew.cases}
    judge.expect(cases == crews, "I10", f"cases say {sorted(cases)}, crews {sorted(crews)}")
    for (kind, key), row in board.items():
        for case, holder, street in row.crew.sent if row.crew is not None else ():
            there = board[("case", case)].case
            is_there = street in row.crew.streets(key)
            true = there is not None and (there.holder, there.street) == (holder, street) and is_there
            judge.expect(true, "I10", f"{kind} {key} is sent to {case} of {holder} in {street}, which is {there}")


def _asked_and_known(judge: Judge) -> None:
    """I10: a case names the sub-tasks that are not over, as they are, and they name its holder; an ended case none."""
    board = judge.hall.past.board_of_all()
    for ref, row in board.items():
        if row.case is None or ref[0] != "case":
            continue
        tasks = [one.task for one in board.values() if one.task is not None and one.task.case == ref[1]]
        going = {task.told for task in tasks if not task.ended}
        named = set() if row.case.stage in ENDED else row.case.tasks
        judge.expect(going == named, "I10", f"{ref} names {sorted(named)}, there are {sorted(going)}")
        leads = {task.lead for task in tasks if not task.ended}
        judge.expect(leads <= {row.case.holder}, "I10", f"{ref} is with {row.case.holder}, its sub-tasks know {leads}")


def _once(judge: Judge, row: Happened) -> None:
    seqs = {one.seq for one in judge.hall.past.effects(row.cmd_id)}
    judge.expect(len(seqs) == 1, "I3", f"{row.cmd_id} had its effect at {sorted(seqs)}")
    given = judge.given.get(row.cmd_id)
    family = {key for key, one in judge.given.items() if given is not None and one.root == given.root}
    done = {key for key in family if judge.hall.past.effects(key)}
    judge.expect(len(done) <= 1, "I3", f"one act was done by {sorted(done)}")


def _placed(judge: Judge, row: Happened) -> None:
    """I15: the logged tokens, which decide who gets the record, are the true ones; I10: so is the case's content."""
    was, now = (frozenset() if place is None else told(row.ref[0], place) for place in (row.was, row.now))
    true = row.told == (was, now) or row.after is None
    judge.expect(true, "I15", f"{row.ref} is {row.was}, {row.now} and logged as {row.told}")
    if row.after is not None and row.case is not None:
        case = json.loads(row.after)
        said = (
            *(case.get(name) for name in ("stage", "tier", "street", "responsible")),
            case.get("application") is not None,
            tuple((sent["crew"], sent["unit"]) for sent in case["crews"]),
        )
        crews = tuple((key, CREWS[key][1]) for key in row.case.crews)
        known = (row.case.stage, row.case.tier, row.case.street, row.case.holder, row.case.applied, crews)
        tasks = frozenset((one["holder"], one["kind"], one["state"]) for one in case["tasks"])
        judge.expect(tasks == row.case.tasks, "I10", f"{row.ref} is written with {tasks}, it has {row.case.tasks}")
        judge.expect(said == known, "I10", f"{row.ref} is written as {said} and has become {known}")
    if row.after is not None and row.task is not None:
        task = json.loads(row.after)
        written_task = (task["holder"], task["kind"], task["state"], task["lead"], task["ended_at"] is not None)
        known_task = (*row.task.told, row.task.lead, row.task.ended)
        judge.expect(written_task == known_task, "I10", f"{row.ref} is {written_task} and has become {known_task}")
    if row.after is not None and row.crew is not None:
        written = _written(json.loads(row.after))
        judge.expect(written == row.crew, "I10", f"{row.ref} is written as {written} and has become {row.crew}")


def _written(record: dict[str, Any]) -> Crew:
    """Returns the crew that its record describes; several orders or jobs as one that there cannot be."""
    assignments, lent = record["assignments"], record["loan"]
    by_state: dict[str, list[str]] = {"booked": [], "ordered": [], "current": [], "paused": []}
    for one in assignments:
        by_state[one["state"]].append(one["case"])
    booked = frozenset((one["case"], one["booked_for"]) for one in assignments if one["state"] == "booked")
    order, job = (" and ".join(by_state[state]) or None for state in ("ordered", "current"))
    sent = frozenset((one["case"], one["holder"], one["street"]) for one in assignments)
    loan = None if lent is None else (lent["street"], frozenset(lent["agreed"]), lent["until"])
    return Crew(order, job, tuple(by_state["paused"]), booked, sent, loan)


def _allowed(judge: Judge, row: Happened) -> None:
    """I10: the actor might do that at that moment and at the case's stage; I15: they could see the record."""
    command, at = _command(judge, row), datetime.fromtimestamp(row.at, UTC)
    hands = _who(judge, row.actor, at)
    judge.expect(hands, "I10", f"{row.actor} did {command} and was nobody at {at}")
    reasons = [_against(judge, row, command, hand, at) for hand in hands]
    judge.expect(not all(reasons), "I10", f"{row.cmd_id}: {reasons[:1]}")
    street = row.now[0]
    seen = any(row.was is None or row.before is None or sees(hand, row.ref[0], row.was) for hand in hands)
    judge.expect(seen, "I15", f"{row.actor} did {command} to {row.ref} in {street}, out of sight")


def _against(judge: Judge, row: Happened, command: str, hand: Person, at: datetime) -> str | None:
    """Returns why `hand` might not do it, in the place of the person that the row names; None when they might."""
    owner = hand if row.on_behalf_of is None else judge.hall.parts.last(row.on_behalf_of, at)
    if owner is None or (owner is not hand and not may_adopt(hand, owner)):
        return f"{hand} may not do it in the place of {owner}"
    if row.ref[0] == "crew" and str(owner.role) == "unit" and row.now[1] != owner.scope.unit:
        return f"{row.ref} is {row.now[1]}'s, not {owner}'s"
    if row.task is not None and command in OF_TASKS and row.task.told.holder != holder_of(owner.scope):
        return f"{row.ref} is {row.task.told.holder}'s, not {owner}'s"
    if command in ("ask_crew", "agree_loan", "end_loan") and row.crew is not None:
        before = row.crew_before or Crew()
        return why_not(command, owner, None, owner.scope.street) or lending(
            command, owner, row.ref[1], before, row.crew, at
        )
    is_own_part = row.task is not None and holder_of(owner.scope) is not None  # in whichever street the case is
    return why_not(command, owner, row.before, owner.scope.street if is_own_part else row.now[0])


def _who(judge: Judge, user: str, at: datetime) -> list[Person]:
    """Returns the person that `user` was then; two when their role changed in that very microsecond."""
    both = (judge.hall.parts.now(user, moment) for moment in (at, at - timedelta(microseconds=1)))
    return [person for person in both if person is not None]


def _command(judge: Judge, row: Happened) -> str:
    """Returns the name of the command that had this effect: its first fact is the one that it is named for."""
    first = judge.hall.past.effects(row.cmd_id)[0]
    return command_of(*first.facts[0], first.before)


def _audited(judge: Judge, row: Happened) -> None:
    """I16: one audit entry has the user, role, action, records and owner of the effect; I18: its time is right."""
    said = "SELECT user, action, record, on_behalf_of, at FROM audit WHERE cmd_id = ? AND outcome = 'applied'"
    named = " ".join(":".join(one.ref) for one in judge.hall.past.effects(row.cmd_id))
    wanted = (row.actor, _command(judge, row), named, row.on_behalf_of, row.at)
    applied = judge.hall.database.execute(said, (row.cmd_id,)).fetchall()
    judge.expect(applied == [wanted], "I16", f"{row.cmd_id}: audit says {applied} instead of {wanted}")
    said = "SELECT role FROM audit WHERE cmd_id = ? AND outcome = 'applied'"
    roles = {role for (role,) in judge.hall.database.execute(said, (row.cmd_id,))}
    known = {str(person.role) for person in _who(judge, row.actor, datetime.fromtimestamp(row.at, UTC))}
    judge.expect(roles <= known, "I16", f"{row.cmd_id}: audit has {row.actor} as {roles}, not {known}")
    late = abs(judge.hall.now().timestamp() - row.at)
    judge.expect(late < 1.0, "I18", f"{row.cmd_id} at {row.at}, the platform's clock is {late} s away")


def _in_order(judge: Judge, row: Happened, given: Given) -> None:
    for cmd_id, other in judge.given.items():
        act = other.act
        if other.console is not given.console or act.cseq >= given.act.cseq or not refs_of(act) & refs_of(given.act):
            continue
        effects = judge.hall.past.effects(cmd_id)
        is_over = bool(effects) and effects[0].seq < row.seq
        free = is_over or cmd_id in judge.decided
        judge.expect(free, "I2", f"{given.act.name} {row.cmd_id} passed {act.name} {cmd_id}")


def _not_blind(judge: Judge, row: Happened, given: Given) -> None:
    for one in _unseen(judge.hall.past.of(row.ref), row, given):
        blind = collides(given.act.name, one.changed)
        judge.expect(not blind, "I13", f"{given.act.name} {row.cmd_id} over {one.cmd_id} at {one.seq}, unseen")


def _unseen(rows: Iterable[Happened], row: Happened, given: Given) -> list[Happened]:
    """Returns what others had done to the record without the author having seen it."""
    return [
        one for one in rows if one.actor != row.actor and one.seq < row.seq and (one.ref, one.cmd_id) not in given.seen
    ]


def _named(judge: Judge, row: Happened, given: Given) -> None:
    """I20: the log and the facts name both the author of the act and the user who took it over."""
    act = given.act
    told = (row.actor, row.on_behalf_of)
    judge.expect(told == (act.user, act.on_behalf_of), "I20", f"{row.cmd_id} of {act.user} is {told}'s")
    whose = (act.on_behalf_of or act.user, act.user if act.on_behalf_of else None)
    for _, fact in row.facts:
        named = (fact["by"], fact["hand"])
        judge.expect(named == whose, "I20", f"{row.cmd_id} says {named} instead of {whose}")

"""Judges the platform's results for commands as they leave it, by the asker's role at that moment and by the log."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol import paths
from tests.faults.beside import AskedCase, judge_answer
from tests.faults.judge import Judge
from tests.faults.past import Happened, Ref
from tests.faults.rules import as_read, collides, sees

_STRANGER = Person("", Role.LEADER, Scope("d1"))  # sees everything, but reads nothing that is secret


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch on its way to the platform.

    `who`: the role that `user` had when it left; `head`: the log's last sequence then; `first`: the command ids that no
    request had before.
    """

    user: str
    who: Person | None
    batch: dict[str, Any]
    head: int
    first: frozenset[str]


class Answers:
    """The listener of every link: `asking` before a request reaches the platform, `heard` with the answer."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._hall = judge.hall
        self.conflicts: list[tuple[str, int, dict[str, Any]]] = []  # answers that showed a record: user, epoch, command
        self._asked: Counter[str] = Counter()  # how often each command id was sent, except where the answer was 401

    def asking(self, request: httpx.Request, user: str) -> Asked | AskedCase | None:
        """Returns the batch or the case of `request` by `user`; None when it has neither."""
        if request.url.path.startswith(f"{paths.CASES}/"):
            who = self._hall.parts.now(user, self._hall.now()) if user else None
            return AskedCase(request.url.path.removeprefix(f"{paths.CASES}/"), user, who)
        if request.url.path != paths.COMMANDS:
            return None
        batch = json.loads(request.content)
        ids = _ids(batch)
        first = frozenset(key for key in ids if not self._asked[key])
        self._asked.update(ids)
        who = self._hall.parts.now(user, self._hall.now()) if user else None
        return Asked(user, who, batch, self._hall.past.head, first)

    def heard(self, asked: Asked | AskedCase | None, status: int, body: bytes) -> None:
        """Judges the platform's answer to `asked`, before faults of the network can change it."""
        if isinstance(asked, AskedCase):
            judge_answer(self._judge, asked, status, body)
            return
        if asked is not None and status == 401:
            self._asked.subtract(_ids(asked.batch))
        if asked is None or status != 200:
            return
        self._judge.expect(bool(asked.user), "I15", "commands are answered to a token that nobody bought")
        self._hall.look()
        wishes, results = asked.batch["commands"], json.loads(body)["results"]
        whole = len(results) == len(wishes) or (results and results[-1]["status"] == "retry")
        self._judge.expect(whole, "I4", f"{len(results)} answers to {len(wishes)} commands")
        for wish, result in zip(wishes, results, strict=False):
            self._judge.expect(result["cmd_id"] == wish["cmd_id"], "I4", f"{result} answers {wish['cmd_id']}")
            self._true(asked, result)
            self._sighted(asked, wish, result)
            if result.get("current") is not None or result.get("since"):
                self.conflicts.append((asked.user, asked.batch["epoch"], wish))
                self._shown(asked, wish, result)

    def _true(self, asked: Asked, result: dict[str, Any]) -> None:
        """I4: an applied command has its effect exactly where its result says; every other one has no effect."""
        key, epoch, code = result["cmd_id"], asked.batch["epoch"], result.get("code")
        self._judge.expect(code != "internal", "error", f"the platform ends in an error of its own at {key}")
        if result["status"] in ("wrong_epoch", "retry") or code == "id_reused":
            return
        effects = self._hall.past.effects(key, epoch)
        told = {f"{one.ref[0]}:{one.ref[1]}": one.rev for one in effects} if result["status"] == "applied" else {}
        where = [result["seq"]] if result["status"] == "applied" and result.get("seq") is not None else []
        said = (sorted({one.seq for one in effects}), result.get("revs", {}))
        self._judge.expect(said == (where, told), "I4", f"{result['status']} {code} {key}: {said} instead of {where}")
        if code == "already_done":
            by = {one.seq for one in self._hall.past.effects(result["about"], epoch)}
            self._judge.expect(by == {result["seq"]}, "I4", f"{key}: done by {result['about']} at {by}")

    def _sighted(self, asked: Asked, wish: dict[str, Any], result: dict[str, Any]) -> None:
        """I13: an applied command did not overwrite a guarded change that another user made since its base."""
        epoch, bases = asked.batch["epoch"], wish["bases"]
        if result["status"] != "applied" or bases.get("epoch", epoch) != epoch:
            return
        effects = self._hall.past.effects(result["cmd_id"], epoch)
        for effect in (one for one in effects if one.ref[1] in wish["args"].values()):  # others change with these
            base = bases.get(":".join(effect.ref), 0)
            rows = [row for row in self._hall.past.of(effect.ref, epoch) if base < row.rev < effect.rev]
            blind = [row.rev for row in rows if row.actor != asked.user and collides(wish["type"], row.changed)]
            self._judge.expect(not blind, "I13", f"{wish['type']} {result['cmd_id']} from {base} over {blind}")

    def _shown(self, asked: Asked, wish: dict[str, Any], result: dict[str, Any]) -> None:
        """I15: the asker may see the record now; I7: it has the content of its revision; I13: nothing is missing."""
        current = result.get("current")
        if current is None:
            self._judge.expect(False, "I15", f"{result['cmd_id']}: facts of a record that is not shown")
            return
        ref: Ref = (current["kind"], current["record"]["id"])
        last = self._hall.past.last(ref)
        askers = self._askers(asked)
        told = last is not None and any(sees(person, ref[0], last.now) for person in askers)
        self._judge.expect(told, "I15", f"an answer shows {ref} at {last and last.now} to {askers}")
        rows = [row for row in self._hall.past.of(ref) if row.rev <= current["record"]["rev"]]
        self._same(asked, wish, rows, current["record"], result["cmd_id"])
        self._explained(asked, wish, rows, result, ref)

    def _same(
        self, asked: Asked, wish: dict[str, Any], rows: Sequence[Happened], record: dict[str, Any], key: str
    ) -> None:
        newest = rows[-1] if rows else None
        here = newest is not None and newest.rev == record["rev"]
        same = here and newest is not None and (newest.after is None or record in self._read(asked, newest))
        self._judge.expect(same, "I7", f"{key} shows {record['id']} {record['rev']} as it never was")
        if key in asked.first and newest is not None:
            missed = [row.rev for row in self._hall.past.of(newest.ref) if newest.seq < row.seq <= asked.head]
            self._judge.expect(not missed, "I13", f"{key} is shown {newest.rev}, {missed} had happened")

    def _read(self, asked: Asked, row: Happened) -> list[Any]:
        """Returns the record of `row` as each reader may read it now: who reads it depends on who has the case now."""
        shown, last = json.loads(row.after or b"null"), self._hall.past.last(row.ref)
        return [as_read(person, last and last.case, shown) for person in self._readers(asked)]

    def _readers(self, asked: Asked) -> list[Person]:
        """Returns the asker as of then and as of now; for repeated commands also a person who reads no secrets."""
        return (
            [*self._askers(asked), _STRANGER]
            if len(asked.first) < len(asked.batch["commands"])
            else self._askers(asked)
        )

    def _askers(self, asked: Asked) -> list[Person]:
        both = (asked.who, self._hall.parts.now(asked.user, self._hall.now()))
        return [person for person in both if person is not None]

    def _explained(
        self, asked: Asked, wish: dict[str, Any], rows: Sequence[Happened], result: dict[str, Any], ref: Ref
    ) -> None:
        """I13: `since` lists everything that happened after the base, and a conflict has its reason in it."""
        key, bases, epoch = result["cmd_id"], wish["bases"], asked.batch["epoch"]
        since = [(one["type"], one["fact"]) for one in result.get("since", ())]
        base = bases.get(":".join(ref), 0) if bases.get("epoch", epoch) == epoch else None
        if base is None:  # a base in another epoch: `since` begins after what both logs share
            whole = [_told(who, rows, self._hall.past.last(ref)) for who in self._readers(asked)]
            is_last = any(told[len(told) - len(since) :] == since for told in whole)
            self._judge.expect(is_last, "I13", f"{key}: not what happened last")
            return
        unseen = [row for row in rows if row.rev > base]
        happened = [_told(who, unseen, self._hall.past.last(ref)) for who in self._readers(asked)]
        self._judge.expect(since in happened, "I13", f"{key}: told {since} of what happened since {base}, {happened}")
        others = (row.changed for row in unseen if row.actor != asked.user)
        reason = base > rows[-1].rev or any(collides(wish["type"], fields) for fields in others) if rows else True
        self._judge.expect(reason or result["status"] != "conflict", "I13", f"{key}: in conflict with nothing")


def _ids(batch: dict[str, Any]) -> set[str]:
    return {wish["cmd_id"] for wish in batch["commands"]}


def _told(who: Person, rows: Sequence[Happened], last: Happened | None) -> list[tuple[str, Any]]:
    """Returns the facts of `rows` as `who` reads them, with the case as the `last` row left it."""
    case = None if last is None else last.case
    return [(name, as_read(who, case, fact)) for row in rows for name, fact in row.facts]

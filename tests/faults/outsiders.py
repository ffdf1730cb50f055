"""Sends requests that no console of this hall makes: foreign programs, outdated bases, repeated commands."""

import json
import random
from dataclasses import MISSING, fields
from typing import Any
from uuid import UUID

import httpx

from commandcenter.domain.commands import NAMES
from commandcenter.domain.fields import Names, marked
from commandcenter.protocol import paths
from commandcenter.server.errors import HttpProblem
from tests.faults.answers import Answers
from tests.faults.hall import Down, Hall
from tests.faults.past import Happened
from tests.faults.rules import OF_TESTS, POWERS, holder_of
from tests.kit.district import PASSWORD

_POWERS = POWERS | OF_TESTS
_ANSWERS = ("approve_return", "deny_return")
_SAID = {"to": "east-urban", "finding": "x", "reason": "x", "note": "x"}


class Outsider:
    """A client that signs in as any user; the answers to it are judged like all others."""

    def __init__(self, hall: Hall, answers: Answers) -> None:
        self._hall = hall
        self._answers = answers
        self._tokens: dict[str, str] = {}
        self._made = 0

    async def blind(self, chance: random.Random) -> None:
        """Sends a command on a case, based on its current or an older revision, as a user who may give it or not.

        An answer to an application that nobody made comes right after it, from somebody who has not seen it. Of several
        records one alone is based on an older revision.
        """
        cases = [row for ref, row in sorted(self._hall.past.board_of_all().items()) if row.case is not None]
        if not cases:
            return
        applied = [row for row in cases if row.case is not None and row.case.applied]
        row = chance.choice(applied if applied and chance.random() < 0.6 else cases)
        assert row.case is not None
        fit = [name for name, power in _POWERS.items() if row.case.stage in power.stages]
        if not fit:
            return
        name = chance.choice(_ANSWERS if set(_ANSWERS) <= set(fit) and chance.random() < 0.4 else fit)
        roles = _POWERS[name].roles
        users = [key for key, who in self._hall.people.items() if str(who.role) in roles or chance.random() < 0.1]
        epoch = self._hall.past.epoch - (chance.random() < 0.1)
        if name in _ANSWERS and not row.case.applied:
            row = await self._applied_for(row)
        rows = [row, *self._others(name, [one for one in cases if one.ref != row.ref], chance)]
        old = chance.choice(rows)
        bases = {one.ref[1]: one.rev for one in rows} | {old.ref[1]: max(1, old.rev - chance.choice((0, 1, 1, 2, 3)))}
        await self._post(chance.choice(users), self._wish(name, bases, epoch), epoch)

    async def _applied_for(self, row: Happened) -> Happened:
        """Applies for the return of the case of `row` as its holder; returns its newest row."""
        holders = [user for user, who in self._hall.people.items() if holder_of(who.scope) == row.now[1]]
        epoch = self._hall.past.epoch
        await self._post(holders[0], self._wish("apply_return", {row.ref[1]: row.rev}, epoch), epoch)
        return self._hall.past.last(row.ref) or row

    def _others(self, name: str, cases: list[Happened], chance: random.Random) -> list[Happened]:
        """Returns the further cases that the command `name` is about, at a stage for it where there are any."""
        fit = [row for row in cases if row.case is not None and row.case.stage in _POWERS[name].stages]
        return chance.sample(fit or cases, len(marked(NAMES[name], Names)) - 1)

    async def once_more(self, chance: random.Random) -> None:
        """Repeats a command whose answer showed a record, after its user has been given another role for 20 seconds."""
        if not self._answers.conflicts:
            return
        user, epoch, wish = chance.choice(self._answers.conflicts)
        self._hall.becomes(user, chance.choice(tuple(self._hall.people.values())), for_seconds=20.0)
        await self._post(user, wish, epoch)

    async def forged(self, user: str, cmd_id: str) -> list[dict[str, Any]]:
        """Returns the results for a used command id with another body."""
        wish = self._wish("report", {"c1": 1}, self._hall.past.epoch) | {"cmd_id": cmd_id}
        return await self._post(user, wish, self._hall.past.epoch)

    def _wish(self, name: str, bases: dict[str, int], epoch: int) -> dict[str, Any]:
        self._made += 1
        now = self._hall.now()
        cmd_id = str(UUID(int=int(now.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62 | 9 << 40 | self._made))
        shape: Any = NAMES[name]
        needed = (one.name for one in fields(shape) if one.default is MISSING and one.name in _SAID)
        named = (field for field, _ in marked(shape, Names))
        args = dict(zip(named, bases, strict=True)) | {field: _SAID[field] for field in needed}
        seen = {f"case:{case}": base for case, base in bases.items()} | {"epoch": epoch}
        return {"cmd_id": cmd_id, "cseq": 1, "type": name, "args": args, "made_at": now.isoformat(), "bases": seen}

    async def _post(self, user: str, wish: dict[str, Any], epoch: int) -> list[dict[str, Any]]:
        """Returns the results; none when the sign-in or the request fails. Signs in again after a 401."""
        content = json.dumps({"epoch": epoch, "console_id": "outside", "commands": [wish]}).encode()
        try:
            status, answer = await self._said(user, content)
            if status == 401:
                del self._tokens[user]
                status, answer = await self._said(user, content)
        except (Down, HttpProblem):
            return []
        found: list[dict[str, Any]] = json.loads(answer)["results"] if status == 200 else []
        return found

    async def _said(self, user: str, content: bytes) -> tuple[int, bytes]:
        """Returns the status and body of the answer; raises Down, or HttpProblem when `user` cannot sign in."""
        headers = {"authorization": f"Bearer {await self._token(user)}", "content-type": "application/json"}
        request = httpx.Request("POST", f"http://127.0.0.1{paths.COMMANDS}", headers=headers, content=content)
        asked = self._answers.asking(request, user)
        raw = [(name.lower(), value) for name, value in request.headers.raw]
        spoken = await self._hall.call("POST", paths.COMMANDS, b"", raw, content)
        answer = b"".join([piece async for piece in spoken])
        self._answers.heard(asked, spoken.status, answer)
        return spoken.status, answer

    async def _token(self, user: str) -> str:
        if user not in self._tokens:
            bought = await self._hall.platform.sign_ins.sign_in(user, PASSWORD, address="outside")
            self._tokens[user] = bought.access
        return self._tokens[user]

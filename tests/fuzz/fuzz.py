"""`main.py test fuzz`: random requests from the OpenAPI document, under every role and none; no 5xx answer, no leak.

The generator is our own: it fills the protocol's envelopes (a command's arguments depend on its name) and replays
exactly from one seed. `test_document` beside it asks by the document alone.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from commandcenter.domain import commands
from commandcenter.domain.people import Person
from commandcenter.protocol import paths
from commandcenter.server.app import create_app
from tests.faults.rules import POWERS
from tests.fuzz import hall as halls
from tests.fuzz.caller import Request, call
from tests.fuzz.hall import Hall
from tests.fuzz.judge import wrong
from tests.fuzz.values import ATTACKS, Maker
from tests.kit.district import STREETS
from tests.kit.platform import new_id

_SPOIL = (0.0, 0.0, 0.0, 0.0, 0.01, 0.05, 0.4)  # the probability that a value is spoilt, drawn for each request
_ODD = (("GET", "/nowhere"), ("GET", "/v1/"), ("PUT", "/v1/cases"), ("DELETE", "/v1/hello"), ("POST", "/v1/snapshot"))
_MEDIA = ("application/json", "application/json", "application/json", "text/plain", "multipart/form-data; boundary=x")
_OFTEN = {paths.COMMANDS: 5.0, paths.CASES: 2.0, paths.HEALTH: 0.2, paths.METRICS: 0.2}  # weights; 1.0 for all others
_MOST_TOLD = 20
ACTS = 0.3  # share of requests that are commands as a console sends them


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the OpenAPI document; `said` is its description: parameters, request body, responses."""

    method: str
    path: str
    said: Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """The result of a run; `wrong` describes each fault for a developer."""

    requests: int = 0
    mistakes: int = 0
    leaks: int = 0
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    reached: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    @property
    def line(self) -> str:
        """The last line that the command prints."""
        other = len(self.wrong) - self.mistakes - self.leaks
        return f"requests {self.requests}, {self.mistakes} x 5xx, {self.leaks} leaks, {other} other faults"


class Fuzz:
    """Sends requests and judges their answers."""

    def __init__(self, hall: Hall, seed: int) -> None:
        self.tally = Tally()
        self._hall = hall
        self._chance = random.Random(seed)
        self._app = create_app(hall.platform)
        document = self._app.openapi()
        self._maker = Maker(document, self._chance, halls.known(hall, self._chance.choice))
        self._operations = [
            Operation(method.upper(), path, said)
            for path, methods in document["paths"].items()
            for method, said in methods.items()
        ]
        self._weights = [_OFTEN.get(one.path, 1.0) for one in self._operations]
        self._tokens = {person: "" for person in hall.people if person is not None}
        self._ever = {person: {person} for person in self._tokens}  # roles change: what an account saw, it knows

    async def one(self) -> None:
        """Sends one request as a random person or as nobody; judges the answer and what was written to the log."""
        person = self._chance.choice(self._hall.people)
        operation = self._chance.choices(self._operations, self._weights)[0]
        await self._been(person)
        request, said = self._act(person) if self._chance.random() < ACTS else self._request(operation, person)
        heard = await call(self._app, request)
        self.tally.requests += 1
        self.tally.statuses[heard.status] += 1
        self.tally.reached[operation.method, operation.path, heard.status] += 1
        asker = None if person is None else self._hall.person_now(person.user)
        done = self._hall.followed.look(asker) if request.method not in ("GET", "HEAD") else []
        for fault in (*done, *wrong(self._hall, await self._been(person), request, heard, said)):
            self._note(fault, person, request)

    async def _been(self, person: Person | None) -> set[Person]:
        """Returns every person that the account has been so far; signs it in again when its token is not valid."""
        if person is None:
            return set()
        seats = self._hall.platform.seats
        if seats.find(self._tokens[person]) is None:
            self._tokens[person] = await self._hall.token(person)
        now = self._hall.person_now(person.user)
        self._ever[person] |= set() if now is None else {now}
        return self._ever[person]

    def _note(self, fault: str, person: Person | None, request: Request) -> None:
        self.tally.mistakes += fault.startswith("HTTP 5")
        self.tally.leaks += fault.startswith("leak")
        who = "nobody" if person is None else f"{person.user} ({person.role})"
        asked = f"{request.method} {request.path} {request.query} {request.body[:300]!r}"
        self.tally.wrong.append(f"request {self.tally.requests}, {who}: {fault}\n  {asked[:900]}")

    def _request(self, operation: Operation, person: Person | None) -> tuple[Request, Mapping[str, Any] | None]:
        if self._chance.random() < 0.02:
            return Request(*self._chance.choice(_ODD), headers=self._headers(person)), None
        spoil = self._chance.choice(_SPOIL)
        path, query, headers = operation.path, [], list(self._headers(person))
        for parameter in operation.said.get("parameters", ()):
            name, where, schema = parameter["name"], parameter["in"], parameter["schema"]
            if where == "path":
                path = path.replace(f"{{{name}}}", self._maker.text(schema, name, spoil=spoil) or "-")
            elif parameter["required"] or self._chance.random() < 0.5:
                texts = self._maker.texts(schema, name, spoil=spoil)
                (query if where == "query" else headers).extend((name, text) for text in texts)
        if self._chance.random() < spoil / 2:
            query.append((self._chance.choice(("role", "x", "", "limit")), self._chance.choice(ATTACKS)))
        content = operation.said.get("requestBody", {}).get("content", {}).get("application/json")
        body = b"" if content is None else self._maker.body(content["schema"], spoil=spoil)
        if content is not None:
            headers.append(("content-type", self._chance.choice(_MEDIA)))
        request = Request(operation.method, path, tuple(query), tuple(headers), body)
        is_there = path.count("/") == operation.path.count("/")  # a random id may be part of another path
        return request, operation.said["responses"] if is_there else None

    def _act(self, person: Person | None) -> tuple[Request, Mapping[str, Any] | None]:
        """Returns a command that fits the stage of a case, as any person: only the rules can refuse it."""
        district = self._chance.choice(tuple(self._hall.cases)) if person is None else person.scope.district
        case = self._chance.choice(self._hall.cases[district])
        stage = self._hall.followed.stage(district, case)
        fit = [name for name, power in POWERS.items() if not power.stages or stage in power.stages]
        name = self._chance.choice(fit if self._chance.random() < 0.8 else tuple(POWERS))
        key = new_id() if name == "take" else case
        said = {
            "case": key,
            "crew": "east-crew",
            "channel": "hotline",
            "kind": "water",
            "text": "积水",
            "place": "路口",
        }
        said |= {
            "place": "路口",
            "street": self._chance.choice(STREETS),
            "to": "east-urban",
            "finding": "x",
            "reason": "x",
            "record": "channel:hotline",
            "content": {"id": "hotline", "rev": 1, "name": "热线"},
        }
        needed = [field.name for field in fields(commands.NAMES[name]) if field.default is MISSING]
        args = {field: said[field] for field in needed if field in said}
        if name == "locate_crew":
            args |= {"spot": {"lon": 117.3, "lat": 31.8}, "status": "available"}
        if name == "revert_reference":
            args |= {"to": 1}
        bases = {f"case:{key}": self._hall.followed.revs.get(key, 0)}
        wish = {"cmd_id": new_id(), "cseq": 1, "type": name, "args": args, "made_at": "2026-11-24T04:00:00Z"}
        if self._chance.random() < 0.2:
            others = [one.user for one in self._hall.people if one is not None]
            wish |= {"on_behalf_of": self._chance.choice(others), "replaces": new_id()}
        batch = {"epoch": 1, "console_id": "console-a", "commands": [wish | {"bases": bases}]}
        headers = (*self._headers(person), ("content-type", "application/json"))
        said_here = next(one.said for one in self._operations if one.path == paths.COMMANDS)
        return Request("POST", paths.COMMANDS, (), headers, json.dumps(batch).encode()), said_here["responses"]

    def _headers(self, person: Person | None) -> tuple[tuple[str, str], ...]:
        if person is None:
            shown = self._chance.choice((None, "Bearer x", "Bearer ", "Basic eDp5", "Bearer \u00e9"))
            return () if shown is None else (("authorization", shown),)
        return (("authorization", f"Bearer {self._tokens[person]}"),)


async def run(folder: Path, *, requests: int, seed: int, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """Sends `requests` requests to a platform in `folder`; ends early after 20 faults."""
    with halls.canary_hall(folder) as hall:
        fuzz = Fuzz(hall, seed)
        while fuzz.tally.requests < requests and len(fuzz.tally.wrong) < _MOST_TOLD:
            await fuzz.one()
            tell(fuzz.tally)
        return fuzz.tally


def main(argv: list[str]) -> int:
    """Runs the command line; returns 1 when a fault was found, else 0."""
    parser = argparse.ArgumentParser(prog="main.py test fuzz", description="乱发请求 · requests by the document")
    parser.add_argument("--requests", type=int, default=1000, metavar="N", help="请求数 · how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 20), metavar="S", help="随机种子 · of chance")
    asked = parser.parse_args(argv)
    print(f"seed {asked.seed}", flush=True)
    logging.disable(logging.CRITICAL)  # the platform logs its errors, and the answers are judged
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tally = asyncio.run(run(Path(folder), requests=asked.requests, seed=asked.seed, tell=_told))
    print(*tally.wrong, sep="\n", end="\n" if tally.wrong else "")
    print(tally.line)
    return 1 if tally.wrong else 0


def _told(tally: Tally) -> None:
    if tally.requests % 1000 == 0:
        print(f"{tally.line}; answers {dict(sorted(tally.statuses.items()))}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

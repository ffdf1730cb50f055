"""A platform on a data folder of its own, and API clients that call it in process, without a network."""

import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from commandcenter.server.app import OPEN, create_app
from commandcenter.server.gate import Exposure
from commandcenter.server.platform import Platform, open_platform
from tests.kit.district import NOON, PASSWORD, small_accounts, small_district

_ids = itertools.count(1)


class Clock:
    """A clock (UTC) that stands still until it is moved; `mono` returns the seconds of one that is never set."""

    def __init__(self) -> None:
        self.at, self.passed = NOON, timedelta(0)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **spans: float) -> None:
        """Moves the clock forward; `spans` are keywords of timedelta."""
        self.at += timedelta(**spans)
        self.passed += timedelta(**spans)

    def mono(self) -> float:
        """Returns the seconds by which the clock was moved forward in all."""
        return self.passed.total_seconds()


@contextmanager
def small_platform(data: Path, *, clock: Clock, mono: Callable[[], float] = time.monotonic) -> Iterator[Platform]:
    """Yields the platform of the small district, with its accounts."""
    with open_platform(data, now=clock, mono=mono) as platform:
        platform.writer.submit(small_district).result()
        platform.writer.submit(small_accounts).result()
        yield platform


def new_id() -> str:
    """Returns a UUIDv7 that is unique in this process."""
    return str(UUID(int=0x018F << 112 | 0x7 << 76 | 0b10 << 62 | next(_ids)))


@dataclass
class Desk:
    """A signed-in user of the HTTP API; `sent` holds the commands sent."""

    http: httpx.AsyncClient
    user: str
    headers: dict[str, str]
    epoch: int = 1
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """Returns the response to GET `path`."""
        return await self.http.get(path, params=params or None, headers=self.headers)

    async def post(self, path: str, body: Any) -> httpx.Response:
        """Posts `body` as JSON, or unchanged when it is bytes; returns the response."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.http.post(path, content=raw, headers=self.headers | {"Content-Type": "application/json"})

    async def send(self, *wishes: dict[str, Any]) -> list[dict[str, Any]]:
        """Sends a batch of commands and returns the results."""
        self.sent += wishes
        batch = {"epoch": self.epoch, "console_id": f"console-{self.user}", "commands": wishes}
        answer = await self.post("/v1/commands", batch)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def do(
        self, name: str, *, bases: dict[str, int] | None = None, dep: str | None = None, **args: Any
    ) -> dict[str, Any]:
        """Sends one command and returns its result; without `bases` its base is the current revision of the case."""
        if bases is None and "case" in args and name != "take":
            case = (await self.get(f"/v1/cases/{args['case']}")).json()
            bases = {f"case:{args['case']}": case.get("rev", 0)}
        return (await self.send(wish(name, bases=bases or {}, dep=dep, **args)))[0]

    async def take(self, street: str = "east", **args: Any) -> str:
        """Takes a new case and returns its id."""
        case = new_id()
        given = {
            "channel": "hotline",
            "kind": "water",
            "text": "路口积水没过脚踝",
            "place": "宁国路口",
            "street": street,
        }
        result = await self.do("take", **(given | args | {"case": case}))
        assert result["status"] == "applied", result
        return case


def wish(
    name: str, *, cmd_id: str | None = None, bases: dict[str, int] | None = None, dep: str | None = None, **args: Any
) -> dict[str, Any]:
    """Returns a command as it is sent to the platform."""
    made = {"cmd_id": cmd_id or new_id(), "cseq": 1, "type": name, "args": args, "made_at": "2026-11-24T04:00:00Z"}
    return made | {"bases": bases or {}} | ({"dep": dep} if dep else {})


@asynccontextmanager
async def calling(
    platform: Platform, exposure: Exposure = OPEN, *, client: str = "127.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    """Yields an HTTP client that calls the platform in process, from the address `client`; it cannot read streams."""
    app = create_app(platform, exposure)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(client, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform") as http:
        yield http


async def ask_to_sign_in(http: httpx.AsyncClient, user: str, password: str = PASSWORD) -> httpx.Response:
    """Returns the answer to a sign-in with `user` and `password`."""
    return await http.post("/v1/sign-in", json={"user": user, "password": password})


async def sit_down(http: httpx.AsyncClient, user: str, *, password: str = PASSWORD) -> Desk:
    """Signs `user` in and returns their desk."""
    answer = await ask_to_sign_in(http, user, password)
    assert answer.status_code == 200, answer.text
    return Desk(http, user, {"Authorization": f"Bearer {answer.json()['access']}"})

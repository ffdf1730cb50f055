"""A scripted platform behind an HTTP transport instead of a socket, which answers byte by byte as the test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx

from commandcenter.bootstrap import Desk
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.records import Record
from commandcenter.protocol.codec import encode, record_envelope
from tests.kit.console import live
from tests.kit.district import CALENDAR, DISTRICT, NOON, Seat, reference, seats

SEAL_KEY = "d3IT9eEoYpk2gqqVXb2gGPSpMbDGYZ6GKU+QrpHzjVI="
URL = "http://127.0.0.1:9"
SSE = {"content-type": "text/event-stream"}


class Paper(httpx.AsyncBaseTransport):
    """The scripted platform; every answer can be changed before or while a console asks.

    `records` are the snapshot at `epoch`:`head`; `raw` puts bytes on the stream, `results` answers each command.
    `instead` maps a path to a response or an exception, or to a list of them for one request each. `asked` holds the
    paths of the requests, `cursors` the Last-Event-IDs, `shown` the cursor tokens sent with commands.
    """

    def __init__(self, seat: Seat | None = None) -> None:
        self.seat = seat or seats()["shift"]
        self.records: list[Record] = [DISTRICT, CALENDAR, *reference()]
        self.epoch, self.head, self.floor, self.scope_ver = 1, 10, 1, 1
        self.bases = {"1": 0}
        self.hello_extra: dict[str, Any] = {}
        self.asked: list[str] = []
        self.cursors: list[str] = []
        self.shown: list[str | None] = []
        self.batches: list[dict[str, Any]] = []
        self.instead: dict[str, Any] = {}
        self.results: Any = self._applied
        self.refuse: Callable[[dict[str, Any]], httpx.Response | None] = lambda batch: None
        self.expires_in = 900
        self.spoils_snapshot = False
        self._beats = 0
        self._stream: asyncio.Queue[bytes | None] = asyncio.Queue()

    def put(self, seq: int, *records: Record, prev: int | None = None, cmd_id: str = "other", facts: Any = ()) -> None:
        """Sends a frame on the stream."""
        self.raw(frame(self.epoch, seq, *records, prev=prev, cmd_id=cmd_id, facts=facts))

    def beat(self, head: int | None = None, digest: str | None = None) -> None:
        """Sends a heartbeat on the stream."""
        self._beats += 1
        now = NOON + timedelta(milliseconds=self._beats)
        self.say("hb", encode({"head": self.head if head is None else head, "now": now, "digest": digest}))

    def say(self, event: str, data: bytes, *, key: str = "") -> None:
        """Sends an event on the stream, with the id `key` when it is not empty."""
        named = f"id: {key}\n" if key else ""
        self._stream.put_nowait(f"{named}event: {event}\ndata: ".encode() + data + b"\n\n")

    def raw(self, chunk: bytes | None) -> None:
        """Sends bytes on the stream; None ends the stream."""
        self._stream.put_nowait(chunk)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        answer = self.instead.get(path)
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else None
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        match path:
            case "/v1/sign-in" | "/v1/refresh":
                return self._tokens()
            case "/v1/hello":
                return self._hello()
            case "/v1/snapshot":
                return httpx.Response(200, headers={"content-type": "application/x-ndjson"}, content=self._snapshot())
            case "/v1/events":
                if request.headers["scope-version"] != str(self.scope_ver):
                    return problem(410, "gone")
                self.cursors.append(request.headers["last-event-id"])
                return httpx.Response(200, headers=SSE, stream=_Stream(self._stream))
            case "/v1/commands":
                self.shown.append(request.headers.get("cursor-token"))
                return self._commands(json.loads(request.content))
        return problem(404, "unknown")

    def _tokens(self) -> httpx.Response:
        person = self.seat.person
        count = str(len(self.asked))
        body = {"access": "a" + count, "refresh": "r" + count, "expires_in": self.expires_in, "user": person.user}
        return jsoned(body | {"role": person.role, "scope": asdict(person.scope)})

    def _hello(self) -> httpx.Response:
        body = {
            "proto": 1,
            "district": DISTRICT.id,
            "epoch": self.epoch,
            "bases": self.bases,
            "head": self.head,
            "floor": self.floor,
            "now": NOON,
            "scope_ver": self.scope_ver,
            "min_client": 1,
            "limits": {},
            "keep": {},
            "seal_key": SEAL_KEY,
        }
        return jsoned(body | self.hello_extra)

    def _applied(self, wish: dict[str, Any]) -> dict[str, Any]:
        if wish["withdraw"]:
            return {"cmd_id": wish["cmd_id"], "status": "refused", "code": "withdrawn"}
        return {"cmd_id": wish["cmd_id"], "status": "applied", "seq": self.head + 1}

    def _snapshot(self) -> bytes:
        lines = b"".join(encode(record_envelope(record)) + b"\n" for record in self.records)
        count = len(self.records)
        head = encode({"epoch": self.epoch, "cursor": self.head, "scope_ver": self.scope_ver, "n": count})
        proof = sha256(lines + (b"?" if self.spoils_snapshot else b"")).hexdigest()
        end = encode({"end": True, "n": count, "sha256": proof})
        return head + b"\n" + lines + end + b"\n"

    def _commands(self, batch: dict[str, Any]) -> httpx.Response:
        refused = self.refuse(batch)
        if refused is not None:
            return refused
        self.batches.append(batch)
        return jsoned({"results": [self.results(wish) for wish in batch["commands"]]})


class _Stream(httpx.AsyncByteStream):
    def __init__(self, queue: "asyncio.Queue[bytes | None]") -> None:
        self._queue = queue

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self._queue.get()) is not None:
            yield chunk


def frame(
    epoch: int, seq: int, *records: Record, prev: int | None = None, cmd_id: str = "other", facts: Any = ()
) -> bytes:
    """Returns a put frame as server-sent-event bytes."""
    body = {
        "seq": seq,
        "prev": seq - 1 if prev is None else prev,
        "facts": list(facts),
        "records": [record_envelope(record) for record in records],
        "cmd_id": cmd_id,
        "actor": "somebody",
        "at": NOON,
    }
    return b"id: %d:%d\nevent: put\ndata: %b\n\n" % (epoch, seq, encode(body))


def a_case(key: str = "c1", rev: int = 1, **other: Any) -> Case:
    """Returns a case that has just been taken."""
    return Case(key, rev, Stage.RECEIVED, Tier.GRID, "hotline", NOON, kind="water", street="east", **other)


async def sit(desk: Desk, paper: Paper) -> None:
    """Signs in and waits until the desk is live and level with the platform."""
    await desk.user.sign_in(URL, paper.seat.user, "x")
    paper.beat()
    await live(desk)


def jsoned(body: Any) -> httpx.Response:
    """Returns a response 200 with `body` as JSON."""
    return httpx.Response(200, headers={"content-type": "application/json"}, content=encode(body))


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    """Returns a problem response of the platform."""
    body = {"type": f"urn:commandcenter:problem:{code}", "title": code, "status": status, "code": code}
    media = {"content-type": "application/problem+json"}
    return httpx.Response(status, headers=media | headers, content=encode(body))


def html(status: int = 200) -> httpx.Response:
    """Returns a response as a proxy or another web server gives it."""
    return httpx.Response(status, headers={"content-type": "text/html"}, content=b"<html><h1>Welcome</h1></html>")

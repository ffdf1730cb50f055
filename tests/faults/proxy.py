"""Answers of what stands between console and platform: gateways, captive portals, overloaded proxies."""

import json
import random
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime

import httpx

from tests.kit.district import NOON

_HTML = {"content-type": "text/html"}
_PROBLEM = {"content-type": "application/problem+json"}
_STATUSES = (401, 403, 404, 407, 413, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Fails requests with commands while the stream goes on.

    `kind`: a status, `lost`, `empty`, or `retry` for the first command of each request. `later`: the seconds of its
    Retry-After, 0 for none; `user`: the only account that it fails, empty for all.
    """

    kind: str
    later: int = 0
    user: str = ""

    def is_for(self, user: str) -> bool:
        """Returns whether commands of `user` fail."""
        return self.user in ("", user)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Returns the answer in the platform's place; raises httpx.ConnectError for `lost`."""
        if self.kind == "lost":
            raise httpx.ConnectError("commands do not get through")
        if self.kind == "empty":
            return _json(b'{"results": []}')
        if self.kind == "retry":
            first = json.loads(request.content)["commands"][0]["cmd_id"]
            return _json(json.dumps({"results": [{"cmd_id": first, "status": "retry", "code": "internal"}]}).encode())
        later = {"retry-after": str(self.later)} if self.later else {}
        return _problem(int(self.kind), _CODES.get(self.kind, "internal"), later)


_CODES = {"429": "over_quota", "503": "busy"}
REFUSALS = ("lost", "empty", "retry", "403", "404", "408", "413", "422", "500", "503")


def _json(content: bytes) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/json"}, content=content)


def answer(chance: random.Random) -> httpx.Response:
    """Returns a random answer that is not the platform's answer to the request."""
    return chance.choice((_page, _welcome, _busy, _failed, _other))(chance)


def _page(chance: random.Random) -> httpx.Response:
    later = _later(chance) if chance.random() < 0.5 else {}
    return httpx.Response(chance.choice(_STATUSES), headers=_HTML | later, content=b"<html><h1>Gateway</h1></html>")


def _welcome(chance: random.Random) -> httpx.Response:
    return httpx.Response(200, headers=_HTML, content=b"<html><form>Accept the terms of this network</form></html>")


def _busy(chance: random.Random) -> httpx.Response:
    return _problem(chance.choice((429, 503)), "busy", _later(chance))


def _failed(chance: random.Random) -> httpx.Response:
    return _problem(500, "internal", {})


def _other(chance: random.Random) -> httpx.Response:
    content = chance.choice((b"{}", b"[]", b'{"results": []}', b'{"status": "ok"}', b'{"results": [{'))
    return httpx.Response(200, headers={"content-type": "application/json"}, content=content)


def _later(chance: random.Random) -> dict[str, str]:
    """Returns a Retry-After header in one of its two forms."""
    seconds = chance.choice((1, 5, 15))
    if chance.random() < 0.5:
        return {"retry-after": str(seconds)}
    moment = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)
    return {"retry-after": moment, "date": format_datetime(NOON, usegmt=True)}


def _problem(status: int, code: str, headers: dict[str, str]) -> httpx.Response:
    body = b'{"type": "urn:commandcenter:problem:%b", "title": "%b", "status": %d, "code": "%b"}'
    named = code.encode()
    return httpx.Response(status, headers=_PROBLEM | headers, content=body % (named, named, status, named))

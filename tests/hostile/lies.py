"""False answers as bytes on the wire: broken transport, HTTP and JSON, and the answers of proxies."""

import asyncio
import gzip
import json
import random
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any

from tests.hostile.front import Asked, Bytes

LONG = 10_000_000
JSON = "application/json"
SSE = "text/event-stream"
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"
MEDIA = {"/v1/snapshot": NDJSON, "/v1/events": SSE}
_HTML = b"<!doctype html><title>Sign in to the network</title><h1>Welcome</h1><form method=post action=/login></form>"
_STATUSES = (
    204,
    302,
    304,
    307,
    400,
    401,
    403,
    404,
    407,
    409,
    410,
    413,
    418,
    429,
    451,
    500,
    502,
    503,
    504,
    511,
    599,
    999,
)
_LATER = (
    "999999999999",
    "-5",
    "1e9",
    "NaN",
    "soon",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 0001 00:00:00 GMT",
    "",
)
TEXTS = (  # texts that are no JSON, or other JSON than was asked for
    *(
        b"",
        b"null",
        b"[]",
        b"{}",
        b"1",
        b'"x"',
        b"true",
        b"{",
        b'{"a":',
        b"NaN",
        b"[NaN]",
        b"\xff\xfe",
        b"\x00",
        b"<html>",
    ),
    *(b'"\\ud800"', b'{"\\udfff":"\\ud800\\ud800"}', b"[" * 1000 + b"]" * 1000, b'{"a":' * 1000 + b"1" + b"}" * 1000),
    *(b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":1,"a":2}', b'{"x":' + b"9" * 5000 + b"}", b"1e999"),
)
ODD = (  # odd values for a field
    *(None, True, -1, 0, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 10**30, 1.5, -0.0, 1e308, "", "x", [], {}, [[]]),
    *(
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-02-30T00:00:00Z",
        "\u0000",
        "\r\nx: y",
        "\u202e",
        "é" * 9,
        "a" * 9999,
    ),
)


def said(
    body: bytes, *, status: int = 200, media: str = JSON, headers: tuple[str, ...] = (), length: int | None = None
) -> bytes:
    """Returns an HTTP response; `length` is the Content-Length when it shall differ from that of `body`."""
    size = len(body) if length is None else length
    head = [
        f"HTTP/1.1 {status} Word",
        f"Content-Type: {media}",
        f"Content-Length: {size}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def told(make: Callable[[Asked], bytes]) -> Bytes:
    """Returns a false answer that is sent in one piece; then the connection ends."""

    async def chunks(asked: Asked) -> AsyncIterator[bytes]:
        yield make(asked)

    return chunks


def endless(head: bytes, chunk: bytes, most: int) -> Bytes:
    """Returns a false answer that repeats `chunk` up to `most` bytes, then is silent for 0.8 s."""

    async def chunks(asked: Asked) -> AsyncIterator[bytes]:
        yield head
        for _ in range(most // max(1, len(chunk))):
            yield chunk
        await asyncio.sleep(0.8)

    return chunks


def of_transport(chance: random.Random, media: str) -> Bytes:
    """Returns an answer that is not HTTP, or inconsistent HTTP."""
    good = b'{"results":[]}'
    raws = (
        *(
            b"",
            b"\x00" * 50,
            b"SSH-2.0-OpenSSH_9\r\n",
            b"HTTP/1.1 200",
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"HTTP/1.1 abc OK\r\n\r\n",
        ),
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 300,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        said(good, media=media, length=len(good) + 50),
        said(good, media=media, length=3),
        said(good, media=media, length=-1),
        said(good, media=media, headers=("Content-Length: 2",)),
        _chunked(media, b"zz\r\n" + good),
        _chunked(media, b"ffffffffffffffff\r\n" + good),
        _chunked(media, b"5\r\n" + good),
        said(_packed(LONG)[:-9], media=media, headers=("Content-Encoding: gzip",)),
        said(_packed(5 * LONG), media=media, headers=("Content-Encoding: gzip",)),
        said(good, media=media, headers=("Content-Encoding: gzip",)),
        said(good, media=media, headers=("Content-Encoding: br, gzip, x",)),
        said(good, media=f"{media}; charset=utf-7"),
    )
    raw = chance.choice(raws)
    return told(lambda asked: raw)


def of_proxies(chance: random.Random, media: str) -> Bytes:
    """Returns an answer of a captive portal, a gateway or another server."""
    later = (f"Retry-After: {chance.choice(_LATER)}",) if chance.random() < 0.5 else ()
    pick = chance.random()
    if pick < 0.25:
        return told(lambda asked: said(_HTML, media="text/html", headers=later))
    if pick < 0.4:
        return told(lambda asked: said(_HTML, media=media, headers=later))
    status = chance.choice(_STATUSES)
    if pick < 0.7:
        where = "Location: " + chance.choice(("http://127.0.0.1:9/", "//elsewhere.example/", "/v1/hello", "\x01"))
        return told(lambda asked: said(_HTML, status=status, media="text/html", headers=(where, *later)))
    bodies = (b"{}", b"[]", b'{"status":"200"}', b'{"type":1}', _HTML, b'{"title":"%b"}' % (b"x" * LONG), b"[" * 1000)
    body = chance.choice(bodies)
    return told(lambda asked: said(body, status=max(status, 400), media=PROBLEM, headers=later))


def of_json(chance: random.Random, media: str) -> Bytes:
    """Returns an answer with invalid JSON, or with other JSON than was asked for."""
    pick = chance.random()
    if pick < 0.4:
        text = chance.choice(TEXTS)
        return told(lambda asked: said(text, media=media))
    if pick < 0.5:
        return told(lambda asked: said(b'"' + b"x" * LONG + b'"', media=media))
    if pick < 0.6:
        return told(lambda asked: said(asked.says[: chance.randrange(len(asked.says) + 1)], media=media))
    return told(lambda asked: said(spoilt(chance, asked.says), media=media))


@cache
def _packed(size: int) -> bytes:
    """Returns `size` bytes, compressed to about a thousandth."""
    return gzip.compress(b"[" * size)


def spoilt(chance: random.Random, truth: bytes) -> bytes:
    """Returns a real answer with one or more fields changed or removed; each line is a document of its own."""
    lines = truth.splitlines()
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(lines)) if lines else 0
        try:
            value = json.loads(lines[at])
        except (ValueError, IndexError):
            continue
        lines[at] = json.dumps(_spoilt(chance, value)).encode()
    return b"\n".join(lines) + (b"\n" if len(lines) > 1 else b"")


def _spoilt(chance: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        pick = chance.random()
        if pick < 0.15:
            return {key: one for key, one in value.items() if key != name}
        return value | {name: _spoilt(chance, value[name]) if pick < 0.6 else chance.choice(ODD)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], _spoilt(chance, value[at]), *value[at:][: chance.choice((0, 1, 9))]]
    return chance.choice(ODD)


def _chunked(media: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + body
